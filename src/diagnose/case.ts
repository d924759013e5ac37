/** A case: one incident with all that is known around it, as the detectors weigh it. A value; detectors read it and nothing else. */
import type { ProbeResult, VitalsSample } from "../domain/vitals.ts";
import type { ConnectionFact } from "./fact.ts";
import type { Incident, Scope } from "./incident.ts";
import { rulesFrom, type SessionState } from "./session-state.ts";
import { isHard, type Symptom, type SymptomKind } from "./symptom.ts";
import { limits, real } from "./thresholds.ts";
import type { PortState, World } from "./world.ts";

/** How one port of the host did in the incident. */
export interface PortCase {
  readonly port: number | null;
  readonly count: (...kinds: readonly SymptomKind[]) => number;
  readonly symptoms: readonly Symptom[];
  /** Served somebody after its last failure, and since the trouble began. */
  readonly isUp: boolean;
  /** Its latest sign is a failure. */
  readonly isDown: boolean;
  /** It had served before the trouble. */
  readonly wasUp: boolean;
  /** Exchange of its latest good answer. */
  readonly witness: string | null;
  /** Connections that got no TCP answer, and those whose TLS handshake got none. */
  readonly tcpStalls: number;
  readonly tlsStalls: number;
  readonly probes: readonly ProbeResult[];
}

/** What a service shows that falls. */
export const falls: ReadonlySet<SymptomKind> = new Set([
  "reset",
  "fin",
  "refused",
  "unavailable",
  "ended-by-server",
]);

export interface Case {
  readonly scope: Scope;
  readonly now: number;
  /** Real ms = protocol ms / scale. */
  readonly scale: number;
  readonly since: number;
  readonly firstAt: number;
  readonly symptoms: readonly Symptom[];
  readonly has: (...kinds: readonly SymptomKind[]) => boolean;
  readonly notification: PortCase;
  /** The same as `notification` where one port serves both. */
  readonly rest: PortCase;
  readonly shared: boolean;
  readonly faults: readonly string[];
  readonly agents: readonly string[];
  readonly observed: number;
  /** Sessions touched, as they stand. */
  readonly sessions: readonly SessionState[];
  /** Agents of the same host that went on being served since the trouble began. */
  readonly unharmed: number;
  /** Sessions with a poll held when it began: a service that ends cuts them. */
  readonly spared: number;
  /** Sessions that were cut and then served as before: no service that ended knows them. */
  readonly survivors: number;
  /** A character XML forbids passed on this host shortly before. */
  readonly badCharacter: string | null;
  readonly vitals: readonly VitalsSample[];
  /** Of a client's silence. */
  readonly gap: GapCase | null;
}

export interface GapCase {
  readonly since: number;
  readonly ms: number;
  readonly lasts: boolean;
  readonly session: SessionState;
  /** The latest of several that follow each other: what the server counts from. */
  readonly latest: { readonly since: number; readonly lasts: boolean };
  /** Requests the same agent's page made within the silence. */
  readonly ownRequests: number;
  /** Agents in the same browser or PC that were heard meanwhile, and that were not. */
  readonly othersHeard: number;
  readonly othersSilent: number;
  readonly storm: {
    readonly all: number;
    readonly gadget: number;
    readonly exchanges: readonly string[];
  };
  /** How the client's connection ended within the silence, if it did. */
  readonly connectionEnd: ConnectionFact["clientEnd"];
  /** It came back on another connection than it had. */
  readonly newConnection: boolean;
}

export function caseOf(incident: Incident, world: World): Case {
  const { symptoms, since, host } = incident;
  const ports = [...world.ports.values()].filter((port) => port.host === host);
  const notificationPort = pick(ports, incident, "isNotification");
  const restPort =
    pick(ports, incident, "isRest") ?? ports.find(({ port }) => port === 8445) ?? null;
  if (incident.scope === "server") addUnseen(incident, world);
  const sessions = [...incident.sessions].flatMap((key) => world.sessions.get(key) ?? []);
  for (const session of sessions) if (session.agent !== null) incident.agents.add(session.agent);
  const kinds = new Set(symptoms.map(({ kind }) => kind));
  return {
    scope: incident.scope,
    now: world.now,
    scale: world.scale,
    since,
    firstAt: incident.firstAt,
    symptoms,
    has: (...asked) => asked.some((kind) => kinds.has(kind)),
    notification: portCase(incident, notificationPort, world),
    rest: portCase(incident, restPort, world),
    shared: notificationPort !== null && notificationPort === restPort,
    faults: faultsOf(incident, world),
    agents: [...incident.agents],
    observed: Math.max(incident.observed, incident.agents.size),
    sessions,
    unharmed: incident.scope === "server" ? unharmed(incident, world) : 0,
    spared: incident.scope === "server" ? spared(incident, world) : 0,
    survivors: survivors(symptoms, sessions),
    badCharacter: badCharacterBefore(incident, world),
    vitals: world.vitalsBetween(since, Math.min(world.now, incident.lastAt)),
    gap: incident.scope === "client" ? gapCase(incident, world) : null,
  };
}

