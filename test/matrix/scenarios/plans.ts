/** How worlds are drawn from a seed, and what scenarios ask of them. */
import type { Random } from "../random.ts";
import type { RealStage } from "../world/real-stage.ts";
import type { SimulatedStage } from "../world/simulated-stage.ts";
import type { StageOptions, World, WorldPlan } from "../world/world.ts";

interface Wishes {
  readonly agents?: readonly [least: number, most: number];
  readonly parameters?: WorldPlan["parameters"];
  readonly stage?: StageOptions;
}

interface SimulatedWishes extends Wishes {
  /** Default: true speed in about a third of the seeds, else up to four times. */
  readonly speed?: number;
}

export function simulated(random: Random, wishes: SimulatedWishes = {}): WorldPlan {
  const [least, most] = wishes.agents ?? [2, 5];
  return {
    world: "simulator",
    client: "simulated desktops",
    agents: random.between(least, most),
    speed: wishes.speed ?? random.of(1, 2, 3, 4),
    wait: 30,
    inactivity: 60,
    parameters: { kind: random.of("jabberwerx", "strophe"), ...wishes.parameters },
    ...(wishes.stage === undefined ? {} : { stage: wishes.stage }),
  };
}

interface RealWishes extends Wishes {
  readonly world?: "prosody" | "ejabberd";
  readonly inactivity?: number;
  readonly wait?: number;
}

export function real(random: Random, wishes: RealWishes = {}): WorldPlan {
  const [least, most] = wishes.agents ?? [1, 3];
  return {
    world: wishes.world ?? random.of("prosody", "ejabberd"),
    client: random.of("strophe.js 5.0.0 in Chromium", "strophe.js 1.2.16 in Chromium"),
    agents: random.between(least, most),
    speed: 1,
    // Strophe leaves after floor(1.1 × wait): with less than 10 s it would race each answer, as it never does with the usual 30.
    wait: wishes.wait ?? random.between(10, 13),
    inactivity: wishes.inactivity ?? random.of(30, 60),
    parameters: wishes.parameters ?? {},
    ...(wishes.stage === undefined ? {} : { stage: wishes.stage }),
  };
}

export function simulatedStage(world: World): SimulatedStage {
  if (world.kind !== "simulator") throw new Error("this scenario needs the simulator");
  return world.stage;
}

export function realStage(world: World): RealStage {
  if (world.kind !== "real") throw new Error("this scenario needs real parts");
  return world.stage;
}
