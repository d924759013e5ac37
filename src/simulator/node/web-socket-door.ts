/** `/ws/` by RFC 7395: the same stanzas as over BOSH, one a text frame. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { readXml } from "../../xml/read-xml.ts";
import { bindFeatures, mechanisms } from "./bosh-answers.ts";
import type { NotificationService } from "./notification-service.ts";
import { type ClientStream, newIdentity, type StreamTruth } from "./stream.ts";

const framing = "urn:ietf:params:xml:ns:xmpp-framing";

/** Takes over upgrades to `/ws` and `/ws/`. */
export class WebSocketDoor {
  private readonly server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has("xmpp") ? "xmpp" : false),
  });

  accept(
    service: NotificationService,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): void {
    service.whenAwake(() => {
      this.server.handleUpgrade(request, socket, head, (webSocket) => {
        service.adopt(new SocketStream(service, webSocket));
      });
    });
  }
}

class SocketStream implements ClientStream {
  readonly transport = "websocket";
  readonly identity = newIdentity();
  readonly sid: string;
  private readonly service: NotificationService;
  private readonly webSocket: WebSocket;
  private seen: number;
  private closedBecause: string | null = null;

  constructor(service: NotificationService, webSocket: WebSocket) {
    this.service = service;
    this.webSocket = webSocket;
    this.sid = service.newSid();
    this.seen = service.time.now();
    webSocket.on("message", (data: Buffer, isBinary) => {
      if (!isBinary) service.whenAwake(() => this.receive(data.toString("utf8")));
    });
    webSocket.on("close", () => service.whenAwake(() => this.end("connection-closed")));
    // The close that follows says all that matters.
    webSocket.on("error", () => webSocket.terminate());
  }

  lastActivity(): number {
    return this.seen;
  }

  send(stanza: string): void {
    if (this.webSocket.readyState === this.webSocket.OPEN) this.webSocket.send(stanza);
  }

  close(because: string): void {
    this.send(`<close xmlns='${framing}'/>`);
    this.webSocket.close(1000);
    this.end(because);
  }

  truth(): StreamTruth {
    const { user, jid } = this.identity;
    return {
      sid: this.sid,
      transport: "websocket",
      agent: user,
      jid,
      rid: null,
      open: [],
      state: this.closedBecause === null ? "open" : "closed",
      closedBecause: this.closedBecause,
      idleMs: this.service.time.now() - this.seen,
    };
  }

  private end(because: string): void {
    if (this.closedBecause !== null) return;
    this.closedBecause = because;
    this.service.forget(this, because);
  }

  private receive(text: string): void {
    this.seen = this.service.time.now();
    const document = readXml(text);
    if (document.kind === "unparseable") return this.close("unparseable");
    const { root } = document;
    if (root.local === "open") this.open();
    else if (root.local === "close") this.close("terminate");
    else this.service.router.receive(this, root);
  }

  private open(): void {
    const from = this.service.domain;
    const features = this.identity.user === null ? mechanisms : bindFeatures;
    this.send(
      `<open to='${from}' from='${from}' id='${this.sid}' xmlns='${framing}' xml:lang='en' version='1.0'/>`,
    );
    this.send(
      `<stream:features xmlns:stream="http://etherx.jabber.org/streams">${features}</stream:features>`,
    );
  }
}
