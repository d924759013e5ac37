/** What the session machine noticed, in the words of rows, relations and stories. */
import type { BoshObservation } from "../bosh/observation.ts";
import type { ExchangeNote, RelatedExchange } from "../domain/exchange.ts";
import type { StoryKind } from "../domain/timeline.ts";

const notes: Partial<Record<BoshObservation["kind"], ExchangeNote>> = {
  "session-created": "session-created",
  "session-joined": "joined-late",
  "session-bound": "session-bound",
  "hold-release": "hold-release",
  "early-empty": "early-empty",
  retransmission: "retransmission",
  "rid-missing": "rid-missing",
  "rid-gap": "rid-gap",
  "rid-out-of-window": "rid-out-of-window",
  "overdue-poll": "overdue",
  "two-open-too-long": "two-open",
  terminate: "terminate",
  "stream-error": "stream-error",
  "invalid-sid": "invalid-sid",
};

/** Conditions of a terminate or a stream error that a verdict is built on. */
const conditions = new Map<string, ExchangeNote>([
  ["conflict", "conflict"],
  ["item-not-found", "item-not-found"],
  ["policy-violation", "policy-violation"],
  ["system-shutdown", "system-shutdown"],
]);

/** What is noted on the exchange that shows it. */
export function notesOf(seen: BoshObservation): readonly ExchangeNote[] {
  if (seen.kind === "reconnect-without-terminate")
    return [seen.otherNode ? "failover" : "reconnect"];
  const own = notes[seen.kind];
  return [...(own === undefined ? [] : [own]), ...detailNotes(seen)];
}

function detailNotes(seen: BoshObservation): readonly ExchangeNote[] {
  if (seen.kind === "session-created")
    return seen.client === "unknown" ? [] : [`client-${seen.client}`];
  if (seen.kind === "authentication-failed") return ["auth-failed"];
  if (seen.kind === "stream-error") return endedByServer(seen.condition);
  if (seen.kind !== "terminate") return [];
  return seen.by === "client" ? ["ended-by-client"] : endedByServer(seen.condition);
}

/** Of either transport. */
export function endedByServer(condition: string | null): readonly ExchangeNote[] {
  const why = conditions.get(condition ?? "");
  return why === undefined ? ["ended-by-server"] : ["ended-by-server", why];
}

export function relatedOf(seen: BoshObservation): RelatedExchange | null {
  const number = seen.exchanges[1];
  if (number === undefined) return null;
  if (seen.kind === "retransmission")
    return { kind: "repeats", number, afterMs: seen.sinceFirstMs };
  if (seen.kind === "hold-release") return { kind: "released-by", number, afterMs: seen.releaseMs };
  return null;
}

/** Why the session is over, in the protocol's words; null = it is not. */
export function endingOf(seen: BoshObservation): string | null {
  if (seen.kind === "terminate") {
    const by = seen.by === "client" ? "terminate by client" : "terminate";
    return seen.condition === null ? by : `${by} ${seen.condition}`;
  }
  if (seen.kind === "stream-error") return `stream error ${seen.condition}`;
  if (seen.kind === "authentication-failed") return `authentication failed ${seen.condition}`;
  return seen.kind === "invalid-sid" ? "HTTP 404" : null;
}

interface Telling {
  readonly kind: StoryKind;
  readonly detail: string | null;
}

type ObservationOf<Kind extends BoshObservation["kind"]> = Extract<BoshObservation, { kind: Kind }>;
type Tellers = {
  readonly [Kind in BoshObservation["kind"]]?: (seen: ObservationOf<Kind>) => Telling;
};

/** Beginnings and failovers are told when a session is joined to its agent. */
const tellers: Tellers = {
  "session-bound": ({ jid }) => ({ kind: "session-bound", detail: jid }),
  "session-silent": ({ quietMs }) => ({ kind: "session-silent", detail: seconds(quietMs) }),
  "session-expired": ({ quietMs }) => ({ kind: "session-expired", detail: seconds(quietMs) }),
  "session-revived": ({ from }) => ({ kind: "session-revived", detail: from }),
  "overdue-poll": ({ ageMs, waitMs }) => ({ kind: "poll-overdue", detail: part(ageMs, waitMs) }),
  "early-empty": ({ holdMs, waitMs }) => ({ kind: "early-empty", detail: part(holdMs, waitMs) }),
  retransmission: ({ rid }) => ({ kind: "retransmission", detail: `rid ${rid}` }),
  "invalid-sid": () => ({ kind: "invalid-sid", detail: "HTTP 404" }),
  "authentication-failed": ({ condition }) => ({
    kind: "authentication-failed",
    detail: condition,
  }),
};

/** What goes into the agent's story; null = nothing. */
export function tellingOf(seen: BoshObservation): Telling | null {
  const teller = tellers[seen.kind] as ((seen: BoshObservation) => Telling) | undefined;
  if (teller !== undefined) return teller(seen);
  const ending = endingOf(seen);
  return ending === null ? null : { kind: "session-ended", detail: ending };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const part = (ms: number, ofMs: number): string => `${seconds(ms)} of ${seconds(ofMs)}`;
