/** A pair, a breakable network and desktops, with waits for what their logs say. */

import type { Desktop } from "../../../../src/simulator/desktop/desktop.ts";
import type {
  DesktopEvent,
  DesktopEventKind,
} from "../../../../src/simulator/desktop/desktop-log.ts";
import type { DesktopOptions } from "../../../../src/simulator/desktop/desktop-options.ts";
import { startDesktop } from "../../../../src/simulator/desktop/start-desktop.ts";
import { type FinessePair, startFinessePair } from "../../../../src/simulator/finesse-pair.ts";
import { Changes } from "../../../support/changes.ts";
import { FaultProxy } from "../fault-proxy.ts";

export const user = "1001001";
export const password = "Secret1!";

type Kind =
  | { readonly kind: "jabberwerx"; readonly transport: "bosh" }
  | { readonly kind: "strophe"; readonly transport: "bosh" | "websocket" };

export const jabberWerxBosh: Kind = { kind: "jabberwerx", transport: "bosh" };
export const stropheBosh: Kind = { kind: "strophe", transport: "bosh" };
export const stropheSocket: Kind = { kind: "strophe", transport: "websocket" };

export class Scene implements AsyncDisposable {
  readonly pair: FinessePair;
  readonly proxy: FaultProxy;
  private readonly desktops: Desktop[] = [];
  private readonly changes = new Changes();

  private constructor(pair: FinessePair, proxy: FaultProxy) {
    this.pair = pair;
    this.proxy = proxy;
  }

  static async start(speed: number): Promise<Scene> {
    const pair = await startFinessePair({ agents: [{ id: user, password }], speed });
    return new Scene(pair, await new FaultProxy(pair).start());
  }

  open(kind: Kind, more: Partial<DesktopOptions> = {}): Desktop {
    const desktop = startDesktop({
      agent: user,
      password,
      proxy: { host: "127.0.0.1", port: this.proxy.port },
      ca: this.pair.certificates,
      nodes: [this.pair.publisher.host, this.pair.subscriber.host],
      time: this.pair.time,
      ...more,
      ...kind,
    });
    desktop.log.onEvent(() => this.changes.notify());
    this.desktops.push(desktop);
    return desktop;
  }

  /** Signed in, and ready unless it does not work. */
  async ready(kind: Kind, more: Partial<DesktopOptions> = {}): Promise<Desktop> {
    const desktop = this.open(kind, more);
    const state = more.works === false ? "NOT_READY" : "READY";
    await this.until(desktop, () => desktop.state().agentState === state, state);
    return desktop;
  }

  until(desktop: Desktop, holds: () => boolean, what: string, withinMs = 15_000): Promise<true> {
    const said = (): string =>
      `${what}; the log ends with ${JSON.stringify(desktop.log.events.slice(-12))}`;
    return this.changes.until(() => (holds() ? true : undefined), said, withinMs);
  }

  /** The first event of that kind from index `from` on. */
  async event(
    desktop: Desktop,
    kind: DesktopEventKind,
    from = 0,
    accept: (event: DesktopEvent) => boolean = () => true,
  ): Promise<DesktopEvent> {
    const found = () =>
      desktop.log.events.slice(from).find((event) => event.kind === kind && accept(event));
    await this.until(desktop, () => found() !== undefined, kind);
    return found() as DesktopEvent;
  }

  /** A poll that the server holds. */
  async heldPoll(desktop: Desktop): Promise<DesktopEvent> {
    const held = (): boolean => {
      const session = this.pair.truth().find(({ state }) => state === "open");
      const last = desktop.log.events.findLast(({ kind }) => kind === "request-sent");
      return last?.["empty"] === true && session?.open.includes(Number(last["rid"])) === true;
    };
    await this.changes.until(() => {
      setTimeout(() => this.changes.notify(), 2);
      return held() ? true : undefined;
    }, "a held poll");
    return desktop.log.events.findLast(({ kind }) => kind === "request-sent") as DesktopEvent;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const desktop of this.desktops) desktop.close();
    await this.proxy[Symbol.asyncDispose]();
    await this.pair.close();
  }
}

/** Ms of events of these kinds after `start`, from index `from` on. */
export const timesOf = (
  desktop: Desktop,
  kinds: readonly DesktopEventKind[],
  from: number,
  start: number,
): number[] =>
  desktop.log.events
    .slice(from)
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ at }) => at - start);
