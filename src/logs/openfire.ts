/**
 * Lines of Openfire's debug, info, warn and error logs: `yyyy.MM.dd HH:mm:ss message`, local time, no zone. Finesse's own wording (id and
 * threshold in brackets, no logger), stock 3.x (logger before ` - `) and 4.x (level, thread and logger) all occur.
 */
import { localPartOf } from "../xmpp/jid.ts";
import type { LineReading } from "./log-fact.ts";
import { readDottedTime } from "./log-time.ts";

type Said = Omit<LineReading, "source" | "at" | "local">;

/** A file's name may stand before it, as grep prints it. */
const stamp = /^(?:[^\s:]{1,200}:)?(\d{4}\.\d\d\.\d\d \d\d:\d\d:\d\d(?:[.,]\d{3})?)(?: |$)/;
const level = /^(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\s{1,4}(?:\[[^\]]{0,200}\]:? )?/;
const logger = /^[\w.$]{1,200} - /;

export function readOpenfireLine(line: string): LineReading | null {
  const head = stamp.exec(line);
  const time = head === null ? null : readDottedTime(head[1] ?? "");
  if (head === null || time === null) return null;
  const message = line.slice(head[0].length).replace(level, "").replace(/^: /, "");
  const said = readMessage(message.replace(logger, ""));
  return { source: "openfire", at: null, local: time.local, ...said };
}

/** Each wording with what it says; the first that fits counts. All are anchored, so that a line is read once. */
const wordings: readonly (readonly [RegExp, (parts: readonly string[]) => Said])[] = [
  [
    /^Session (?:\(id=([0-9a-z]{1,40})\)|([0-9a-z]{1,40})) was last active (\S{1,40}?)(?: ms)? ago: (\S+)/i,
    ([, cisco, stock, since = "", jid]) => ({
      kind: "session-active",
      sid: cisco ?? stock,
      ...whose(jid),
      values: { ms: durationOf(since) },
    }),
  ],
  [
    /^Session was last active (\d{1,15}) ms ago: (\S+)/,
    ([, since = "", jid]) => ({
      kind: "session-active",
      ...whose(jid),
      values: { ms: durationOf(since) },
    }),
  ],
  [
    /^Closing idle session(?: \(id=([0-9a-z]{1,40})\)| ([0-9a-z]{1,40}))?: (\S+)/i,
    ([, cisco, stock, jid]) => ({
      kind: "session-idle-close",
      sid: cisco ?? stock,
      ...whose(jid),
    }),
  ],
  [/^A session is closed for (\S+)/, ([, jid]) => ({ kind: "session-closed", ...whose(jid) })],
  [
    /^Unable to route packet\. No session is available so store offline\./,
    () => ({ kind: "offline-store" }),
  ],
  [
    /^Client provided invalid session: ([^\s.]{1,60})\. \[([^\]]{1,60})\]/,
    ([, sid, address]) => ({ kind: "invalid-sid", sid, values: { address } }),
  ],
  [
    /^Deliverable unavailable for (\d{1,19})/,
    ([, rid]) => ({ kind: "rid-window", values: { rid: Number(rid), answer: "not kept" } }),
  ],
  [
    /^Request (\d{1,19}) > (\d{1,19}), ending session/,
    ([, rid, highest]) => ({
      kind: "rid-window",
      values: { rid: Number(rid), highest: Number(highest) },
    }),
  ],
  [/^Overactivity detected/, () => ({ kind: "overactivity" })],
];

function readMessage(message: string): Said {
  for (const [wording, say] of wordings) {
    const parts = wording.exec(message);
    if (parts === null) continue;
    const said = say(parts);
    return { ...said, ...addressed(said, message), values: { ...said.values, ...tail(message) } };
  }
  // Only the words themselves are known of these two, not what stands around them.
  if (message.includes("HTTP bind service started")) return { kind: "service-started" };
  if (message.includes("Openfire stopped")) return { kind: "service-stopped" };
  return { kind: "other" };
}

/** A JID may be cut at the right edge of what someone copied: what is left is kept. */
function whose(text: string | undefined): { jid?: string; agent?: string } {
  if (text === undefined) return {};
  const agent = localPartOf(text) ?? undefined;
  return agent === undefined ? { jid: text } : { jid: text, agent };
}

/** What a packet without a session was addressed to. */
function addressed(said: Said, message: string): { jid?: string; agent?: string } {
  if (said.kind !== "offline-store") return {};
  return whose(/ to="([^"\s]{1,200})"/.exec(message.slice(0, 2000))?.[1]);
}

/** What 4.x and Cisco add after the JID. */
function tail(message: string): Record<string, string | number> {
  const text = message.slice(0, 600);
  const threshold = /more than threshold value of (\d{1,9})/.exec(text)?.[1];
  const address = / from IP (\S{1,60})/.exec(text)?.[1];
  const rid = /currently on rid (\d{1,19})/.exec(text)?.[1];
  return {
    ...(threshold === undefined ? {} : { threshold: Number(threshold) }),
    ...(address === undefined ? {} : { address }),
    ...(rid === undefined ? {} : { rid: Number(rid) }),
  };
}

/** `43230`, or `PT43.23S` as 4.6 and later print durations; undefined when it is neither. */
function durationOf(text: string): number | undefined {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const parts = /^PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?$/.exec(text);
  if (parts === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
}
