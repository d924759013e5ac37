/** Children of the benchmark: started with a deadline for their first sign of life, ended by their own pid. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const START_DEADLINE_MS = 60_000;

export interface ProcessReport {
  /** Exchanges the process has seen whole, where it counts them. */
  readonly exchanges: number | null;
  /** Event-loop delay since the last report, ms. */
  readonly loopLagMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

export interface OwnProcess {
  readonly pid: number;
  readonly port: number;
  readonly child: ChildProcess;
  report(): Promise<ProcessReport>;
  stop(): Promise<void>;
}

const living = new Set<ChildProcess>();

/** Counts a child as ours: it is killed when the benchmark is interrupted. */
export function adopt(child: ChildProcess): void {
  living.add(child);
  child.once("exit", () => living.delete(child));
}

/** After this, SIGINT and SIGTERM end the benchmark and its children with it. */
export function endChildrenOnSignals(): void {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      for (const child of living) child.kill("SIGKILL");
      process.exit(code);
    });
  }
}

/** Ends a child: SIGTERM, and SIGKILL 3 s later. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 3_000);
  await gone;
  clearTimeout(late);
}

function nextMessage<T>(child: ChildProcess, kind: string, deadlineMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("exit", onExit);
      act();
    };
    const onMessage = (message: unknown): void => {
      if ((message as { kind?: string }).kind === kind) settle(() => resolve(message as T));
    };
    const onExit = (code: number | null): void =>
      settle(() =>
        reject(new Error(`${child.spawnargs.join(" ").slice(0, 120)} ended with ${code}`)),
      );
    const timer = setTimeout(
      () => settle(() => reject(new Error(`no "${kind}" from ${child.spawnargs[1]} in time`))),
      deadlineMs,
    );
    child.on("message", onMessage);
    child.on("exit", onExit);
  });
}

/** Starts one of this folder's `*-process.ts`; it says {kind:"ready", port} and answers {kind:"report"}. */
export async function startOwn(
  file: string,
  settings: Readonly<Record<string, unknown>> & { readonly acceptsOn?: string },
  logFolder: string,
): Promise<OwnProcess> {
  const child = fork(join(import.meta.dirname, file), [JSON.stringify(settings)], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  adopt(child);
  const log = createWriteStream(join(logFolder, `${file.replaceAll("/", "-")}-${child.pid}.log`));
  child.stdout?.pipe(log);
  child.stderr?.pipe(log);
  const { port } = await nextMessage<{ port: number }>(child, "ready", START_DEADLINE_MS);
  await untilAccepting(port, settings.acceptsOn ?? "127.0.0.1", child); // AnyProxy says ready too early
  return {
    pid: child.pid ?? 0,
    port,
    child,
    report: async () => {
      const answer = nextMessage<ProcessReport>(child, "reported", 5_000);
      child.send({ kind: "report" });
      return await answer;
    },
    stop: () => endChild(child),
  };
}

/** Starts a program and waits until `port` on 127.0.0.1 accepts. */
export async function startProgram(
  command: readonly string[],
  options: {
    readonly port: number;
    readonly host?: string;
    readonly log: string;
    readonly env?: NodeJS.ProcessEnv;
  },
): Promise<ChildProcess> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.env },
  });
  adopt(child);
  const log = createWriteStream(options.log);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  child.once("error", (error) => log.write(error.message));
  await untilAccepting(options.port, options.host ?? "127.0.0.1", child);
  return child;
}

async function untilAccepting(port: number, host: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await accepts(port, host))) {
    if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
      await endChild(child);
      throw new Error(`${child.spawnfile} did not start (exit ${child.exitCode})`);
    }
    await pause(50);
  }
}

function accepts(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** A port nobody listens on just now, for programs that can't choose one themselves. */
export function freePort(host = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
