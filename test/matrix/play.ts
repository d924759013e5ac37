/** One run: the truth on disk, the stage, the fault, the verdict. */
import type { FindingView } from "../../src/server/messages.ts";
import type { Played, RunResult, Scenario, Truth } from "./contract.ts";
import { Random } from "./random.ts";
import { FindingWatch } from "./watch.ts";
import { pause } from "./world/pause.ts";
import { RealStage } from "./world/real-stage.ts";
import { SimulatedStage } from "./world/simulated-stage.ts";
import type { World, WorldPlan } from "./world/world.ts";

/** How long the verdict may take after the completing event until the run is over. */
const graceMs = 12_000;

export interface RunOrder {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly writeTruth: (truth: Truth) => void;
}

export const runName = (scenario: string, seed: number): string => `${scenario}-${seed}`;

export async function play(order: RunOrder): Promise<RunResult> {
  const { scenario, seed } = order;
  const started = Date.now();
  const random = new Random(`${scenario.name} ${seed}`);
  const plan = scenario.plan(random);
  const truth: Truth = {
    run: runName(scenario.name, seed),
    scenario: scenario.name,
    seed,
    cause: scenario.cause,
    sides: scenario.sides,
    completes: scenario.completes,
    world: plan.world,
    client: plan.client,
    parameters: { ...plan.parameters, agents: plan.agents, speed: plan.speed, wait: plan.wait },
  };
  order.writeTruth(truth);
  const notes: string[] = [];
  const result = (rest: Partial<RunResult>): RunResult => ({
    truth,
    broken: null,
    played: null,
    findings: [],
    sightings: [],
    notes,
    startedAt: new Date(started).toISOString(),
    seconds: (Date.now() - started) / 1000,
    ...rest,
  });
  try {
    await using world = await buildWorld(plan, random, notes);
    const watch = new FindingWatch(world.boshscope);
    try {
      const played = await scenario.play(world, plan);
      await settle(played, watch, notes, world);
      return result({ played, findings: watch.findings, sightings: watch.sightings });
    } catch (error) {
      await watch.read();
      await keepRows(world, notes);
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return result({ broken: why, findings: watch.findings, sightings: watch.sightings });
    } finally {
      watch.stop();
    }
  } catch (error) {
    return result({ broken: error instanceof Error ? (error.stack ?? "") : String(error) });
  }
}

type OpenWorld = World & AsyncDisposable;

async function buildWorld(plan: WorldPlan, random: Random, notes: string[]): Promise<OpenWorld> {
  const note = (text: string): void => {
    notes.push(`${new Date().toISOString()} ${text}`);
  };
  if (plan.world === "simulator") {
    const stage = await SimulatedStage.start(plan, random);
    return {
      kind: "simulator",
      stage,
      random,
      boshscope: stage.boshscope,
      note,
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  }
  const stage = await RealStage.start(plan, random);
  return {
    kind: "real",
    stage,
    random,
    boshscope: stage.boshscope,
    note,
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

async function settle(
  played: Played,
  watch: FindingWatch,
  notes: string[],
  world: World,
): Promise<void> {
  await pause(Math.max(0, played.completedAt + graceMs - Date.now()));
  await watch.read();
  if (watch.failure !== null) throw new Error(`findings could not be read: ${watch.failure}`);
  await keepRows(world, notes);
}

/** The last exchanges and the findings' own words, to understand a miss by. */
async function keepRows(world: World, notes: string[]): Promise<void> {
  const rows = await world.boshscope.exchanges().catch(() => []);
  for (const row of rows.slice(-60)) {
    const { number, method, url, outcome, holdMs, thinkGapMs, agent, rid, event } = row;
    const status = outcome.kind === "responded" ? outcome.status : JSON.stringify(outcome);
    notes.push(
      `#${number} ${row.at} ${method} ${url.slice(0, 90)} ${outcome.kind} ${status ?? ""} hold=${holdMs} gap=${thinkGapMs} agent=${agent} rid=${rid} ${event ?? ""} [${row.notes.join(" ")}]`,
    );
  }
}

/** A finding in one line, for the record. */
export const inOneLine = ({ id, severity, side, cause, confidence, title }: FindingView): string =>
  `${id} ${severity} ${cause} ${side} ${confidence.toFixed(2)} ${title}`;
