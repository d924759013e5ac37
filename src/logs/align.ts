/**
 * Puts logs of several writers on one clock: that of the capture if there is one, else the server's. Openfire writes no zone, so its is
 * learned; a desktop's clock is corrected by the drift it measured itself.
 */
import type { AlignMethod, Alignment } from "../domain/log-report.ts";
import type { LogFact, LogSource } from "./log-fact.ts";
import { type ClockMark, type ClockMatch, matchClocks } from "./match-clocks.ts";

/** What a capture knows of the clocks. All null or empty = there is none: the server's clock counts. */
export interface ClockReference {
  /** Minutes east of UTC of the server, from SystemInfo. */
  readonly timezoneOffset: number | null;
  /** Server's clock ahead of the capture's, ms. */
  readonly serverAheadMs: number | null;
  /** The desktops' clocks ahead of the capture's, ms. */
  readonly clientAheadMs: number | null;
  /**
   * What the capture saw that logs tell too: key `activity:SID` at the end of an exchange after which nothing came for a second or more (with
   * polls every 30 s, each end would fit), `invalid-sid:SID` at each 404.
   */
  readonly seen: readonly ClockMark[];
}

export const noReference: ClockReference = {
  timezoneOffset: null,
  serverAheadMs: null,
  clientAheadMs: null,
  seen: [],
};

/** One for each file and kind of log in it. */
export function alignLogs(
  facts: readonly LogFact[],
  reference: ClockReference = noReference,
): Alignment[] {
  const groups = Map.groupBy(facts, ({ file, source }) => `${source} ${file}`);
  const shared = { facts, reference, marks: webservicesMarks(facts, reference) };
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { file, source } = first;
    return [{ file, source, ...alignGroup(source, own, shared) }];
  });
}

/** The facts by the reference's clock; those that can't be placed have `at` null. */
export function placeFacts(facts: readonly LogFact[], alignments: readonly Alignment[]): LogFact[] {
  const offsets = new Map(alignments.map((one) => [`${one.source} ${one.file}`, one.offsetMs]));
  return facts.map((fact) => {
    const offset = offsets.get(`${fact.source} ${fact.file}`) ?? null;
    return { ...fact, at: offset === null ? null : (fact.at ?? fact.local) + offset };
  });
}

interface Shared {
  readonly facts: readonly LogFact[];
  readonly reference: ClockReference;
  readonly marks: readonly ClockMark[];
}

type Placing = Pick<Alignment, "offsetMs" | "how" | "uncertaintyMs" | "matches">;

function alignGroup(source: LogSource, own: readonly LogFact[], shared: Shared): Placing {
  if (source === "openfire") return alignOpenfire(own, shared);
  if (source === "client") return alignClient(own, shared.reference);
  const isKnown = isServerKnown(shared.reference);
  return {
    offsetMs: -(shared.reference.serverAheadMs ?? 0),
    how: isKnown ? "own-zone" : "assumed",
    uncertaintyMs: isKnown ? 50 : null,
    matches: 0,
  };
}

/** Whole seconds: what is written happened up to a second later. */
const openfireGrain = 1000;
/** Fewer happenings that agree don't outweigh a zone that is written somewhere. */
const trustedMatches = 3;

function alignOpenfire(own: readonly LogFact[], { facts, reference, marks }: Shared): Placing {
  const match = matchClocks(openfireMarks(own), [...marks, ...reference.seen]);
  const zone = zoneFor(own, facts, reference);
  if (zone === null) return match === null ? unplaced : byMatch(match);
  const offsetMs = -zone.minutes * 60_000 - (reference.serverAheadMs ?? 0);
  const agrees = match !== null && Math.abs(match.offsetMs - offsetMs) <= 2 * openfireGrain;
  if (match !== null && !agrees && match.matches >= trustedMatches) return byMatch(match);
  const isKnown = isServerKnown(reference) || agrees;
  const uncertaintyMs = isKnown ? openfireGrain : null;
  return { offsetMs, how: zone.how, uncertaintyMs, matches: agrees ? match.matches : 0 };
}

const unplaced: Placing = { offsetMs: null, how: "none", uncertaintyMs: null, matches: 0 };

