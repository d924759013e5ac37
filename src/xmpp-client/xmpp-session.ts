/** A session of the console's own: signed in, listening, asked by commands; what goes over it is kept in a ring. */
import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import { BoshscopeError, fail, reasonOf } from "../base/errors.ts";
import { isDesktopResource, whyForbidden } from "../console/forbidden-stanza.ts";
import { showStanza } from "../console/show-stanza.ts";
import { StanzaRing } from "../console/stanza-ring.ts";
import type {
  ShownStanza,
  StanzaPage,
  StanzaQuery,
  XmppSessionInfo,
  XmppSignIn,
} from "../domain/xmpp-console.ts";
import { readXml } from "../xml/read-xml.ts";
import type { XmlElement } from "../xml/tree.ts";
import { type Carrier, closeFrame, isClosing, isOpening } from "./carrier.ts";
import type { Network } from "./network.ts";
import { openCarrier } from "./open-carrier.ts";
import { signIn } from "./sign-in.ts";

/** ms until a request counts as unanswered, and until a goodbye does. */
const answerMs = 20_000;
const goodbyeMs = 3000;

export interface SessionOptions {
  readonly id: string;
  readonly network: Network;
  readonly clock: Clock;
}

export class XmppSession {
  readonly #options: SessionOptions;
  readonly #order: XmppSignIn;
  readonly #ring = new StanzaRing();
  readonly #listeners = new Set<(stanza: ShownStanza) => void>();
  readonly #waiting = new Map<string, (answer: string) => void>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #since: string;
  #carrier: Carrier | null = null;
  #jid = "";
  #count = 0;
  #isOver = false;
  #ending: string | null = null;
  #cause: unknown = null;

  private constructor(order: XmppSignIn, options: SessionOptions) {
    this.#order = order;
    this.#options = options;
    this.#since = this.#now();
  }

  /** The password is not kept. Throws "request-invalid", "xmpp-refused", "xmpp-failed". */
  static async signIn(
    order: XmppSignIn,
    password: string,
    options: SessionOptions,
  ): Promise<XmppSession> {
    if (isDesktopResource(order.resource))
      throw fail("request-invalid", {
        problem:
          "The resource desktop is the Finesse desktop's own: signing in with it would end the agent's session (conflict).",
        remedy: "Choose any other, such as boshscope.",
      });
    const session = new XmppSession(order, options);
    try {
      await session.#start(password);
    } catch (error) {
      session.#carrier?.destroy();
      session.#over(error);
      throw error;
    }
    return session;
  }

  get jid(): string {
    return this.#jid;
  }

  get pubsub(): string {
    return this.#order.pubsub;
  }

  get domain(): string {
    return this.#order.domain;
  }

  /** Settles when the session is over, whoever ended it. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  info(): XmppSessionInfo {
    const { transport, host, port, pubsub } = this.#order;
    const certificate = this.#carrier?.certificate ?? null;
    return {
      id: this.#options.id,
      jid: this.#jid,
      transport,
      host,
      port,
      pubsub,
      secure: this.#carrier?.secure ?? false,
      certificate:
        certificate === null
          ? null
          : {
              fingerprint256: certificate.fingerprint256,
              problem: certificate.problem,
              pin: certificate.pin,
            },
      since: this.#since,
      state: this.#isOver ? "ended" : "open",
      ending: this.#ending,
    };
  }

  page(query: StanzaQuery): StanzaPage {
    return this.#ring.page(query);
  }

  onStanza(listener: (stanza: ShownStanza) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends a stanza as written. Throws "request-invalid" for what is none or must not be sent, "xmpp-failed" when the session is over. */
  send(text: string): void {
    const read = readXml(text);
    if (read.kind === "unparseable")
      throw fail("request-invalid", {
        problem: `That is no XML at ${read.at}: ${read.reason}.`,
        remedy: "A stanza is one element: iq, message or presence.",
      });
    const why = whyForbidden(read.root);
    if (why !== null) throw fail("request-invalid", { problem: `Not sent: ${why}.` });
    this.#sendFrame(text);
  }

