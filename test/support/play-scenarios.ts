/** Plays fault scenarios on simulated desktops through the whole program, and gives expected against observed by the desktops' own logs. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { silentLog } from "../../src/base/log.ts";
import { startDemoApp } from "../../src/demo.ts";
import type { FaultDesk, ScenarioRunState } from "../../src/domain/fault-desk.ts";
import { scenarios } from "../../src/faults/scenarios/catalogue.ts";
import type { ClientKind } from "../../src/faults/scenarios/scenario.ts";
import type { SessionList } from "../../src/server/messages.ts";

/** In the order in which the demo gives kinds to its agents. */
const kinds: readonly ClientKind[] = ["jabberwerx", "websocket", "strophe"];
const token = "scenarios-on-desktops";
const publisher = "fin1.demo.test";
/** Scenarios at once: the desk keeps twenty runs, and each is three. */
export const playsAtOnce = 6;
const startPauseMs = 250;

export interface PlayedStep {
  readonly scenario: string;
  /** All agents of a host at once, or the watched one alone. */
  readonly isWholeHost: boolean;
  readonly client: ClientKind;
  readonly what: string;
  readonly certainty: "sure" | "maybe" | "never";
  readonly expectedMs: readonly [number, number];
  readonly observedMs: number | null;
  readonly isAsExpected: boolean;
}

export interface Played {
  readonly steps: readonly PlayedStep[];
  /** Runs whose first message never came. */
  readonly untouched: readonly string[];
  /** Runs that were refused, as the scenario is not about such a desktop. */
  readonly refused: readonly string[];
}

type App = Awaited<ReturnType<typeof startDemoApp>>["app"];

async function until(
  seconds: number,
  what: string,
  ask: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    if (await ask()) return;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await pause(50);
  }
}

/** Runs one demo until `play` is over. */
async function withDemo<Result>(
  agents: number,
  speed: number,
  play: (desk: FaultDesk) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "boshscope-scenarios-"));
  const rest = [
    "--proxy-port",
    "0",
    "--page-port",
    "0",
    "--no-open",
    "--no-probes",
    "--token",
    token,
  ];
  const folders = ["--data-dir", join(folder, "data"), "--certs-dir", join(folder, "certs")];
  const flags = { agents, speed, controlPort: 0, rest: [...rest, ...folders] };
  const { app } = await startDemoApp(flags, {}, silentLog);
  try {
    await until(120, "all desktops signed in", async () => (await signedIn(app)) === agents);
    return await play(app.faults.desk);
  } finally {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function signedIn({ page }: App): Promise<number> {
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(`http://${page.host}:${page.port}/api/sessions`, { headers });
  const { sessions } = (await answer.json()) as SessionList;
  const open = sessions.filter(({ phase, agent }) => phase === "open" && agent !== null);
  return new Set(open.map(({ agent }) => agent)).size;
}

/** Scenarios on one agent each, whose desktop is of each kind in turn, all at once. */
export function playOnAgents(names: readonly string[], speed: number): Promise<Played> {
  const plays = names.flatMap((name) => kinds.map((kind) => ({ name, kind })));
  return withDemo(plays.length, speed, async (desk) => {
    const ids: string[] = [];
    const refused: string[] = [];
    for (const [index, { name, kind }] of plays.entries()) {
      if (scenarios.find((one) => one.name === name)?.clients?.includes(kind) === false)
        refused.push(`${name} (${kind})`);
      else {
        // One after the other: what one run sets going at its click must not hold up the next.
        await pause(startPauseMs);
        ids.push((await desk.run(name, { agent: `${1_001_001 + index}` })).id);
      }
    }
    return playedOf(await ended(desk, ids, speed), { refused });
  });
}

/** A scenario for a whole host, watched on one of its agents. */
export function playOnHost(name: string, speed: number): Promise<Played> {
  return withDemo(kinds.length, speed, async (desk) => {
    const { id } = await desk.run(name, { host: publisher });
    return playedOf(await ended(desk, [id], speed), { isWholeHost: true });
  });
}

async function ended(
  desk: FaultDesk,
  ids: readonly string[],
  speed: number,
): Promise<readonly ScenarioRunState[]> {
  const runs = () => desk.runs().filter(({ id }) => ids.includes(id));
  await until(500 / speed, "all runs ended", () => runs().every(({ endedAt }) => endedAt !== null));
  if (runs().length !== ids.length) throw new Error("the desk has forgotten a run");
  return runs().toReversed();
}

function playedOf(
  runs: readonly ScenarioRunState[],
  { isWholeHost = false, refused = [] }: { isWholeHost?: boolean; refused?: readonly string[] },
): Played {
  return {
    refused,
    steps: runs.flatMap((run) => stepsOf(run, isWholeHost)),
    untouched: runs
      .filter(({ triggeredAt }) => triggeredAt === null)
      .map(({ scenario, client }) => `${scenario} (${client})`),
  };
}

function stepsOf(run: ScenarioRunState, isWholeHost: boolean): PlayedStep[] {
  const { scenario, client, steps } = run;
  const definition = scenarios.find(({ name }) => name === scenario);
  return steps.flatMap(({ index, expectedMs, observedMs }) => {
    const step = definition?.steps[index];
    if (step === undefined || client === null) return [];
    const { what, certainty } = step;
    const [from, to] = expectedMs;
    const isIn = observedMs !== null && observedMs >= from && observedMs <= to;
    const isAsExpected =
      certainty === "never"
        ? observedMs === null
        : isIn || (certainty === "maybe" && observedMs === null);
    return [
      {
        scenario,
        isWholeHost,
        client,
        what: what.en,
        certainty,
        expectedMs,
        observedMs,
        isAsExpected,
      },
    ];
  });
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

export function tableOfSteps(steps: readonly PlayedStep[]): string {
  const rows = steps.map(
    ({
      scenario,
      isWholeHost,
      client,
      what,
      certainty,
      expectedMs: [from, to],
      observedMs,
      isAsExpected,
    }) =>
      `| ${scenario}${isWholeHost ? " (whole host)" : ""} | ${client} | ${what} | ${certainty === "sure" ? "" : `${certainty}: `}${seconds(from)}–${seconds(to)} | ${observedMs === null ? "–" : seconds(observedMs)} | ${isAsExpected ? "yes" : "NO"} |`,
  );
  return [
    "| scenario | desktop (simulated) | what | expected s | observed s | as expected |",
    "|---|---|---|--:|--:|---|",
    ...rows,
  ].join("\n");
}
