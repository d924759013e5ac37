/** XMPP over BOSH (XEP-0124, XEP-0206), as a Finesse desktop speaks it: one request waits, another speaks. */
import { randomInt } from "node:crypto";
import { BoshscopeError } from "../base/errors.ts";
import { httpBindNamespace } from "../bosh/bosh-body.ts";
import { readBoshBody } from "../bosh/read-bosh-body.ts";
import type { ServerCertificate } from "../domain/connection.ts";
import type { Target } from "../intercept/target.ts";
import { readXml } from "../xml/read-xml.ts";
import { elementsIn } from "../xml/tree.ts";
import { declaredBy, escapeXml, loneStanza } from "../xmpp/lone-stanza.ts";
import { type BoshHttp, openBoshHttp } from "./bosh-http.ts";
import {
  type Carrier,
  type CarrierEvents,
  checkedFrame,
  closeFrame,
  isClosing,
  isOpening,
  openFrame,
} from "./carrier.ts";
import { connectionFailure, type Network } from "./network.ts";

export interface BoshOrder {
  readonly target: Target;
  readonly path: string;
  readonly domain: string;
}

export const openBoshCarrier = (
  network: Network,
  order: BoshOrder,
  events: CarrierEvents,
): Carrier => new BoshCarrier(openBoshHttp(network, order.target, order.path), order, events);

/** Seconds that a request may wait for news; Finesse's desktops ask for the same. */
const askedWait = 30;
/** ms over the granted wait after which a request counts as lost. */
const grace = 15_000;
/** ms before a lost request is sent again with its rid, as the libraries do. */
const retryDelays = [500, 1500, 4000];

const xbosh = 'xmlns:xmpp="urn:xmpp:xbosh"';

type Item = { readonly restart: true } | { readonly stanza: string };

