/** `boshscope scenario`: plays a known cause of disconnects in the running Boshscope, and tells expected against observed. */
import { fail } from "../base/errors.ts";
import type {
  BoshscopeClient,
  ScenarioCard,
  ScenarioRun,
  ScenarioRunInput,
} from "../client/connect-boshscope.ts";
import { type Command, jsonOption } from "./command.ts";
import { type ReadFlags, readFlags } from "./flags.ts";
import type { Progress } from "./progress.ts";
import { connectRunning, runningOptions, unknownWord } from "./running.ts";

export const scenarioCommand = {
  name: "scenario",
  words: "list | show NAME | run NAME",
  actions: ["list", "show", "run"],
  about: "Break the running one's traffic in a known way, and tell expected against observed.",
  more: [
    "Exit code of run: 0 as expected, 2 not as expected, 3 nobody can tell: nothing was touched, or no desktop's log is at hand.",
  ],
  options: [
    { flag: "--agent", value: "ID", about: "The agent whose connection is to break." },
    { flag: "--host", value: "HOST", about: "The server it is to break from." },
    jsonOption,
    ...runningOptions,
  ],
  settings: ["--data-dir"],
  examples: ["boshscope scenario run idle-close --agent 1001003"],
} as const satisfies Command;

const usage = "boshscope help scenario tells more.";

export interface ScenarioSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /** Aborted when the person has seen enough: the rules are disarmed. */
  readonly signal: AbortSignal;
}

export interface ScenarioOutcome {
  /** What to print. */
  readonly text: string;
  /** 0 as expected, 2 not as expected, 3 nobody can tell: nothing was touched, or no desktop's log is at hand. */
  readonly exitCode: number;
}

export async function runScenario(
  argv: readonly string[],
  surroundings: ScenarioSurroundings,
): Promise<ScenarioOutcome> {
  const flags = readFlags(argv, scenarioCommand);
  const [verb = "list", name, ...more] = flags.words;
  if (!["list", "show", "run"].includes(verb) || more.length > 0)
    throw fail("config-invalid", {
      problem: `"scenario ${flags.words.join(" ")}" is not understood.`,
      remedy: usage,
    });
  const client = connectRunning(flags, surroundings.env);
  const cards = await client.scenarios.list();
  const isJson = flags.has("--json");
  if (verb === "list") return told(isJson ? JSON.stringify(cards) : cards.map(cardLine).join("\n"));
  const card = cardNamed(name, cards);
  if (verb === "show") return told(isJson ? JSON.stringify(card) : cardLines(card).join("\n"));
  const run = await play(client, card, targetOf(card, flags), surroundings);
  const text = isJson ? JSON.stringify(run) : runLines(run, card).join("\n");
  return { text, exitCode: exitCodeOf(run) };
}

const told = (text: string): ScenarioOutcome => ({ text, exitCode: 0 });

const exitCodeOf = ({ asExpected }: ScenarioRun): number => {
  if (asExpected === null) return 3;
  return asExpected ? 0 : 2;
};

function cardNamed(name: string | undefined, cards: readonly ScenarioCard[]): ScenarioCard {
  if (name === undefined)
    throw fail("config-invalid", { problem: "Which scenario?", remedy: usage });
  const card = cards.find((one) => one.name === name);
  if (card !== undefined) return card;
  const names = cards.map((one) => one.name);
  throw unknownWord("scenario", name, names, "boshscope scenario list");
}

function targetOf({ name, needs }: ScenarioCard, flags: ReadFlags): ScenarioRunInput {
  const [agent, host] = [flags.value("--agent"), flags.value("--host")];
  if (agent === null && (host === null || needs === "agent"))
    throw fail("config-invalid", {
      problem: `Scenario ${name} is done to ${needs === "agent" ? "an agent" : "all of a host"}: --${needs} is missing.`,
      remedy: `Example: boshscope scenario run ${name} ${needs === "agent" ? "--agent 1001003" : "--host fin1.example.com"}`,
    });
  return { ...(agent === null ? {} : { agent }), ...(host === null ? {} : { host }) };
}

/** Waits as long as the run lasts: it ends by itself, also when nothing ever matches. */
async function play(
  client: BoshscopeClient,
  { name }: ScenarioCard,
  target: ScenarioRunInput,
  { progress, signal }: ScenarioSurroundings,
): Promise<ScenarioRun> {
  const { id } = await client.scenarios.start(name, target);
  try {
    return await client.waitFor(async () => {
      const run = await client.scenarios.get(id);
      progress.show(stageOf(run));
      return run.endedAt !== null || signal.aborted ? run : null;
    }, longestMs);
  } finally {
    progress.clear();
    if (signal.aborted) await client.scenarios.stop(id);
  }
}

/** Far beyond what any scenario takes. */
const longestMs = 3_600_000;

function stageOf({ triggeredAt, steps }: ScenarioRun): string {
  if (triggeredAt === null) return "armed, nothing touched yet (Ctrl+C disarms)";
  const seen = steps.filter(({ observedMs }) => observedMs !== null).length;
  return `running, ${seen} of ${steps.length} steps seen (Ctrl+C disarms)`;
}

const cardLine = ({ name, needs, title }: ScenarioCard): string =>
  `${name.padEnd(30)} --${needs.padEnd(6)} ${title}`;

const cardLines = (card: ScenarioCard): readonly string[] => [
  `${card.title} (${card.cause})`,
  card.description,
  ...card.expected.map((step) => `  ${step}`),
];

function runLines(run: ScenarioRun, { title }: ScenarioCard): readonly string[] {
  const { agent, host, client, observedBy, triggeredAt, steps, asExpected } = run;
  const whom = agent ?? host ?? "";
  const lines = [`${title}: ${whom}${client === null ? "" : `, ${client}`}`];
  if (triggeredAt === null)
    return [
      ...lines,
      `Nothing of ${whom} came by: nothing was touched. Is it signed in through the proxy?`,
    ];
  if (observedBy === null)
    return [
      ...lines,
      "Touched. Nobody tells what the desktop saw: only its own log can (the demo's desktops, or a client log sent to the server).",
    ];
  const verdict =
    asExpected === null ? "Not over." : asExpected ? "As expected." : "Not as expected.";
  return [
    ...lines,
    `${"expected, s".padStart(15)}  ${"observed, s".padStart(11)}`,
    ...steps.map(stepLine),
    verdict,
  ];
}

function stepLine({
  what,
  expectedMs,
  observedMs,
  certainty,
  verdict,
}: ScenarioRun["steps"][number]): string {
  const [from, until] = expectedMs.map(seconds);
  const expected = certainty === "never" ? "never" : `${from} to ${until}`;
  const observed = observedMs === null ? "-" : seconds(observedMs);
  return `${expected.padStart(15)}  ${observed.padStart(11)}  ${verdict.padEnd(8)} ${what}`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);
