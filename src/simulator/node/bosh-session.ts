/** One BOSH session as Openfire 3.8.2 keeps it: the rid window, held requests, the cache for retransmissions, hold release. */
import type { ScaledTime, Timer } from "../scaled-time.ts";
import { type Condition, emptyAnswer, payloadAnswer } from "./bosh-answers.ts";
import type { NodeSettings } from "./node-settings.ts";
import { type ClientStream, newIdentity, type StreamTruth } from "./stream.ts";

/** Writes one answer as HTTP 200; may be called although the client has gone. */
export type Reply = (body: string) => void;

export interface BoshRequest {
  readonly rid: number;
  /** Nothing inside: a mere poll. */
  readonly empty: boolean;
  /** Came over TLS. */
  readonly secure: boolean;
  /** Hands the stanzas to the service; called in the order of rids. */
  readonly act: () => void;
  /** Answered at once with this, as a restart or a pause is. */
  readonly directAnswer: string | null;
}

interface Held {
  readonly rid: number;
  readonly request: BoshRequest;
  reply: Reply;
  readonly timer: Timer;
  /** Its wait is over, though its turn has not come. */
  isOverdue: boolean;
}

export interface BoshSessionOptions {
  readonly sid: string;
  /** Of the creation request, which counts as answered. */
  readonly rid: number;
  readonly wait: number;
  readonly hold: number;
  readonly secure: boolean;
  readonly modern: boolean;
  readonly settings: NodeSettings;
  readonly time: ScaledTime;
  /** Runs now, or when a hung service goes on. */
  readonly whenAwake: (run: () => void) => void;
  readonly onClosed: (session: BoshSession, because: string) => void;
}

export class BoshSession implements ClientStream {
  readonly transport = "bosh";
  readonly identity = newIdentity();
  readonly sid: string;
  readonly secure: boolean;
  readonly modern: boolean;
  private readonly options: BoshSessionOptions;
  private lastAnswered: number;
  private lastReceived: number;
  private held: Held[] = [];
  private readonly sent: { rid: number; body: string }[] = [];
  private pending: string[] = [];
  /** Stanzas that came before those of an older rid. */
  private readonly waiting = new Map<number, () => void>();
  private lastExchange: number;
  private lastPoll = Number.NEGATIVE_INFINITY;
  private pauseSeconds: number | null = null;
  private closedBecause: string | null = null;

  constructor(options: BoshSessionOptions) {
    this.options = options;
    this.sid = options.sid;
    this.secure = options.secure;
    this.modern = options.modern;
    this.lastAnswered = options.rid;
    this.lastReceived = options.rid;
    this.lastExchange = options.time.now();
  }

  /** Takes a request with its rid; what breaks a rule closes the session and gives the condition to answer with. */
  accept(request: BoshRequest, reply: Reply): Condition | null {
    const { rid } = request;
    this.pauseSeconds = null;
    if (this.secure && !request.secure) return this.breach("bad-request");
    const twin = this.held.find((held) => held.rid === rid);
    if (twin !== undefined) {
      this.answerTwin(twin, reply);
      return null;
    }
    if (rid <= this.lastAnswered) return this.resend(rid, reply);
    if (rid > this.lastAnswered + this.options.settings.requests) {
      return this.breach("item-not-found");
    }
    if (this.isOveractive(request)) return this.breach("policy-violation");
    this.hold(request, reply);
    this.release(this.held.at(-1)?.rid !== rid);
    this.actInOrder(request);
    this.answerDirectly(request);
    return null;
  }

  /** Answers the oldest held request if its turn has come, else keeps the stanza for the next. */
  send(stanza: string): void {
    if (this.closedBecause !== null) return;
    this.pending.push(stanza);
    this.flush();
  }

  /** The client asked to be left alone that long; counts until its next request. */
  pause(seconds: number): void {
    this.pauseSeconds = seconds;
  }

  inactivitySeconds(): number {
    return this.pauseSeconds ?? this.options.settings.inactivitySeconds;
  }

  lastActivity(): number {
    const isWaiting = this.held.some(({ isOverdue }) => !isOverdue);
    return isWaiting ? this.options.time.now() : this.lastExchange;
  }

  close(because: string): void {
    if (this.closedBecause !== null) return;
    this.closedBecause = because;
    for (const held of this.held) this.answer(held, this.empty(held.rid), true);
    this.options.onClosed(this, because);
  }

