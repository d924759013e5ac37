/** What every candidate process of this folder answers to {kind:"report"}: its event-loop delay, and its exchanges where it counts them. */
import { monitorEventLoopDelay } from "node:perf_hooks";

/** Begins measuring and answering, and ends the process when the benchmark is gone. */
export function answerReports(exchanges: () => number | null = () => null): void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  process.on("message", (message: unknown) => {
    if ((message as { kind?: string }).kind !== "report") return;
    // The histogram holds whole intervals of its 10 ms timer; what is over that is the delay.
    const over = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - 10);
    process.send?.({
      kind: "reported",
      exchanges: exchanges(),
      loopLagMs: {
        p50: over(delay.percentile(50)),
        p99: over(delay.percentile(99)),
        max: over(delay.max),
      },
    });
    delay.reset();
  });
  process.on("disconnect", () => process.exit(0));
}
