/** Sorts recorded exchanges into sessions that can be played and requests outside of them. */
import { isHttpBindPath } from "../bosh/http-bind-path.ts";
import { readBoshBody } from "../bosh/read-bosh-body.ts";
import { type BoshExchange, bodyText, readSession } from "./read-session.ts";
import { readSocket } from "./read-socket.ts";
import type { RecordedSession } from "./recorded-session.ts";
import type { TakenExchange, TakenSocket } from "./taken-exchange.ts";

export interface Recording {
  /** In order of their beginning. */
  readonly sessions: readonly RecordedSession[];
  /** Sessions without their beginning: nobody can sign in to them. */
  readonly headless: readonly string[];
  readonly calls: readonly TakenExchange[];
  /** Hosts and ports to listen for. */
  readonly places: readonly Place[];
  /** Wall ms of the first exchange. */
  readonly startedAt: number;
}

export interface Place {
  readonly host: string;
  readonly port: number;
  /** By TLS. */
  readonly secure: boolean;
}

/** `only`: of sessions, that one alone. */
export function readRecording(
  exchanges: readonly TakenExchange[],
  only: string | null = null,
  sockets: readonly TakenSocket[] = [],
): Recording {
  const inOrder = exchanges.toSorted((a, b) => a.at - b.at);
  const { groups, calls } = sorted(inOrder);
  const all = [...inOrder, ...sockets];
  const read = [
    ...[...groups].map(([sid, group]) => [sid, sessionOf(sid, group)] as const),
    ...sockets.map((socket) => [socket.id, readSocket(socket)] as const),
  ].filter(([sid]) => only === null || sid === only);
  return {
    sessions: read
      .flatMap(([, session]) => session ?? [])
      .toSorted((a, b) => a.startedAt - b.startedAt),
    headless: read.filter(([, session]) => session === null).map(([sid]) => sid),
    calls,
    places: placesOf(all),
    startedAt: Math.min(...all.map(({ at }) => at)),
  };
}

interface Sorted {
  /** By sid. */
  readonly groups: ReadonlyMap<string, readonly BoshExchange[]>;
  readonly calls: readonly TakenExchange[];
}

function sorted(inOrder: readonly TakenExchange[]): Sorted {
  const groups = new Map<string, BoshExchange[]>();
  const calls: TakenExchange[] = [];
  for (const taken of inOrder) {
    const isPoll = taken.method === "POST" && isHttpBindPath(taken.path);
    const request = isPoll ? readBoshBody(taken.body) : null;
    if (request?.kind !== "body") {
      calls.push(taken);
      continue;
    }
    const sid = request.sid ?? sidGiven(taken) ?? `none ${taken.id}`;
    const group = groups.get(sid);
    if (group === undefined) groups.set(sid, [{ taken, request }]);
    else group.push({ taken, request });
  }
  return { groups, calls };
}

const sessionOf = (sid: string, group: readonly BoshExchange[]): RecordedSession | null =>
  group[0]?.request.sid === null ? readSession(sid, group) : null;

/** By the answer to a creation. */
function sidGiven({ end }: TakenExchange): string | null {
  if (end.kind !== "answered") return null;
  const answer = readBoshBody(bodyText(end.answer));
  return answer.kind === "body" ? answer.sid : null;
}

function placesOf(exchanges: readonly Place[]): readonly Place[] {
  const places = new Map(
    exchanges.map(({ host, port, secure }) => [`${host}:${port}`, { host, port, secure }] as const),
  );
  return [...places.values()];
}
