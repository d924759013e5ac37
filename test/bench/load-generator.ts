/** Compiles load.c once a run and starts it: closed loops, paced load, new connections, new hosts and held polls, with results as JSON. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { adopt } from "./child.ts";
import { runSystem } from "./system-program.ts";

/** One run of the generator. Times in seconds. */
export interface Load {
  readonly mode: "closed" | "paced" | "connections" | "hosts" | "hold";
  /** 0 = no proxy. */
  readonly proxyPort: number;
  readonly host?: string;
  readonly hostPrefix?: string;
  readonly firstHost?: number;
  readonly port: number;
  readonly path?: string;
  readonly connections?: number;
  /** Requests, polls or hosts in all. */
  readonly count?: number;
  /** Requests, polls or hosts a second. */
  readonly rate?: number;
  readonly seconds: number;
  readonly warmup?: number;
  /** How long answers are awaited after the end. */
  readonly drain?: number;
}

/** Latencies in µs. `served` counts warm-up and drain too, `counted` what was measured. */
export interface LoadResult {
  readonly served: number;
  readonly counted: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly bytesPerSecond: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  readonly errors: number;
  readonly reconnects: number;
  readonly badStatus: number;
  readonly unanswered: number;
  readonly firstError: string;
}

export interface LoadGenerator {
  /** Runs to its end; `onHeld` is called once every poll of mode "hold" has been sent. */
  run(load: Load, onHeld?: () => void): Promise<LoadResult>;
}

/** Throws when there is no C compiler or no OpenSSL headers. `core` pins it with taskset. */
export function buildLoadGenerator(folder: string, core: number | null): LoadGenerator {
  const program = join(folder, "load");
  const source = join(import.meta.dirname, "load.c");
  try {
    runSystem("cc", ["-O2", "-o", program, source, "-lssl", "-lcrypto"]);
  } catch (error) {
    throw new Error(
      "The load generator can't be compiled: it needs a C compiler and OpenSSL's headers (Debian: apt-get install gcc libc6-dev libssl-dev).",
      { cause: error },
    );
  }
  const command = core === null ? [program] : ["taskset", "-c", String(core), program];
  return { run: (load, onHeld) => runLoad(command, load, onHeld) };
}

function flagsOf(load: Load): string[] {
  return Object.entries(load).flatMap(([name, value]) => [
    `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    String(value),
  ]);
}

async function runLoad(
  command: readonly string[],
  load: Load,
  onHeld: (() => void) | undefined,
): Promise<LoadResult> {
  const [program = "", ...first] = command;
  const child = spawn(program, [...first, ...flagsOf(load)], { stdio: ["ignore", "pipe", "pipe"] });
  adopt(child);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  let problem = "";
  child.stderr.on("data", (bytes: Buffer) => {
    problem += bytes.toString();
  });
  let result: LoadResult | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line) as { event: string } & LoadResult;
    if (message.event === "held") onHeld?.();
    else result = message;
  }
  const code = await ended;
  if (result === undefined) throw new Error(`the load generator ended with ${code}: ${problem}`);
  return result;
}
