/** The rules there are: kept on disk, armed and disarmed while traffic runs. After a restart none is armed, whatever was. */
import type { Clock } from "../base/clock.ts";
import { fail } from "../base/errors.ts";
import type { FaultRule, FaultRuleState } from "../domain/fault-rule.ts";
import type { RecordedAnswer } from "../faults/answers/recorded-answer.ts";
import type { ArmedChange, ArmedRules, FaultHit } from "../faults/armed-rules.ts";
import { numberIn, type RuleFile } from "./rule-file.ts";

export interface FaultBookOptions {
  readonly armed: ArmedRules;
  readonly file: RuleFile;
  readonly clock: Clock;
  readonly timeScale: number;
  /** Runs `run` after real ms; gives the way to cancel. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Fetches the recorded answers that a rule may give, before it is armed. */
  readonly recorded: { readonly load: (exchange: string) => Promise<RecordedAnswer | null> };
}

interface Entry {
  rule: FaultRule;
  armedAt: number | null;
  hits: number;
  lastExchange: string | null;
  readonly scenario: string | null;
}

/** More are refused: a script gone wild. */
const maxRules = 1000;

export class FaultBook {
  readonly #options: FaultBookOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  #next: number;
  #cancelExpiry: (() => void) | null = null;

  constructor(options: FaultBookOptions) {
    this.#options = options;
    const { rules, next } = options.file.load();
    this.#next = next;
    for (const rule of rules) this.#entries.set(rule.id, entryOf(rule, null));
    options.armed.onChange((change) => this.#changed(change));
    options.armed.onHit((hit) => this.#hit(hit));
  }

  rules(): readonly FaultRuleState[] {
    return [...this.#entries.values()].map((entry) => this.#stateOf(entry));
  }

  /** `scenario`: name of the run it belongs to; such rules are not kept on disk. */
  add(rule: FaultRule, scenario: string | null = null): FaultRuleState {
    if (this.#entries.size >= maxRules)
      throw fail("request-invalid", { problem: `There are ${maxRules} fault rules already.` });
    const id = `r${this.#next++}`;
    const entry = entryOf({ ...rule, id }, scenario);
    this.#entries.set(id, entry);
    this.#save();
    return this.#stateOf(entry);
  }

  async replace(id: string, rule: FaultRule, arm?: boolean): Promise<FaultRuleState> {
    const entry = this.#entry(id);
    const wasArmed = entry.armedAt !== null;
    this.#options.armed.disarm(id);
    entry.rule = { ...rule, id };
    this.#save();
    if (arm ?? wasArmed) return await this.arm(id);
    return this.#stateOf(entry);
  }

  /** Armed when it resolves; at once, unless a recorded answer must be fetched first. */
  async arm(id: string): Promise<FaultRuleState> {
    const entry = this.#entry(id);
    for (const exchange of recordedIn(entry.rule)) {
      const answer = await this.#options.recorded.load(exchange);
      if (answer === null) throw fail("not-found", { what: `recorded answer of ${exchange}` });
    }
    entry.hits = 0;
    entry.armedAt = this.#options.clock.wall();
    this.#options.armed.arm(entry.rule);
    return this.#stateOf(entry);
  }

  disarm(id: string): FaultRuleState {
    const entry = this.#entry(id);
    this.#options.armed.disarm(id);
    return this.#stateOf(entry);
  }

  remove(id: string): void {
    this.#entry(id);
    this.#options.armed.disarm(id);
    this.#entries.delete(id);
    this.#save();
  }

  /** A rule that is there already, word for word, stays as it is; one whose id is taken gets a new one. */
  importRules(rules: readonly FaultRule[]): number {
    const fresh = rules.filter((rule) => !this.#has(rule));
    for (const rule of fresh) {
      const isFree = rule.id !== "" && !this.#entries.has(rule.id);
      if (!isFree) this.add(rule);
      else {
        this.#next = Math.max(this.#next, numberIn(rule.id) + 1);
        this.#entries.set(rule.id, entryOf(rule, null));
      }
    }
    this.#save();
    return fresh.length;
  }

  disarmAll(): void {
    this.#options.armed.disarmAll();
  }

  /** The exchange that a rule touched last, as the relay tells it. */
  touched(rule: string, exchange: string): void {
    const entry = this.#entries.get(rule);
    if (entry === undefined) return;
    entry.lastExchange = exchange;
    this.#tell();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#cancelExpiry?.();
    this.#cancelExpiry = null;
  }

  #has(rule: FaultRule): boolean {
    const known = this.#entries.get(rule.id);
    return known !== undefined && JSON.stringify(known.rule) === JSON.stringify(rule);
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw fail("not-found", { what: `fault rule ${id}` });
    return entry;
  }

  #stateOf({ rule, armedAt, hits, lastExchange, scenario }: Entry): FaultRuleState {
    const expiry =
      armedAt === null || rule.expiresAfterMs === null
        ? null
        : armedAt + rule.expiresAfterMs / this.#options.timeScale;
    return {
      ...rule,
      armed: armedAt !== null,
      armedAt: isoOrNull(armedAt),
      expiresAt: isoOrNull(expiry),
      hits,
      lastExchange,
      scenario,
    };
  }

  #changed({ kind, rule }: ArmedChange): void {
    const entry = this.#entries.get(rule.id);
    if (entry !== undefined && kind === "disarmed") entry.armedAt = null;
    this.#watchExpiry();
    this.#tell();
  }

  #hit({ rule, hits }: FaultHit): void {
    const entry = this.#entries.get(rule);
    if (entry !== undefined) entry.hits = hits;
    this.#tell();
  }

  #watchExpiry(): void {
    const { armed, clock, after } = this.#options;
    this.#cancelExpiry?.();
    const due = armed.nextExpiry();
    this.#cancelExpiry =
      due === Infinity
        ? null
        : after(Math.max(0, Math.ceil(due - clock.mono())), () => {
            armed.expire();
            this.#watchExpiry();
          });
  }

  #save(): void {
    const kept = [...this.#entries.values()].filter(({ scenario }) => scenario === null);
    this.#options.file.save({ rules: kept.map(({ rule }) => rule), next: this.#next });
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const entryOf = (rule: FaultRule, scenario: string | null): Entry => ({
  rule,
  armedAt: null,
  hits: 0,
  lastExchange: null,
  scenario,
});

const isoOrNull = (wall: number | null): string | null =>
  wall === null ? null : new Date(wall).toISOString();

const recordedIn = ({ actions }: FaultRule): readonly string[] =>
  actions.flatMap((action) =>
    action.kind === "answer" && action.template.kind === "recorded"
      ? [action.template.exchange]
      : [],
  );
