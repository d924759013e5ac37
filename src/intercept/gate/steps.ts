/** Carries out what the rules decided on a message of one connection, step by step. */
import { randomBytes } from "node:crypto";
import type { Side } from "../../domain/capture-event.ts";
import { changeMessage, noChange } from "../../faults/change-message.ts";
import type { Decision, FaultStep } from "../../faults/step.ts";
import { BlameBook } from "./blame.ts";
import type { FaultGate } from "./fault-gate.ts";
import type { GatedConnection } from "./gated-connection.ts";
import { HeldUp } from "./held-up.ts";
import type { Lane } from "./lane.ts";
import { lastAnswer } from "./message-bytes.ts";
import type { OpenRequest, Passage } from "./passage.ts";
import { Shaping } from "./shaping.ts";
import type { Wait } from "./waits.ts";
import { frameBytes } from "./web-socket-bytes.ts";

export interface Ending {
  readonly how: "fin" | "reset";
  readonly rule: string;
  readonly why: string;
}

export interface StepsOptions {
  readonly gate: FaultGate;
  readonly connection: GatedConnection;
  /** By the side they lead to. */
  readonly lanes: Readonly<Record<Side, Lane>>;
  /** Lets bytes that a rule makes pass as if that side had sent them; the steps are done to them. */
  readonly feed: (from: Side, bytes: Uint8Array, steps: readonly FaultStep[]) => void;
  readonly finish: (ending: Ending) => void;
  readonly asked: (exchange: number) => OpenRequest | null;
}

type StepOf<K extends FaultStep["kind"]> = Extract<FaultStep, { kind: K }>;

export class Steps {
  readonly #options: StepsOptions;
  readonly #heldUp = new HeldUp();
  /** Answers in the server's place, until it is their turn. */
  readonly #answers = new Map<number, { bytes: Uint8Array; steps: readonly FaultStep[] }>();
  /** Second copies of requests: the client never asked for their answers. */
  readonly #copies = new Set<number>();
  #copying: string | null = null;
  readonly #blame: BlameBook;
  readonly #swapped: Partial<Record<Side, { rule: string; bytes: Uint8Array }>> = {};
  readonly #shaping = new Shaping();
  silencedBy: string | null = null;

  constructor(options: StepsOptions) {
    this.#options = options;
    this.#blame = new BlameBook(options.gate.emit, options.gate.mono);
  }

  get isIdle(): boolean {
    return (
      this.#answers.size === 0 &&
      this.#copies.size === 0 &&
      this.#heldUp.isEmpty &&
      this.#swapped.client === undefined &&
      this.#swapped.server === undefined
    );
  }

  blameOf(exchange: number): string | null {
    const { client } = this.#options.lanes;
    return this.#blame.of(exchange) ?? (client.isSilent ? this.silencedBy : null);
  }

  /** A copy that a rule made: rules are not asked about it. */
  isMade(exchange: number): boolean {
    return this.#copies.has(exchange);
  }

  /** A message made by a rule has been numbered. */
  made({ kind, exchange, from }: Passage): void {
    if (kind !== "request" || from !== "client" || exchange === null || this.#copying === null)
      return;
    this.#copies.add(exchange);
    const { gate, connection } = this.#options;
    gate.tell(connection.id, exchange, {
      rules: [this.#copying],
      request: [{ rule: this.#copying, kind: "twice" }],
      response: [],
      at: gate.mono(),
    });
  }

  /** Does its steps, then lets it go. Where none waits, it goes in this turn. */
  run(passage: Passage): void {
    if (passage.kind === "answer" && passage.exchange !== null)
      this.#onAnswer(passage.exchange, passage);
    if (passage.steps.length === 0) return this.#pass(passage);
    void this.#do(passage).catch((error: unknown) => this.#broken(passage, error));
  }

  /** The answer to a copy ends here. */
  #onAnswer(exchange: number, passage: Passage): void {
    if (this.#copies.delete(exchange)) this.swallow(passage);
  }

  /** The client never asked for it. */
  swallow(passage: Passage): void {
    passage.steps = [];
    this.#lane(passage).discard(passage.parcel);
  }

  async #do(passage: Passage): Promise<void> {
    for (const step of passage.steps) {
      if (step.kind === "twice" && passage.kind === "request") continue;
      if (this.#options.gate.isOff(step, passage.mark)) continue;
      const goesOn = await this.#perform(passage, step);
      if (!goesOn) return;
    }
    const twice = passage.steps.find(
      (step) => step.kind === "twice" && !this.#options.gate.isOff(step, passage.mark),
    );
    const copy = twice === undefined || passage.kind !== "request" ? null : bytesOf(passage);
    this.#pass(passage);
    if (twice !== undefined && copy !== null) this.#copy(copy, twice.rule);
  }

  /** A defect of ours may not hold up traffic. */
  #broken(passage: Passage, error: unknown): void {
    this.#options.gate.defect(error);
    this.#pass(passage);
  }

  #lane({ from }: Passage): Lane {
    return this.#options.lanes[from === "client" ? "server" : "client"];
  }

  #pass(passage: Passage): void {
    const { exchange, kind, parcel, from } = passage;
    const lane = this.#lane(passage);
    if (exchange !== null) this.#blame.passed(exchange);
    if (exchange !== null && (kind === "request" || kind === "answer") && !parcel.discarded) {
      const to = from === "client" ? "server" : "client";
      const { connection, gate } = this.#options;
      parcel.onGone = () => connection.tap.gone(to, exchange, gate.mono());
    }
    this.#shaping.watch(parcel);
    const swapped = kind === "frame" ? this.#swapped[from] : undefined;
    if (swapped !== undefined) {
      delete this.#swapped[from];
      parcel.chunks.push(swapped.bytes);
    }
    parcel.open = true;
    lane.changed();
  }

  /** False: it does not go on, or not by way of these steps. */
  async #perform(passage: Passage, step: FaultStep): Promise<boolean> {
    switch (step.kind) {
      case "wait":
        return this.#wait(passage, step.rule, step.ms);
      case "pause":
        return this.#wait(passage, step.rule, step.ms);
      case "wait-until":
        return this.#wait(passage, step.rule, this.#until(passage, step.ageMs));
      case "hold":
        return this.#hold(passage, step.rule);
      case "change":
        passage.replace(changeMessage(passage.message(), step.change), (payload) =>
          this.#frame(passage, payload),
        );
        return true;
      case "answer":
        return this.#answer(passage, step);
      case "twice":
        passage.parcel.chunks.push(...passage.parcel.chunks);
        return true;
      case "swap-frame":
        return this.#swap(passage, step.rule);
      case "throttle":
        this.#shaping.slow(passage.parcel, step.rule, step.bytesPerSecond);
        return true;
      case "cut":
        return this.#cut(passage, step);
      case "drop":
        return this.#drop(passage, step.rule, step.how);
      case "refuse-connect":
      case "break-tls":
      case "forget":
        return true;
    }
  }

