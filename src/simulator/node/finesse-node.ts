/** One simulated Finesse node: its ports, its web application and its Notification Service, and the ways in which each can fail. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { SelfSigned } from "../../ca/self-signed.ts";
import type { ScaledTime, Timer } from "../scaled-time.ts";
import { serveBosh } from "./bosh-door.ts";
import type { ContactCenter } from "./contact-center.ts";
import { type Ending, Listener } from "./listener.ts";
import type { NodeSettings } from "./node-settings.ts";
import { NotificationService } from "./notification-service.ts";
import { pageFile } from "./page-files.ts";
import type { Update } from "./pubsub-message.ts";
import { answerRest, type RestAnswer, type RestOptions } from "./rest-api.ts";
import type { StreamTruth } from "./stream.ts";
import { type SystemFacts, systemInfoUpdate } from "./system-info.ts";
import { WebSocketDoor } from "./web-socket-door.ts";

export interface FinesseNodeOptions {
  readonly host: string;
  /** One of this machine's, to listen there on Finesse's own ports; null = any free ports of 127.0.0.1. */
  readonly address: string | null;
  /** Hosts of the pair, in this order. */
  readonly pair: { readonly primary: string; readonly secondary: string };
  readonly certificate: SelfSigned;
  readonly settings: NodeSettings;
  readonly time: ScaledTime;
  readonly center: ContactCenter;
  /** An agent's desktop appeared at, or is gone from, this node. */
  readonly onPresence: (agent: string, present: boolean) => void;
}

/** What a node's Finesse port would be: 8445 web application, 7443 Notification Service, 7071 the same without TLS. */
export type NodePort = 8445 | 7443 | 7071;

export class FinesseNode {
  readonly host: string;
  readonly certificatePem: string;
  /** May be changed while the node runs; a session keeps the wait it was granted. */
  readonly settings: NodeSettings;
  private readonly options: FinesseNodeOptions;
  private readonly rest: RestOptions;
  private readonly sockets = new WebSocketDoor();
  private readonly listeners: Readonly<Record<NodePort, Listener>>;
  private service: NotificationService;
  private ctiConnected = true;
  private notificationUp = false;
  private tomcatUp = false;
  private lastInService = true;
  private nextCookie = 1;
  private restart: Timer | null = null;
  readonly clientLogs: { readonly agent: string; readonly text: string }[] = [];

  constructor(options: FinesseNodeOptions) {
    const { host, address, certificate, settings, center, time } = options;
    this.options = options;
    this.host = host;
    this.certificatePem = certificate.certificatePem;
    this.settings = settings;
    this.service = this.newService();
    this.rest = {
      center,
      facts: () => this.facts(),
      systemInfoShape: () => settings.systemInfoShape,
      later: (run) => time.after(settings.notifyDelayMs, run),
      onClientLog: (agent, text) => this.keepClientLog(agent, text),
    };
    const tls = { key: certificate.keyPem, cert: certificate.certificatePem };
    const listener = (port: NodePort): Listener =>
      new Listener({
        tls: port === 7071 ? null : tls,
        onRequest: (request, body, response) => this.serve(port, request, body, response),
        onUpgrade: (request, socket, head) => this.upgrade(request, socket, head),
        at: address === null ? null : { address, port },
      });
    this.listeners = { 8445: listener(8445), 7443: listener(7443), 7071: listener(7071) };
    center.onUpdate((update) => this.publish(update));
  }

  /** Where that one really listens. */
  portOf(port: NodePort): number {
    return this.listeners[port].port;
  }

  async start(): Promise<void> {
    await this.startTomcat();
    await this.startNotification();
  }

  async close(): Promise<void> {
    this.restart?.cancel();
    this.service.stop("node-closed");
    await Promise.all(Object.values(this.listeners).map((listener) => listener.close("crash")));
  }

  /** stop: held polls are answered empty, then FIN. crash: RST. Then 7443 refuses, and the node is out of service. */
  async stopNotification(how: Ending = "stop"): Promise<void> {
    this.restart?.cancel();
    if (!this.notificationUp) return;
    this.notificationUp = false;
    const closing =
      how === "crash"
        ? [this.listeners[7443].close("crash"), this.listeners[7071].close("crash")]
        : [];
    this.service.stop("service-stopped");
    await Promise.all([
      ...closing,
      this.listeners[7443].close(how),
      this.listeners[7071].close(how),
    ]);
  }

  /** Starts with no sessions: every old sid is answered 404. */
  async startNotification(): Promise<void> {
    if (this.notificationUp) return;
    this.service = this.newService();
    this.service.setFinessePresence(this.tomcatUp);
    this.service.start();
    await Promise.all([this.listeners[7443].open(), this.listeners[7071].open()]);
    this.notificationUp = true;
    this.lastInService = this.inService();
  }

  /** Down for that many simulated seconds. */
  async restartNotification(downSeconds: number, how: Ending = "stop"): Promise<void> {
    await this.stopNotification(how);
    await new Promise<void>((resolve) => {
      this.restart = this.options.time.after(downSeconds * 1000, resolve);
    });
    await this.startNotification();
  }

  /** Connections and TLS go on, nothing is answered. */
  hangNotification(): void {
    this.service.hang();
  }

  resumeNotification(): void {
    this.service.resume();
  }

  /** 8445 refuses; polls go on, and desktops learn that `finesse` is not present. */
  async stopTomcat(how: Ending = "stop"): Promise<void> {
    if (!this.tomcatUp) return;
    this.tomcatUp = false;
    this.service.setFinessePresence(false);
    await this.listeners[8445].close(how);
  }

