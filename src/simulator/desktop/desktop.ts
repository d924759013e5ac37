/** A simulated agent desktop: signs in, works, watches its connection, and goes through the failover loop when it is lost. */
import type { XmlElement } from "../../xml/tree.ts";
import { attributeOf } from "../../xml/tree.ts";
import { type ScaledTime, scaledTime } from "../scaled-time.ts";
import { BoshClient } from "./bosh-client.ts";
import { jabberWerx, strophe } from "./bosh-dialect.ts";
import { Browser, sharedContext } from "./browser.ts";
import { DesktopLog } from "./desktop-log.ts";
import { bannerFor, type DesktopOptions, type DesktopPhase } from "./desktop-options.ts";
import type { NotificationClient } from "./notification-client.ts";
import { PageThread, type Visibility } from "./page-thread.ts";
import { fieldOf, readUpdate, type SeenUpdate } from "./read-update.ts";
import { RestClient, type RestEnd } from "./rest-client.ts";
import { SystemCheck } from "./system-check.ts";
import { WebSocketClient } from "./web-socket-client.ts";

const failoverMs = 20_000;
const gadgetMs = 45_000;
const loginPatienceMs = 5000;

export interface DesktopState {
  readonly agent: string;
  readonly phase: DesktopPhase;
  /** The node it is signed in at. */
  readonly host: string;
  /** The red banner's words while it shows. */
  readonly banner: string | null;
  readonly connected: boolean;
  readonly agentState: string;
  /** Server clock minus client clock by the last SystemInfo, ms. */
  readonly driftMs: number | null;
}

export class Desktop {
  readonly agent: string;
  /** The library it runs, or its transport where that is no BOSH. */
  readonly library: "jabberwerx" | "strophe" | "websocket";
  readonly log: DesktopLog;
  private readonly options: DesktopOptions;
  private readonly time: ScaledTime;
  private readonly thread: PageThread;
  private readonly browser: Browser;
  private readonly rest: RestClient;
  private readonly check: SystemCheck;
  private readonly userPath: string;
  private phase: DesktopPhase = "signing-in";
  private host: string;
  private client: NotificationClient | null = null;
  private connected = false;
  private agentState = "LOGOUT";
  private readonly requested = new Set<string>();
  private looping = false;

  constructor(options: DesktopOptions) {
    this.options = options;
    this.agent = options.agent;
    this.library = options.transport === "websocket" ? "websocket" : options.kind;
    this.host = options.nodes[0];
    this.userPath = `/finesse/api/User/${options.agent}`;
    this.time = options.time ?? scaledTime(options.speed ?? 1);
    this.thread = new PageThread(this.time);
    this.log = new DesktopLog(this.time, options.logLimit ?? 1000);
    const { proxy, ca, resolve, agent, password } = options;
    this.browser = new Browser({ proxy, ca, resolve: resolve ?? new Map() }, sharedContext(ca));
    const { browser, thread, log } = this;
    for (const host of options.nodes) {
      browser.setCookie(host, "finesse_ag_extension", this.extension());
    }
    this.rest = new RestClient({ browser, thread, log, agent, password });
    this.check = new SystemCheck({ rest: this.rest, thread, agent });
    this.log.add("sign-in", { host: this.host });
    this.rest.page(this.host, "/desktop/", () => this.signIn());
  }

  state(): DesktopState {
    const { agent, phase, host, connected, agentState } = this;
    const banner = phase === "failover" ? bannerFor(host) : null;
    return { agent, phase, host, banner, connected, agentState, driftMs: this.check.driftMs };
  }

  /** Asks for READY, NOT_READY, …; gives the requestId. The change shows when the notification comes. */
  requestState(state: string, reasonCode?: string): string {
    const reason = reasonCode === undefined ? "" : `<reasonCodeId>${reasonCode}</reasonCodeId>`;
    return this.putUser(`<User><state>${state}</state>${reason}</User>`, state);
  }

  /** Something the agent does on the page: in a frozen tab it waits. */
  act(code: () => void): void {
    this.thread.run(code);
  }

  /** Calls a number. */
  makeCall(to: string): void {
    const body = `<Dialog><requestedAction>MAKE_CALL</requestedAction><toAddress>${to}</toAddress><fromAddress>${this.extension()}</fromAddress></Dialog>`;
    this.rest.change(this.host, "POST", `${this.userPath}/Dialogs`, body, ignoreAnswer);
  }

