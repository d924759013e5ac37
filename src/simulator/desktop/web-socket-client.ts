/** Strophe over a WebSocket, as desktops of 12.0 and later use it: one stanza a frame, a ping each 10 s, gone after two lost ones. */
import { randomUUID } from "node:crypto";
import { WebSocket } from "ws";
import { codeOf } from "../../base/errors.ts";
import { readXml } from "../../xml/read-xml.ts";
import { attributeOf, elementsIn, type XmlElement } from "../../xml/tree.ts";
import type { Timer } from "../scaled-time.ts";
import { type Account, strophe } from "./bosh-dialect.ts";
import { type Browser, firefox64 } from "./browser.ts";
import type { DesktopLog } from "./desktop-log.ts";
import type { NotificationClient, NotificationEvents } from "./notification-client.ts";
import type { PageThread } from "./page-thread.ts";

export interface WebSocketClientOptions {
  readonly account: Account;
  readonly port: number;
  readonly browser: Browser;
  readonly thread: PageThread;
  readonly log: DesktopLog;
  readonly events: NotificationEvents;
}

const framing = "urn:ietf:params:xml:ns:xmpp-framing";
const pingEveryMs = 10_000;
const pingTimeoutMs = 10_000;
const pingRetries = 2;

export class WebSocketClient implements NotificationClient {
  private readonly options: WebSocketClientOptions;
  private socket: WebSocket | null = null;
  private over = false;
  private connected = false;
  private lostPings = 0;
  private pingId = "";
  private pingTimer: Timer | null = null;
  private failure = "connection-closed";

  constructor(options: WebSocketClientOptions) {
    this.options = options;
  }

  connect(): void {
    const { account, port, browser, thread } = this.options;
    const socket = new WebSocket(`wss://${account.domain}:${port}/ws/`, "xmpp", {
      agent: browser.agent,
      origin: `https://${account.domain}:${port}`,
      headers: { "User-Agent": firefox64 },
    });
    this.socket = socket;
    socket.on("open", () => thread.run(() => this.open()));
    socket.on("message", (data: Buffer) => thread.run(() => this.read(data.toString("utf8"))));
    socket.on("error", (error) => {
      this.failure = codeOf(error) === "" ? error.message : codeOf(error);
    });
    socket.on("close", () => thread.run(() => this.end(this.failure)));
  }

  disconnect(): void {
    if (this.over) return;
    this.send("<presence xmlns='jabber:client' type='unavailable'/>");
    this.send(`<close xmlns='${framing}'/>`);
    this.socket?.close(1000);
    this.end("signed-out");
  }

  drop(): void {
    this.over = true;
    this.pingTimer?.cancel();
    this.socket?.terminate();
  }

  private send(frame: string): void {
    const { socket } = this;
    if (socket === null || socket.readyState !== WebSocket.OPEN) return;
    this.options.log.add("request-sent", { bytes: frame.length, special: null });
    socket.send(frame);
  }

  private open(): void {
    this.send(`<open xmlns='${framing}' to='${this.options.account.domain}' version='1.0'/>`);
  }

  private read(text: string): void {
    if (this.over) return;
    const document = readXml(text);
    this.options.log.add("request-answered", { bytes: text.length });
    if (document.kind === "unparseable") return this.end("unparseable");
    this.receive(document.root);
  }

  private receive(stanza: XmlElement): void {
    const { account } = this.options;
    switch (stanza.local) {
      case "open":
        return;
      case "features":
        return elementsIn(stanza).some(({ local }) => local === "mechanisms")
          ? this.send(strophe.auth(account))
          : this.send(strophe.bind());
      case "success":
        return this.open();
      case "failure":
        return this.end("unauthorized");
      case "error":
        return this.end(elementsIn(stanza)[0]?.local ?? "stream-error");
      case "close":
        return this.end("closed-by-server");
      case "iq":
        return this.receiveIq(stanza);
      default:
        this.options.events.onStanza(stanza);
    }
  }

  private receiveIq(iq: XmlElement): void {
    const { account, events, log } = this.options;
    const id = attributeOf(iq, "id");
    if (id === this.pingId) {
      this.pingTimer?.cancel();
      this.lostPings = 0;
      this.schedulePing();
    } else if (elementsIn(iq)[0]?.local === "bind") {
      for (const [, session] of strophe.afterBind(account)) this.send(session);
    } else if (!this.connected) {
      this.connected = true;
      this.send(strophe.presence);
      log.add("connected", { host: account.domain });
      this.schedulePing();
      events.onConnected();
    }
  }

  private schedulePing(): void {
    this.pingTimer = this.options.thread.after(pingEveryMs, () => this.ping());
  }

  private ping(): void {
    if (this.over) return;
    const { account, thread } = this.options;
    this.pingId = `${randomUUID()}:ping`;
    this.send(
      `<iq type='get' to='${account.domain}' id='${this.pingId}' xmlns='jabber:client'><ping xmlns='urn:xmpp:ping'/></iq>`,
    );
    this.pingTimer = thread.after(pingTimeoutMs, () => this.pingLost());
  }

  private pingLost(): void {
    this.lostPings += 1;
    this.options.log.add("ping-lost", { lost: this.lostPings });
    if (this.lostPings > pingRetries) this.end("ping-timeout");
    else this.ping();
  }

  private end(why: string): void {
    if (this.over) return;
    this.over = true;
    this.pingTimer?.cancel();
    this.options.log.add("disconnected", { why });
    if (why !== "signed-out") this.socket?.terminate();
    this.options.events.onDisconnected(why);
  }
}
