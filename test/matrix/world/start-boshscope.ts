/** Boshscope for a run: a process of its own, told how fast the simulated time goes. */
import { readdirSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { type BoshscopeProcess, startBoshscopeProcess } from "../../support/boshscope-process.ts";

export async function startBoshscope(
  resolve: readonly string[],
  speed: number,
): Promise<BoshscopeProcess> {
  const flags = resolve.flatMap((entry) => ["--resolve", entry]);
  const boshscope = await startBoshscopeProcess(["--server-certs", "off", ...flags], {
    env: speed === 1 ? {} : { BOSHSCOPE_TIME_SCALE: `${speed}` },
  });
  recordAtUsualPriority(boshscope.child.pid ?? 0);
  return boshscope;
}

/**
 * The recorder gives way to whatever else wants the processor. Here that would be the servers, browsers and desktops of all runs at once, which
 * have machines of their own in truth. Only root may undo it.
 */
function recordAtUsualPriority(pid: number): void {
  if (process.getuid?.() !== 0 || process.platform !== "linux") return;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    if (getPriority(Number(thread)) > getPriority(pid))
      setPriority(Number(thread), getPriority(pid));
  }
}
