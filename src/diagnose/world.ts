/**
 * What is known of hosts, agents, sessions, connections and this machine: the memory behind every verdict. Bounded: of each kind the oldest go
 * first. It blames nobody.
 */

import type { ProbeResult, VitalsSample } from "../domain/vitals.ts";
import { type ConnectionFact, type ExchangeFact, withoutProcess } from "./fact.ts";
import { keep } from "./keep.ts";
import { LogBook } from "./log-book.ts";
import type { SessionState } from "./session-state.ts";
import { limits, stormInSilence, stormWindow } from "./thresholds.ts";

interface Seen {
  readonly at: number;
  readonly exchange: string;
}

export interface PortState {
  readonly host: string;
  readonly port: number;
  ok: Seen | null;
  bad: Seen | null;
  /** When it last failed each client. */
  readonly failing: Map<string, number>;
  /** When a fault rule last broke an exchange with it. */
  brokenByRule: number | null;
  /** XMPP has been seen on it. */
  isNotification: boolean;
  isRest: boolean;
  /** A client's connection to it that is not open towards the server yet, by when it began. */
  opening: Map<string, number>;
  readonly faults: Map<string, number>;
}

interface PageRequest {
  readonly at: number;
  readonly gadget: boolean;
  readonly id: string;
}

export interface AgentState {
  readonly agent: string;
  client: string;
  session: string | null;
  lastAt: number;
  lastExchange: string;
  systemInfo: number[];
  /** Requests that are no polls, the latest: when, and whether through the gadget server. */
  readonly requests: PageRequest[];
  /** Its REST requests have been answered 401 in a row: since when and how many; null = the last was not. */
  refusals: { readonly since: number; readonly count: number } | null;
  driftMs: number | null;
}

const isGadgetCall = (path: string): boolean => path.includes("/gadgets/");

const maxSessions = 6000;
const maxAgents = 6000;
const maxConnections = 8000;
const maxPorts = 500;
const maxRequests = 120;
const maxFailing = 6000;
const maxBadCharacters = 100;
const keptVitals = 300;
const keptProbes = 200;

/** Of requests, those within the window that holds the most. */
function densest(requests: readonly PageRequest[], window: number): readonly PageRequest[] {
  const sorted = requests.toSorted((a, b) => a.at - b.at);
  let best = { from: 0, until: 0 };
  let from = 0;
  for (const [index, { at }] of sorted.entries()) {
    while ((sorted[from]?.at ?? at) < at - window) from += 1;
    if (index + 1 - from > best.until - best.from) best = { from, until: index + 1 };
  }
  return sorted.slice(best.from, best.until);
}

export class World {
  /** Protocol ms in a real one. */
  readonly scale: number;
  now = 0;
  readonly sessions = new Map<string, SessionState>();
  readonly ports = new Map<string, PortState>();
  /** By name in lower case: a JID and a sign-in may spell it otherwise. */
  readonly agents = new Map<string, AgentState>();
  readonly connections = new Map<string, ConnectionFact>();
  /** By host, the latest in the order they came. */
  readonly badCharacters = new Map<string, Seen[]>();
  readonly vitals: VitalsSample[] = [];
  readonly probes: ProbeResult[] = [];
  /** Requests to the gadget server that name no agent, by client. */
  readonly #gadgetCalls = new Map<string, PageRequest[]>();
  /** Clients that have sent a request inside TLS: they trust our certificate. */
  readonly trusting = new Set<string>();
  readonly logs = new LogBook();

  constructor(scale: number) {
    this.scale = scale;
  }

  /** Protocol ms as real ones. */
  ms(protocol: number): number {
    return protocol / this.scale;
  }

  port(host: string, port: number): PortState {
    const key = `${host}:${port}`;
    const known = this.ports.get(key);
    if (known !== undefined) return known;
    const made: PortState = {
      host,
      port,
      ok: null,
      bad: null,
      failing: new Map(),
      brokenByRule: null,
      isNotification: port === 7443,
      isRest: false,
      opening: new Map(),
      faults: new Map(),
    };
    keep(this.ports, key, made, maxPorts);
    return made;
  }

  agentOf(name: string | null): AgentState | undefined {
    return name === null ? undefined : this.agents.get(name.toLowerCase());
  }

  agent(name: string, fact: ExchangeFact): AgentState {
    const known = this.agentOf(name);
    if (known !== undefined) return known;
    const made: AgentState = {
      agent: name,
      client: fact.client,
      session: null,
      lastAt: fact.at,
      lastExchange: fact.id,
      systemInfo: [],
      requests: [],
      refusals: null,
      driftMs: null,
    };
    keep(this.agents, name.toLowerCase(), made, maxAgents);
    return made;
  }

  addSession(session: SessionState): void {
    keep(this.sessions, session.key, session, maxSessions);
  }

