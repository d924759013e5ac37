/**
 * Lines of Desktop-webservices logs:
 * `<seq>: <host>:[:] <Mon dd yyyy HH:mm:ss.SSS ±zzzz>: %CCBU_<thread>-<severity>-<MSG_ID>: %[k=v][k=v]…: text`. Number and host may be missing, ids
 * may be cut at the edge of what someone copied, so they are known by how they begin.
 */
import { localPartOf } from "../xmpp/jid.ts";
import type { LineReading, LogFactKind } from "./log-fact.ts";
import { readNamedTime, wallOf } from "./log-time.ts";

/** Where the time starts: at the line's start, or after a number, host or file name. */
const head =
  /^(?:.{0,200}?[\s:])?([A-Z][a-z]{2} {1,2}\d{1,2} \d{4} \d\d:\d\d:\d\d\.\d{3} [+-]\d{4}):\s{1,4}%[A-Z]{2,10}_/;
/** Thread names hold dashes and digits, but no severity before a capital. */
const severity = /-[0-7]-(?=[A-Z])/;
const messageId = /^[A-Z][A-Z0-9_ ]{0,80}/;

const kinds: readonly (readonly [string, LogFactKind])[] = [
  ["PRESENCE DRIVEN LO", "forced-logout-due"],
  ["PRESENCE_DRIVEN_LO", "forced-logout-due"],
  ["PRESENCE_", "presence"],
  ["UNSUBSCR", "unsubscribe"],
  ["AGENT_PRESENCE_MONIT", "presence-monitor"],
  ["MESSAGE_TO_CTI_SER", "logout-request"],
  ["DECODED_ME", "cti-event"],
  ["CTI_CONNECTION_LOST", "cti-lost"],
  ["CTI_SOCKET_ERROR", "cti-lost"],
  ["CTI_OPEN_FAILURE", "cti-lost"],
  ["CTI_CONNECTION_RETRIES_EXCEEDED", "cti-lost"],
  ["CTI_CONNECTION_ESTABLISHED", "cti-restored"],
  ["UNABLE_TO_CONNECT_TO_XMPP", "xmpp-lost"],
  ["CONNECTED_TO_XMPP", "xmpp-restored"],
];

/** `line`: one message, with the lines that continue it. */
export function readWebservicesLine(line: string): LineReading | null {
  const found = head.exec(line);
  const time = found === null ? null : readNamedTime(found[1] ?? "");
  if (found === null || time === null) return null;
  const rest = line.slice(found[0].length);
  const split = severity.exec(rest.slice(0, 300));
  const from = split === null ? rest : rest.slice(split.index + split[0].length);
  const id = messageId.exec(from)?.[0] ?? "";
  const message = from.slice(id.length, id.length + maxRead);
  const said = { ...fieldsOf(message), kind: kindOf(id.trimEnd(), message) };
  return { source: "webservices", at: wallOf(time), local: time.local, ...said };
}

/** Fields stand at the start; what follows may be a whole call object. */
const maxRead = 8000;

function kindOf(id: string, message: string): LogFactKind {
  const kind = kinds.find(([start]) => id.startsWith(start))?.[1] ?? "other";
  // The same id announces every request to CTI; a cut line leaves only the id.
  const isOther = kind === "logout-request" && message.length > 10 && !/LOGOUT/.test(message);
  return isOther ? "other" : kind;
}

type Fields = Pick<LineReading, "jid" | "agent" | "requestId" | "values">;

function fieldsOf(message: string): Fields {
  const jid = first(message, /\bjid=([^\]\s,]{1,200})/i);
  const agent =
    first(message, /\bagent_?id\s{0,2}[=:]\s{0,2}([^\]\s,]{1,60})/i) ??
    first(message, /\[(?:user|userid|loginid)=([^\]\s,]{1,60})/i) ??
    (jid === undefined ? undefined : (localPartOf(jid) ?? undefined));
  const requestId = first(message, /\brequest_?id\s{0,2}[=:>]\s{0,2}([\w-]{1,60})/i);
  const reason = first(
    message,
    /\b(?:reason code|eventReasonCode|reasonCode)\s{0,2}[=:]\s{0,2}(\d{1,9})/i,
  );
  const force = first(message, /\bforceflag\s{0,2}[=:]\s{0,2}(\d)/i);
  return {
    jid,
    agent,
    requestId,
    values: {
      state: stateIn(message),
      reason: reason === undefined ? undefined : Number(reason),
      force: force === undefined ? undefined : Number(force),
      message: first(message, /\bcti_message=(\w{1,60})/i),
    },
  };
}

/** `presence_type=unavailable`, `state=LOGOUT (1)`, `agentState=1 (LOGOUT)`. */
function stateIn(message: string): string | undefined {
  return (
    first(message, /\bpresence_?type=(\w{1,40})/i) ??
    first(message, /\bagentState\s{0,2}[=:]\s{0,2}\d{1,4} \((\w{1,40})\)/i) ??
    first(message, /\bstate\s{0,2}[=:]\s{0,2}([A-Z_]{2,40})/)
  );
}

const first = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
