/** A command's surroundings as a person at a terminal has them, with nothing written to it. */
import { silentLog } from "../../src/base/log.ts";
import type { Surroundings } from "../../src/cli/surroundings.ts";

export const atTerminal: Surroundings = {
  env: {},
  log: silentLog,
  progress: { show: () => undefined, clear: () => undefined },
  isTerminal: true,
};
