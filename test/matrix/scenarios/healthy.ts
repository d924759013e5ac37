/** Nothing is wrong: calls, hold releases, hidden tabs within limits. Every finding is a false alarm. */
import type { Scenario } from "../contract.ts";
import type { Random } from "../random.ts";
import { pause } from "../world/pause.ts";
import type { RealStage } from "../world/real-stage.ts";
import type { SimulatedStage } from "../world/simulated-stage.ts";
import { hide } from "./client.ts";
import { real, realStage, simulated, simulatedStage } from "./plans.ts";

const nothing = "none: nothing must be found until the run is over";

/** One thing that happens in a shift. */
async function workSimulated(stage: SimulatedStage, random: Random): Promise<void> {
  const agent = stage.agents[random.between(0, stage.agents.length - 1)] ?? "1001001";
  const what = random.next();
  if (what < 0.4) await stage.ring(agent, random.between(5, 40));
  else if (what < 0.8) {
    await stage.simulator.call("requestState", [random.of("READY", "NOT_READY")], { agent });
  } else {
    await stage.simulator.call("show", [random.of("hidden", "visible")], { agent });
  }
}

async function workReal(stage: RealStage, random: Random): Promise<void> {
  const desktop = stage.desktop(random.between(0, stage.desktops.length - 1));
  const what = random.next();
  if (what < 0.5) await desktop.page.evaluate(() => window.desktop.ping());
  else if (what < 0.8) {
    const state = random.of("READY", "NOT_READY");
    await desktop.page.evaluate((name) => window.desktop.putState(name), state);
  } else {
    const node = `/finesse/api/User/${desktop.agent}`;
    const update = `<Update><data><user><state>READY</state></user></data><event>PUT</event><source>${node}</source></Update>`;
    await stage.finesse?.publish(desktop.agent, node, update);
  }
}

const healthyRun = (name: string, agents: number, seconds: number): Scenario => ({
  name,
  cause: "healthy",
  sides: [],
  completes: nothing,
  limitSeconds: seconds + 180,
  plan: (random) =>
    simulated(random, { agents: [agents, agents], speed: 1, parameters: { seconds } }),
  async play(world) {
    const stage = simulatedStage(world);
    const faultAt = Date.now();
    while (Date.now() < faultAt + seconds * 1000) {
      await pause(world.random.between(500, 4000));
      await workSimulated(stage, world.random);
    }
    return { faultAt, completedAt: Date.now() };
  },
});

export const healthyScenarios: readonly Scenario[] = [
  healthyRun("healthy", 20, 150),
  healthyRun("healthy-hour", 20, 3600),
  {
    name: "real-healthy",
    cause: "healthy",
    sides: [],
    completes: nothing,
    limitSeconds: 300,
    plan: (random) =>
      real(random, {
        agents: [2, 4],
        parameters: { hidden: random.chance(0.5) },
        stage: { chromiumArgs: [] },
      }),
    async play(world, { parameters }) {
      const stage = realStage(world);
      const faultAt = Date.now();
      if (parameters["hidden"] === true) await hide(stage.desktop());
      while (Date.now() < faultAt + 110_000) {
        await pause(world.random.between(500, 5000));
        await workReal(stage, world.random);
      }
      return { faultAt, completedAt: Date.now() };
    },
  },
];
