/** Boshscope stood still while sessions lived: whatever they did in that time it could neither pass on nor see. */
import type { VitalsSample } from "../domain/vitals.ts";
import { stoppedFor } from "./machine.ts";
import type { Symptom } from "./symptom.ts";
import { limits, real } from "./thresholds.ts";
import type { World } from "./world.ts";

/** One for each session it could have harmed. A stop as long as a sleep is the PC's, and so is one in which the clock jumped. */
export function ownStops(sample: VitalsSample, world: World): Symptom[] {
  const ms = stoppedFor(sample);
  const { at, wallJumpMs, systemCpu } = sample;
  if (ms < real.ownStop || ms > real.slept || wallJumpMs > ms / 2) return [];
  // Where queueing is not known, a crowded machine may be why.
  if (sample.queuedMs === undefined && (systemCpu ?? 0) >= 0.9) return [];
  return [...world.sessions.values()]
    .filter(
      ({ over, lastRequestAt }) =>
        over === null && at - lastRequestAt < world.ms(limits.assumedInactivity) + ms,
    )
    .map(({ host, port, agent, client, key, lastExchange }) => ({
      kind: "own-stop",
      path: "notification",
      at,
      since: at - ms,
      exchange: lastExchange,
      host,
      port,
      agent,
      client,
      session: key,
      ms,
      faults: [],
      detail: "",
    }));
}
