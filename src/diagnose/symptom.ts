/** A symptom: one thing that went wrong, seen on one exchange, before anybody is blamed for it. */

export type SymptomKind =
  | "gap" // the client did not ask although it was its turn
  | "no-answer" // asked, and nothing came
  | "trickle" // … but bytes, too few to read before the client gave up
  | "connect-stall" // the server's leg is not open yet: its SYN or its handshake is not answered
  | "refused"
  | "unreachable"
  | "connect-timeout"
  | "dns"
  | "tls-failed" // the server's handshake broke
  | "bad-certificate" // the server's certificate, refused by our own rules
  | "reset" // cut before its answer was whole: RST
  | "fin" // … FIN
  | "late" // answered, but long after the granted wait
  | "early-empty"
  | "invalid-sid"
  | "ended-by-server"
  | "conflict"
  | "protocol" // rid trouble
  | "auth"
  | "locked-out" // 418
  | "unavailable" // 5xx
  | "out-of-service"
  | "finesse-gone"
  | "distrust" // the client refused our certificate
  | "clock"
  | "bad-character" // one that XML 1.0 forbids
  | "own" // Boshscope broke it
  | "own-stop" // Boshscope did not run for a while
  | "log-idle-close" // in a log, where there is no traffic: an idle session was closed
  | "log-service-stopped"
  | "log-cti-lost"
  | "log-xmpp-lost";

/** Detail of a 401 that came well after another, or after two, with nothing granted between them: no mere asking for credentials. */
export const refusedAgain = "again";

/** Detail of a FIN that TLS announced. */
export const inOrder = "close-notify";

/** Which stream of the desktop it hit. */
export type SymptomPath = "notification" | "rest" | "page";

export interface Symptom {
  readonly kind: SymptomKind;
  readonly path: SymptomPath;
  /** Wall ms when it showed, and since when there was trouble. */
  readonly at: number;
  readonly since: number;
  readonly exchange: string;
  readonly host: string;
  readonly port: number;
  readonly agent: string | null;
  readonly client: string;
  /** Key of the session it belongs to, or null. */
  readonly session: string | null;
  /** How long, real ms; null = it has no length. */
  readonly ms: number | null;
  readonly faults: readonly string[];
  /** A word of the wire for people: an alert's number, a condition, an error code. */
  readonly detail: string;
}

/** Says that the port itself does not serve, whatever one session's fate. */
const hard = new Set<SymptomKind>([
  "no-answer",
  "trickle",
  "connect-stall",
  "refused",
  "unreachable",
  "connect-timeout",
  "dns",
  "tls-failed",
  "reset",
  "fin",
  "unavailable",
]);
export const isHard = (kind: SymptomKind): boolean => hard.has(kind);

export const isUnanswered = ({ kind }: Pick<Symptom, "kind">): boolean =>
  kind === "no-answer" || kind === "trickle";

/** Something that should have come and did not: the trouble began when it was due. */
export const isAbsence = (symptom: Pick<Symptom, "kind">): boolean =>
  isUnanswered(symptom) || symptom.kind === "gap" || symptom.kind === "connect-stall";

export const beganAt = (symptom: Symptom): number =>
  isAbsence(symptom) ? symptom.since : symptom.at;
