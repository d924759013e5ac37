/** What browsers and proxies write in a HAR about an exchange that failed, as an outcome. */
import type { Blame, FailureCause, FailurePhase, Outcome } from "../../domain/exchange.ts";

interface Meaning {
  readonly phase: FailurePhase;
  readonly cause: FailureCause;
  readonly blame: Blame;
}

const meaning = (phase: FailurePhase, cause: FailureCause, blame: Blame): Meaning => ({
  phase,
  cause,
  blame,
});

/** Chrome's and Edge's net::ERR_ names, Firefox's NS_ names, and words of mitmproxy and others. First match counts. */
const words: readonly (readonly [RegExp, Meaning])[] = [
  [/NAME_NOT_RESOLVED|UNKNOWN_HOST|DNS/i, meaning("connect", "dns", "network")],
  [/CONNECTION_REFUSED|ECONNREFUSED/i, meaning("connect", "refused", "server")],
  [
    /UNREACHABLE|INTERNET_DISCONNECTED|NETWORK_CHANGED|NETWORK_IO_SUSPENDED|OFFLINE/i,
    meaning("connect", "unreachable", "network"),
  ],
  [/PROXY|TUNNEL/i, meaning("connect", "upstream-proxy", "network")],
  [/ERR_CERT|BAD_CERT|CERTIFICATE|SEC_ERROR/i, meaning("tls", "tls-untrusted", "client")],
  [/SSL|TLS/i, meaning("tls", "tls-failed", "network")],
  [
    /INCOMPLETE_CHUNKED|CONTENT_LENGTH_MISMATCH|PARTIAL_TRANSFER/i,
    meaning("body", "closed-early", "server"),
  ],
  [
    /client (?:has )?disconnect|ABORT|CANCEL|BLOCKED_BY_CLIENT/i,
    meaning("headers", "closed-early", "client"),
  ],
  [/TIMED?[_ ]?OUT|ETIMEDOUT/i, meaning("headers", "timeout", "network")],
  [/RESET|ECONNRESET/i, meaning("headers", "reset", "server")],
  [
    /EMPTY_RESPONSE|CONNECTION_CLOSED|server (?:has )?disconnect|closed/i,
    meaning("headers", "closed-early", "server"),
  ],
];

/** `status`: of an answer that had begun, else null. */
export function failureOf(words: string, status: number | null): Outcome {
  const found = findMeaning(words);
  // A reason for a request that never got an answer, although one had begun: it broke in the body.
  const phase = status === null || found.phase !== "headers" ? found.phase : "body";
  return { kind: "failed", ...found, phase, status, alert: null, detail: words };
}

const findMeaning = (text: string): Meaning =>
  words.find(([pattern]) => pattern.test(text))?.[1] ??
  meaning("headers", "closed-early", "network");