  async startTomcat(): Promise<void> {
    if (this.tomcatUp) return;
    await this.listeners[8445].open();
    this.tomcatUp = true;
    this.service.setFinessePresence(true);
  }

  /** False: OUT_OF_SERVICE, every API call but SystemInfo is answered 503, and desktops are told. */
  setCti(connected: boolean): void {
    this.ctiConnected = connected;
    this.tellService();
  }

  /** Closes the agent's sessions without a word; gives how many there were. */
  kick(agent: string): number {
    return this.service.kick(agent);
  }

  /** Server clock ahead of this machine's by so many ms. */
  setSkew(ms: number): void {
    this.settings.skewMs = ms;
  }

  /** Publishes a character that XML forbids to the agent's desktop, then both services crash, as CSCva72280 did. */
  async publishInvalidCharacter(agent: string): Promise<void> {
    const node = `/finesse/api/User/${agent}/Dialogs`;
    const data = ["dialogs", [["Dialog", [["callVariable1", "Jos\u0008e"]]]]] as const;
    this.publish({ node, agent, data, event: "PUT", requestId: "", source: node });
    await new Promise<void>((resolve) => {
      this.options.time.after(500, resolve);
    });
    await Promise.all([this.stopNotification("crash"), this.stopTomcat("crash")]);
  }

  isPresent(agent: string): boolean {
    return this.notificationUp && this.service.isPresent(agent);
  }

  inService(): boolean {
    return this.ctiConnected && this.notificationUp && this.tomcatUp;
  }

  /** Which of its services run. */
  services(): { notification: boolean; tomcat: boolean; cti: boolean } {
    return { notification: this.notificationUp, tomcat: this.tomcatUp, cti: this.ctiConnected };
  }

  /** What is true of every session, for comparison with what an observer concluded. */
  truth(): StreamTruth[] {
    return this.service.truth();
  }

  private newService(): NotificationService {
    const { host, settings, time, center, onPresence } = this.options;
    return new NotificationService({
      domain: host,
      settings,
      time,
      passwordOf: (user) => center.agent(user)?.password ?? null,
      nodes: () => center.nodes(),
      onPresence,
    });
  }

  private facts(): SystemFacts {
    const { pair, time, host } = this.options;
    return {
      serverWall: time.wall() + this.settings.skewMs,
      inService: this.inService(),
      ctiConnected: this.ctiConnected,
      timezoneOffset: this.settings.timezoneOffsetMinutes,
      primary: pair.primary,
      secondary: pair.secondary,
      domain: host,
    };
  }

  private tellService(): void {
    const now = this.inService();
    if (now === this.lastInService) return;
    this.lastInService = now;
    if (this.notificationUp) this.service.publish(systemInfoUpdate(now));
  }

  private publish(update: Update): void {
    if (this.inService()) this.service.publish(update);
  }

  private keepClientLog(agent: string, text: string): void {
    this.clientLogs.push({ agent, text });
    if (this.clientLogs.length > 1000) this.clientLogs.shift();
  }

  private serve(
    port: NodePort,
    request: IncomingMessage,
    body: string,
    response: ServerResponse,
  ): void {
    const pathname = (request.url ?? "/").split("?", 1)[0] ?? "/";
    if (pathname === "/http-bind" || pathname === "/http-bind/") {
      if (!this.notificationUp) return send(response, badGateway, null);
      const { service } = this;
      return service.whenAwake(() => serveBosh(service, request, body, response));
    }
    const file = pageFile(pathname);
    if (file !== null) return send(response, { status: 200, ...file }, this.cookieFor(request));
    if (port !== 8445) return send(response, notFound, null);
    if (pathname === "/") return redirect(response);
    const answer = answerRest(this.rest, {
      method: request.method ?? "GET",
      target: request.url ?? "/",
      headers: request.headers,
      body,
    });
    send(response, answer, this.cookieFor(request));
  }

  /** Tomcat's session cookie, for who has none. */
  private cookieFor(request: IncomingMessage): string | null {
    if (request.headers.cookie?.includes("JSESSIONID") === true) return null;
    const id = (0x5f00_0000 + this.nextCookie++).toString(16).toUpperCase();
    return `JSESSIONID=${id}${id}; Path=/; Secure; HttpOnly`;
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const pathname = (request.url ?? "/").split("?", 1)[0];
    if (this.notificationUp && (pathname === "/ws" || pathname === "/ws/")) {
      this.sockets.accept(this.service, request, socket, head);
    } else socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }
}

type Sendable = Omit<RestAnswer, "body"> & { readonly body: string | Buffer };

const badGateway: Sendable = { status: 502, type: "text/html", body: "<h1>502 Bad Gateway</h1>" };
const notFound: Sendable = { status: 404, type: "text/html", body: "<h1>404 Not Found</h1>" };

function send(response: ServerResponse, answer: Sendable, cookie: string | null): void {
  if (response.destroyed) return;
  response.writeHead(answer.status, [
    ...(cookie === null ? [] : ["Set-Cookie", cookie]),
    "Cache-Control",
    "no-cache",
    "Content-Type",
    answer.type,
    "Content-Length",
    `${Buffer.byteLength(answer.body)}`,
  ]);
  response.end(answer.body);
}

function redirect(response: ServerResponse): void {
  response.writeHead(302, ["Location", "/desktop/", "Content-Length", "0"]);
  response.end();
}