  /** Sends an iq and gives its answer, a result or an error. Throws "xmpp-failed" when none comes. */
  async ask(text: string, id: string): Promise<{ text: string; element: XmlElement }> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const timer = setTimeout(() => reject(this.#failure("no answer came")), answerMs);
    this.#waiting.set(id, resolve);
    try {
      this.send(text);
      const over = this.ended.then(() => Promise.reject(this.#failure("the session has ended")));
      const answer = await Promise.race([promise, over]);
      const read = readXml(answer);
      if (read.kind === "document") return { text: answer, element: read.root };
      throw this.#failure(`the answer can't be read: ${read.reason}`);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** Says goodbye, and lets go when the server does not. */
  async signOut(): Promise<void> {
    if (this.#isOver) return;
    this.#carrier?.send(closeFrame);
    const timer = setTimeout(() => this.#over(null), goodbyeMs);
    await this.ended;
    clearTimeout(timer);
  }

  newId(): string {
    return `boshscope-${randomBytes(6).toString("hex")}`;
  }

  clock(): number {
    return this.#options.clock.mono();
  }

  async #start(password: string): Promise<void> {
    this.#jid = await Promise.race([this.#signIn(password), this.#broke()]);
  }

  /** Rejects when the session ends, after what the server said last was understood: that is the better reason. */
  async #broke(): Promise<never> {
    await this.ended;
    await new Promise((resolve) => setImmediate(resolve));
    const { host, port } = this.#order;
    if (this.#cause instanceof BoshscopeError) throw this.#cause;
    const why = this.#ending?.replace(/\.$/, "") ?? "the server closed the stream";
    throw fail("xmpp-failed", { host, port, why });
  }

  async #signIn(password: string): Promise<string> {
    const { network } = this.#options;
    return await signIn(this.#order, password, async (events) => {
      const carrier = await openCarrier(network, this.#order, {
        onFrame: (frame) => this.#received(frame, events.onFrame),
        onClosed: (reason) => {
          this.#over(reason);
          events.onClosed(reason);
        },
      });
      this.#carrier = carrier;
      return {
        secure: carrier.secure,
        certificate: carrier.certificate,
        send: (frame) => this.#sendFrame(frame),
        destroy: () => carrier.destroy(),
      };
    });
  }

  #sendFrame(text: string): void {
    if (this.#isOver) throw this.#failure("the session has ended");
    this.#keep(text, "out");
    this.#carrier?.send(text);
  }

  /** What xmpp.js can't take ends the session, not the program. */
  #received(frame: string, handOn: (frame: string) => void): void {
    const shown = this.#keep(frame, "in");
    try {
      if (shown?.about.startsWith("stream error") === true) return this.#broken(shown.about);
      handOn(frame);
    } catch (error) {
      return this.#broken(reasonOf(error));
    }
    if (shown?.kind !== "iq" || shown.id === null) return;
    if (shown.type === "result" || shown.type === "error") this.#waiting.get(shown.id)?.(frame);
  }

  /** Stream errors are final (RFC 6120 4.9.1.1), and a redirection is not followed: it could lead anywhere. */
  #broken(reason: string): void {
    this.#carrier?.destroy();
    this.#over(reason);
  }

  #keep(text: string, direction: "in" | "out"): ShownStanza | null {
    if (isOpening(text) || isClosing(text)) return null;
    const key = `${this.#options.id}-${this.#count++}`;
    const shown = showStanza(text, { key, at: this.#now(), direction, exchange: null });
    this.#ring.push(shown);
    for (const listener of this.#listeners) listener(shown);
    return shown;
  }

  /** null = as agreed. */
  #over(reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cause = reason;
    this.#ending = reason === null ? null : reasonOf(reason);
    this.#carrier?.destroy();
    this.#ended.resolve();
  }

  #failure(why: string): BoshscopeError {
    const { host, port } = this.#order;
    const because = this.#ending === null ? "" : ` (${this.#ending})`;
    return fail("xmpp-failed", { host, port, why: `${why}${because}` });
  }

  #now(): string {
    return new Date(this.#options.clock.wall()).toISOString();
  }
}
