/** What a simulator in a process of its own can be told, by name; values in, values out. */
import { fail } from "../base/errors.ts";
import type { Desktop } from "./desktop/desktop.ts";
import type { DesktopOptions } from "./desktop/desktop-options.ts";
import { startDesktop } from "./desktop/start-desktop.ts";
import type { FinessePair } from "./finesse-pair.ts";
import type { AgentOptions } from "./node/contact-center.ts";
import type { FinesseNode } from "./node/finesse-node.ts";
import type { Ending } from "./node/listener.ts";
import type { NodeSettings } from "./node/node-settings.ts";
import { type Demo, startDemo } from "./start-demo.ts";

export interface Command {
  readonly call: string;
  /** Host, for what is done to one node. */
  readonly node?: string;
  /** Login id, for what is done to one desktop. */
  readonly agent?: string;
  readonly args?: readonly unknown[];
}

/** Desktop options as JSON can carry them. */
export type DesktopCommand = Omit<DesktopOptions, "time" | "resolve" | "speed" | "nodes"> &
  Pick<DesktopOptions, "kind" | "transport">;

type Arguments = readonly unknown[];

const nodeCalls: Readonly<Record<string, (node: FinesseNode, args: Arguments) => unknown>> = {
  stopNotification: (node, [how]) => node.stopNotification(how as Ending | undefined),
  startNotification: (node) => node.startNotification(),
  restartNotification: (node, [seconds, how]) =>
    node.restartNotification(Number(seconds), how as Ending | undefined),
  hangNotification: (node) => node.hangNotification(),
  resumeNotification: (node) => node.resumeNotification(),
  stopTomcat: (node, [how]) => node.stopTomcat(how as Ending | undefined),
  startTomcat: (node) => node.startTomcat(),
  setCti: (node, [connected]) => node.setCti(connected === true),
  kick: (node, [agent]) => node.kick(text(agent)),
  setSkew: (node, [ms]) => node.setSkew(Number(ms)),
  set: (node, [settings]) => {
    Object.assign(node.settings, settings as Partial<NodeSettings>);
  },
  publishInvalidCharacter: (node, [agent]) => node.publishInvalidCharacter(text(agent)),
  nodeTruth: (node) => node.truth(),
};

const desktopCalls: Readonly<Record<string, (desktop: Desktop, args: Arguments) => unknown>> = {
  desktopState: (desktop) => desktop.state(),
  desktopLog: (desktop) => desktop.log.events,
  freeze: (desktop, [ms]) => desktop.freeze(Number(ms)),
  show: (desktop, [visibility]) => desktop.show(visibility as Parameters<Desktop["show"]>[0]),
  requestState: (desktop, [state, reason]) =>
    desktop.requestState(text(state), reason === undefined ? undefined : text(reason)),
  makeCall: (desktop, [to]) => desktop.makeCall(text(to)),
  signOut: (desktop) => desktop.signOut(),
  closeDesktop: (desktop) => desktop.close(),
};

const text = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

/** One pair, its desktops, and the calls that reach them. */
export class Commands {
  readonly pair: FinessePair;
  private readonly desktops = new Map<string, Desktop>();
  private demo: Demo | null = null;

  constructor(pair: FinessePair) {
    this.pair = pair;
  }

  /** Fails with `internal` for a call, node or agent there is not. */
  async run({ call, node, agent, args = [] }: Command): Promise<unknown> {
    const onNode = nodeCalls[call];
    if (onNode !== undefined) {
      const found = this.pair.node(node ?? this.pair.publisher.host);
      if (found === null) throw fail("internal", { why: `no node ${node}` });
      return await onNode(found, args);
    }
    const onDesktop = desktopCalls[call];
    if (onDesktop === undefined) return await this.runOnPair(call, args);
    const desktop = this.desktopOf(agent ?? "");
    if (desktop === undefined) throw fail("internal", { why: `no desktop of agent ${agent}` });
    return await onDesktop(desktop, args);
  }

  async close(): Promise<void> {
    for (const desktop of this.desktops.values()) desktop.close();
    await this.demo?.close();
    await this.pair.close();
  }

  private desktopOf(agent: string): Desktop | undefined {
    return (
      this.desktops.get(agent) ?? this.demo?.desktops.find((desktop) => desktop.agent === agent)
    );
  }

  private async runOnPair(call: string, args: Arguments): Promise<unknown> {
    const { pair } = this;
    switch (call) {
      case "truth":
        return pair.truth();
      case "addAgent":
        return pair.center.addAgent(args[0] as AgentOptions).id;
      case "offerCall":
        return pair.center.offerCall(text(args[0]), text(args[1] ?? "5551002"));
      case "hangUp":
        return pair.center.hangUp(text(args[0]));
      case "startDesktop":
        return this.startDesktop(args[0] as DesktopCommand);
      case "startDemo":
        return await this.startDemo(args[0] as Omit<Parameters<typeof startDemo>[0], "pair">);
      case "desktopStates":
        return [...this.desktops.values(), ...(this.demo?.desktops ?? [])].map((desktop) =>
          desktop.state(),
        );
      default:
        throw fail("internal", { why: `no call ${call}` });
    }
  }

  private startDesktop(options: DesktopCommand): string {
    const { pair } = this;
    const resolve = new Map(
      pair.resolve.map(({ host, port, address, realPort }) => [
        `${host}:${port}`,
        { address, port: realPort },
      ]),
    );
    const desktop = startDesktop({
      ...options,
      ca: options.proxy === null ? pair.certificates : options.ca,
      nodes: [pair.publisher.host, pair.subscriber.host],
      resolve,
      time: pair.time,
    } as DesktopOptions);
    this.desktops.set(options.agent, desktop);
    return options.agent;
  }

  private async startDemo(options: Omit<Parameters<typeof startDemo>[0], "pair">): Promise<void> {
    await this.demo?.close();
    this.demo = await startDemo({ ...options, pair: this.pair });
  }
}
