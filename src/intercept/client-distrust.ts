/** How a client that leaves between our certificate and its first request shows that it did not like what it saw. */
import type { ConnectionErrorName } from "../domain/connection.ts";
import type { FailureCause } from "../domain/exchange.ts";
import type { CloseReason } from "./socket-close.ts";

export interface Distrust {
  readonly name: ConnectionErrorName;
  readonly cause: FailureCause;
  readonly alert: number | null;
  readonly detail: string;
}

/** `reason` null: FIN, as Firefox ends TLS 1.2 after a certificate it refuses. */
export function distrustOf(reason: CloseReason | null): Distrust {
  if (reason === null) {
    return {
      name: "tls-client-closed",
      cause: "closed-early",
      alert: null,
      detail: "closed after our certificate",
    };
  }
  const { how, alert, detail } = reason;
  if (how === "tls-alert")
    return { name: "tls-client-alert", cause: "tls-untrusted", alert, detail };
  if (how === "failed")
    return { name: "tls-client-failed", cause: "tls-failed", alert: null, detail };
  return { name: "tls-client-closed", cause: "closed-early", alert: null, detail };
}