  #until({ askedAt }: Passage, ageMs: number): number {
    return askedAt === null ? 0 : askedAt + ageMs - this.#options.gate.mono();
  }

  async #wait(passage: Passage, rule: string, ms: number | null): Promise<boolean> {
    const wait: Wait = this.#options.gate.waits.start(rule, ms);
    this.#keeps(passage, rule);
    const passed = await this.#heldUp.until(passage, () => wait.giveUp(), wait.over);
    if (!passed) this.#lane(passage).discard(passage.parcel);
    return passed;
  }

  #keeps({ exchange, kind }: Passage, rule: string): void {
    if (exchange !== null) this.#blame.keeps(exchange, rule, kind === "answer");
  }

  async #hold(passage: Passage, rule: string): Promise<boolean> {
    const { gate } = this.#options;
    const { exchange, path } = passage;
    if (exchange === null) return true;
    const { head, body } = passage.message();
    const since = gate.mono();
    const { verdict, giveUp } = gate.breakpoints.hold({
      rule,
      exchange,
      leg: passage.leg,
      since,
      path,
      head,
      body,
    });
    this.#keeps(passage, rule);
    const word = await this.#heldUp.until(passage, giveUp, verdict);
    if (word.action === "drop")
      return this.#drop(passage, rule, passage.kind === "frame" ? "silence" : "reset");
    if (word.head === undefined && word.body === undefined) return true;
    const edited = {
      head: word.head ?? head,
      body: word.body === undefined ? body : Buffer.from(word.body, "utf8"),
    };
    passage.replace(changeMessage(edited, noChange), (payload) => this.#frame(passage, payload));
    return true;
  }

  #frame({ from, opcode }: Passage, payload: Uint8Array): Uint8Array {
    return frameBytes({ opcode, payload, key: from === "client" ? randomBytes(4) : null });
  }

  #answer(passage: Passage, { bytes }: StepOf<"answer">): boolean {
    const { exchange } = passage;
    if (passage.kind === "answer") {
      passage.parcel.chunks = [bytes];
      return true;
    }
    this.#lane(passage).discard(passage.parcel);
    if (exchange === null) return false;
    if (passage.kind === "frame") {
      this.#toClient(frameBytes({ opcode: 1, payload: bytes, key: null }));
      return false;
    }
    const { gate, asked } = this.#options;
    const request = asked(exchange);
    const planned = request?.decision?.response ?? [];
    const steps = planned.filter((step) => !gate.isOff(step, request?.mark ?? 0));
    this.#answers.set(exchange, { bytes, steps });
    this.answerDue();
    return false;
  }

  #toClient(bytes: Uint8Array): void {
    const lane = this.#options.lanes.client;
    const parcel = lane.add(true);
    parcel.whole = true;
    lane.append(parcel, bytes);
  }

  /** Answers whose turn has come, now that all before them are given. */
  answerDue(): void {
    if (this.#answers.size === 0) return;
    const { tap } = this.#options.connection;
    const { due } = tap;
    const answer = due === null ? undefined : this.#answers.get(due);
    if (due === null || answer === undefined) return;
    this.#answers.delete(due);
    tap.answerFirst(due);
    this.#options.feed("server", answer.bytes, answer.steps);
  }

  /** Sends a request again, as one more exchange whose answer nobody gets. Left out while another request is half sent. */
  #copy(bytes: Uint8Array, rule: string): void {
    const { tap } = this.#options.connection;
    if (tap.isMid("client") || tap.isRaw("client")) return;
    this.#copying = rule;
    this.#options.feed("client", bytes, []);
    this.#copying = null;
  }

  #swap(passage: Passage, rule: string): boolean {
    const { from, parcel } = passage;
    if (this.#swapped[from] !== undefined) return true;
    this.#swapped[from] = { rule, bytes: Buffer.concat(parcel.chunks) };
    this.#lane(passage).discard(parcel);
    return false;
  }

  #cut(passage: Passage, { rule, afterBytes, how }: StepOf<"cut">): boolean {
    if (afterBytes === 0) return this.#drop(passage, rule, how);
    const onCut = (): void => void this.#drop(passage, rule, how);
    this.#shaping.cut(passage.parcel, rule, { after: afterBytes, onCut });
    return true;
  }

  #drop(passage: Passage, rule: string, how: "fin" | "reset" | "silence"): boolean {
    const { exchange, leg, kind } = passage;
    const lane = this.#lane(passage);
    if (kind === "frame" && how === "silence") {
      lane.discard(passage.parcel);
      return false;
    }
    this.#keeps(passage, rule);
    const why = `the ${leg === "request" ? "request" : "answer"} was dropped`;
    if (kind === "answer" && exchange !== null) this.#blame.lost(exchange, rule, why);
    if (how === "silence") {
      this.silencedBy = rule;
      lane.silence();
    } else this.#options.finish({ how, rule, why });
    return false;
  }

  /** The client went away while its answers waited here; requests of its that wait are not sent any more. */
  abandoned(why: string): void {
    this.#heldUp.giveUpRequests();
    this.#blame.abandoned(why, (exchange) => this.#options.asked(exchange) === null);
  }

  /** A rule hits a request that went on before it was armed: what is about the request's way comes too late, its end does not. */
  onWaiting(request: OpenRequest, { request: steps, response, at }: Decision): void {
    const earlier = request.decision;
    request.decision = {
      rules: earlier?.rules ?? [],
      request: earlier?.request ?? [],
      response: [...(earlier?.response ?? []), ...response],
      at,
    };
    request.mark = this.#options.gate.mark;
    for (const step of steps) {
      if (step.kind === "drop") this.#dropWaiting(request, step);
      if (step.kind === "answer") this.#answerWaiting(request, step);
    }
  }

  #dropWaiting({ exchange }: OpenRequest, { rule, how }: StepOf<"drop">): void {
    this.#blame.keeps(exchange, rule, false);
    if (how !== "silence")
      return this.#options.finish({ how, rule, why: "the connection was dropped" });
    this.#silence(rule);
  }

  /** The connection as such, with what waits on it. */
  forget({ rule, how }: StepOf<"forget">, waiting: readonly OpenRequest[]): void {
    for (const { exchange } of waiting) this.#blame.keeps(exchange, rule, false);
    if (how === "reset")
      return this.#options.finish({ how, rule, why: "the connection was forgotten" });
    this.#silence(rule);
  }

  #silence(rule: string): void {
    this.silencedBy = rule;
    this.#options.lanes.client.silence();
    this.#options.lanes.server.silence();
  }

  /**
   * The server still owes its own answer, up to 30 s, and answers in order: what the client asks next on this connection would wait behind it.
   * So the connection ends with the answer, as HTTP lets any server do, and the client asks on another.
   */
  #answerWaiting(request: OpenRequest, { rule, bytes }: StepOf<"answer">): void {
    const { exchange, isSocket, decision } = request;
    const { connection, lanes, feed, finish } = this.#options;
    if (isSocket) return this.#toClient(frameBytes({ opcode: 1, payload: bytes, key: null }));
    if (connection.tap.due !== exchange) return;
    feed("server", lastAnswer(bytes), decision?.response ?? []);
    connection.tap.expectUnasked();
    lanes.client.endWith(() =>
      finish({ how: "fin", rule, why: "the server still owed its own answer" }),
    );
  }

  released(rule: string): void {
    this.#shaping.released(rule);
    this.#options.lanes.client.changed();
    this.#options.lanes.server.changed();
    for (const from of ["client", "server"] as const) {
      const swapped = this.#swapped[from];
      if (swapped?.rule !== rule) continue;
      delete this.#swapped[from];
      const lane = this.#options.lanes[from === "client" ? "server" : "client"];
      const parcel = lane.add(true);
      parcel.whole = true;
      lane.append(parcel, swapped.bytes);
    }
  }

  close(): void {
    this.#heldUp.giveUpAll();
    this.#answers.clear();
  }
}

const bytesOf = ({ parcel }: Passage): Uint8Array => Buffer.concat(parcel.chunks);
