/** Takes facts into the world, and finds the symptoms in them: what went wrong where, on which exchange. Blames nobody yet. */
import type { LogFact } from "../domain/log-fact.ts";
import { parseJid } from "../xmpp/jid.ts";
import { answerSymptoms } from "./answer-symptom.ts";
import { followPoll, withWait } from "./bosh-watch.ts";
import type { ConnectionFact, ExchangeFact, Fact, FrameFact } from "./fact.ts";
import { failureSymptom } from "./failure-symptom.ts";
import { keep } from "./keep.ts";
import { logSymptom } from "./log-watch.ts";
import { leaveOthers } from "./moved.ts";
import { ownStops } from "./own-stop.ts";
import { rulesFrom, type SessionState } from "./session-state.ts";
import { silences } from "./silence.ts";
import { followFrame, followSocket } from "./socket-watch.ts";
import {
  inOrder,
  isHard,
  refusedAgain,
  type Symptom,
  type SymptomKind,
  type SymptomPath,
} from "./symptom.ts";
import { limits, real } from "./thresholds.ts";
import type { World } from "./world.ts";

const maxWaiting = 20_000;
const maxTold = 20_000;
const finessePorts = new Set([7443, 8445]);

interface Waiting {
  readonly fact: ExchangeFact;
  readonly session: string | null;
  told: boolean;
}

