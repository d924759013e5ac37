/** Fault rules, scenarios and breakpoints in memory, as the server keeps them: for looking at the page without a proxy. */
import type { FaultRule, FaultRuleState, HeldMessage } from "../../src/domain/fault-rule.ts";
import type {
  FaultRuleInput,
  FaultsState,
  ScenarioCard,
  ScenarioRun,
} from "../../src/server/messages.ts";
import { captureId } from "./page-rows.ts";

export interface FaultAnswer {
  readonly status: number;
  readonly body: unknown;
}

const none: FaultAnswer = { status: 204, body: null };
const refused = (message: string, code = "request-invalid"): FaultAnswer => ({
  status: 400,
  body: { error: { code, message, remedy: "" } },
});

export class PageFaults {
  #rules: FaultRuleState[] = [];
  #held: HeldMessage[] = [];
  #runs: ScenarioRun[] = [];
  #last = 0;
  /** What was let go or dropped, and how. */
  readonly released: { readonly id: string; readonly command: unknown }[] = [];

  state(language: string): FaultsState {
    return {
      rules: this.#rules.map((rule) => ({ ...rule, sentence: sentenceOf(rule, language) })),
      armed: this.#rules.filter(({ armed }) => armed).length,
      held: this.#held,
      runs: this.#runs,
    };
  }

  /** Some rules and a run, as after a while of work. */
  fill(now: number): void {
    this.#save(
      {
        name: "late answer",
        match: { kind: "poll", agent: "47483648" },
        actions: [{ kind: "delay-until", ageMs: 36_000 }],
        times: 1,
        expiresAfterMs: 120_000,
        alsoWaiting: false,
      },
      true,
    );
    this.#save(
      {
        name: "reset every fourth",
        match: { kind: "http-bind", host: "fin1.*", everyNth: 4 },
        actions: [{ kind: "drop", leg: "response", how: "reset" }],
        times: null,
        expiresAfterMs: null,
        alsoWaiting: false,
      },
      false,
    );
    this.#runs = [sampleRun(now)];
  }

  hold(message: Omit<HeldMessage, "since" | "rule">): void {
    const rule = this.#rules[0]?.id ?? "r1";
    this.#held.push({ ...message, rule, since: new Date().toISOString() });
  }

  /** What the API answers; null = not its business. `path` without `/api/`. */
  answer(method: string, path: readonly string[], body: unknown): FaultAnswer | null {
    const [area, id, verb] = path;
    if (area === "panic") return this.#panic();
    if (area === "breakpoints") return this.#release(id ?? "", body);
    if (area === "scenarios" && verb === "run") return this.#run(id ?? "", body as object);
    if (area !== "faults") return null;
    if (method === "DELETE") this.#rules = this.#rules.filter((rule) => rule.id !== id);
    else if (verb === "arm" || verb === "disarm") this.#arm(id ?? "", verb === "arm");
    else if (id === "import") for (const rule of body as FaultRule[]) this.#save(rule, false);
    else return this.#put(id, body as FaultRuleInput);
    return none;
  }

  #arm(id: string, armed: boolean): void {
    const rule = this.#rules.find((one) => one.id === id);
    if (rule !== undefined) this.#save(rule, armed);
  }

  #put(id: string | undefined, { arm, ...rule }: FaultRuleInput): FaultAnswer {
    if (rule.match.port === null) {
      return refused(
        "Not accepted in the body: match.port: Invalid input: expected number, received null.",
      );
    }
    const known = this.#rules.find((one) => one.id === id);
    this.#save({ ...rule, ...(id === undefined ? {} : { id }) }, arm ?? known?.armed ?? false);
    return none;
  }

  #save(input: FaultRuleInput, armed: boolean): void {
    const id = input.id ?? `r${++this.#last}`;
    const now = Date.now();
    const at = this.#rules.findIndex((rule) => rule.id === id);
    const { expiresAfterMs } = input;
    const rule: FaultRuleState = {
      ...input,
      id,
      armed,
      armedAt: armed ? new Date(now).toISOString() : null,
      expiresAt:
        armed && expiresAfterMs !== null ? new Date(now + expiresAfterMs).toISOString() : null,
      hits: at < 0 ? 0 : (this.#rules[at]?.hits ?? 0),
      lastExchange: armed ? `${captureId}-18` : null,
      scenario: null,
    };
    if (at < 0) this.#rules.push(rule);
    else this.#rules[at] = rule;
  }

  #panic(): FaultAnswer {
    this.#rules = this.#rules.map((rule) => ({
      ...rule,
      armed: false,
      armedAt: null,
      expiresAt: null,
    }));
    this.#held = [];
    return none;
  }

  #release(id: string, command: unknown): FaultAnswer {
    this.released.push({ id, command });
    this.#held = this.#held.filter((message) => message.id !== id);
    return none;
  }

  #run(name: string, target: object): FaultAnswer {
    const run = { ...sampleRun(Date.now()), id: `run${this.#runs.length + 1}`, scenario: name };
    const steps = run.steps.map((step) => ({ ...step, observedMs: null }));
    this.#runs.push({ ...run, agent: null, host: null, ...target, endedAt: null, steps });
    this.#save(
      {
        name,
        match: { kind: "poll", ...target },
        actions: [{ kind: "drop", leg: "response", how: "silence" }],
        times: null,
        expiresAfterMs: 60_000,
        alsoWaiting: false,
      },
      true,
    );
    return { status: 200, body: this.#runs.at(-1) };
  }
}