const byMatch = ({ offsetMs, spreadMs, matches }: ClockMatch): Placing => ({
  offsetMs,
  how: "matched",
  uncertaintyMs: openfireGrain + spreadMs,
  matches,
});

/** Without a capture the server's clock is the reference itself. */
const isServerKnown = ({ serverAheadMs, seen }: ClockReference): boolean =>
  serverAheadMs !== null || seen.length === 0;

/** The server's zone as some other writer tells it, at the moment nearest to this log: summer time changes it. */
function zoneFor(
  own: readonly LogFact[],
  facts: readonly LogFact[],
  { timezoneOffset }: ClockReference,
): { readonly minutes: number; readonly how: AlignMethod } | null {
  const middle = own[Math.floor(own.length / 2)]?.local ?? 0;
  let best: { minutes: number; how: AlignMethod; away: number } | null = null;
  for (const fact of facts) {
    const told = serverZoneIn(fact);
    if (told === null) continue;
    const away = Math.abs(fact.local - middle) + (told.how === "webservices-zone" ? 0 : 86_400_000);
    if (best === null || away < best.away) best = { ...told, away };
  }
  if (best !== null) return best;
  return timezoneOffset === null ? null : { minutes: timezoneOffset, how: "systeminfo-zone" };
}

function serverZoneIn(fact: LogFact): { minutes: number; how: AlignMethod } | null {
  if (fact.source === "webservices" && fact.at !== null)
    return { minutes: Math.round((fact.local - fact.at) / 60_000), how: "webservices-zone" };
  const zone = fact.values["serverZone"];
  return typeof zone === "number" ? { minutes: zone, how: "client-log-zone" } : null;
}

/** What Openfire's lines say happened, by its own clock. A poll held now says nothing of when. */
function openfireMarks(own: readonly LogFact[]): ClockMark[] {
  return own.flatMap((fact) => {
    const { kind, sid, agent, local, values } = fact;
    const ms = values["ms"];
    if (kind === "session-active" && sid !== null && typeof ms === "number" && ms >= openfireGrain)
      return [{ key: `activity:${sid}`, at: local - ms }];
    if (kind === "invalid-sid" && sid !== null) return [{ key: `invalid-sid:${sid}`, at: local }];
    const isClosed = kind === "session-closed" || kind === "session-idle-close";
    return isClosed && agent !== null ? [{ key: `closed:${agent}`, at: local }] : [];
  });
}

/** Desktop-webservices is told within milliseconds that a session is closed: the agent becomes unavailable. */
function webservicesMarks(
  facts: readonly LogFact[],
  { serverAheadMs }: ClockReference,
): ClockMark[] {
  return facts.flatMap(({ kind, at, agent, values }) =>
    kind === "presence" && values["state"] === "unavailable" && at !== null && agent !== null
      ? [{ key: `closed:${agent}`, at: at - (serverAheadMs ?? 0) }]
      : [],
  );
}

function alignClient(own: readonly LogFact[], reference: ClockReference): Placing {
  const { clientAheadMs, serverAheadMs } = reference;
  if (clientAheadMs !== null)
    return { offsetMs: -clientAheadMs, how: "own-zone", uncertaintyMs: 50, matches: 0 };
  const drifts = own.flatMap(({ kind, values }) => {
    const { driftMs, roundTripMs } = values;
    if (kind !== "drift" || typeof driftMs !== "number") return [];
    return [{ ms: driftMs, roundTrip: typeof roundTripMs === "number" ? roundTripMs : 100 }];
  });
  const sorted = drifts.toSorted((a, b) => a.ms - b.ms);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined || !isServerKnown(reference))
    return { offsetMs: 0, how: "assumed", uncertaintyMs: null, matches: 0 };
  const spread = (sorted.at(-1)?.ms ?? middle.ms) - (sorted[0]?.ms ?? middle.ms);
  return {
    offsetMs: middle.ms - (serverAheadMs ?? 0),
    how: "drift",
    uncertaintyMs: spread + Math.ceil(middle.roundTrip / 2),
    matches: sorted.length,
  };
}
