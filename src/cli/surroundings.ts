/** What a command is told of the process it runs in. */
import type { Log } from "../base/log.ts";
import type { Progress } from "./progress.ts";

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly progress: Progress;
  /** People read text, programs JSON. */
  readonly isTerminal: boolean;
}

/** Whether to answer in JSON: asked for, or nobody reads. */
export function isJson(
  flags: { has(name: "--json" | "--text"): boolean },
  { isTerminal }: Pick<Surroundings, "isTerminal">,
): boolean {
  return flags.has("--json") || (!isTerminal && !flags.has("--text"));
}
