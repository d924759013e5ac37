/**
 * The rules in force: asked for every message of a gated connection, at once and without waiting. Knows no socket and no clock of its own; what it
 * decides depends on the rules, the subject, the dice and the time it is given. All times inside are real ms; rules speak protocol time.
 */
import type { FaultRule } from "../domain/fault-rule.ts";
import type { BareStep, Situation } from "./actions/action-definition.ts";
import { legOf, needOf, stepOf } from "./actions/actions.ts";
import type { RecordedAnswer } from "./answers/recorded-answer.ts";
import { TrafficDirectory } from "./directory.ts";
import { fits, type Matcher, matcherOf } from "./matches.ts";
import { pointOf, type RulePoint } from "./rule-point.ts";
import type { Decision, FaultStep } from "./step.ts";
import type { FaultSubject } from "./subject.ts";
import { stanzasIn } from "./xml-edit.ts";

export interface ArmedRulesOptions {
  /** Monotonic ms. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly dice: () => number;
  /** Protocol ms in a real one: above 1 only in a demo in a hurry. */
  readonly timeScale?: number;
  /** Recorded answers that rules may give, by exchange id. */
  readonly recorded?: (exchange: string) => RecordedAnswer | null;
}

/** What changed in what is armed. A relay starts or stops gating, and lets go what a rule held. */
export type ArmedChange =
  /** With `rule.alsoWaiting`, ask `decideWaiting` for each request that waits and each open WebSocket. */
  | { readonly kind: "armed"; readonly rule: FaultRule }
  /** By a person, by time, or because it hit as often as it should. What it holds or pauses goes on. */
  | {
      readonly kind: "disarmed";
      readonly rule: FaultRule;
      readonly why: "asked" | "expired" | "spent";
    };

/** A rule that forgets connections; times are real ms. */
export interface AgingRule {
  readonly rule: string;
  readonly ms: number;
  readonly counts: "idle" | "open";
  /** On the clock of the armed rules. */
  readonly armedAt: number;
}

/** A rule touched a message. */
export interface FaultHit {
  readonly rule: string;
  readonly subject: FaultSubject;
  /** Hits since arming, this one included. */
  readonly hits: number;
  readonly at: number;
}

interface Armed {
  readonly rule: FaultRule;
  readonly at: number;
  readonly point: RulePoint;
  readonly matches: Matcher;
  /** Candidates so far, by what is counted apart. */
  readonly counts: Map<string, number>;
  hits: number;
}

/** Sessions counted apart a rule; more begin anew. */
const maxCounted = 20_000;
const noSteps: readonly FaultStep[] = [];

export class ArmedRules {
  /** Who is who; the gate describes subjects with it. */
  readonly directory = new TrafficDirectory();
  readonly #now: () => number;
  readonly #dice: () => number;
  readonly #scale: number;
  readonly #recorded: (exchange: string) => RecordedAnswer | null;
  readonly #armed = new Map<string, Armed>();
  readonly #listeners = new Set<(change: ArmedChange) => void>();
  readonly #hitListeners = new Set<(hit: FaultHit) => void>();
  /** Stanzas taken out of a notification, which go behind those of the session's next. */
  readonly #kept = new Map<string, { readonly rule: string; readonly xml: string }>();

  constructor({ now, dice, timeScale = 1, recorded = () => null }: ArmedRulesOptions) {
    this.#now = now;
    this.#dice = dice;
    this.#scale = timeScale;
    this.#recorded = recorded;
  }