  /** Stops all of the tab's code for so many simulated ms: a frozen tab, or a sleeping PC whose connections stay open. */
  freeze(ms: number): void {
    this.thread.freeze(ms);
  }

  /** Puts the tab in the background, where timers tick slowly, or back. */
  show(visibility: Visibility): void {
    this.thread.show(visibility);
  }

  /** NOT_READY, LOGOUT, then the end of the session. */
  signOut(): void {
    if (this.phase === "closed" || this.phase === "signed-out") return;
    this.phase = "signing-out";
    this.log.add("sign-out");
    this.requestState("NOT_READY");
    this.thread.after(500, () => this.requestState("LOGOUT"));
    this.thread.after(1500, () => {
      if (this.client === null) this.phase = "signed-out";
      else this.client.disconnect();
    });
  }

  /** The tab is closed: nothing more is sent, connections end. */
  close(): void {
    if (this.phase === "closed") return;
    this.phase = "closed";
    this.log.add("closed");
    this.client?.drop();
    this.thread.close();
    this.browser.close();
  }

  private extension(): string {
    return this.options.extension ?? `1${this.agent.slice(-4)}`;
  }

  private signIn(): void {
    this.rest.get(this.host, "/finesse/api/SystemInfo", (end) => {
      if (isInService(end)) this.connect();
      else this.startFailover("not in service at sign-in");
    });
  }

  private connect(): void {
    const { host, thread, log, browser } = this;
    const { agent, password, kind, transport } = this.options;
    const port = this.options.notificationPort ?? 7443;
    const account = { domain: host, user: agent, password };
    const events = {
      onConnected: () => this.onConnected(),
      onDisconnected: (why: string) => this.onDisconnected(why),
      onStanza: (stanza: XmlElement) => this.onStanza(stanza),
    };
    const dialect = kind === "jabberwerx" ? jabberWerx : strophe;
    const wait = this.options.wait ?? 30;
    const shared = { account, port, browser, thread, log, events };
    this.client?.drop();
    const client =
      transport === "websocket"
        ? new WebSocketClient(shared)
        : new BoshClient({ ...shared, dialect, wait });
    this.client = client;
    // The hidden frame that owns the connection.
    this.rest.page(host, "/tunnel/", () => client.connect(), port);
  }

  private onConnected(): void {
    this.connected = true;
    const wasFailover = this.phase === "failover";
    if (this.phase === "signing-out") return;
    this.phase = "active";
    if (wasFailover) this.log.add("banner-hidden", { host: this.host });
    this.check.start(this.host);
    if (this.options.gadgets === true) this.scheduleGadget();
    this.askForUser();
  }

  private askForUser(): void {
    this.rest.get(this.host, this.userPath, (end) => this.onUser(end));
  }

  private onUser(end: RestEnd): void {
    const state = end.status === 200 ? fieldOf(end.body, "state") : null;
    if (state === null || this.phase !== "active") return;
    this.setAgentState(state);
    if (state === "LOGOUT") {
      const extension = `<extension>${this.extension()}</extension>`;
      this.putUser(`<User><state>LOGIN</state>${extension}</User>`, "LOGIN");
      // The notification can be lost on the way.
      this.thread.after(loginPatienceMs, () => {
        if (this.agentState === "LOGOUT" && this.phase === "active") this.askForUser();
      });
    } else this.goReady();
  }

  private goReady(): void {
    if (this.options.works === false || this.agentState !== "NOT_READY") return;
    this.thread.after(3000, () => {
      if (this.phase === "active" && this.agentState === "NOT_READY") this.requestState("READY");
    });
  }

  private putUser(body: string, state: string): string {
    const requestId = this.rest.change(this.host, "PUT", this.userPath, body, ignoreAnswer);
    this.requested.add(requestId);
    this.log.add("state-requested", { state, requestId });
    return requestId;
  }

  private onStanza(stanza: XmlElement): void {
    if (stanza.local === "presence") {
      const from = attributeOf(stanza, "from") ?? "";
      if (!from.startsWith("finesse@") || attributeOf(stanza, "type") !== "unavailable") return;
      return this.startFailover("finesse is not present");
    }
    const update = readUpdate(stanza);
    if (update !== null) this.onUpdate(update);
  }

