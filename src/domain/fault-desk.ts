/** Fault rules and scenario runs as the rest of the program sees them: what there is, what may be done, and word of every change. Types only. */
import type { FaultRule, FaultRuleState, HeldMessage } from "./fault-rule.ts";

/** Expected against observed of one run. Times are ms of protocol time after the clock began. */
export interface ScenarioRunState {
  readonly id: string;
  /** Name in the catalogue. */
  readonly scenario: string;
  readonly agent: string | null;
  readonly host: string | null;
  /** What the watched desktop runs; null = not known, then no step can be expected. */
  readonly client: "jabberwerx" | "strophe" | "websocket" | null;
  /** Whose word the observations are: the desktop's own, never the proxy's. null = nobody tells. */
  readonly observedBy: "simulator" | "client-log" | null;
  readonly startedAt: string;
  /** When the first message was touched, which begins the clock; null = not yet. */
  readonly triggeredAt: string | null;
  readonly endedAt: string | null;
  /** Ids of its rules. */
  readonly rules: readonly string[];
  /** Those for this client, by their place in the scenario. */
  readonly steps: readonly ScenarioStepState[];
}

export interface ScenarioStepState {
  readonly index: number;
  readonly expectedMs: readonly [number, number];
  readonly observedMs: number | null;
}

export interface FaultDesk {
  rules(): readonly FaultRuleState[];
  /** Latest first. */
  runs(): readonly ScenarioRunState[];
  held(): readonly HeldMessage[];
  /** A rule with a new id. */
  add(rule: FaultRule, arm: boolean): Promise<FaultRuleState>;
  /** `arm` left out = armed as before. Throws "not-found". */
  replace(id: string, rule: FaultRule, arm?: boolean): Promise<FaultRuleState>;
  /** Throws "not-found". */
  arm(id: string): Promise<FaultRuleState>;
  disarm(id: string): FaultRuleState;
  remove(id: string): void;
  /** Disarmed; a rule that is there already stays. Gives how many were added. */
  importRules(rules: readonly FaultRule[]): number;
  /** Disarms everything and lets go what is held. */
  panic(): void;
  /** Throws "request-invalid" for what it can't do, "not-found" for a name it does not know. */
  run(
    name: string,
    target: { readonly agent?: string; readonly host?: string },
  ): Promise<ScenarioRunState>;
  onChange(listener: () => void): () => void;
}
