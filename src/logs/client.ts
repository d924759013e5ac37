/**
 * Lines a desktop wrote: browser console, Send Error Report, ClientLog upload, `/desktop/locallog`. `<client time>: [key]: <host>: <server time or
 * dashes>: <origin> : <message>` (finesse.js, its logger). A console puts a source or a time of its own before it.
 */
import type { LineReading, LogFactKind } from "./log-fact.ts";
import { type LogTime, readClientTime, readNamedTime, wallOf } from "./log-time.ts";

const stamp = /^(?:[^\n]{0,200}?[\s"'>:])?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3} [+-]\d\d:\d\d):/;
/** Key, host and the server's time; the blanks around an empty key vary. */
const prefix =
  /^ {0,2}(?:[\w-]{1,12})?: ([^:\s]{0,255}): ((?:[A-Z][a-z]{2} {1,2}\d|---)[^:]{0,14}:[^:]{2}:[^:]{0,14}): /;

export function readClientLine(line: string): LineReading | null {
  const found = stamp.exec(line);
  const time = found === null ? null : readClientTime(found[1] ?? "");
  const at = time === null ? null : wallOf(time);
  if (found === null || time === null || at === null) return null;
  const rest = line.slice(found[0].length);
  const head = prefix.exec(rest);
  const server = head === null ? null : readNamedTime(head[2] ?? "");
  const message = (head === null ? rest : rest.slice(head[0].length)).slice(0, maxRead);
  const said = readMessage(message);
  const values = {
    ...(head === null || head[1] === "" ? {} : { host: head[1] }),
    ...serverClock(said.kind, at, server),
    ...said.values,
  };
  const agent = /\/finesse\/api\/User\/([\w.@-]{1,60})/.exec(message)?.[1];
  const requestId = /\brequest_?id["']?\s{0,2}[=:>]\s{0,2}["']?([\w-]{8,60})/i.exec(message)?.[1];
  return { source: "client", at, local: time.local, ...said, values, agent, requestId };
}

const maxRead = 8000;

interface Said {
  readonly kind: LogFactKind;
  readonly values: Readonly<Record<string, string | number | undefined>>;
}

const driftLine =
  /Client: (\S{1,40}), Server: (\S{1,40}), Drift: (-?\d{1,15}) ?ms, Network Latency \(round trip\): (\d{1,9}) ?ms/;
const statusLine =
  /(?:Connection status: |listeners of status=)(connecting|connected|disconnected|disconnecting|reconnecting|conflict|unauthorized|unloading|failing|recovered)\b/;

function readMessage(message: string): Said {
  const drift = driftLine.exec(message);
  if (drift !== null)
    return { kind: "drift", values: { driftMs: Number(drift[3]), roundTripMs: Number(drift[4]) } };
  // Cut at the edge of what someone copied; the two times before it still tell the drift.
  if (/ : Client: \S{0,40}$/.test(message)) return { kind: "drift", values: {} };
  const status = statusLine.exec(message)?.[1];
  if (status !== undefined) return { kind: "connection-status", values: { status } };
  if (message.includes("Establishing BOSH connection"))
    return { kind: "connection-status", values: { status: "connecting" } };
  return { kind: "other", values: {} };
}

/** The server's time as the desktop reckoned it; in a line about drift that was cut, it tells the drift. */
function serverClock(kind: LogFactKind, at: number, server: LogTime | null): Said["values"] {
  const serverAt = server === null ? null : wallOf(server);
  if (server === null || server.zone === null || serverAt === null) return {};
  const drift = kind === "drift" ? { driftMs: serverAt - at } : {};
  return { serverAt, serverZone: server.zone, ...drift };
}
