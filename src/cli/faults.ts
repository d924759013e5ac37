/** `boshscope faults`: fault rules of the running Boshscope. */
import { fail } from "../base/errors.ts";
import type {
  BoshscopeClient,
  FaultRuleView,
  FaultsState,
  NewFaultRule,
} from "../client/connect-boshscope.ts";
import { type Command, jsonOption } from "./command.ts";
import { readFlags } from "./flags.ts";
import { readJson } from "./read-json.ts";
import { connectRunning, runningOptions, unknownWord } from "./running.ts";

export const faultsCommand = {
  name: "faults",
  words: "list | add RULE | arm ID… | disarm ID… | remove ID… | panic | export | import FILE",
  actions: ["list", "add", "arm", "disarm", "remove", "panic", "export", "import"],
  about: "List, add, arm and disarm fault rules of the running one.",
  options: [{ flag: "--arm", about: "Arm the rule that is added." }, jsonOption, ...runningOptions],
  settings: ["--data-dir"],
  examples: ["boshscope faults panic"],
} as const satisfies Command;

const usage = "boshscope help faults tells more.";

/** What came of it: for programs, and for people. */
interface Outcome {
  readonly answer: unknown;
  readonly text: string;
}

interface Asked {
  readonly client: BoshscopeClient;
  readonly words: readonly string[];
  readonly arm: boolean;
}

const verbs: Readonly<Record<string, (asked: Asked) => Promise<Outcome>>> = {
  async list({ client }) {
    const state = await client.faults.list();
    return { answer: state, text: stateLines(state).join("\n") };
  },
  async add({ client, words, arm }) {
    const rule = readJson(only(words, "add", "a rule")) as NewFaultRule;
    return ruleOutcome([await client.faults.add(arm ? { ...rule, arm } : rule)]);
  },
  arm: (asked) => eachRule(asked, "arm", (id) => asked.client.faults.arm(id)),
  disarm: (asked) => eachRule(asked, "disarm", (id) => asked.client.faults.disarm(id)),
  async remove({ client, words }) {
    for (const id of await knownRules(client, words, "remove")) await client.faults.remove(id);
    return { answer: { removed: words }, text: `${words.join(", ")} removed` };
  },
  async panic({ client }) {
    const { armed, held } = await client.faults.list();
    await client.faults.panic();
    const released = held.length === 0 ? "" : `, ${held.length} held messages let go`;
    return {
      answer: { disarmed: armed, released: held.length },
      text: `${armed === 1 ? "1 rule" : `${armed} rules`} disarmed${released}; nothing is armed now.`,
    };
  },
  async export({ client }) {
    const rules = await client.faults.exportRules();
    return { answer: rules, text: JSON.stringify(rules, null, 2) };
  },
  async import({ client, words }) {
    const path = only(words, "import", "a file");
    const rules = readJson(path);
    if (!Array.isArray(rules))
      throw fail("file-unreadable", { path, why: "it is no list of rules", remedy: usage });
    const added = await client.faults.importRules(rules as NewFaultRule[]);
    const there = rules.length - added;
    const rest = there === 0 ? "" : `; ${there} were there already`;
    return { answer: { added }, text: `${added} added, disarmed${rest}` };
  },
};

/** What to print. */
export async function runFaults(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const flags = readFlags(argv, faultsCommand);
  const [name = "list", ...words] = flags.words;
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined)
    throw fail("config-invalid", { problem: `There is no faults ${name}.`, remedy: usage });
  const client = connectRunning(flags, env);
  const { answer, text } = await verb({ client, words, arm: flags.has("--arm") });
  return flags.has("--json") ? JSON.stringify(answer) : text;
}

function only([word, ...more]: readonly string[], verb: string, what: string): string {
  if (word !== undefined && more.length === 0) return word;
  throw fail("config-invalid", { problem: `faults ${verb} needs ${what}.`, remedy: usage });
}

async function eachRule(
  { client, words }: Asked,
  verb: string,
  act: (id: string) => Promise<FaultRuleView>,
): Promise<Outcome> {
  const rules: FaultRuleView[] = [];
  for (const id of await knownRules(client, words, verb)) rules.push(await act(id));
  return ruleOutcome(rules);
}

/** The ids, once it is sure that all are there: a mistyped one must not leave half of the work done. */
async function knownRules(
  client: BoshscopeClient,
  ids: readonly string[],
  verb: string,
): Promise<readonly string[]> {
  if (ids.length === 0)
    throw fail("config-invalid", { problem: `faults ${verb} needs a rule's id.`, remedy: usage });
  const known = (await client.faults.list()).rules.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return ids;
  throw unknownWord("fault rule", unknown, known, "boshscope faults list");
}

const ruleOutcome = (rules: readonly FaultRuleView[]): Outcome => ({
  answer: rules.length === 1 ? rules[0] : rules,
  text: rules.map(ruleLine).join("\n"),
});

function stateLines({ rules, held }: FaultsState): readonly string[] {
  if (rules.length === 0) return ["There are no fault rules."];
  const waiting = held.length === 0 ? [] : [`${held.length} held at breakpoints`];
  return [...rules.map(ruleLine), ...waiting];
}

/** `r1  armed  2 hits  Polls lost: …` */
function ruleLine({ id, armed, hits, name, sentence }: FaultRuleView): string {
  const state = armed ? "armed" : "-";
  const title = name === "" ? sentence : `${name}: ${sentence}`;
  return `${id.padEnd(5)} ${state.padEnd(5)} ${String(hits).padStart(4)} ${hits === 1 ? "hit " : "hits"}  ${title}`;
}
