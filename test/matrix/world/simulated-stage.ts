/** A simulated Finesse pair with simulated desktops, and Boshscope between them. */

import type { DesktopCommand } from "../../../src/simulator/commands.ts";
import { demoPassword } from "../../../src/simulator/start-demo.ts";
import type { BoshscopeProcess } from "../../support/boshscope-process.ts";
import { waitFor } from "../../support/boshscope-process.ts";
import { Relay } from "../../support/relay.ts";
import { untrusted } from "../../support/tls-fixtures.ts";
import type { Random } from "../random.ts";
import { type Misbehaviour, startBindFront } from "./fronts.ts";
import { pause } from "./pause.ts";
import { SimulatorHandle } from "./simulator-handle.ts";
import { startBoshscope } from "./start-boshscope.ts";
import type { WorldPlan } from "./world.ts";

export const publisher = "fin1.demo.test";

export class SimulatedStage implements AsyncDisposable {
  readonly simulator: SimulatorHandle;
  /** Where the desktops run: the servers' process, or one of their own. */
  readonly desktops: SimulatorHandle;
  readonly boshscope: BoshscopeProcess;
  readonly relay: Relay | null;
  readonly misbehaviour: Misbehaviour;
  readonly agents: readonly string[];
  readonly speed: number;
  readonly #plan: WorldPlan;
  readonly #random: Random;
  readonly #parts: AsyncDisposableStack;

  private constructor(
    parts: {
      readonly simulator: SimulatorHandle;
      readonly desktops: SimulatorHandle;
      readonly boshscope: BoshscopeProcess;
      readonly relay: Relay | null;
      readonly misbehaviour: Misbehaviour;
      readonly disposables: AsyncDisposableStack;
    },
    plan: WorldPlan,
    random: Random,
  ) {
    this.simulator = parts.simulator;
    this.desktops = parts.desktops;
    this.boshscope = parts.boshscope;
    this.relay = parts.relay;
    this.misbehaviour = parts.misbehaviour;
    this.#parts = parts.disposables;
    this.#plan = plan;
    this.#random = random;
    this.speed = plan.speed;
    this.agents = Array.from({ length: plan.agents }, (_, index) => `${1_001_001 + index}`);
  }

  static async start(plan: WorldPlan, random: Random): Promise<SimulatedStage> {
    const disposables = new AsyncDisposableStack();
    const { agents, speed, stage = {} } = plan;
    const settings = {
      reaperPhaseSeconds: random.between(1, 30),
      emptyBody: random.of("cisco57", "cisco57", "stock51", "ack"),
    } as const;
    const simulator = disposables.use(await SimulatorHandle.start({ agents, speed, settings }));
    const misbehaviour: Misbehaviour = { lockedOut: false, slowMs: 0, duplicates: "none" };
    const bindPort = simulator.port(publisher, 7443);
    const relay = stage.relay === true ? disposables.use(await Relay.start(bindPort)) : null;
    const front =
      stage.front === "duplicating"
        ? disposables.use(await startBindFront(bindPort, misbehaviour))
        : null;
    const resolve = simulator.ready.resolve.map(({ host, port, address, realPort }) => {
      const between = host === publisher && port === 7443 ? (relay ?? front) : null;
      const real = between?.port ?? realPort;
      return `${host}:${port}:${address}:${real}`;
    });
    const boshscope = disposables.use(await startBoshscope(resolve, speed));
    const desktops =
      stage.ownDesktops === true
        ? disposables.use(await SimulatorHandle.start({ agents: 0, speed }))
        : simulator;
    const parts = { simulator, desktops, boshscope, relay, misbehaviour, disposables };
    const built = new SimulatedStage(parts, plan, random);
    if (stage.later !== true) await built.signIn();
    return built;
  }

  /** Protocol seconds to real ms. */
  ms(seconds: number): number {
    return (seconds * 1000) / this.speed;
  }

  /** Starts the desktops and waits until all are at work and hold a poll. */
  async signIn(): Promise<void> {
    for (const agent of this.agents) await this.startDesktop(agent);
    await waitFor(
      async () => {
        const states = await Promise.all(this.agents.map((agent) => this.desktops.state(agent)));
        return states.every(
          ({ phase, agentState }) => phase === "active" && agentState !== "LOGOUT",
        );
      },
      60_000,
      () => "not all desktops became active",
    );
    // Somewhere in a poll.
    await pause(this.ms(this.#random.between(5, 35)));
  }

  /** One desktop; kinds in turn unless given. */
  startDesktop(agent: string, more: Partial<DesktopCommand> = {}): Promise<string> {
    const kinds = [
      { kind: "jabberwerx", transport: "bosh" },
      { kind: "strophe", transport: "bosh" },
    ] as const;
    const index =
      this.agents.indexOf(agent) + (this.#plan.parameters["kind"] === "strophe" ? 1 : 0);
    const { stage = {}, wait } = this.#plan;
    return this.desktops.startDesktop({
      ...(kinds[index % 2] ?? kinds[0]),
      agent,
      password: stage.password ?? demoPassword,
      extension: `${10_000 + index}`,
      proxy: { host: "127.0.0.1", port: this.boshscope.proxyPort },
      ca: stage.distrust === true ? untrusted.ca : this.boshscope.caPem,
      wait,
      gadgets: index % 2 === 0,
      logLimit: 4000,
      ...more,
    });
  }

  /** A call for an agent, and its end after a while. */
  async ring(agent: string, seconds: number): Promise<void> {
    const id = await this.simulator.call<string>("offerCall", [agent]).catch(() => null);
    if (id === null) return;
    await pause(this.ms(seconds));
    await this.simulator.call("hangUp", [id]).catch(() => null);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.disposeAsync();
  }
}