export class Watch {
  readonly #world: World;
  readonly #waiting = new Map<string, Waiting>();
  /** What was told of an exchange already: rows are told again when an agent or a relation becomes known. */
  readonly #told = new Map<string, Set<SymptomKind>>();
  #symptoms: Symptom[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  observe(fact: Fact): void {
    switch (fact.kind) {
      case "exchange":
        this.#exchange(fact.exchange);
        return;
      case "connection":
        this.#connection(fact.connection);
        return;
      case "frame":
        this.#frame(fact.frame);
        return;
      case "session":
        this.#session(fact.session);
        return;
      case "vitals":
        this.#world.addVitals(fact.sample);
        this.#symptoms.push(...ownStops(fact.sample, this.#world));
        return;
      case "probe":
        this.#world.addProbe(fact.probe);
        return;
      case "log":
        this.#log(fact.log);
        return;
      case "capture-ended":
        this.#unwatch(`${fact.captureId}-`);
    }
  }

  /** What is told by its absence. */
  tick(): void {
    for (const waiting of this.#waiting.values()) this.#await(waiting);
    for (const silence of silences(this.#world)) this.#push(silence);
  }

  takeSymptoms(): Symptom[] {
    const taken = this.#symptoms;
    this.#symptoms = [];
    return taken;
  }

  #exchange(told: ExchangeFact): void {
    if (told.notes.includes("probe") || told.notes.includes("replayed")) return;
    const named = this.#named(told);
    const session = this.#follow(named);
    const fact = withWait(this.#world, named, session);
    this.#hear(fact, session);
    if (fact.outcome.kind === "pending") {
      if (this.#isOurs(fact))
        keep(
          this.#waiting,
          fact.id,
          { fact, session: session?.key ?? null, told: this.#waiting.get(fact.id)?.told ?? false },
          maxWaiting,
        );
      return;
    }
    this.#waiting.delete(fact.id);
    this.#settle(fact, session);
  }

  /** One agent has one name, as it was spelled first. */
  #named(fact: ExchangeFact): ExchangeFact {
    const { agent = fact.agent } = this.#world.agentOf(fact.agent) ?? {};
    return agent === fact.agent ? fact : { ...fact, agent };
  }

  #follow(fact: ExchangeFact): SessionState | null {
    if (fact.role === "poll") return followPoll(this.#world, fact);
    if (fact.role === "websocket") return followSocket(this.#world, fact);
    return null;
  }

  /** Whose it is, and what its host offers. */
  #hear(fact: ExchangeFact, session: SessionState | null): void {
    const world = this.#world;
    const port = world.port(fact.host, fact.port);
    if (fact.role === "poll" || fact.role === "websocket") port.isNotification = true;
    if (fact.role === "systeminfo" || fact.role === "rest") port.isRest = true;
    if (fact.kind !== "tunnel") world.trusts(fact.client);
    for (const rule of fact.faults) port.faults.set(rule, world.now);
    if (fact.notes.includes("invalid-xml-char")) world.sawBadCharacter(fact);
    const isNew = !this.#told.has(fact.id) && !this.#waiting.has(fact.id);
    if (fact.agent === null) {
      if (isNew) world.heardGadget(fact);
      return;
    }
    const agent = world.agent(fact.agent, fact);
    if (isNew) world.heard(agent, fact);
    if (session !== null) this.#current(agent, session);
  }

  /** The one that began last. */
  #current(agent: { session: string | null }, session: SessionState): void {
    if (agent.session === session.key) return;
    const before = this.#world.sessions.get(agent.session ?? "");
    if (before !== undefined && before.startedAt > session.startedAt) return;
    agent.session = session.key;
    if (before !== undefined) leaveOthers(session, this.#world);
  }

  #unwatch(prefix: string): void {
    for (const id of this.#waiting.keys()) if (id.startsWith(prefix)) this.#waiting.delete(id);
    for (const session of this.#world.sessions.values()) {
      if (session.over !== null || !session.firstExchange.startsWith(prefix)) continue;
      session.over = "gone";
      session.overAt = this.#world.now;
    }
  }

  #log(log: LogFact): void {
    const { logs } = this.#world;
    if (!logs.add(log)) return;
    const symptom = logSymptom(log, logs, this.#world);
    if (symptom !== null) this.#push(symptom);
  }

  #connection(connection: ConnectionFact): void {
    this.#world.addConnection(connection);
  }

  #frame(frame: FrameFact): void {
    const session = followFrame(this.#world, frame);
    if (session === null) return;
    const port = this.#world.port(session.host, session.port);
    if (frame.from === "server") port.ok = { at: frame.at, exchange: frame.exchange };
    const { gap } = session;
    if (frame.from !== "client" || gap === null || gap.endedAt !== frame.at) return;
    if (frame.at - gap.since >= this.#world.ms(limits.pingSilence))
      this.#push(gapOf(session, frame.at, this.#world));
  }

  #session(summary: Extract<Fact, { kind: "session" }>["session"]): void {
    const { host, port, sid, jid, granted, client } = summary;
    const key =
      summary.transport === "bosh" ? `${host}:${port} ${sid}` : `ws ${summary.firstExchange}`;
    const session = this.#world.sessions.get(key);
    if (session === undefined) return;
    if (client !== "unknown") session.library = client;
    this.#name(session, jid);
    if (granted.inactivity !== null)
      session.inactivityMs = this.#world.ms(granted.inactivity * 1000);
  }

  #name(session: SessionState, jid: string | null): void {
    const resource = jid === null ? null : (parseJid(jid)?.resource ?? null);
    if (resource === null || resource === session.resource) return;
    session.resource = resource;
    if (session.agent !== null) leaveOthers(session, this.#world);
  }

  #settle(fact: ExchangeFact, session: SessionState | null): void {
    if (!this.#isOurs(fact)) return;
    for (const kind of this.#kindsOf(fact)) this.#tell(fact, session, kind);
    this.#rememberRefusal(fact);
    const { gap } = session ?? { gap: null };
    if (session === null || session.transport !== "bosh" || gap?.before !== fact.id) return;
    const endedAt = gap.endedAt ?? this.#world.now;
    if (this.#isLong(endedAt, gap.since))
      this.#once(fact.id, "gap", () => this.#push(gapOf(session, endedAt, this.#world)));
  }

  #kindsOf(fact: ExchangeFact): readonly SymptomKind[] {
    const { outcome } = fact;
    const { scale } = this.#world;
    if (outcome.kind === "failed") {
      const kind = failureSymptom(fact, outcome, scale);
      // Browsers leave connections that they opened in advance; one that never asked for anything did not trust us.
      if (kind === "distrust" && outcome.cause !== "tls-untrusted")
        return this.#world.trusting.has(fact.client) ? [] : [kind];
      return kind === null ? [] : [kind];
    }
    if (outcome.kind === "pending") return [];
    const port = this.#world.port(fact.host, fact.port);
    // A CONNECT is answered by us.
    if (fact.kind !== "tunnel" && outcome.status < 500) port.ok = later(port.ok, fact);
    const kinds = answerSymptoms(fact, outcome.status, scale);
    return this.#isForgotten(fact) ? kinds.map(asForgotten) : kinds;
  }

  /**
   * item-not-found after the port had failed, or a fault rule had played that: the service came back and knows nobody, whatever the rids
   * lost meanwhile look like. (Strophe sends what was refused again, beside a sign-in with new ids.)
   */
  #isForgotten({ host, port, at, notes }: ExchangeFact): boolean {
    if (!notes.includes("item-not-found") || notes.includes("policy-violation")) return false;
    const { bad, brokenByRule } = this.#world.port(host, port);
    return [bad?.at, brokenByRule].some(
      (failedAt) => typeof failedAt === "number" && at - failedAt < this.#world.ms(limits.together),
    );
  }

  #isLong(until: number, since: number): boolean {
    return until - since >= Math.max(this.#world.ms(limits.gap), real.gap);
  }

  /** Exchanges that wait too long. */
  #await(waiting: Waiting): void {
    if (waiting.told) return;
    const { fact } = waiting;
    const world = this.#world;
    const age = world.now - fact.at;
    const kind = overdueKind(fact, world);
    if (kind === null || age < 0) return;
    waiting.told = true;
    this.#tell(fact, world.sessions.get(waiting.session ?? "") ?? null, kind);
  }

  #tell(fact: ExchangeFact, session: SessionState | null, kind: SymptomKind): void {
    this.#once(fact.id, kind, () => {
      const at =
        fact.outcome.kind === "pending" ? this.#world.now : endAt(fact, session, this.#world);
      const port = this.#world.port(fact.host, fact.port);
      if (isHard(kind)) this.#world.failed(port, fact.client, { at, exchange: fact.id });
      if (kind === "own" && fact.faults.length > 0) port.brokenByRule = at;
      this.#push({
        kind,
        path: pathOf(fact),
        at,
        since: fact.sent ?? fact.at,
        exchange: fact.id,
        host: fact.host,
        port: fact.port,
        agent: fact.agent ?? session?.agent ?? null,
        client: fact.client,
        session: session?.key ?? null,
        ms: at - (fact.sent ?? fact.at),
        faults: fact.faults,
        detail: kind === "auth" && this.#isRefusedAgain(fact) ? refusedAgain : detailOf(fact),
      });
    });
  }

  /** Of a 401 to a REST request. SystemInfo needs no credentials and proves none. */
  #isRefusedAgain({ role, agent, at }: ExchangeFact): boolean {
    const before = this.#world.agentOf(agent)?.refusals ?? null;
    if (role !== "rest" || before === null) return false;
    return before.count >= 2 || at - before.since >= this.#world.ms(limits.askedAgain);
  }

  #rememberRefusal({ role, agent, at, outcome }: ExchangeFact): void {
    const state = this.#world.agentOf(agent);
    if (state === undefined || role !== "rest" || outcome.kind !== "responded") return;
    const { since = at, count = 0 } = state.refusals ?? {};
    state.refusals = outcome.status === 401 ? { since, count: count + 1 } : null;
  }

  #once(exchange: string, kind: SymptomKind, tell: () => void): void {
    const told = this.#told.get(exchange) ?? new Set();
    if (told.has(kind)) return;
    told.add(kind);
    keep(this.#told, exchange, told, maxTold);
    tell();
  }

  #push(symptom: Symptom): void {
    this.#symptoms.push(symptom);
  }

  /** Traffic of Finesse: anything else may fail as it likes. */
  #isOurs(fact: ExchangeFact): boolean {
    if (fact.role === "poll" || fact.role === "websocket" || fact.role === "systeminfo")
      return true;
    if (fact.role === "rest" || finessePorts.has(fact.port)) return true;
    const port = this.#world.ports.get(`${fact.host}:${fact.port}`);
    return port?.isRest === true || port?.isNotification === true;
  }
}