  private onUpdate(update: SeenUpdate): void {
    const { node, event, requestId } = update;
    this.log.add("notification", { node, event, requestId });
    if (this.requested.delete(requestId)) {
      this.log.add("state-confirmed", { requestId, failure: update.failure });
    }
    if (update.status === "OUT_OF_SERVICE") return this.startFailover("OUT_OF_SERVICE");
    if (update.dialog !== null) this.onDialog(update.dialog);
    if (update.state !== null && node === this.userPath) {
      const before = this.agentState;
      this.setAgentState(update.state);
      if (before === "LOGOUT") this.goReady();
    }
  }

  private onDialog(dialog: { readonly id: string; readonly state: string }): void {
    this.log.add("call", dialog);
    if (this.options.works === false) return;
    if (dialog.state === "ALERTING")
      this.actLater(dialog.id, "ANSWER", 2000 + Math.random() * 4000);
    if (dialog.state === "ACTIVE")
      this.actLater(dialog.id, "DROP", 20_000 + Math.random() * 70_000);
  }

  private actLater(id: string, action: string, ms: number): void {
    this.thread.after(ms, () => {
      if (this.phase !== "active") return;
      const body = `<Dialog><targetMediaAddress>${this.extension()}</targetMediaAddress><requestedAction>${action}</requestedAction></Dialog>`;
      this.rest.change(this.host, "PUT", `/finesse/api/Dialog/${id}`, body, ignoreAnswer);
    });
  }

  private setAgentState(state: string): void {
    if (this.agentState !== state) this.log.add("state", { state });
    this.agentState = state;
  }

  private onDisconnected(why: string): void {
    this.connected = false;
    this.client = null;
    if (this.phase === "signing-out") {
      this.phase = "signed-out";
      this.check.stop();
    } else if (why === "conflict" || why === "unauthorized") {
      this.phase = "signed-out";
      this.check.stop();
      this.log.add("sign-out", { why });
    } else this.startFailover(why);
  }

  /** Red banner, then every 20 s: is this node fit again, else the other? */
  private startFailover(why: string): void {
    if (this.phase === "signing-out" || this.looping) return;
    this.looping = true;
    this.phase = "failover";
    this.check.stop();
    this.log.add("banner-shown", { host: this.host, why });
    this.failoverRound();
  }

  private failoverRound(): void {
    const [here, there] = [this.host, this.otherHost()];
    this.rest.get(here, "/finesse/api/SystemInfo", (end) => {
      if (isInService(end)) return this.returnTo(here);
      this.rest.get(there, "/finesse/api/SystemInfo", (other) => {
        if (!isInService(other)) return this.nextRound();
        // It prefers to stay: one more look before it moves.
        this.rest.get(here, "/finesse/api/SystemInfo", (again) =>
          this.returnTo(isInService(again) ? here : there),
        );
      });
    });
  }

  private nextRound(): void {
    this.thread.after(failoverMs, () => {
      if (this.phase === "failover") this.failoverRound();
    });
  }

  private returnTo(host: string): void {
    if (this.phase !== "failover") return;
    this.looping = false;
    if (host === this.host) {
      if (this.connected) return this.onConnected();
      // A failure of this attempt must not start a round at once.
      this.looping = true;
      this.thread.after(failoverMs, () => this.retryRound());
      return this.connect();
    }
    this.log.add("failover", { from: this.host, to: host });
    this.client?.drop();
    this.connected = false;
    this.host = host;
    this.looping = true;
    this.thread.after(failoverMs, () => this.retryRound());
    this.rest.page(host, "/desktop/", () => this.connect());
  }

  private retryRound(): void {
    this.looping = false;
    if (this.phase !== "failover") return;
    this.looping = true;
    this.failoverRound();
  }

  private otherHost(): string {
    const [first, second] = this.options.nodes;
    return this.host === first ? second : first;
  }

  private scheduleGadget(): void {
    this.thread.after(gadgetMs * (0.5 + Math.random()), () => {
      if (this.phase !== "active") return;
      this.rest.gadget(this.host, this.userPath, ignoreAnswer);
      this.scheduleGadget();
    });
  }
}

/** In service, and the CTI server answers. */
function isInService({ status, body }: RestEnd): boolean {
  return (
    status === 200 &&
    fieldOf(body, "status") === "IN_SERVICE" &&
    fieldOf(body, "lastCTIHeartbeatStatus") === "success"
  );
}

/** For requests whose outcome comes as a notification; the log keeps the status. */
function ignoreAnswer(): void {
  // Nothing to do.
}
