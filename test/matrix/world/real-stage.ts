/** Real parts: prosody or ejabberd as the Notification Service, strophe.js in Chromium; the simulator answers for Finesse's REST API only. */
import type { BrowserContext } from "playwright-core";
import { demoPassword } from "../../../src/simulator/start-demo.ts";
import type { BoshscopeProcess } from "../../support/boshscope-process.ts";
import { launchChromium, type TestBrowser } from "../../support/chromium.ts";
import { startEjabberd } from "../../support/ejabberd.ts";
import type { HttpFront } from "../../support/http-front.ts";
import { startProsody } from "../../support/prosody.ts";
import { Relay } from "../../support/relay.ts";
import type { XmppServer } from "../../support/xmpp-server.ts";
import type { Random } from "../random.ts";
import { ChromiumDesktop, host } from "./chromium-desktop.ts";
import { FinesseUser, finesseUser } from "./finesse-user.ts";
import { type Misbehaviour, startBindFront, startWebFront } from "./fronts.ts";
import { pause } from "./pause.ts";
import { SimulatorHandle } from "./simulator-handle.ts";
import { startBoshscope } from "./start-boshscope.ts";
import type { WorldPlan } from "./world.ts";

export class RealStage implements AsyncDisposable {
  readonly plan: WorldPlan;
  readonly random: Random;
  readonly server: XmppServer;
  readonly simulator: SimulatorHandle;
  readonly boshscope: BoshscopeProcess;
  readonly relay: Relay | null;
  readonly misbehaviour: Misbehaviour;
  readonly browser: TestBrowser;
  readonly agents: readonly string[];
  readonly desktops: ChromiumDesktop[] = [];
  finesse: FinesseUser | null = null;
  readonly #parts: AsyncDisposableStack;

  private constructor(
    parts: Omit<Parts, "disposables"> & { readonly disposables: AsyncDisposableStack },
    plan: WorldPlan,
    random: Random,
  ) {
    this.plan = plan;
    this.random = random;
    this.server = parts.server;
    this.simulator = parts.simulator;
    this.boshscope = parts.boshscope;
    this.relay = parts.relay;
    this.misbehaviour = parts.misbehaviour;
    this.browser = parts.browser;
    this.#parts = parts.disposables;
    this.agents = agentIds(plan.agents);
  }

  static async start(plan: WorldPlan, random: Random): Promise<RealStage> {
    const disposables = new AsyncDisposableStack();
    try {
      const parts = await startParts(plan, disposables);
      const stage = new RealStage(parts, plan, random);
      if (plan.stage?.later !== true) await stage.signIn();
      return stage;
    } catch (error) {
      await disposables.disposeAsync();
      throw error;
    }
  }

  /** Where 8445 and 7443 really are on this machine: what a firewall must know. */
  get webPort(): number {
    return this.simulator.port(host, 8445);
  }

  /** Opens all desktops; resolves when each is connected and somewhere in a poll. */
  async signIn(): Promise<void> {
    this.finesse = await FinesseUser.signIn(this.server.httpsPort);
    for (const agent of this.agents) await this.openDesktop(agent);
    await Promise.all(this.desktops.map((desktop) => desktop.connected(0)));
    for (const agent of this.agents) await this.finesse.present(agent, true);
    await pause(this.random.between(2, this.plan.wait + 6) * 1000);
  }

  /** One more tab; in a process of its own unless a context is given. */
  async openDesktop(agent: string, context?: BrowserContext): Promise<ChromiumDesktop> {
    const desktop = await this.createDesktop(agent, context);
    await desktop.open();
    await desktop.startTunnel();
    return desktop;
  }

  async createDesktop(agent: string, context?: BrowserContext): Promise<ChromiumDesktop> {
    const { plan } = this;
    const desktop = await ChromiumDesktop.create(
      this.browser.browser,
      {
        agent,
        password: plan.stage?.password ?? demoPassword,
        wait: plan.wait,
        version: plan.client.includes("1.2.16") ? "1.2.16" : "5.0.0",
        port: plan.stage?.web === "shared" ? 8445 : 7443,
        skewMs: Number(plan.parameters["clientSkewMs"] ?? 0),
      },
      context,
    );
    this.desktops.push(desktop);
    return desktop;
  }

  /** The n-th desktop. */
  desktop(index = 0): ChromiumDesktop {
    const desktop = this.desktops[index];
    if (desktop === undefined) throw new Error(`no desktop ${index}`);
    return desktop;
  }

  /** The Notification Service fails, and the node says so, as Finesse does. */
  async tellNotification(isUp: boolean): Promise<void> {
    await this.simulator.call(
      isUp ? "startNotification" : "stopNotification",
      isUp ? [] : ["crash"],
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.disposeAsync();
  }
}

const agentIds = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${1_001_001 + index}`);

interface Parts {
  readonly server: XmppServer;
  readonly simulator: SimulatorHandle;
  readonly boshscope: BoshscopeProcess;
  readonly relay: Relay | null;
  readonly misbehaviour: Misbehaviour;
  readonly browser: TestBrowser;
  readonly disposables: AsyncDisposableStack;
}

async function startParts(plan: WorldPlan, disposables: AsyncDisposableStack): Promise<Parts> {
  const { stage = {} } = plan;
  const users = agentIds(plan.agents).map((name) => ({ name, password: demoPassword }));
  const startServer = plan.world === "ejabberd" ? startEjabberd : startProsody;
  const [server, simulator] = await Promise.all([
    startServer({ users: [...users, finesseUser], inactivitySeconds: plan.inactivity }),
    SimulatorHandle.start({ agents: plan.agents, speed: 1 }),
  ]);
  disposables.use(server);
  disposables.use(simulator);
  const misbehaviour: Misbehaviour = { lockedOut: false, slowMs: 0, duplicates: "none" };
  const fronts: HttpFront[] = [];
  let bindPort = server.httpsPort;
  if (stage.front === "duplicating") {
    fronts.push(disposables.use(await startBindFront(server.httpsPort, misbehaviour)));
    bindPort = fronts.at(-1)?.port ?? bindPort;
  }
  const relay = stage.relay === true ? disposables.use(await Relay.start(bindPort)) : null;
  let webPort = simulator.port(host, 8445);
  if (stage.web !== undefined) {
    const front = await startWebFront({ web: webPort, bind: server.httpsPort }, misbehaviour);
    webPort = disposables.use(front).port;
  }
  const boshscope = disposables.use(
    await startBoshscope(
      [
        `${host}:7443:127.0.0.1:${relay?.port ?? bindPort}`,
        `${host}:8445:127.0.0.1:${webPort}`,
        `fin2.demo.test:8445:127.0.0.1:${simulator.port("fin2.demo.test", 8445)}`,
        `fin2.demo.test:7443:127.0.0.1:${simulator.port("fin2.demo.test", 7443)}`,
      ],
      1,
    ),
  );
  const browser = disposables.use(
    await launchChromium({
      proxyPort: boshscope.proxyPort,
      ...(stage.distrust === true ? {} : { trust: boshscope.caPem }),
      args: stage.chromiumArgs ?? [],
      throttling: stage.chromiumArgs !== undefined,
    }),
  );
  return { server, simulator, boshscope, relay, misbehaviour, browser, disposables };
}
