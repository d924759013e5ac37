/** WebSocket messages of open exchanges: joins fragments, undoes permessage-deflate, replaces secrets, numbers them. */
import { constants, inflateRawSync } from "node:zlib";
import { codeOf } from "../base/errors.ts";
import { maxDecodedBytes } from "../base/limits.ts";
import type { CaptureEvent } from "../domain/capture-event.ts";
import type { ExchangeNote } from "../domain/exchange.ts";
import type { StoredFrame } from "../domain/recording.ts";
import type { RedactedBody, Redactor } from "../redact/redactor.ts";

type FrameEvent = Extract<CaptureEvent, { kind: "frame" }>;

interface Direction {
  /** Fragments of the message under way, its opcode and length. */
  parts: Buffer[];
  opcode: number;
  length: number;
  compressed: boolean;
  cut: boolean;
  /** Last 32 KiB of plain text: RFC 7692 7.1.1 lets the next message refer back to it. */
  window: Buffer;
  /** A message could not be inflated: what follows can't be either. */
  lost: boolean;
}

const windowBytes = 32 * 1024;
const textOpcode = 1;
/** RFC 7692 7.2.2: these four bytes were taken off the end of each message. */
const deflateTail = Buffer.from([0, 0, 0xff, 0xff]);

export class FrameBook {
  readonly #redactor: Redactor;
  readonly #keepSecrets: boolean;
  readonly #directions: Record<"client" | "server", Direction> = {
    client: fresh(),
    server: fresh(),
  };
  #index = 0;

  constructor(redactor: Redactor, keepSecrets: boolean) {
    this.#redactor = redactor;
    this.#keepSecrets = keepSecrets;
  }

  /** The message that this frame completes, or null while it is in pieces. */
  add(event: FrameEvent, atWall: number, notes: Set<ExchangeNote>): StoredFrame | null {
    if (event.opcode >= 8)
      return this.#stored(
        event,
        { opcode: event.opcode, length: event.length },
        atWall,
        this.#control(event),
      );
    const direction = this.#directions[event.from];
    if (event.opcode !== 0)
      Object.assign(direction, {
        opcode: event.opcode,
        parts: [],
        length: 0,
        cut: false,
        compressed: event.compressed,
      });
    direction.parts.push(Buffer.from(event.bytes));
    direction.length += event.length;
    direction.cut ||= isCut(event);
    if (!event.final) return null;
    const message = { opcode: direction.opcode, length: direction.length };
    return this.#stored(event, message, atWall, this.#message(direction, notes));
  }

  #control(event: FrameEvent): { body: Buffer | null; cut: boolean } {
    const text = this.#redactor.frame(Buffer.from(event.bytes).toString("latin1"));
    return { body: isHarmless(text) ? Buffer.from(event.bytes) : null, cut: isCut(event) };
  }

  #message(direction: Direction, notes: Set<ExchangeNote>): { body: Buffer | null; cut: boolean } {
    const joined = Buffer.concat(direction.parts);
    direction.parts = [];
    const plain = direction.compressed ? this.#inflate(direction, joined) : joined;
    if (plain === null) {
      notes.add("body-unreadable");
      return { body: null, cut: direction.cut };
    }
    if (this.#keepSecrets) return { body: plain, cut: direction.cut };
    const isText = direction.opcode === textOpcode;
    const result = this.#redactor.frame(isText ? plain.toString("utf8") : plain.toString("latin1"));
    if (result.replaced) notes.add("secrets-replaced");
    if (!result.readable) notes.add("body-unreadable");
    if (!isText) return { body: isHarmless(result) ? plain : null, cut: direction.cut };
    if (!result.readable) return { body: null, cut: direction.cut };
    return { body: result.replaced ? Buffer.from(result.text, "utf8") : plain, cut: direction.cut };
  }

  #inflate(direction: Direction, bytes: Buffer): Buffer | null {
    if (direction.lost || direction.cut) {
      direction.lost = true;
      return null;
    }
    try {
      const plain = inflateRawSync(Buffer.concat([bytes, deflateTail]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: maxDecodedBytes,
        ...(direction.window.length > 0 ? { dictionary: direction.window } : {}),
      });
      direction.window = Buffer.from(
        Buffer.concat([direction.window, plain]).subarray(-windowBytes),
      );
      return plain;
    } catch (error) {
      if (!codeOf(error).startsWith("Z_") && codeOf(error) !== "ERR_BUFFER_TOO_LARGE") throw error;
      direction.lost = true;
      return null;
    }
  }

  #stored(
    event: FrameEvent,
    message: { opcode: number; length: number },
    atWall: number,
    kept: { body: Buffer | null; cut: boolean },
  ): StoredFrame {
    return {
      exchange: event.exchange,
      index: this.#index++,
      atWall,
      from: event.from,
      final: true,
      event: null,
      ...message,
      ...kept,
    };
  }
}

/** Redaction changes lengths: of what comes out of a file they tell nothing. */
const isCut = (event: FrameEvent): boolean =>
  event.imported?.cut ?? event.bytes.length < event.length;

const fresh = (): Direction => ({
  parts: [],
  opcode: 0,
  length: 0,
  compressed: false,
  cut: false,
  window: Buffer.alloc(0),
  lost: false,
});

/** Whether bytes that are no text may be kept as they are: nothing can be replaced in them. */
const isHarmless = ({ replaced, readable }: RedactedBody): boolean => readable && !replaced;