  /** Arming what is armed begins anew: counts, window and expiry. */
  arm(rule: FaultRule): void {
    this.#armed.delete(rule.id);
    this.#armed.set(rule.id, {
      rule,
      at: this.#now(),
      point: pointOf(rule),
      matches: matcherOf(rule.match),
      counts: new Map(),
      hits: 0,
    });
    this.#tell({ kind: "armed", rule });
  }

  disarm(id: string): void {
    this.#remove(id, "asked");
  }

  disarmAll(): void {
    for (const id of this.#armed.keys()) this.#remove(id, "asked");
    this.#kept.clear();
  }

  /** Ends what has expired; a shell calls it when `nextExpiry` comes. */
  expire(): void {
    const now = this.#now();
    for (const [id, armed] of this.#armed)
      if (now >= this.#expiryOf(armed)) this.#remove(id, "expired");
  }

  /** On the same clock as `now`; Infinity = nothing expires. */
  nextExpiry(): number {
    return Math.min(...[...this.#armed.values()].map((armed) => this.#expiryOf(armed)));
  }

  isArmed(id: string): boolean {
    return this.#armed.has(id);
  }

  /** True when something may happen to connections of that endpoint; cheap. */
  isActive(host: string, port: number): boolean {
    if (this.#kept.size > 0) return true;
    for (const { rule } of this.#armed.values()) if (concerns(rule, host, port)) return true;
    return false;
  }

  /** How much of a request must be there before it is described: its body matters to a rule by content, or is to be changed. */
  needsRequestBody(host: string, port: number): boolean {
    return this.#some(host, port, ({ rule }) => {
      const { match } = rule;
      const byContent = match.event ?? match.sid ?? match.afterRid ?? match.kind ?? match.agent;
      const whole = rule.actions.some(
        (action) => legOf(action) === "request" && needOf(action) === "whole",
      );
      return byContent !== undefined || whole || rule.actions.some(({ kind }) => kind === "answer");
    });
  }

  /** Whether the answer to that request must be whole before `decideAnswer`. Its own response steps say by `change` and `hold` that they need it too. */
  needsAnswerBody(request: FaultSubject, earlier: Decision): boolean {
    if (this.#kept.has(request.counted)) return true;
    return this.#some(request.host, request.port, (armed) => this.#isForAnswer(armed, earlier.at));
  }

  /** A CONNECT, a connection's TLS, a request, or a frame. */
  decide(subject: FaultSubject): Decision {
    const point = pointOfSubject(subject);
    const steps = this.#steps(subject, (armed) =>
      subject.framed ? isForFrame(armed, subject) : armed.point === point,
    );
    return this.#decision(steps);
  }

  /** One rule, just armed with `alsoWaiting`, on a request that waits for its answer or on an open WebSocket: as if it came now. */
  decideWaiting(subject: FaultSubject, id: string): Decision {
    const steps = this.#steps(
      subject,
      ({ rule, point }) => rule.id === id && rule.alsoWaiting && point === "request",
    );
    return this.#decision(steps);
  }

  /** Rules that forget connections of that endpoint when they come to an age. */
  aging(host: string, port: number): readonly AgingRule[] {
    return [...this.#armed.values()].flatMap(({ rule, at, point }) => {
      if (point !== "age" || !concerns(rule, host, port)) return [];
      return rule.actions.flatMap((action) =>
        action.kind === "forget"
          ? [{ rule: rule.id, ms: action.ms / this.#scale, counts: action.counts, armedAt: at }]
          : [],
      );
    });
  }

  /** A connection has come to the age of one rule. `subject`: its latest request. */
  decideAge(subject: FaultSubject, id: string): Decision {
    return this.#decision(
      this.#steps(subject, ({ rule, point }) => rule.id === id && point === "age"),
    );
  }

  /** What an answer meets besides the response steps decided with its request. `earlier.at` = 0 for a request that passed before any rule was armed. */
  decideAnswer(subject: FaultSubject, earlier: Pick<Decision, "at">): Decision {
    const back = this.#appendKept(subject);
    const steps = this.#steps(subject, (armed) => this.#isForAnswer(armed, earlier.at));
    this.#keepBack(subject, steps);
    const decision = this.#decision(steps);
    return back === null
      ? decision
      : {
          ...decision,
          response: [back, ...decision.response],
          rules: [...new Set([back.rule, ...decision.rules])],
        };
  }

  onChange(listener: (change: ArmedChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onHit(listener: (hit: FaultHit) => void): () => void {
    this.#hitListeners.add(listener);
    return () => this.#hitListeners.delete(listener);
  }

  /** By content, or armed when the request had gone on already. */
  #isForAnswer({ point, at, rule }: Armed, requestAt: number): boolean {
    if (point === "answer") return true;
    if (point !== "request" || at <= requestAt || rule.alsoWaiting) return false;
    return rule.actions.some((action) => legOf(action) === "response");
  }

  #some(host: string, port: number, test: (armed: Armed) => boolean): boolean {
    for (const armed of this.#armed.values())
      if (concerns(armed.rule, host, port) && test(armed)) return true;
    return false;
  }

  /** The steps of every rule that hits, in the order of arming. */
  #steps(subject: FaultSubject, isMeant: (armed: Armed) => boolean): readonly LegStep[] {
    if (this.#armed.size === 0) return [];
    const found: LegStep[] = [];
    const now = this.#now();
    for (const armed of this.#armed.values()) {
      if (now >= this.#expiryOf(armed)) this.#remove(armed.rule.id, "expired");
      else if (isMeant(armed) && this.#hits(armed, subject, now)) {
        const steps = this.#stepsOf(armed.rule, subject);
        found.push(...steps);
        if (steps.length > 0) this.#hit(armed, subject, now);
      }
    }
    return found;
  }

  #hits(armed: Armed, subject: FaultSubject, now: number): boolean {
    const { window, nth, everyNth, probability } = armed.rule.match;
    if (!armed.matches(subject)) return false;
    const age = (now - armed.at) * this.#scale;
    if (window !== undefined && (age < window.fromMs || age >= (window.untilMs ?? Infinity)))
      return false;
    const count = (armed.counts.get(subject.counted) ?? 0) + 1;
    if (armed.counts.size > maxCounted) armed.counts.clear();
    armed.counts.set(subject.counted, count);
    if (nth !== undefined && count !== nth) return false;
    if (everyNth !== undefined && count % everyNth !== 0) return false;
    return probability === undefined || this.#dice() < probability;
  }

  #stepsOf(rule: FaultRule, subject: FaultSubject): readonly LegStep[] {
    const situation: Situation = {
      subject,
      dice: this.#dice,
      real: (ms) => ms / this.#scale,
      recorded: this.#recorded,
    };
    return rule.actions.flatMap((action) => {
      const leg = legOf(action);
      const step = isForLeg(action.kind, leg, subject) ? stepOf(action, situation) : null;
      const at = subject.leg === "response" ? subject.leg : leg;
      return step === null ? [] : [{ leg: at, step: named(step, rule.id) }];
    });
  }

  #hit(armed: Armed, subject: FaultSubject, at: number): void {
    armed.hits += 1;
    const { rule, hits } = armed;
    for (const listener of this.#hitListeners) listener({ rule: rule.id, subject, hits, at });
    if (rule.times !== null && hits >= rule.times) this.#remove(rule.id, "spent");
  }

  #decision(steps: readonly LegStep[]): Decision {
    const at = this.#now();
    if (steps.length === 0) return { rules: [], request: noSteps, response: noSteps, at };
    const rules = [...new Set(steps.map(({ step }) => step.rule))];
    const request = steps.filter(({ leg }) => leg === "request").map(({ step }) => step);
    const response = steps.filter(({ leg }) => leg === "response").map(({ step }) => step);
    return { rules, request: answerLast(request), response, at };
  }

  /** The stanzas that a reorder takes out are remembered for the session's next notification. */
  #keepBack(subject: FaultSubject, steps: readonly LegStep[]): void {
    const taking = steps.find(
      ({ step }) => step.kind === "change" && step.change.kind === "take-stanzas",
    );
    if (taking === undefined || subject.text === null) return;
    const xml = stanzasIn(subject.text).join("");
    this.#kept.set(subject.counted, { rule: taking.step.rule, xml });
  }

  #appendKept(subject: FaultSubject): FaultStep | null {
    const kept = this.#kept.get(subject.counted);
    if (kept === undefined || !subject.kinds.has("notification")) return null;
    this.#kept.delete(subject.counted);
    const { rule, xml } = kept;
    return { rule, kind: "change", change: { kind: "append-stanzas", xml } };
  }

  #expiryOf({ rule, at }: Armed): number {
    return rule.expiresAfterMs === null ? Infinity : at + rule.expiresAfterMs / this.#scale;
  }

  #remove(id: string, why: Extract<ArmedChange, { kind: "disarmed" }>["why"]): void {
    const armed = this.#armed.get(id);
    if (armed === undefined) return;
    this.#armed.delete(id);
    this.#tell({ kind: "disarmed", rule: armed.rule, why });
  }

  #tell(change: ArmedChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

