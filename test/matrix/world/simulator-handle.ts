/** The simulator in a process of its own, and its answers as promises. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { DesktopCommand } from "../../../src/simulator/commands.ts";
import type { DesktopState } from "../../../src/simulator/desktop/desktop.ts";
import type { DesktopEvent } from "../../../src/simulator/desktop/desktop-log.ts";
import type { ResolveEntry } from "../../../src/simulator/finesse-pair.ts";
import type { NodeSettings } from "../../../src/simulator/node/node-settings.ts";
import { waitFor } from "../../support/boshscope-process.ts";

const entry = fileURLToPath(
  new URL("../../../src/simulator/simulator-process.ts", import.meta.url),
);

interface Ready {
  readonly resolve: readonly ResolveEntry[];
  readonly certificates: string;
}

interface Reply {
  readonly id?: number;
  readonly ready?: boolean;
  readonly result?: unknown;
  readonly error?: string;
}

export interface SimulatorOptions {
  readonly agents: number;
  readonly speed: number;
  readonly settings?: Partial<NodeSettings>;
}

interface Target {
  readonly node?: string;
  readonly agent?: string;
}

export class SimulatorHandle implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly ready: Ready;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #next = 1;

  private constructor(child: ChildProcess, ready: Ready) {
    this.child = child;
    this.ready = ready;
    child.on("message", (message) => this.#take(message as Reply));
  }

  static async start(options: SimulatorOptions): Promise<SimulatorHandle> {
    const child = fork(entry, [JSON.stringify(options)], {
      execArgv: ["--disable-warning=ExperimentalWarning"],
      serialization: "json",
    });
    const [ready] = (await once(child, "message")) as [Ready];
    return new SimulatorHandle(child, ready);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Where a port of a node really listens. */
  port(host: string, port: number): number {
    const entry = this.ready.resolve.find((one) => one.host === host && one.port === port);
    if (entry === undefined) throw new Error(`the simulator has no ${host}:${port}`);
    return entry.realPort;
  }

  call<T = unknown>(call: string, args: readonly unknown[] = [], target: Target = {}): Promise<T> {
    const id = this.#next++;
    const settling = Promise.withResolvers<unknown>();
    this.#waiting.set(id, settling);
    this.child.send({ id, call, args, ...target });
    return settling.promise as Promise<T>;
  }

  startDesktop(options: DesktopCommand): Promise<string> {
    return this.call("startDesktop", [options]);
  }

  state(agent: string): Promise<DesktopState> {
    return this.call("desktopState", [], { agent });
  }

  events(agent: string): Promise<readonly DesktopEvent[]> {
    return this.call("desktopLog", [], { agent });
  }

  /** Wall ms of the first event of an agent's desktop that fits. */
  async when(
    agent: string,
    fits: (event: DesktopEvent) => boolean,
    withinMs: number,
  ): Promise<number> {
    let found: DesktopEvent | undefined;
    await waitFor(
      async () => {
        found = (await this.events(agent)).find(fits);
        return found !== undefined;
      },
      withinMs,
      () => `no such event of ${agent}`,
    );
    return found?.wall ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    this.child.kill("SIGCONT");
    this.child.kill("SIGKILL");
    await exited;
  }

  #take({ id, result, error }: Reply): void {
    const settling = id === undefined ? undefined : this.#waiting.get(id);
    if (settling === undefined) return;
    this.#waiting.delete(id ?? 0);
    if (error === undefined) settling.resolve(result);
    else settling.reject(new Error(error));
  }
}