/** Roughly what the server says; only for looking at. */
function sentenceOf(rule: FaultRule, language: string): string {
  const { match, actions } = rule;
  const what = actions.map((action) => action.kind).join(", ");
  const whom = [match.agent, match.host].filter((part) => part !== undefined).join(" · ");
  const each = match.everyNth === undefined ? "" : ` 1/${match.everyNth}`;
  return language === "es"
    ? `${what}${each}: ${match.kind ?? "any"} de ${whom === "" ? "cualquiera" : whom}`
    : `${what}${each}: ${match.kind ?? "any"} of ${whom === "" ? "anyone" : whom}`;
}

function sampleRun(now: number): ScenarioRun {
  return {
    id: "run0",
    scenario: "answer-after-36-s",
    agent: "47483648",
    host: null,
    client: "jabberwerx",
    observedBy: "simulator",
    triggeredAt: new Date(now - 88_000).toISOString(),
    startedAt: new Date(now - 90_000).toISOString(),
    endedAt: new Date(now - 20_000).toISOString(),
    rules: ["r1"],
    asExpected: false,
    steps: [
      {
        what: "The desktop gives the poll up",
        expectedMs: [33_000, 35_000],
        observedMs: 35_010,
        certainty: "sure",
        verdict: "late",
      },
      {
        what: "It sends the same rid again",
        expectedMs: [33_000, 36_000],
        observedMs: 35_400,
        certainty: "sure",
        verdict: "in-time",
      },
      {
        what: "It fails over",
        expectedMs: [60_000, 90_000],
        observedMs: null,
        certainty: "maybe",
        verdict: "absent",
      },
    ],
  };
}

export function sampleScenarios(language: string): ScenarioCard[] {
  const es = language === "es";
  const say = (english: string, spanish: string): string => (es ? spanish : english);
  const card = (
    name: string,
    title: string,
    cause: string,
    needs: "agent" | "host",
    lastsMs: number,
  ): ScenarioCard => ({
    name,
    title,
    cause,
    needs,
    clients: ["jabberwerx", "strophe", "websocket"],
    lastsMs,
    description: say(
      "Everything else of the session goes on as before.",
      "Todo lo demás de la sesión sigue como antes.",
    ),
    expected: [
      say(
        "33 to 35 s after the poll began: the desktop gives it up and asks again.",
        "De 33 a 35 s después de empezar el sondeo: el escritorio lo abandona y repite.",
      ),
      say("No banner, the agent keeps the state.", "Sin aviso, el agente conserva el estado."),
    ],
  });
  return [
    card("session-invalid", say("Session invalid", "Sesión no válida"), "F18", "agent", 60_000),
    card(
      "answer-after-36-s",
      say("Answer after 36 s", "Respuesta a los 36 s"),
      "F2",
      "agent",
      40_000,
    ),
    card("poll-lost", say("Poll lost", "Sondeo perdido"), "F3", "agent", 60_000),
    card("tab-frozen-75", say("Tab frozen 75 s", "Pestaña congelada 75 s"), "F4", "agent", 75_000),
    card(
      "blocks-7443",
      say("Firewall blocks 7443", "Cortafuegos bloquea 7443"),
      "F1",
      "host",
      180_000,
    ),
    card("cti-out", say("CTI out of service", "CTI fuera de servicio"), "F15", "host", 120_000),
  ];
}
