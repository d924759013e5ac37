/**
 * One connection at the gate. While no rule concerns its endpoint it only remembers what was asked; from the first bytes after a rule was armed
 * it reads each message before it goes on, asks the rules, and lets go, holds, changes or ends. Bytes that no rule touches go on as they came.
 */
import type { Side } from "../../domain/capture-event.ts";
import type { Decision, FaultStep } from "../../faults/step.ts";
import type { Frame } from "../../http1/web-socket-frames.ts";
import type { TapWatcher } from "../exchange-tap.ts";
import type { Leg } from "../leg.ts";
import { Aging } from "./aging.ts";
import type { FaultGate } from "./fault-gate.ts";
import type { GatedConnection } from "./gated-connection.ts";
import { Lane } from "./lane.ts";
import { Passage } from "./passage.ts";
import { needsWhole, Requests } from "./requests.ts";
import { type Ending, Steps } from "./steps.ts";

const other = (side: Side): Side => (side === "client" ? "server" : "client");

export class ConnectionGate implements TapWatcher {
  readonly #gate: FaultGate;
  readonly #connection: GatedConnection;
  /** By the side they lead to. */
  readonly #lanes: Record<Side, Lane> = { client: new Lane(), server: new Lane() };
  /** What is coming in, by the side it comes from. */
  readonly #coming: Record<Side, Passage | null> = { client: null, server: null };
  readonly #asked: Requests;
  readonly #steps: Steps;
  readonly #aging: Aging;
  #legs: Record<Side, Leg> | null = null;
  #isEngaged = false;
  /** Nothing is read any more: a rule has ended the connection. */
  #isOver = false;
  #interfered = false;
  #isSilenceLifted = false;