/** Before a fall, and no longer than so; where nothing fell, before the trouble or as the trouble. */
function badCharacterBefore({ host, symptoms, firstAt }: Incident, world: World): string | null {
  const timesOf = (is: (kind: SymptomKind) => boolean) =>
    symptoms.flatMap(({ kind, at }) => (is(kind) ? [at] : []));
  const fell = timesOf((kind) => falls.has(kind));
  const falling =
    fell.length > 0 ? fell : [firstAt, ...timesOf((kind) => kind === "bad-character")];
  const reach = world.ms(limits.badCharacter);
  const before = (seen: number) => falling.some((at) => seen <= at && seen >= at - reach);
  return world.badCharacters.get(host)?.findLast(({ at }) => before(at))?.exchange ?? null;
}

/** Who last touched it so long before its latest failure has nothing to do with that. */
function faultsOf({ faults, symptoms }: Incident, world: World): readonly string[] {
  const failed = symptoms.findLast(({ kind }) => isHard(kind));
  const from = failed === undefined ? 0 : failed.since - world.ms(limits.faultReach);
  return rulesFrom({ faults }, from);
}

/**
 * A connection that is refused names no session. Whose turn it was, and who asked nothing since, is one of those refused: a client that is well
 * asks at once.
 */
function addUnseen(incident: Incident, world: World): void {
  const isRefused = incident.symptoms.some(
    ({ kind, port }) => (kind === "refused" || kind === "connect-stall") && port === incident.port,
  );
  if (!isRefused) return;
  for (const session of world.livingOn(incident.host)) {
    const { open, lastAnswer, port } = session;
    if (port !== incident.port || open.size > 0 || lastAnswer === null) continue;
    if (world.now - lastAnswer.at > Math.max(world.ms(limits.gap), real.gap))
      incident.sessions.add(session.key);
  }
}

function pick(
  ports: readonly PortState[],
  incident: Incident,
  role: "isNotification" | "isRest",
): PortState | null {
  const path = role === "isRest" ? "rest" : "notification";
  const hit = incident.symptoms.find((symptom) => symptom.path === path)?.port;
  const able = ports.filter((port) => port[role]);
  return able.find(({ port }) => port === hit) ?? latest(able);
}

const latest = (ports: readonly PortState[]): PortState | null =>
  ports.toSorted((a, b) => (b.ok?.at ?? 0) - (a.ok?.at ?? 0))[0] ?? null;

function portCase(incident: Incident, state: PortState | null, world: World): PortCase {
  const port = state?.port ?? null;
  const symptoms = incident.symptoms.filter((symptom) => symptom.port === port);
  const probes = world.probesOf(incident.host, incident.firstAt - 1000);
  const stalls = stallsOf(incident, symptoms, world);
  return {
    port,
    count: (...kinds) => symptoms.filter(({ kind }) => kinds.includes(kind)).length,
    symptoms,
    ...standing(incident, symptoms, state),
    witness: state?.ok?.exchange ?? null,
    tcpStalls: stalls.filter((one) => !one.serverConnected).length,
    tlsStalls: stalls.filter((one) => one.serverConnected).length,
    probes: probes.filter((probe) => probe.port === port),
  };
}

function standing(
  { provenFrom }: Incident,
  symptoms: readonly Symptom[],
  state: PortState | null,
): Pick<PortCase, "isUp" | "isDown" | "wasUp"> {
  const lastBad = symptoms.findLast(({ kind }) => isHard(kind))?.at ?? null;
  const okAt = state?.ok?.at ?? null;
  return {
    isUp: okAt !== null && okAt > Math.max(provenFrom, lastBad ?? 0),
    isDown: lastBad !== null && lastBad >= (okAt ?? 0),
    wasUp: okAt !== null,
  };
}

/** Connections that hang while being opened; only asked when an exchange waits for one. */
function stallsOf(
  incident: Incident,
  symptoms: readonly Symptom[],
  world: World,
): readonly ConnectionFact[] {
  const stalled = symptoms.find(({ kind }) => kind === "connect-stall");
  return stalled === undefined ? [] : stalledConnections(incident, stalled.port, world);
}

function stalledConnections(
  { host, since }: Incident,
  port: number,
  world: World,
): readonly ConnectionFact[] {
  const patience = Math.max(world.ms(limits.connectSlow), real.connect);
  return [...world.connections.values()].filter(
    (one) =>
      one.host === host &&
      one.port === port &&
      !one.serverTls &&
      one.at >= since - 1000 &&
      (one.ended || world.now - one.at > patience),
  );
}

/** Sessions on the host that were served by the same port after the trouble began, though not those touched. */
function unharmed(incident: Incident, world: World): number {
  let count = 0;
  for (const session of world.livingOn(incident.host)) {
    // A session that began later had nothing to go on with.
    if (incident.sessions.has(session.key) || session.startedAt > incident.firstAt) continue;
    const servedAt =
      session.transport === "bosh" ? (session.lastAnswer?.at ?? 0) : session.lastFromServer;
    if (servedAt > incident.provenFrom) count += 1;
  }
  return count;
}

