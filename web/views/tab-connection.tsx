/** The connection under the exchange. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { ConnectionFacts } from "./connection-facts.tsx";
import type { TabProps } from "./inspector.tsx";
import { useConnection } from "./use-connection.ts";

export function ConnectionTab({ shown }: TabProps): JSX.Element {
  const loaded = useConnection(shown.connection, shown.seq);
  if (loaded.kind === "loading") return <p class="hint">{words.value.inspector.loading}</p>;
  if (loaded.kind === "failed") return <p class="hint">{loaded.failure.message}</p>;
  return <ConnectionFacts record={loaded.value} />;
}
