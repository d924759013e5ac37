/** Symptoms that only a log shows: an idle session closed of which there is no traffic, or a whole service that went. */
import type { LogFact } from "../domain/log-fact.ts";
import { LogBook, logPlace, logTime } from "./log-book.ts";
import type { Symptom, SymptomKind } from "./symptom.ts";
import type { World } from "./world.ts";

const kinds: Partial<Record<LogFact["kind"], SymptomKind>> = {
  "session-idle-close": "log-idle-close",
  "service-stopped": "log-service-stopped",
  "cti-lost": "log-cti-lost",
  "xmpp-lost": "log-xmpp-lost",
};

/** How far back the last activity of a session is looked for. */
const lookBackMs = 300_000;

/** null = it begins nothing by itself. */
export function logSymptom(fact: LogFact, book: LogBook, world: World): Symptom | null {
  const kind = kinds[fact.kind];
  if (kind === undefined || isSeen(fact, world)) return null;
  const at = logTime(fact);
  const idle = lastActivity(fact, book);
  const silentMs = idle?.silentMs ?? thresholdOf(fact);
  const domain = /@([^/\s]+)/.exec(fact.jid ?? "")?.[1];
  return {
    kind,
    path: "notification",
    at,
    since: at - (silentMs ?? 0),
    exchange: logPlace(idle?.fact ?? fact),
    host: domain ?? "server",
    port: 7443,
    agent: fact.agent,
    client: fact.agent ?? "",
    session: null,
    ms: silentMs,
    faults: [],
    detail: fact.text,
  };
}

/** Where no line tells the last activity: a session is closed after no less than this. */
function thresholdOf({ kind, values }: LogFact): number | null {
  return kind === "session-idle-close" ? Number(values["threshold"] ?? 0) * 1000 : null;
}

/** Traffic of that session or agent tells more, and the log is laid beside it. */
function isSeen({ sid, agent }: LogFact, world: World): boolean {
  if (world.agentOf(agent) !== undefined) return true;
  if (sid === null && agent === null) return world.sessions.size > 0;
  return [...world.sessions.values()].some((session) => session.sid === sid && sid !== null);
}

/** The last line that gives the session's silence before it was closed. */
function lastActivity(
  fact: LogFact,
  book: LogBook,
): { readonly fact: LogFact; readonly silentMs: number } | null {
  const owners = [fact.sid, fact.agent].filter((owner) => owner !== null);
  const at = logTime(fact);
  const before = book
    .about(owners, at - lookBackMs, at)
    .filter(({ kind }) => kind === "session-active");
  // The line at the very tick contradicts the others in the article's own example; the one before does not.
  const last = before.findLast((line) => logTime(line) < at) ?? before.at(-1);
  if (last === undefined) return null;
  const silentMs = at - logTime(last) + Number(last.values["ms"] ?? 0);
  return { fact: last, silentMs };
}
