/** Fault rules as they stand, scenarios, held messages, and what a person does with them. */
import { computed, signal } from "@preact/signals";
import type {
  BreakpointCommand,
  ComposeInput,
  FaultRuleInput,
  FaultRuleView,
  FaultsState,
  ReplayAnswer,
  ReplayInput,
} from "../../src/server/messages.ts";
import { postJson, send } from "../feed/api.ts";
import { words } from "../i18n/words.ts";
import { ruleOf } from "../model/fault-rule-text.ts";
import { attempt, hideToast, showToast } from "./toast.ts";

const nothing: FaultsState = { rules: [], armed: 0, held: [], runs: [] };

export const faults = signal<FaultsState>(nothing);
export const armedRules = computed(() => faults.value.rules.filter(({ armed }) => armed));

export const takeFaults = (state: FaultsState): void => {
  faults.value = state;
};

export const ruleById = (id: string): FaultRuleView | null =>
  faults.value.rules.find((rule) => rule.id === id) ?? null;

/** Of one rule, by its id. */
const path = (id: string): string => `faults/${encodeURIComponent(id)}`;

export const setArmed = (rule: FaultRuleView, armed: boolean): void =>
  attempt(send("POST", `${path(rule.id)}/${armed ? "arm" : "disarm"}`));

/** New without an id; else in place of the one with that id. Fails with the server's objections. */
export const saveRule = (rule: FaultRuleInput): Promise<void> =>
  rule.id === undefined ? send("POST", "faults", rule) : send("PUT", path(rule.id), rule);

export function deleteRule(rule: FaultRuleView): void {
  const { faults: dictionary, capture } = words.peek();
  attempt(
    send("DELETE", path(rule.id)).then(() =>
      showToast({
        text: dictionary.deleted(rule.sentence),
        remedy: "",
        tone: "plain",
        action: { label: capture.undo, run: () => undelete(rule) },
      }),
    ),
  );
}

function undelete(rule: FaultRuleView): void {
  hideToast();
  attempt(saveRule({ ...withoutId(ruleOf(rule)), arm: rule.armed }));
}

export const duplicateRule = (rule: FaultRuleView): void =>
  attempt(saveRule({ ...withoutId(ruleOf(rule)), name: words.peek().faults.copyOf(rule.name) }));

function withoutId({ id: _id, ...rule }: FaultRuleInput): FaultRuleInput {
  return rule;
}

/** Text of an exported file; the server says what it does not accept. */
export function importRules(text: string): void {
  attempt(
    Promise.resolve()
      .then(() => JSON.parse(text) as unknown)
      .then((rules) => send("POST", "faults/import", rules))
      .catch((thrown: unknown) => {
        if (!(thrown instanceof SyntaxError)) throw thrown;
        const text = words.peek().faults.notJson;
        showToast({ text, remedy: "", tone: "error", action: null });
      }),
  );
}

/** Disarms all and lets go what is held. */
export function disarmAll(): void {
  attempt(
    send("POST", "panic").then(() =>
      showToast({ text: words.peek().faults.panicked, remedy: "", tone: "plain", action: null }),
    ),
  );
}

export const letGo = (id: string, command: BreakpointCommand): void =>
  attempt(send("POST", `breakpoints/${encodeURIComponent(id)}`, command));

export const replay = (input: ReplayInput): Promise<ReplayAnswer> =>
  postJson<ReplayAnswer>("replay", input);

export const compose = (input: ComposeInput): Promise<ReplayAnswer> =>
  postJson<ReplayAnswer>("compose", input);

/** True while a request is being written. */
export const composing = signal(false);

/** Id of the exchange whose replay is being written; null = none. */
export const replaying = signal<string | null>(null);
