/** The examples expect a Boshscope that runs; whoever copies them starts it as examples/README.md says. */
import { startBoshscopeProcess } from "./boshscope-process.ts";

export async function setup(): Promise<() => Promise<void>> {
  const demo = await startBoshscopeProcess(["--agents", "3"], { command: "demo" });
  process.env["BOSHSCOPE_DATA_DIR"] = demo.dataDir;
  return async () => {
    await demo[Symbol.asyncDispose]();
  };
}