  addConnection(connection: ConnectionFact): void {
    this.connections.delete(connection.id);
    keep(this.connections, connection.id, connection, maxConnections);
    const { opening } = this.port(connection.host, connection.port);
    if (connection.serverTls || connection.ended) opening.delete(connection.id);
    else keep(opening, connection.id, connection.at, 100);
  }

  /** One that its server cut had been sent by then, and no answer can have held it. */
  sawBadCharacter({ host, id, at, end, outcome }: ExchangeFact): void {
    const known = this.badCharacters.get(host) ?? [];
    if (known.some(({ exchange }) => exchange === id)) return;
    known.push({ at: outcome.kind === "failed" ? at : (end ?? at), exchange: id });
    if (known.length > maxBadCharacters) known.shift();
    keep(this.badCharacters, host, known, maxPorts);
  }

  failed(port: PortState, client: string, seen: Seen): void {
    port.bad = seen;
    port.failing.delete(client);
    keep(port.failing, client, seen.at, maxFailing);
  }

  trusts(client: string): void {
    if (this.trusting.size < maxAgents) this.trusting.add(client);
  }

  addVitals(sample: VitalsSample): void {
    this.vitals.push(sample);
    if (this.vitals.length > keptVitals) this.vitals.shift();
  }

  addProbe(probe: ProbeResult): void {
    this.probes.push(probe);
    if (this.probes.length > keptProbes) this.probes.shift();
  }

  /** An agent's request: when it was last heard of, and what its gadgets do. */
  heard(state: AgentState, fact: ExchangeFact): void {
    if (fact.at > state.lastAt) {
      state.lastAt = fact.at;
      state.lastExchange = fact.id;
    }
    state.client = fact.client;
    if (fact.role === "systeminfo") state.systemInfo = [...state.systemInfo, fact.at].slice(-8);
    if (fact.role !== "rest" && fact.role !== "other") return;
    const gadget = isGadgetCall(fact.path);
    state.requests.push({ at: fact.at, gadget, id: fact.id });
    if (state.requests.length > maxRequests) state.requests.shift();
  }

  /** A gadget's call rarely names the agent whose page it comes from: then it is its browser's. */
  heardGadget({ client, at, id, path }: ExchangeFact): void {
    if (!isGadgetCall(path)) return;
    const calls = this.#gadgetCalls.get(client) ?? [];
    calls.push({ at, gadget: true, id });
    if (calls.length > maxRequests) calls.shift();
    keep(this.#gadgetCalls, client, calls, maxAgents);
  }

  /**
   * Requests of the agent's page, but for its heartbeat, in the silence and the seconds before it; or in as many seconds of the time before,
   * as a poll may have been held between the two, so that the page fell silent only when it was answered.
   */
  stormAround(
    session: Pick<SessionState, "agent" | "client" | "waitMs">,
    from: number,
    until: number,
  ) {
    const named = this.agentOf(session.agent)?.requests ?? [];
    const unnamed = this.#unnamedCalls(session);
    const window = this.ms(stormWindow);
    const busy = (requests: readonly PageRequest[]): readonly PageRequest[] => {
      const since = (at: number) => requests.filter((one) => one.at >= at && one.at <= until);
      const within = densest(since(from - window), this.ms(stormInSilence));
      const before = densest(since(from - window - session.waitMs), window);
      return before.length > within.length ? before : within;
    };
    const near = busy([...named, ...unnamed]);
    const own = new Set(named);
    const foreign = near.filter((one) => !own.has(one)).length;
    // Nobody knows which page an unnamed call came from: each of the others could have sent as many.
    const spared = foreign === 0 ? 0 : foreign - foreign / this.#pagesAt(session, from);
    const count = (all: number): number => Math.floor(all - spared);
    const gadget = near.filter((one) => one.gadget).length;
    return { all: count(near.length), gadget: count(gadget), near };
  }

  #unnamedCalls({ client }: Pick<SessionState, "client">): readonly PageRequest[] {
    const clients = new Set([client, withoutProcess(client)]);
    return [...clients].flatMap((key) => this.#gadgetCalls.get(key) ?? []);
  }

  /** Other agents behind the same client's address who were heard of lately; one at least. */
  #pagesAt({ agent, client }: Pick<SessionState, "agent" | "client">, from: number): number {
    const address = withoutProcess(client);
    const since = from - this.ms(limits.otherActive);
    let count = 0;
    for (const other of this.agents.values())
      if (other.agent !== agent && other.lastAt > since && other.client.startsWith(address))
        count += 1;
    return Math.max(1, count);
  }

  /** Sessions that live on this host, and whose agent has no other. */
  livingOn(host: string): SessionState[] {
    return [...this.sessions.values()].filter(
      (session) => session.host === host && session.over === null,
    );
  }

  vitalsBetween(from: number, until: number): readonly VitalsSample[] {
    return this.vitals.filter(({ at }) => at >= from && at <= until + 1500);
  }

  probesOf(host: string, since: number): readonly ProbeResult[] {
    return this.probes.filter((probe) => probe.host === host && probe.at >= since);
  }
}
