/** TLS on both legs, and the certificate the server showed. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import type { TabProps } from "./inspector.tsx";
import { TlsFacts } from "./tls-facts.tsx";
import { useConnection } from "./use-connection.ts";

export function TlsTab({ shown }: TabProps): JSX.Element {
  const loaded = useConnection(shown.connection, shown.seq);
  if (loaded.kind === "loading") return <p class="hint">{words.value.inspector.loading}</p>;
  if (loaded.kind === "failed") return <p class="hint">{loaded.failure.message}</p>;
  return <TlsFacts record={loaded.value} />;
}