class BoshCarrier implements Carrier {
  readonly secure = true;
  readonly #http: BoshHttp;
  readonly #order: BoshOrder;
  readonly #events: CarrierEvents;
  #queue: Item[] = [];
  #rid = randomInt(32_768, 2 ** 32);
  #sid: string | null = null;
  #wait = askedWait;
  #requests = 1;
  #open = 0;
  /** rid of the answer that is next in order, and those that came before their turn. */
  #turn = this.#rid;
  readonly #early = new Map<number, string>();
  /** Frames that wait until the stream has been told open. */
  #held: string[] | null = null;
  #isEnding = false;
  #hasSaidGoodbye = false;
  #isOver = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(http: BoshHttp, order: BoshOrder, events: CarrierEvents) {
    this.#http = http;
    this.#order = order;
    this.#events = events;
  }

  get certificate(): ServerCertificate | null {
    return this.#http.certificate();
  }

  send(frame: string): void {
    if (this.#isOver) return;
    if (isOpening(frame)) this.#openStream();
    else if (isClosing(frame)) this.#isEnding = true;
    else this.#queue.push({ stanza: frame });
    this.#pump();
  }

  destroy(): void {
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#http.close();
  }

  #openStream(): void {
    if (this.#sid === null) {
      const asked = `${this.#to()} wait="${askedWait}" hold="1" ver="1.6" content="text/xml; charset=utf-8" ${xbosh} xmpp:version="1.0"`;
      this.#exchange(asked, "");
      return;
    }
    this.#queue.push({ restart: true });
    // Whoever asked for the restart listens for its beginning only from its next turn on.
    this.#held = [];
    setImmediate(() => {
      const held = this.#held ?? [];
      this.#held = null;
      this.#tell(openFrame(""));
      for (const frame of held) this.#tell(frame);
    });
  }

  #to(): string {
    return ` to="${escapeXml(this.#order.domain)}" xml:lang="en"`;
  }

  /** Sends what there is to send, and keeps one request waiting at the server. */
  #pump(): void {
    while (!this.#isOver && this.#sid !== null && this.#open < this.#requests) {
      const [first] = this.#queue;
      if (first !== undefined && "restart" in first) {
        this.#queue.shift();
        this.#exchange(`${this.#to()} ${xbosh} xmpp:restart="true"`, "");
      } else if (first !== undefined) this.#exchange("", this.#payload());
      else if (this.#isEnding) {
        this.#isEnding = false;
        this.#hasSaidGoodbye = true;
        this.#exchange(' type="terminate"', "");
      } else if (this.#open === 0) this.#exchange("", "");
      else return;
    }
  }

  /** All stanzas up to the next restart. */
  #payload(): string {
    const end = this.#queue.findIndex((item) => "restart" in item);
    const items = this.#queue.splice(0, end < 0 ? this.#queue.length : end);
    return items.map((item) => ("stanza" in item ? item.stanza : "")).join("");
  }

  #exchange(attributes: string, payload: string): void {
    const rid = this.#rid++;
    const sid = this.#sid === null ? "" : ` sid="${escapeXml(this.#sid)}"`;
    const body = `<body xmlns="${httpBindNamespace}" rid="${rid}"${sid}${attributes}>${payload}</body>`;
    this.#open += 1;
    this.#post(body, 0).then(
      (text) => {
        this.#open -= 1;
        this.#answered(rid, text);
      },
      (error: unknown) => this.#over(error),
    );
  }

  /** The answer's text. A request that was lost is repeated, but for the first: nobody waits to be told that no server is there. */
  async #post(body: string, attempt: number): Promise<string> {
    try {
      const { status, text } = await this.#http.post(body, this.#wait * 1000 + grace);
      if (status === 200) return text;
      throw this.#failure(new Error(statusMeaning(status)));
    } catch (error) {
      const delay = retryDelays[attempt];
      const isFinal = error instanceof BoshscopeError || this.#sid === null || this.#isOver;
      if (isFinal || delay === undefined) throw error;
      await new Promise<void>((resolve) => {
        this.#timer = setTimeout(resolve, delay);
      });
      return await this.#post(body, attempt + 1);
    }
  }

  /** Answers are read in the order of their requests. */
  #answered(rid: number, text: string): void {
    this.#early.set(rid, text);
    try {
      for (let next = this.#early.get(this.#turn); next !== undefined; ) {
        this.#early.delete(this.#turn);
        this.#turn += 1;
        this.#read(next);
        next = this.#early.get(this.#turn);
      }
    } catch (error) {
      return this.#over(error);
    }
    if (this.#hasSaidGoodbye && this.#open === 0) this.#finished();
    else this.#pump();
  }

  #read(text: string): void {
    const body = readBoshBody(text);
    // Whether the goodbye's own answer comes first, or that of the request that waited.
    const isFarewell = this.#hasSaidGoodbye && body.kind === "body" && body.type === "terminate";
    if (isFarewell) return this.#finished();
    if (body.kind === "unparseable")
      throw new Error(`the answer is no BOSH body at ${body.at}: ${body.reason}`);
    if (this.#sid === null && body.sid !== null) {
      this.#sid = body.sid;
      this.#wait = body.wait ?? askedWait;
      this.#requests = Math.max(1, Math.min(body.requests ?? 2, 2));
      this.#tell(openFrame(` id="${escapeXml(body.sid)}"`));
    }
    if (!body.empty) this.#tellStanzas(text);
    if (body.type === "terminate" || body.type === "error")
      throw new Error(`the server ended the session: ${body.condition ?? "no reason given"}`);
    if (this.#sid === null) throw new Error("the server made no session");
  }

  #tellStanzas(text: string): void {
    const document = readXml(text);
    if (document.kind === "unparseable") return;
    const around = declaredBy(document.root);
    for (const element of elementsIn(document.root))
      this.#tell(checkedFrame(loneStanza(element, text, around)));
  }

  #tell(frame: string): void {
    if (this.#isOver) return;
    if (this.#held === null) this.#events.onFrame(frame);
    else this.#held.push(frame);
  }

  #finished(): void {
    this.#tell(closeFrame);
    this.#over(null);
  }

  #over(reason: unknown): void {
    if (this.#isOver) return;
    this.destroy();
    const isKnown = reason === null || reason instanceof BoshscopeError;
    this.#events.onClosed(isKnown ? reason : this.#failure(reason));
  }

  #failure(reason: unknown): BoshscopeError {
    const { target } = this.#order;
    return connectionFailure(target, reason);
  }
}

function statusMeaning(status: number): string {
  if (status === 404) return "HTTP 404: it does not know this session, or has no BOSH at that path";
  return `HTTP ${status}`;
}
