/** Reads a socket's error: how the peer ended the connection, and which TLS alert it sent. */
import { codeOf, reasonOf } from "../base/errors.ts";
import type { ConnectionErrorName } from "../domain/connection.ts";
import type { Blame, FailureCause } from "../domain/exchange.ts";

export interface CloseReason {
  readonly how: "reset" | "tls-alert" | "timeout" | "failed";
  readonly alert: number | null;
  readonly detail: string;
}

/** OpenSSL writes the alert of RFC 8446 6.2 into its message: "…:SSL alert number 46". */
const alertNumber = /alert number (\d+)/;

export function closeReasonOf(error: unknown): CloseReason {
  const code = codeOf(error);
  const message = reasonOf(error);
  const alert = alertNumber.exec(message)?.[1];
  if (alert !== undefined) return { how: "tls-alert", alert: Number(alert), detail: code };
  // EPIPE: we wrote after the peer's RST had arrived.
  if (code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED") {
    return { how: "reset", alert: null, detail: code };
  }
  if (code === "ETIMEDOUT") return { how: "timeout", alert: null, detail: code };
  return { how: "failed", alert: null, detail: code === "" ? message : code };
}

const dialCauses: Readonly<Record<string, FailureCause>> = {
  ECONNREFUSED: "refused",
  ETIMEDOUT: "timeout",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_NODATA: "dns",
  EAI_FAIL: "dns",
  ECONNRESET: "reset",
  EPIPE: "reset",
};

/** The word for a failed dial, the connection error's name, and whose side it was on. */
export function dialFailure(error: unknown): {
  readonly cause: FailureCause;
  readonly name: ConnectionErrorName;
  readonly blame: Blame;
  readonly detail: string;
} {
  const code = codeOf(error);
  if (code === upstreamRefused) {
    return {
      cause: "upstream-proxy",
      name: "upstream-proxy-refused",
      blame: "network",
      detail: reasonOf(error),
    };
  }
  const cause = dialCauses[code] ?? "unreachable";
  const blame = cause === "refused" || cause === "reset" ? "server" : "network";
  return {
    cause,
    name: dialErrors[cause] ?? "server-unreachable",
    blame,
    detail: code === "" ? reasonOf(error) : code,
  };
}

/** Our own code for a proxy in front of us that said no. */
export const upstreamRefused = "BOSHSCOPE_UPSTREAM";

const dialErrors: Partial<Record<FailureCause, ConnectionErrorName>> = {
  refused: "server-refused",
  timeout: "server-timeout",
  dns: "dns-failed",
  reset: "server-reset",
};
