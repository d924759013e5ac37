/** XMPP over TCP (RFC 6120): 5222 with STARTTLS, 5223 with TLS from the start. */
import type { Socket } from "node:net";
import { fail } from "../base/errors.ts";
import type { ServerCertificate } from "../domain/connection.ts";
import { ignore } from "../intercept/dial.ts";
import type { Target } from "../intercept/target.ts";
import { readXml } from "../xml/read-xml.ts";
import { elementsIn, type XmlElement } from "../xml/tree.ts";
import { type Declared, declaredBy, escapeXml, loneStanza } from "../xmpp/lone-stanza.ts";
import { namespaces } from "../xmpp/namespaces.ts";
import { type StreamPart, StreamSplitter } from "../xmpp/stream-splitter.ts";
import {
  type Carrier,
  type CarrierEvents,
  checkedFrame,
  closeFrame,
  isClosing,
  isOpening,
  maxFrameLength,
  openFrame,
} from "./carrier.ts";
import { connectionFailure, type Network, openTcp, openTls, secure } from "./network.ts";

export interface TcpOrder {
  readonly target: Target;
  readonly domain: string;
  readonly transport: "starttls" | "tls";
  readonly allowPlaintext: boolean;
}

const startTls = "urn:ietf:params:xml:ns:xmpp-tls";
const negotiationMs = 20_000;

/** Throws "xmpp-failed", "xmpp-refused". */
export async function openTcpCarrier(
  network: Network,
  order: TcpOrder,
  events: CarrierEvents,
): Promise<Carrier> {
  const { target } = order;
  if (order.transport === "tls") {
    const { socket, certificate } = await openTls(network, target);
    return new TcpCarrier(socket, { domain: order.domain, certificate, secure: true }, events);
  }
  const tcp = await openTcp(network, target);
  if (await turnToTls(tcp, order)) {
    const { socket, certificate } = await secure(network, target, tcp);
    return new TcpCarrier(socket, { domain: order.domain, certificate, secure: true }, events);
  }
  tcp.on("error", ignore).destroy();
  if (!order.allowPlaintext)
    throw fail("xmpp-refused", {
      why: `${target.host}:${target.port} offers no STARTTLS, and a password is not sent in clear`,
      remedy: "Use another transport, or --allow-plaintext where nobody listens.",
    });
  const plain = await openTcp(network, target);
  return new TcpCarrier(plain, { domain: order.domain, certificate: null, secure: false }, events);
}

const header = (domain: string): string =>
  `<?xml version="1.0"?><stream:stream xmlns="${namespaces.client}" xmlns:stream="${namespaces.streams}" to="${escapeXml(domain)}" version="1.0">`;

/** Asks for TLS; false = the server does not offer it. */
async function turnToTls(tcp: Socket, { domain, target }: TcpOrder): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const splitter = new StreamSplitter({ length: maxFrameLength });
  const timer = setTimeout(() => reject(new Error("no answer to STARTTLS")), negotiationMs);
  const onPart = (part: StreamPart): void => {
    if (part.kind === "end") reject(new Error("it ended the stream"));
    if (part.kind === "broken") reject(new Error(`it sent ${part.reason}`));
    if (part.kind !== "element") return;
    if (/^<(?:stream:)?features[\s>/]/.test(part.text)) {
      const offered = part.text.includes(startTls);
      if (offered) tcp.write(`<starttls xmlns="${startTls}"/>`);
      else resolve(false);
    } else if (part.text.startsWith("<proceed")) resolve(true);
    else reject(new Error("it refused STARTTLS"));
  };
  const onData = (bytes: Buffer): void => splitter.push(bytes.toString("latin1")).forEach(onPart);
  const onClose = (): void => reject(new Error("it closed the connection"));
  tcp.on("data", onData).once("error", reject).once("close", onClose);
  tcp.write(header(domain));
  try {
    return await promise;
  } catch (error) {
    tcp.on("error", ignore).destroy();
    throw connectionFailure(target, error);
  } finally {
    clearTimeout(timer);
    tcp.off("data", onData).off("error", reject).off("close", onClose);
  }
}

interface Facts {
  readonly domain: string;
  readonly certificate: ServerCertificate | null;
  readonly secure: boolean;
}

class TcpCarrier implements Carrier {
  readonly secure: boolean;
  readonly certificate: ServerCertificate | null;
  readonly #socket: Socket;
  readonly #domain: string;
  readonly #events: CarrierEvents;
  readonly #splitter = new StreamSplitter({ length: maxFrameLength });
  readonly #decoder = new TextDecoder();
  #declared: Declared = new Map();
  #isOver = false;

  constructor(socket: Socket, facts: Facts, events: CarrierEvents) {
    this.#socket = socket;
    this.#domain = facts.domain;
    this.secure = facts.secure;
    this.certificate = facts.certificate;
    this.#events = events;
    socket.on("data", (bytes: Buffer) => this.#heard(bytes));
    socket.once("error", (error) => this.#over(error));
    socket.once("end", () => socket.end());
    socket.once("close", () => this.#over(new Error("the server closed the connection")));
  }

  send(frame: string): void {
    if (this.#isOver) return;
    if (isOpening(frame)) {
      this.#splitter.restart();
      this.#socket.write(header(this.#domain));
    } else if (isClosing(frame)) this.#socket.write("</stream:stream>");
    else this.#socket.write(frame);
  }

  destroy(): void {
    this.#isOver = true;
    this.#socket.on("error", ignore).destroy();
  }

  #heard(bytes: Buffer): void {
    for (const part of this.#splitter.push(this.#decoder.decode(bytes, { stream: true }))) {
      if (this.#isOver) return;
      try {
        this.#take(part);
      } catch (error) {
        this.#over(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  #take(part: StreamPart): void {
    if (part.kind === "broken") throw new Error(`the server sent ${part.reason}`);
    if (part.kind === "header") this.#opened(part.text);
    else if (part.kind === "element") this.#events.onFrame(this.#frame(part.text));
    else {
      this.#events.onFrame(closeFrame);
      this.#over(null);
    }
  }

  /** The header as an `<open/>`, with its own attributes but for the namespaces. */
  #opened(text: string): void {
    const root = rootOf(`${text}</stream:stream>`);
    this.#declared = declaredBy(root);
    const shown = root.attributes.filter(({ name }) => ["from", "id", "to"].includes(name));
    const attributes = shown.map(({ name, value }) => ` ${name}="${escapeXml(value)}"`);
    this.#events.onFrame(openFrame(attributes.join("")));
  }

  /** With the namespaces of the stream around it. */
  #frame(text: string): string {
    const declared = [...this.#declared].filter(([prefix]) => prefix !== "");
    const around = declared.map(([prefix, uri]) => ` xmlns:${prefix}="${escapeXml(uri)}"`);
    const wrapped = `<stream${around.join("")}>${text}</stream>`;
    const [element] = elementsIn(rootOf(wrapped));
    if (element === undefined) throw new Error("the server sent no element");
    return checkedFrame(loneStanza(element, wrapped, this.#declared));
  }

  #over(reason: Error | null): void {
    if (this.#isOver) return;
    this.destroy();
    this.#events.onClosed(reason);
  }
}

function rootOf(text: string): XmlElement {
  const read = readXml(text);
  if (read.kind === "document") return read.root;
  throw new Error(`the server sent what is no XML: ${read.reason}`);
}