/** A WebSocket that ended in order ended with its last message. */
function endAt(fact: ExchangeFact, session: SessionState | null, world: World): number {
  if (fact.end !== null) return fact.end;
  return session?.transport === "websocket" ? session.lastFromServer : world.now;
}

const asForgotten = (kind: SymptomKind): SymptomKind =>
  kind === "protocol" ? "invalid-sid" : kind;

const later = (seen: { at: number; exchange: string } | null, fact: ExchangeFact) =>
  seen !== null && seen.at > (fact.end ?? fact.at)
    ? seen
    : { at: fact.end ?? fact.at, exchange: fact.id };

function overdueKind(fact: ExchangeFact, world: World): SymptomKind | null {
  const age = world.now - (fact.sent ?? fact.at);
  if (fact.sent === null)
    return age >= Math.max(world.ms(limits.connectSlow), real.connect) ? "connect-stall" : null;
  if (fact.role === "poll") {
    const wait = fact.waitMs ?? world.ms(limits.assumedWait);
    return age >= wait + Math.max(world.ms(limits.lostBeyondWait), 1000) ? "no-answer" : null;
  }
  if (fact.role !== "systeminfo" && fact.role !== "rest") return null;
  return age >= Math.max(world.ms(limits.restSlow), real.rest) ? "no-answer" : null;
}

function pathOf({ role }: ExchangeFact): SymptomPath {
  if (role === "poll" || role === "websocket") return "notification";
  return role === "systeminfo" || role === "rest" ? "rest" : "page";
}

function detailOf({ outcome, event, notes }: ExchangeFact): string {
  if (outcome.kind !== "failed") return event ?? "";
  if (notes.includes("closed-in-order")) return inOrder;
  const { cause, alert } = outcome;
  return alert === null ? cause : `${cause} ${alert}`;
}

function gapOf(session: SessionState, at: number, world: World): Symptom {
  const since = session.gap?.since ?? session.lastAnswer?.at ?? session.lastRequestAt;
  return {
    kind: "gap",
    path: "notification",
    at,
    since,
    exchange: session.gap?.before ?? session.lastExchange,
    host: session.host,
    port: session.port,
    agent: session.agent,
    client: session.client,
    session: session.key,
    ms: at - since,
    faults: rulesFrom(session, since - world.ms(limits.faultReach)),
    detail: "",
  };
}
