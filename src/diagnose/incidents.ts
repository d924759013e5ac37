/** Brings symptoms to their incidents: a new one begins them, what follows from one joins it. */
import { takenAlong } from "./anew.ts";
import {
  addRule,
  addSymptom,
  type Incident,
  keyOf,
  release,
  type Scope,
  scopeOf,
} from "./incident.ts";
import { gapEnd, isServedSince } from "./session-state.ts";
import { beganAt, isUnanswered, type Symptom } from "./symptom.ts";
import { limits } from "./thresholds.ts";
import type { World } from "./world.ts";

const maxOpen = 2000;

export class Incidents {
  readonly #world: World;
  readonly #open = new Map<string, Incident>();
  readonly #bySession = new Map<string, Incident>();
  /** Ended because another began in their place. */
  readonly #replaced: Incident[] = [];
  #next = 1;

  constructor(world: World) {
    this.#world = world;
  }

  get open(): Iterable<Incident> {
    return this.#open.values();
  }

  take(symptom: Symptom): Incident {
    const cause = this.#causeOf(symptom);
    const incident = cause ?? this.#ownOf(symptom);
    this.#add(incident, symptom);
    return incident;
  }

  #add(incident: Incident, symptom: Symptom): void {
    addSymptom(incident, symptom);
    this.#reach(incident, symptom);
    if (symptom.session !== null && !this.#isExplained(symptom, symptom.session))
      this.#bySession.set(symptom.session, incident);
  }

  /** A silence is told again once it is over: what befell the session meanwhile is its latest incident. */
  #isExplained({ kind, since }: Symptom, session: string): boolean {
    if (kind !== "gap") return false;
    const known = this.#bySession.get(session);
    return known?.symptoms.some((one) => one.session === session && one.at > since) === true;
  }

  /** Ends those that nothing was added to for long; returns them. */
  settle(): Incident[] {
    const ended = this.#replaced.splice(0);
    for (const incident of this.#open.values()) {
      if (this.#world.now - incident.lastAt < this.#world.ms(limits.together)) continue;
      if (this.#lasts(incident)) continue;
      this.#close(incident);
      ended.push(incident);
    }
    return ended;
  }

  /** A silence is one incident for as long as it lasts. */
  #lasts({ scope, sessions }: Incident): boolean {
    if (scope !== "client") return false;
    return [...sessions].some((key) => {
      const session = this.#world.sessions.get(key);
      return session?.gap?.endedAt === null && session.over === null;
    });
  }

  #close(incident: Incident): void {
    incident.isOpen = false;
    this.#open.delete(incident.key);
    for (const session of incident.sessions) {
      if (this.#bySession.get(session) === incident) this.#bySession.delete(session);
    }
  }

  /** An incident that already explains it: a session that was told to end is not known any more, a client that was silent neither. */
  #causeOf(symptom: Symptom): Incident | null {
    const { session, kind } = symptom;
    if (session === null) return null;
    const known = this.#bySession.get(session);
    if (known === undefined || !known.isOpen || known.scope === "server") return null;
    if (kind === "invalid-sid" || kind === "ended-by-server" || kind === "early-empty")
      return known.scope === "client" && !this.#isOfSilence(symptom, known) ? null : known;
    const isNear = symptom.at - known.lastAt < this.#world.ms(15_000);
    return isNear && known.scope !== "client" && scopeOf(symptom) === "server" ? known : null;
  }

  /**
   * A session ends by its client's silence when that was long enough, or when no request has been served since. One that the server ends early,
   * while it holds a request, has nothing to do with a silence.
   */
  #isOfSilence({ kind }: Symptom, { symptoms }: Incident): boolean {
    const gap = symptoms.findLast((symptom) => symptom.kind === "gap");
    const session = this.#world.sessions.get(gap?.session ?? "");
    if (gap === undefined || session === undefined || kind === "early-empty") return false;
    const until = gapEnd(session, gap.since) ?? this.#world.now;
    return !isServedSince(session, gap.since) || until - gap.since >= session.inactivityMs;
  }

  #ownOf(symptom: Symptom): Incident {
    const scope = this.#scopeOf(symptom);
    const shared = keyOf(symptom, scope);
    const first = this.#open.get(shared);
    const isApart = first !== undefined && isOfAnotherRule(first, symptom);
    const key = isApart ? `${shared} ${symptom.faults.toSorted().join(" ")}` : shared;
    const known = this.#open.get(key);
    if (known === undefined) return this.#start(symptom, scope, key);
    const along = takenAlong(known, symptom, this.#world);
    return along === null ? known : this.#replace(known, along, symptom);
  }

  #start(symptom: Symptom, scope: Scope, key: string): Incident {
    const made = this.#begin(symptom, scope, key);
    this.#open.set(key, made);
    const oldest = this.#open.values().next().value;
    if (this.#open.size > maxOpen && oldest !== undefined) this.#close(oldest);
    return made;
  }

  /** Ends what was over, and begins anew with what belongs to the new failure. */
  #replace(known: Incident, along: readonly Symptom[], symptom: Symptom): Incident {
    release(known, along);
    this.#close(known);
    this.#replaced.push(known);
    const made = this.#start(along[0] ?? symptom, known.scope, known.key);
    for (const one of along) this.#add(made, one);
    return made;
  }

  #scopeOf(symptom: Symptom): Scope {
    return symptom.kind === "own" && symptom.faults.length === 0 ? "own" : scopeOf(symptom);
  }

  #begin(symptom: Symptom, scope: Scope, key: string): Incident {
    const living = this.#world.livingOn(symptom.host);
    const dash = symptom.exchange.lastIndexOf("-");
    return {
      key,
      scope,
      ordinal: this.#next++,
      captureId: symptom.exchange.slice(0, Math.max(0, dash)),
      since: beganAt(symptom),
      firstAt: symptom.at,
      provenFrom: this.#provenFrom(symptom),
      lastAt: symptom.at,
      symptoms: [],
      agents: new Set(),
      sessions: new Set(),
      host: symptom.host,
      port: symptom.port,
      observed: living.length,
      faults: new Map(),
      isOpen: true,
    };
  }

  #provenFrom(symptom: Symptom): number {
    if (!isUnanswered(symptom) || symptom.path !== "notification") return beganAt(symptom);
    const wait = this.#world.sessions.get(symptom.session ?? "")?.waitMs ?? 0;
    return Math.min(symptom.at, symptom.since + wait);
  }

  /** Fault rules that touched its session or port shortly before may have caused it. */
  #reach(incident: Incident, symptom: Symptom): void {
    const from = symptom.since - this.#world.ms(limits.faultReach);
    const session = this.#world.sessions.get(symptom.session ?? "");
    const port = this.#world.ports.get(`${symptom.host}:${symptom.port}`);
    // A rule on the port touched others; this session's trouble is its only when the session itself was, or when it has none.
    const isPortOwn = incident.scope === "server" && symptom.faults.length === 0;
    const touched =
      session === undefined || isPortOwn ? [session?.faults, port?.faults] : [session.faults];
    for (const faults of touched) {
      for (const [rule, at] of faults ?? []) if (at >= from) addRule(incident, rule, at);
    }
  }
}

/** Two rules, each about an agent of its own, make two incidents, though both broke what a server does. */
function isOfAnotherRule({ symptoms, agents }: Incident, symptom: Symptom): boolean {
  if (symptom.faults.length === 0 || symptom.agent === null) return false;
  const rules = new Set(symptoms.flatMap(({ faults }) => faults));
  const isNew = !symptom.faults.some((rule) => rules.has(rule));
  return rules.size > 0 && isNew && !agents.has(symptom.agent);
}