/** Living sessions that had a poll held, or had just had one, when the first failure came. Whether any was cut, the symptoms tell. */
function spared({ host, port, firstAt }: Incident, world: World): number {
  return world.livingOn(host).filter(({ lastAnswer, lastRequestAt, waitMs, ...session }) => {
    if (session.transport !== "bosh" || session.port !== port) return false;
    const heldUntil = Math.max(lastRequestAt, lastAnswer?.at ?? 0);
    return heldUntil > firstAt - waitMs - world.ms(limits.gap);
  }).length;
}

const survivors = (symptoms: readonly Symptom[], sessions: readonly SessionState[]): number =>
  sessions.filter(({ key, servedFrom }) =>
    symptoms.some(
      ({ kind, session, at }) =>
        session === key && (kind === "reset" || kind === "fin") && (servedFrom ?? 0) > at,
    ),
  ).length;

function gapCase(incident: Incident, world: World): GapCase | null {
  const trigger = longestGap(incident.symptoms, world);
  const session = world.sessions.get(trigger?.session ?? "");
  if (trigger === undefined || session === undefined) return null;
  const { lasts, until } = extentOf(trigger, session, world.now);
  const others = othersOf(session, trigger.since, world);
  // Silences that follow each other are one incident: what began the first counts for all.
  const storm = world.stormAround(session, incident.since, until);
  return {
    since: trigger.since,
    ms: until - trigger.since,
    lasts,
    session,
    latest: latestGap(incident.symptoms, trigger, world),
    ownRequests: ownRequests(world.agentOf(session.agent), trigger.since, until),
    othersHeard: others.heard,
    othersSilent: others.silent,
    storm: {
      all: storm.all,
      gadget: storm.gadget,
      exchanges: storm.near.slice(-3).map(({ id }) => id),
    },
    connectionEnd: connectionWithin(session, trigger.since, world),
    newConnection: !lasts && isNewConnection(incident, session, world),
  };
}

/** Silences that follow each other are told as one: what it was is judged by the longest. The latest word about a silence knows most of it. */
function longestGap(symptoms: readonly Symptom[], world: World): Symptom | undefined {
  const lengthOf = (gap: Symptom): number => {
    const session = world.sessions.get(gap.session ?? "");
    if (session === undefined) return gap.ms ?? 0;
    return extentOf(gap, session, world.now).until - gap.since;
  };
  return symptoms
    .filter(({ kind }) => kind === "gap")
    .toSorted((a, b) => lengthOf(a) - lengthOf(b) || a.at - b.at)
    .at(-1);
}

function latestGap(
  symptoms: readonly Symptom[],
  trigger: Symptom,
  world: World,
): GapCase["latest"] {
  const gap = symptoms.findLast(({ kind }) => kind === "gap") ?? trigger;
  const session = world.sessions.get(gap.session ?? "");
  const lasts = session !== undefined && extentOf(gap, session, world.now).lasts;
  return { since: gap.since, lasts };
}

/** Until when the silence goes: until now while it lasts. */
function extentOf(
  trigger: Symptom,
  session: SessionState,
  now: number,
): { readonly lasts: boolean; readonly until: number } {
  const { gap, over, overAt } = session;
  if (gap === null || gap.since !== trigger.since) {
    // Two requests at once after a silence leave it among those that are over.
    const known = session.gaps.find(({ since }) => since === trigger.since);
    return { lasts: false, until: known?.endedAt ?? trigger.at };
  }
  if (gap.endedAt !== null) return { lasts: false, until: gap.endedAt };
  return over === null
    ? { lasts: true, until: now }
    : { lasts: false, until: overAt ?? trigger.at };
}

/** Agents in the same browser or PC: those heard since, and those not. */
function othersOf(
  session: SessionState,
  since: number,
  world: World,
): { readonly heard: number; readonly silent: number } {
  const active = [...world.agents.values()].filter(
    ({ client, agent, lastAt }) =>
      client === session.client &&
      agent !== session.agent &&
      lastAt > since - world.ms(limits.otherActive),
  );
  const heard = active.filter(({ lastAt }) => lastAt > since + 500).length;
  return { heard, silent: active.length - heard };
}

function ownRequests(
  agent:
    | {
        readonly systemInfo: readonly number[];
        readonly requests: readonly { readonly at: number }[];
      }
    | undefined,
  from: number,
  until: number,
): number {
  const inside = (at: number): boolean => at > from + 500 && at < until - 500;
  const rest = agent?.requests.filter(({ at }) => inside(at)).length ?? 0;
  return rest + (agent?.systemInfo.filter(inside).length ?? 0);
}

/** How a connection of the same client to the same port ended within the silence. */
function connectionWithin(
  session: SessionState,
  since: number,
  world: World,
): ConnectionFact["clientEnd"] {
  const own = world.connections.get(session.connection);
  if (own?.clientEndAt !== null && own?.clientEndAt !== undefined && own.clientEndAt > since)
    return own.clientEnd;
  return null;
}

function isNewConnection(incident: Incident, session: SessionState, world: World): boolean {
  const now = world.connections.get(session.connection);
  return now !== undefined && now.at > incident.since + 500;
}
