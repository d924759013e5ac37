/**
 * npm run bench:scenarios: every fault scenario on simulated desktops of each kind, expected (written beforehand from the protocol's facts) against
 * observed (by the desktop's own log, never the proxy's). JabberWerx is not on npm: the simulator's model stands for it, as for the others here.
 * Options: --speed N, --only NAME (again and again).
 */
import { parseArgs } from "node:util";
import { scenarios } from "../../src/faults/scenarios/catalogue.ts";
import {
  type Played,
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

const played: Played[] = [];
for (let at = 0; at < wanted.length; at += playsAtOnce)
  played.push(
    await playOnAgents(
      wanted.slice(at, at + playsAtOnce).map(({ name }) => name),
      speed,
    ),
  );
for (const { name, needs } of wanted)
  if (needs === "host") played.push(await playOnHost(name, speed));

const steps = played.flatMap((one) => one.steps);
const wrong = steps.filter(({ isAsExpected }) => !isAsExpected);
const list = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));
console.log(
  "All desktops are the simulator's models; JabberWerx itself is not to be had on npm.\n",
);
console.log(tableOfSteps(steps));
console.log(
  `\n${steps.length} steps at speed ${speed}: ${steps.length - wrong.length} as expected, ${wrong.length} not`,
);
console.log(`does not apply: ${list(played.flatMap(({ refused }) => refused))}`);
console.log(`never touched: ${list(played.flatMap(({ untouched }) => untouched))}`);
