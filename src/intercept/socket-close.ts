/** Reads a socket's error: how the peer ended the connection, and which TLS alert it sent. */
import { codeOf, reasonOf } from "../base/errors.ts";
import type { FailureCause } from "../domain/exchange.ts";

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

/** The word for a failed dial. */
export function dialFailure(error: unknown): {
  readonly cause: FailureCause;
  readonly detail: string;
} {
  const code = codeOf(error);
  const detail = code === "" ? reasonOf(error) : code;
  switch (code) {
    case "ECONNREFUSED":
      return { cause: "refused", detail };
    case "ETIMEDOUT":
      return { cause: "timeout", detail };
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NODATA":
    case "EAI_FAIL":
      return { cause: "dns", detail };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EADDRNOTAVAIL":
    case "EHOSTDOWN":
    case "ENETDOWN":
      return { cause: "unreachable", detail };
    case "ECONNRESET":
    case "EPIPE":
      return { cause: "reset", detail };
    case "BOSHSCOPE_UPSTREAM":
      return { cause: "upstream-proxy", detail: reasonOf(error) };
    default:
      return { cause: "unreachable", detail };
  }
}