interface LegStep {
  readonly leg: "request" | "response";
  readonly step: FaultStep;
}

const concerns = ({ match }: FaultRule, host: string, port: number): boolean =>
  (match.port === undefined || match.port === port) &&
  (match.host === undefined || fits(host, match.host));

const named = (step: BareStep, rule: string): FaultStep => ({ ...step, rule });

function pointOfSubject({ kinds }: FaultSubject): RulePoint {
  if (kinds.has("connect")) return "connect";
  return kinds.has("tls") ? "tls" : "request";
}

function isForFrame({ rule, point }: Armed, subject: FaultSubject): boolean {
  if (point === "connect" || point === "tls" || point === "age") return false;
  return rule.actions.some((action) => isForLeg(action.kind, legOf(action), subject));
}

/** A frame has one direction; an answer's request is over. An answer given in place of the server's is for both. */
function isForLeg(kind: string, leg: "request" | "response", subject: FaultSubject): boolean {
  if (subject.framed || subject.leg === "response") return leg === subject.leg || kind === "answer";
  return true;
}

/** What a request meets on its way comes before the answer that ends its way, whatever the order of rules; of two answers the first counts. */
function answerLast(steps: readonly FaultStep[]): readonly FaultStep[] {
  const answers = steps.filter(({ kind }) => kind === "answer");
  if (answers.length === 0) return steps;
  return [...steps.filter(({ kind }) => kind !== "answer"), ...answers.slice(0, 1)];
}
