/** Lays log lines beside a finding: what the server wrote down makes it surer, and turns what the clock expects into what was seen. */
import type { Consequence, Evidence, Finding, Phrase } from "../domain/finding.ts";
import type { LogFact } from "../domain/log-fact.ts";
import { phrase } from "./claim.ts";
import { LogBook, logPlace, logTime } from "./log-book.ts";

const beforeMs = 60_000;
/** Idle close at 120 s at the latest, forced logout 60 s later, and some. */
const afterMs = 240_000;
const maxText = 160;
const maxLines = 6;

const iso = (wall: number): string => new Date(wall).toISOString();

/** The same finding when no line is about it. */
export function layLogs(finding: Finding, book: LogBook): Finding {
  const at = Date.parse(finding.at);
  const owners = [...finding.agents, ...(finding.sid === null ? [] : [finding.sid])];
  const lines = book.about(owners, at - beforeMs, at + afterMs);
  if (lines.length === 0) return finding;
  const told = lines.filter(({ kind }) => kind !== "session-active");
  const [first, ...others] = finding.evidence;
  return {
    ...finding,
    confidence: surer(finding, lines),
    reasons: [...finding.reasons, ...idleReason(lines), ...agreement(finding, told)],
    consequences: withSeen(finding.consequences, lines),
    evidence: [first, ...others, ...evidenceOf(told)],
  };
}

function idleReason(lines: readonly LogFact[]): Phrase[] {
  const close = lines.find(({ kind }) => kind === "session-idle-close");
  if (close === undefined) return [];
  const last = lines.findLast(
    (line) => line.kind === "session-active" && logTime(line) < logTime(close),
  );
  if (last === undefined) return [];
  const silentMs = logTime(close) - logTime(last) + Number(last.values["ms"] ?? 0);
  const threshold = Number(close.values["threshold"] ?? 60);
  const seconds = Math.round(silentMs / 100) / 10;
  return [phrase("because.log-idle", { seconds, threshold })];
}

const supports: Partial<Record<LogFact["kind"], readonly Finding["cause"][]>> = {
  "service-stopped": ["F11", "F17"],
  "service-started": ["F11", "F12", "F13", "F17"],
  "cti-lost": ["F15", "F16"],
  "xmpp-lost": ["F14", "F11", "F12"],
  "rid-window": ["F22"],
  "session-idle-close": ["F4", "F5", "F6", "F7", "F8", "F3", "F1", "F2"],
};

const agrees = ({ cause }: Finding, { kind }: LogFact): boolean =>
  supports[kind]?.includes(cause) === true;

function surer(finding: Finding, lines: readonly LogFact[]): number {
  if (!lines.some((line) => agrees(finding, line))) return finding.confidence;
  return Math.min(0.98, Math.round((finding.confidence + 0.05) * 100) / 100);
}

const agreement = (finding: Finding, told: readonly LogFact[]): Phrase[] =>
  told
    .filter((line) => agrees(finding, line))
    .slice(0, 2)
    .map(({ text }) => phrase("because.log-line", { text: text.slice(0, maxText) }));

const evidenceOf = (told: readonly LogFact[]): Evidence[] =>
  told.slice(0, maxLines).map((line) => ({
    exchange: logPlace(line),
    role:
      line.kind.startsWith("service-") || line.kind.endsWith("-lost") ? "witness" : "consequence",
    what: phrase("evidence.log-line", { text: line.text.slice(0, maxText) }),
  }));

/** What a log shows to have happened takes the place of what was expected. */
function withSeen(
  expected: readonly Consequence[],
  lines: readonly LogFact[],
): readonly Consequence[] {
  const close = lines.find(
    ({ kind }) => kind === "session-idle-close" || kind === "session-closed",
  );
  const logout = lines.find(({ kind }) => kind === "logout-request");
  const seen: Consequence[] = [
    ...(close === undefined
      ? []
      : [seenAt(close, "session-closed", phrase("consequence.closed-log"))]),
    ...(logout === undefined
      ? []
      : [
          seenAt(
            logout,
            "forced-logout",
            phrase("consequence.forced-logout-log", {
              ...reasonOf(logout, lines),
              ...lag(close, logout),
            }),
          ),
        ]),
  ];
  const kinds = new Set(seen.map(({ kind }) => kind));
  const rest = expected.filter(({ kind, certainty }) => certainty === "seen" || !kinds.has(kind));
  return [...rest, ...seen];
}

/** A logout driven by presence carries 255, also where the line is cut before it says so. */
function reasonOf({ values }: LogFact, lines: readonly LogFact[]): Phrase["values"] {
  const isDriven = lines.some(({ kind }) => kind === "forced-logout-due");
  return { reason: values["reason"] ?? (isDriven ? 255 : "?") };
}

function lag(close: LogFact | undefined, logout: LogFact): Phrase["values"] {
  if (close === undefined) return { seconds: "?" };
  return { seconds: Math.round((logTime(logout) - logTime(close)) / 100) / 10 };
}

const seenAt = (line: LogFact, kind: Consequence["kind"], what: Phrase): Consequence => ({
  at: iso(logTime(line)),
  kind,
  certainty: "seen",
  what,
});
