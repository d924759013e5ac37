/** Boshscope for a run: a process of its own, told how fast the simulated time goes. */
import { type BoshscopeProcess, startBoshscopeProcess } from "../../support/boshscope-process.ts";

export function startBoshscope(
  resolve: readonly string[],
  speed: number,
): Promise<BoshscopeProcess> {
  const flags = resolve.flatMap((entry) => ["--resolve", entry]);
  return startBoshscopeProcess(["--server-certs", "off", ...flags], {
    env: speed === 1 ? {} : { BOSHSCOPE_TIME_SCALE: `${speed}` },
  });
}
