/** A message on its way through the gate: its bytes in a lane, what is known of it, and what is to be done to it. */
import type { Side } from "../../domain/capture-event.ts";
import type { FaultMessage } from "../../faults/change-message.ts";
import type { Decision, FaultStep } from "../../faults/step.ts";
import type { FaultSubject } from "../../faults/subject.ts";
import type { Parcel } from "./lane.ts";
import { behindHead, latin1, plainContent } from "./message-bytes.ts";

/** More content than this is not waited for, and not changed. */
export const maxContent = 256 * 1024;

export class Passage {
  readonly from: Side;
  readonly parcel: Parcel;
  /** "rest": bytes that are no message of their own, or whose beginning went before the gate was there. */
  kind: "request" | "answer" | "frame" | "rest" = "rest";
  exchange: number | null = null;
  head: Uint8Array | null = null;
  opcode = 0;
  /** First byte of its request (of its own, for a request), monotonic ms. */
  askedAt: number | null = null;
  /** Of its request. */
  path = "";
  /** Made by a rule: it is not decided on again. */
  readonly made: boolean;
  isDecided = false;
  isStarted = false;
  steps: readonly FaultStep[] = [];
  /** When they were decided, in the order of releases. */
  mark = 0;
  readonly #content: Uint8Array[] = [];
  #length = 0;
  /** All of the content, or null while it is not whole or is too long. */
  #whole: Uint8Array | null = null;

  constructor(from: Side, parcel: Parcel, made: boolean) {
    this.from = from;
    this.parcel = parcel;
    this.made = made;
  }

  get leg(): "request" | "response" {
    return this.from === "client" ? "request" : "response";
  }

  add(content: Uint8Array): void {
    if (this.#length + content.length <= maxContent) this.#content.push(Uint8Array.from(content));
    this.#length += content.length;
  }

  /** `length`: all content bytes there were. */
  end(length: number): void {
    if (length !== this.#length || length > maxContent || this.head === null) return;
    this.#whole = plainContent(this.head, Buffer.concat(this.#content));
  }

  frameIs(payload: Uint8Array | null): void {
    this.#whole = payload;
  }

  /** As text; null = not whole, too long, or not readable. */
  text(): string | null {
    return this.#whole === null ? null : Buffer.from(this.#whole).toString("utf8");
  }

  message(): FaultMessage {
    return { head: this.head === null ? "" : latin1(this.head), body: this.#whole };
  }

  /** What it is from now on. */
  replace({ head, body }: FaultMessage, frame: (payload: Uint8Array) => Uint8Array): void {
    const { parcel } = this;
    if (this.kind === "frame") {
      if (body === null) return;
      this.#whole = body;
      parcel.chunks = [frame(body)];
      return;
    }
    const before = this.head ?? new Uint8Array();
    const rest = body ?? behindHead(Buffer.concat(parcel.chunks), before);
    this.head = Buffer.from(head, "latin1");
    this.#whole = body;
    parcel.chunks = [this.head, rest];
  }
}

/** What is remembered of a request until its answer is whole. */
export interface OpenRequest {
  readonly exchange: number;
  /** First byte, monotonic ms. */
  readonly at: number;
  readonly head: string;
  /** Its content so far, up to a limit; null = longer. */
  content: Uint8Array[] | null;
  length: number;
  /** Made when a rule may be concerned. */
  subject: FaultSubject | null;
  /** What was decided on it; null = it went on ungated. */
  decision: Decision | null;
  /** When it was made, in the order of releases. */
  mark: number;
  isSocket: boolean;
}