  truth(): StreamTruth {
    const { user, jid } = this.identity;
    return {
      sid: this.sid,
      transport: "bosh",
      agent: user,
      jid,
      rid: this.lastAnswered,
      open: this.held.map(({ rid }) => rid),
      state: this.closedBecause === null ? "open" : "closed",
      closedBecause: this.closedBecause,
      idleMs: this.options.time.now() - this.lastActivity(),
    };
  }

  private breach(condition: Condition): Condition {
    this.close(condition);
    return condition;
  }

  /** The same rid while the first is still held: its connection died unnoticed. */
  private answerTwin(twin: Held, reply: Reply): void {
    twin.reply(this.empty(twin.rid));
    twin.reply = reply;
    if (twin.rid === this.lastAnswered + 1) this.answer(twin, this.empty(twin.rid), true);
  }

  private resend(rid: number, reply: Reply): Condition | null {
    const cached = this.sent.find((answer) => answer.rid === rid);
    if (cached === undefined) return this.breach("item-not-found");
    this.lastExchange = this.options.time.now();
    reply(cached.body);
    return null;
  }

  private isOveractive({ empty }: BoshRequest): boolean {
    const { settings, time } = this.options;
    if (this.held.length >= settings.requests) return true;
    if (!empty) return false;
    const quick = time.now() - this.lastPoll < settings.pollingSeconds * 1000;
    this.lastPoll = time.now();
    return quick && this.held.length > 0;
  }

  private hold(request: BoshRequest, reply: Reply): void {
    const { time, wait, whenAwake } = this.options;
    const timer = time.after(wait * 1000, () => whenAwake(() => this.expire(request.rid)));
    this.held.push({ rid: request.rid, request, reply, timer, isOverdue: false });
    this.held.sort((one, other) => one.rid - other.rid);
  }

  /** Closes what is one too many, oldest first; a request that came out of order closes all that can be. */
  private release(outOfOrder: boolean): void {
    const closes = outOfOrder ? this.held.length : this.held.length - this.options.hold;
    for (let closed = 0; closed < closes; closed++) {
      const next = this.next();
      if (next === null) return;
      if (this.pending.length > 0) this.flush();
      else this.answer(next, this.empty(next.rid), this.keepsEmpty());
    }
  }

  private actInOrder({ rid, act }: BoshRequest): void {
    this.waiting.set(rid, act);
    for (;;) {
      const run = this.waiting.get(this.lastReceived + 1);
      if (run === undefined) break;
      this.lastReceived += 1;
      this.waiting.delete(this.lastReceived);
      run();
    }
    this.flush();
  }

  private answerDirectly({ rid, directAnswer }: BoshRequest): void {
    if (directAnswer === null) return;
    const own = this.held.find((held) => held.rid === rid);
    if (own !== undefined) this.answer(own, directAnswer, true);
  }

  /** The held request whose turn it is. */
  private next(): Held | null {
    const first = this.held[0];
    return first !== undefined && first.rid === this.lastAnswered + 1 ? first : null;
  }

  private flush(): void {
    const next = this.next();
    if (next === null || this.pending.length === 0 || next.request.directAnswer !== null) return;
    const stanzas = this.pending;
    this.pending = [];
    const ack = this.options.settings.emptyBody === "ack" ? this.lastReceived : null;
    this.answer(next, payloadAnswer(stanzas, ack), true);
  }

  /** Answers go in the order of rids (XEP-0124, 14.2): one whose turn has not come waits for the request that is missing, but is no sign of life any more. */
  private expire(rid: number): void {
    const held = this.held.find((candidate) => candidate.rid === rid);
    if (held === undefined) return;
    if (held === this.next()) return this.answer(held, this.empty(rid), this.keepsEmpty());
    held.isOverdue = true;
    this.lastExchange = this.options.time.now();
  }

  private empty(rid: number): string {
    return emptyAnswer(this.options.settings.emptyBody, Math.max(rid, this.lastReceived));
  }

  /** Stock Openfire forgets a timed-out answer, so its retransmission fails. */
  private keepsEmpty(): boolean {
    return this.options.settings.emptyBody !== "stock51";
  }

  private answer(held: Held, body: string, keep: boolean): void {
    const { settings, hold, time } = this.options;
    held.timer.cancel();
    this.held = this.held.filter((other) => other !== held);
    this.lastAnswered = Math.max(this.lastAnswered, held.rid);
    this.lastExchange = time.now();
    if (keep) this.sent.push({ rid: held.rid, body });
    const kept = settings.emptyBody === "ack" ? settings.requests + 1 : hold + 1;
    while (this.sent.length > kept) this.sent.shift();
    held.reply(body);
  }
}
