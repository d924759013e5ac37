/** A running Boshscope, for tests of gadgets and desktops: break the connection on purpose, and see what was found. */
import { fail } from "../base/errors.ts";
import type { ExchangeSummary } from "../domain/exchange.ts";
import type { FaultRule } from "../domain/fault-rule.ts";
import type { AgentSummary, SessionSummary } from "../domain/timeline.ts";
import type {
  AgentList,
  ExchangeAnswer,
  ExchangeList,
  FaultRuleView,
  FaultsState,
  FeedMessage,
  FindingList,
  FindingView,
  Health,
  ScenarioCard,
  ScenarioList,
  ScenarioRun,
  ScenarioRunInput,
  SessionList,
  SetupAnswer,
} from "../server/messages.ts";
import { type BoshscopeAddress, placeOf } from "./address.ts";
import { type Caller, createCaller } from "./call-api.ts";
import { type Following, type FollowOptions, followFeed } from "./follow-feed.ts";
import { waitFor } from "./wait-for.ts";

export { BoshscopeError } from "../base/errors.ts";
export type {
  AgentSummary,
  BoshscopeAddress,
  ExchangeAnswer,
  ExchangeSummary,
  FaultRule,
  FaultRuleView,
  FaultsState,
  FeedMessage,
  FindingView,
  Following,
  FollowOptions,
  Health,
  ScenarioCard,
  ScenarioRun,
  ScenarioRunInput,
  SessionSummary,
  SetupAnswer,
};

/** What is left out: any message, every time, until disarmed, not those that wait already. `arm`: at once. */
export type NewFaultRule = Pick<FaultRule, "actions"> &
  Partial<Omit<FaultRule, "actions">> & { readonly arm?: boolean };

/** Each call rejects with a BoshscopeError: `code`, `message`, and `remedy`, which says what to do. */
export interface BoshscopeClient {
  readonly faults: FaultCalls;
  readonly scenarios: ScenarioCalls;
  health(): Promise<Health>;
  /** Where the proxy is and what has come through it. */
  setup(): Promise<SetupAnswer>;
  /** The certificate to trust, PEM. */
  caPem(): Promise<string>;
  /** Whoever was seen, by login id. */
  agents(): Promise<readonly AgentSummary[]>;
  sessions(): Promise<readonly SessionSummary[]>;
  /** Latest first. `query` in the filter language: `agent:1001003 is:poll status:404`. At most `limit`, 200 if left out. */
  exchanges(query?: string, limit?: number): Promise<readonly ExchangeSummary[]>;
  /** One with heads and all that is known of it. */
  exchange(id: string): Promise<ExchangeAnswer>;
  /** Of the running capture, latest first. */
  findings(): Promise<readonly FindingView[]>;
  /** Calls `listener` with each change from now on. */
  follow(listener: (message: FeedMessage) => void, options?: FollowOptions): Promise<Following>;
  /** Asks until the answer is neither false, null nor undefined, and resolves with it; rejects after `timeoutMs`, 30 s if left out. */
  waitFor<T>(question: () => Promise<T | false | null | undefined>, timeoutMs?: number): Promise<T>;
}

export interface FaultCalls {
  list(): Promise<FaultsState>;
  add(rule: NewFaultRule): Promise<FaultRuleView>;
  arm(id: string): Promise<FaultRuleView>;
  disarm(id: string): Promise<FaultRuleView>;
  remove(id: string): Promise<void>;
  /** Disarms every rule and lets go all that is held. */
  panic(): Promise<void>;
  /** All rules but those of scenarios. */
  exportRules(): Promise<readonly FaultRule[]>;
  /** Disarmed; resolves with how many were new. */
  importRules(rules: readonly NewFaultRule[]): Promise<number>;
}

export interface ScenarioCalls {
  list(): Promise<readonly ScenarioCard[]>;
  /** Resolves once its rules are armed. */
  start(name: string, target: ScenarioRunInput): Promise<ScenarioRun>;
  /** As it stands. Rejects with "not-found" for a run that is forgotten or never was. */
  get(id: string): Promise<ScenarioRun>;
  /** Disarms its rules; what it has begun is watched to its end. */
  stop(id: string): Promise<void>;
  /** Starts it and resolves when it has ended. Rejects after `timeoutMs` of real time, 10 minutes if left out. */
  run(name: string, target: ScenarioRunInput, timeoutMs?: number): Promise<ScenarioRun>;
}

const runTimeoutMs = 600_000;

/** Nothing is asked before the first call. Throws as `placeOf` does. `lang` is that of all sentences. */
export function connectBoshscope(
  address: BoshscopeAddress,
  { lang = "en" }: { readonly lang?: "en" | "es" } = {},
): BoshscopeClient {
  const place = placeOf(address);
  const call = createCaller(place);
  const speaking: Caller = (path, options = {}) =>
    call(path, { ...options, query: { ...options.query, lang } });
  return {
    faults: faultCalls(call, speaking),
    scenarios: scenarioCalls(call, speaking),
    health: () => call("/health"),
    setup: () => call("/setup"),
    caPem: async () => {
      const { caPemPath } = await call<SetupAnswer>("/setup");
      return await (await fetch(new URL(caPemPath, place.url))).text();
    },
    agents: async () => (await call<AgentList>("/agents")).agents,
    sessions: async () => (await call<SessionList>("/sessions")).sessions,
    exchanges: async (q = "", limit = 200) => {
      const query = { q, limit, before: Number.MAX_SAFE_INTEGER };
      return (await call<ExchangeList>("/exchanges", { query })).exchanges;
    },
    exchange: (id) => call(`/exchanges/${encodeURIComponent(id)}`),
    findings: async () => (await speaking<FindingList>("/findings")).findings,
    follow: (listener, options) => followFeed(place, listener, options),
    waitFor,
  };
}

function faultCalls(call: Caller, speaking: Caller): FaultCalls {
  const one = (id: string): string => `/faults/${encodeURIComponent(id)}`;
  return {
    list: () => speaking("/faults"),
    add: (body) => speaking("/faults", { method: "POST", body }),
    arm: (id) => speaking(`${one(id)}/arm`, { method: "POST" }),
    disarm: (id) => speaking(`${one(id)}/disarm`, { method: "POST" }),
    remove: (id) => call(one(id), { method: "DELETE" }),
    panic: () => call("/panic", { method: "POST" }),
    exportRules: () => call("/faults/export"),
    importRules: async (body) =>
      (await call<{ added: number }>("/faults/import", { method: "POST", body })).added,
  };
}

function scenarioCalls(call: Caller, speaking: Caller): ScenarioCalls {
  const state = (): Promise<FaultsState> => speaking("/faults");
  const find = async (id: string): Promise<ScenarioRun> => {
    const run = (await state()).runs.find((one) => one.id === id);
    if (run !== undefined) return run;
    throw fail("not-found", { what: `scenario run ${id}` });
  };
  const start = (name: string, body: ScenarioRunInput): Promise<ScenarioRun> =>
    speaking(`/scenarios/${encodeURIComponent(name)}/run`, { method: "POST", body });
  return {
    list: async () => (await speaking<ScenarioList>("/scenarios")).scenarios,
    start,
    get: find,
    stop: async (id) => {
      for (const rule of (await find(id)).rules)
        await call(`/faults/${encodeURIComponent(rule)}/disarm`, { method: "POST" });
    },
    run: async (name, target, timeoutMs = runTimeoutMs) => {
      const { id } = await start(name, target);
      return await waitFor(async () => {
        const run = await find(id);
        return run.endedAt === null ? null : run;
      }, timeoutMs);
    },
  };
}
