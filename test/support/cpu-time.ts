/**
 * Milliseconds of processor time that a synchronous call takes in this thread. Unlike the clock on the wall it does not grow while others have
 * the processor, so that a limit in a test holds on a busy machine too.
 */
export function cpuTime(run: () => unknown): number {
  const before = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