  constructor(gate: FaultGate, connection: GatedConnection) {
    this.#gate = gate;
    this.#connection = connection;
    const { host, port } = connection.target;
    this.#asked = new Requests(gate, { host, port, connection: connection.id });
    this.#steps = new Steps({
      gate,
      connection,
      lanes: this.#lanes,
      feed: (from, bytes, steps) => this.#feed(from, bytes, steps),
      finish: (ending) => this.#finish(ending),
      asked: (exchange) => this.#asked.get(exchange),
    });
    this.#aging = new Aging({ mono: gate.mono, forget: (rule) => this.#forget(rule) });
    connection.tap.watcher = this;
    gate.opened(this);
    this.watchAge();
  }

  /** A rule that forgets connections may have been armed. */
  watchAge(): void {
    const { host, port } = this.#connection.target;
    this.#aging.watch(this.#gate.rules.aging(host, port), this.#asked.latestAt);
  }

  /** False: the rule does not mean what the connection carries. */
  #forget(rule: string): boolean {
    if (this.#isOver || this.#lanes.client.isSilent) return true;
    const decision = this.#asked.decideAge(rule);
    const step = decision?.request.find(({ kind }) => kind === "forget");
    if (decision === null || step?.kind !== "forget") return false;
    this.#isEngaged = true;
    for (const { exchange } of this.#asked.open()) this.#note(exchange, decision);
    this.#interferes();
    this.#steps.forget(step, this.#asked.open());
    return true;
  }

  /** True: the gate has the bytes, and sees to their way. False: no rule concerns them. */
  takes(from: Side, bytes: Buffer): boolean {
    this.#aging.passed();
    if (!this.#wants()) return false;
    this.#connection.end.count(from, bytes.length);
    if (!this.#isOver) this.#read(from, bytes, null);
    return true;
  }

  #wants(): boolean {
    const { host, port } = this.#connection.target;
    const isConcerned = this.#gate.rules.isActive(host, port);
    if (this.#isEngaged && !isConcerned && this.#isIdle) this.#disengage();
    else if (!this.#isEngaged && isConcerned) this.#isEngaged = true;
    return this.#isEngaged;
  }

  get #isIdle(): boolean {
    const { client, server } = this.#lanes;
    const isQuiet = client.isEmpty && server.isEmpty && this.#steps.isIdle;
    const isDone = !this.#asked.isPlanned && !this.#connection.tap.isOwedAnswer;
    return isQuiet && isDone && !this.#isOver;
  }

  #disengage(): void {
    this.#isEngaged = false;
    this.#coming.client = null;
    this.#coming.server = null;
  }

  /** Both legs are there: what waited for them goes on. `end` resets both. */
  attach(legs: Record<Side, Leg>, end: () => void): void {
    this.#legs = legs;
    this.#resetAll = end;
    const { client, server } = legs;
    this.#lanes.server.attach(server.stream, client.stream);
    this.#lanes.client.attach(client.stream, server.stream);
    if (this.#ending !== null) this.#finish(this.#ending);
  }

  #resetAll: (() => void) | null = null;
  #ending: Ending | null = null;

  /** What was written towards that side has left. True: the gate decides whether reading goes on. */
  drained(to: Side): boolean {
    if (!this.#isEngaged) return false;
    this.#lanes[to].drained();
    return true;
  }

  /** FIN from that side. True: the gate passes it on, behind what waits. */
  ended(from: Side): boolean {
    if (!this.#isEngaged) return false;
    this.#closeComing(from);
    if (from === "client") this.#steps.abandoned("the client closed");
    const to = other(from);
    // Nobody is left to be silent for, or the silence has been lifted.
    const isAlone = this.#lanes[from].isSilent && this.#legs?.[to].stream.destroyed === true;
    if ((isAlone || (this.#isSilenceLifted && this.#lanes[to].isSilent)) && !this.#isOver)
      this.#finish({
        how: "fin",
        rule: this.#steps.silencedBy ?? "",
        why: "its other leg had ended",
      });
    this.#lanes[to].endWith(() => {
      const stream = this.#legs?.[to].stream;
      if (stream !== undefined && !stream.destroyed && !stream.writableEnded) stream.end();
    });
    return true;
  }

  /** RST from that side. True: the other is reset behind what waits for it. */
  failed(from: Side): boolean {
    if (!this.#isEngaged) return false;
    this.#closeComing(from);
    if (from === "client") {
      this.#steps.abandoned("the client reset the connection");
      return false;
    }
    if (this.#lanes.client.isEmpty && !this.#lanes.client.isSilent) return false;
    this.#lanes.server.silence();
    this.#lanes.client.endWith(() => setImmediate(() => this.#resetAll?.()));
    return true;
  }

  /** That side gets more, or nothing at all: it must not be ended now. */
  isHolding(to: Side): boolean {
    const lane = this.#lanes[to];
    if (!this.#isEngaged || this.#legs === null) return false;
    // Who has ended needs no silence any more.
    return lane.isSilent ? !this.#legs[to].stream.readableEnded : !lane.isEmpty;
  }

  closed(): void {
    this.#gate.closed(this);
    this.#aging.close();
    this.#steps.close();
    this.#lanes.client.close();
    this.#lanes.server.close();
  }

  /** A rule that was silent here is over: what it kept open may end. */
  released(rule: string): void {
    this.#aging.released(rule);
    this.#steps.released(rule);
    const legs = this.#legs;
    if (legs === null || this.#steps.silencedBy !== rule) return;
    this.#isSilenceLifted = true;
    const isGone = ({ stream }: Leg): boolean => stream.destroyed || stream.readableEnded;
    if (isGone(legs.client) || isGone(legs.server))
      this.#finish({ how: "reset", rule, why: "its other leg had ended" });
  }

  /** A rule was armed that is also for what waits now. */
  alsoWaiting(rule: string): void {
    const { host, port } = this.#connection.target;
    if (this.#isOver || !this.#gate.rules.isActive(host, port)) return;
    for (const request of this.#asked.open()) {
      const decision = this.#asked.decideWaiting(request, rule);
      if (decision.rules.length === 0) continue;
      this.#isEngaged = true;
      this.#note(request.exchange, decision);
      this.#steps.onWaiting(request, decision);
    }
  }

  #read(from: Side, bytes: Uint8Array, made: readonly FaultStep[] | null): void {
    const { tap } = this.#connection;
    let offset = 0;
    while (offset < bytes.length && !this.#isOver) {
      const passage = this.#coming[from] ?? this.#begin(from, made !== null);
      if (made !== null) passage.steps = made;
      const next = tap.readOne(from, bytes, offset, this.#gate.mono());
      this.#lanes[other(from)].append(passage.parcel, bytes.subarray(offset, next));
      offset = next;
      if (!tap.isMid(from)) this.#whole(from, passage);
      else if (passage.isDecided) this.#start(passage);
      else if (this.#lanes[other(from)].isFull) this.#decideNow(passage);
      this.#steps.answerDue();
    }
  }

  /** Bytes that a rule makes, as if that side had sent them. */
  #feed(from: Side, bytes: Uint8Array, steps: readonly FaultStep[]): void {
    this.#isEngaged = true;
    this.#read(from, bytes, steps);
  }

  #begin(from: Side, made: boolean): Passage {
    const { tap } = this.#connection;
    const isRest = tap.isMid(from) || tap.isRaw(from);
    const passage = new Passage(from, this.#lanes[other(from)].add(isRest), made);
    passage.isDecided = isRest;
    passage.mark = this.#gate.mark;
    this.#coming[from] = passage;
    return passage;
  }

  #whole(from: Side, passage: Passage): void {
    this.#coming[from] = null;
    passage.parcel.whole = true;
    this.#decideNow(passage);
    this.#start(passage);
  }

  /** No more of it can be waited for. */
  #decideNow(passage: Passage): void {
    if (!passage.isDecided) this.#decide(passage);
    this.#start(passage);
  }

  #start(passage: Passage): void {
    const { isFull } = this.#lanes[other(passage.from)];
    const mayStart = passage.parcel.whole || isFull || !passage.steps.some(needsWhole);
    if (passage.isDecided && !passage.isStarted && mayStart) {
      passage.isStarted = true;
      this.#steps.run(passage);
    } else if (passage.parcel.whole) this.#lanes[other(passage.from)].changed();
  }

  /** The side has ended: what is not whole will never be. */
  #closeComing(from: Side): void {
    const passage = this.#coming[from];
    if (passage !== null) this.#whole(from, passage);
  }

  // What the tap hears, while it reads: only notes are taken here, as the tap must not be called from inside.

  requestHead(exchange: number, head: Uint8Array, at: number): void {
    this.#asked.begin(exchange, head, at);
    this.#isMessage("client", "request", exchange, head);
  }

  requestBody(exchange: number, bytes: Uint8Array): void {
    this.#asked.add(exchange, bytes);
    if (this.#isEngaged) this.#coming.client?.add(bytes);
  }

  requestEnd(_exchange: number, bodyLength: number): void {
    this.#messageEnds("client", bodyLength);
  }

  informational(): void {
    const passage = this.#coming.server;
    if (passage !== null) passage.isDecided = true;
  }

  responseHead(exchange: number, head: Uint8Array): void {
    this.#isMessage("server", "answer", exchange, head);
  }

  responseBody(_exchange: number, bytes: Uint8Array): void {
    if (this.#isEngaged) this.#coming.server?.add(bytes);
  }

  responseEnd(exchange: number, bodyLength: number): void {
    this.#messageEnds("server", bodyLength);
    this.#asked.delete(exchange);
  }

  unasked(): void {
    const passage = this.#isEngaged ? this.#coming.server : null;
    if (passage === null || passage.isDecided) return;
    passage.isDecided = true;
    this.#steps.swallow(passage);
  }

  upgraded(exchange: number): void {
    const request = this.#asked.get(exchange);
    if (request !== null) request.isSocket = true;
  }

  frame(exchange: number, from: Side, frame: Frame): void {
    const passage = this.#isEngaged ? this.#coming[from] : null;
    if (passage === null || passage.isDecided) return;
    passage.kind = "frame";
    passage.exchange = exchange;
    passage.path = this.#asked.pathOf(exchange);
    passage.opcode = frame.opcode;
    const isText = frame.opcode === 1 && frame.final && !frame.compressed;
    if (isText && frame.bytes.length === frame.length)
      passage.frameIs(Uint8Array.from(frame.bytes));
    this.#decide(passage);
  }

  blameOf(exchange: number): string | null {
    return this.#steps.blameOf(exchange);
  }

  #isMessage(from: Side, kind: "request" | "answer", exchange: number, head: Uint8Array): void {
    const passage = this.#isEngaged ? this.#coming[from] : null;
    // The rest of what went on before has no head; a message made by a rule has its steps already.
    if (passage === null || passage.kind !== "rest" || passage.isDecided) return;
    passage.kind = kind;
    passage.exchange = exchange;
    passage.head = Uint8Array.from(head);
    passage.askedAt = this.#asked.get(exchange)?.at ?? null;
    passage.path = this.#asked.pathOf(exchange);
    if (passage.made) this.#steps.made(passage);
    if (!this.#asked.wantsContent(passage)) this.#decide(passage);
  }

  #messageEnds(from: Side, length: number): void {
    const passage = this.#isEngaged ? this.#coming[from] : null;
    if (passage === null || passage.head === null) return;
    passage.end(length);
    if (!passage.isDecided) this.#decide(passage);
  }

  #decide(passage: Passage): void {
    passage.isDecided = true;
    passage.mark = this.#gate.mark;
    const { exchange } = passage;
    if (passage.made || exchange === null) return;
    const request = this.#asked.get(exchange);
    if (request === null || this.#steps.isMade(exchange)) return;
    const decision = this.#asked.decide(passage, request);
    if (decision === null) return;
    passage.steps =
      passage.kind === "request" ? decision.request : [...decision.request, ...decision.response];
    if (decision.rules.length > 0) this.#note(exchange, decision);
    if (passage.kind === "request") this.#noteSilence(exchange, decision);
  }

  /** It comes on a connection that a rule has silenced: it is lost too. */
  #noteSilence(exchange: number, { rules, at }: Decision): void {
    const rule = this.#steps.silencedBy;
    if (rule === null || rules.includes(rule) || !this.#lanes.server.isSilent) return;
    const lost = { rule, kind: "drop", how: "silence" } as const;
    this.#note(exchange, { rules: [rule], request: [lost], response: [], at });
  }

  #note(exchange: number, decision: Decision): void {
    this.#gate.tell(this.#connection.id, exchange, decision);
    this.#interferes();
  }

  #interferes(): void {
    if (this.#interfered) return;
    this.#interfered = true;
    this.#connection.interfered();
  }

  /** Ends the connection as a rule wants it, in a later turn: a reset from inside the TLS engine's callback ends the process. */
  #finish(ending: Ending): void {
    this.#ending = ending;
    const legs = this.#legs;
    if (legs === null) return;
    this.#isOver = true;
    this.#lanes.client.silence();
    this.#lanes.server.silence();
    const { tap, end } = this.#connection;
    const { how, rule, why } = ending;
    const detail = `${rule}: ${why}`;
    tap.failOpen({ cause: "fault-rule", blame: "fault-rule", detail: why }, this.#gate.mono());
    end.leg("client", "boshscope", how, { alert: null, detail });
    end.leg("server", "boshscope", how, { alert: null, detail });
    setImmediate(() => {
      if (how === "reset") return this.#resetAll?.();
      for (const { stream } of [legs.client, legs.server])
        if (!stream.destroyed && !stream.writableEnded) stream.end();
    });
  }
}
