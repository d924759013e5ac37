/** Moments that complete evidence, as the clients themselves tell them. */
import type { DesktopEvent } from "../../../src/simulator/desktop/desktop-log.ts";
import type { RealStage } from "../world/real-stage.ts";
import type { SimulatedStage } from "../world/simulated-stage.ts";

/** The last of the simulated desktops' first failing requests since. */
export function allDesktopsFail(
  stage: SimulatedStage,
  since: number,
  withinSeconds = 80,
): Promise<number> {
  return lastFirst(stage, since, withinSeconds, ({ kind }) => kind === "request-failed");
}

export async function lastFirst(
  stage: SimulatedStage,
  since: number,
  withinSeconds: number,
  fits: (event: DesktopEvent) => boolean,
): Promise<number> {
  const moments = await Promise.all(
    stage.agents.map((agent) =>
      stage.desktops.when(
        agent,
        (event) => event.wall >= since && fits(event),
        stage.ms(withinSeconds) + 5000,
      ),
    ),
  );
  return Math.max(...moments);
}

export function firstOf(
  stage: SimulatedStage,
  since: number,
  withinSeconds: number,
  fits: (event: DesktopEvent) => boolean,
): Promise<number> {
  return Promise.any(
    stage.agents.map((agent) =>
      stage.desktops.when(
        agent,
        (event) => event.wall >= since && fits(event),
        stage.ms(withinSeconds) + 5000,
      ),
    ),
  );
}

/** The last of the tabs' first failing http-bind requests since. */
export async function allTabsFail(
  stage: RealStage,
  since: number,
  withinMs: number,
): Promise<number> {
  const moments = await Promise.all(
    stage.desktops.map((desktop) => desktop.pollFailed(since, withinMs)),
  );
  return Math.max(...moments);
}

export const firstTabFails = (stage: RealStage, since: number, withinMs: number): Promise<number> =>
  Promise.any(stage.desktops.map((desktop) => desktop.pollFailed(since, withinMs)));
