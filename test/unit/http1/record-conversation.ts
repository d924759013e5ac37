/** Plays bytes through a Conversation and writes down what it told, in a form that does not depend on how the bytes were cut. */
import { Conversation, type ConversationLimits } from "../../../src/http1/conversation.ts";
import { parseTrailers } from "../../../src/http1/head.ts";

export interface Segment {
  readonly from: "client" | "server";
  readonly bytes: Uint8Array;
}

/** One line per event; body bytes of one stretch are one line. */
export type Told = readonly string[];

export const limits: ConversationLimits = { bodyLimit: 1024, maxHead: 2048, maxPipelined: 8 };

export const latin1Bytes = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text, "latin1"));

export const client = (text: string): Segment => ({ from: "client", bytes: latin1Bytes(text) });
export const server = (text: string): Segment => ({ from: "server", bytes: latin1Bytes(text) });

const quoted = (bytes: Uint8Array): string => JSON.stringify(Buffer.from(bytes).toString("latin1"));

const section = (trailers: Uint8Array | null): string =>
  trailers === null
    ? ""
    : ` trailers ${JSON.stringify(parseTrailers(trailers).map(({ name, value }) => [name, value]))}`;

/** Collects events; `told` also closes the stretch of body bytes under way. */
export class Recording {
  readonly conversation: Conversation;
  readonly #lines: string[] = [];
  /** Told before the frames in it, a chunk at a time: where it stands among them depends on the cut. */
  #afterSwitch = Buffer.alloc(0);
  readonly #stretches = new Map<string, Buffer>();

  constructor(over: Partial<ConversationLimits> = {}) {
    this.conversation = new Conversation(
      {
        requestHead: (index, head, parsed) =>
          this.#write(
            `request ${index} ${parsed.method} ${parsed.target} ${parsed.version} ${quoted(head)}`,
          ),
        requestBody: (index, bytes) => this.#stretch(`request-body ${index}`, bytes),
        requestRaw: (index, bytes) => this.#stretch(`request-raw ${index}`, bytes),
        requestEnd: (index, length, trailers) =>
          this.#write(`request-end ${index} ${length}${section(trailers)}`),
        informational: (index, head) => this.#write(`informational ${index} ${quoted(head)}`),
        responseHead: (index, head, parsed) =>
          this.#write(
            `response ${index} ${parsed.version} ${parsed.status} ${parsed.reason} ${quoted(head)}`,
          ),
        responseBody: (index, bytes) => this.#stretch(`response-body ${index}`, bytes),
        responseEnd: (index, length, trailers) =>
          this.#write(`response-end ${index} ${length}${section(trailers)}`),
        upgradedRaw: (_index, bytes) => {
          this.#afterSwitch = Buffer.concat([this.#afterSwitch, bytes]);
        },
        upgraded: (index, protocol) => this.#write(`upgraded ${index} ${protocol}`),
        frame: (index, from, { opcode, final, compressed, length, bytes }) =>
          this.#write(
            `frame ${index} ${from} ${opcode}${final ? " final" : ""}${compressed ? " compressed" : ""} ${length} ${quoted(bytes)}`,
          ),
        unparsed: (from, index, reason) => this.#write(`unparsed ${from} ${index} ${reason}`),
      },
      { ...limits, ...over },
    );
  }

  get told(): Told {
    this.#endStretches();
    if (this.#afterSwitch.length === 0) return this.#lines;
    return [...this.#lines, `upgraded-raw ${quoted(this.#afterSwitch)}`];
  }

  play(segment: Segment, cuts: readonly number[] = []): void {
    let start = 0;
    for (const end of [...cuts, segment.bytes.length]) {
      // A chunk of its own, wiped afterwards: a listener or framer that kept a view would show it.
      const chunk = new Uint8Array(segment.bytes.subarray(start, end));
      if (segment.from === "client") this.conversation.fromClient(chunk, 0);
      else this.conversation.fromServer(chunk, 0);
      chunk.fill(0x58);
      start = end;
    }
  }

  #write(line: string): void {
    this.#endStretches();
    this.#lines.push(line);
  }

  #stretch(name: string, bytes: Uint8Array): void {
    this.#stretches.set(name, Buffer.concat([this.#stretches.get(name) ?? Buffer.alloc(0), bytes]));
  }

  #endStretches(): void {
    for (const [name, bytes] of [...this.#stretches].sort(([left], [right]) =>
      left < right ? -1 : 1,
    ))
      this.#lines.push(`${name} ${quoted(bytes)}`);
    this.#stretches.clear();
  }
}

/** Everything told when each segment comes whole; the server's FIN comes last. */
export function tellWhole(
  segments: readonly Segment[],
  over: Partial<ConversationLimits> = {},
): Told {
  const recording = new Recording(over);
  for (const segment of segments) recording.play(segment);
  recording.conversation.serverEnded(0);
  return recording.told;
}

/** The same with the segments cut; `cutsOf` names the offsets. */
export function tellCut(
  segments: readonly Segment[],
  cutsOf: (segment: Segment, place: number) => readonly number[],
  over: Partial<ConversationLimits> = {},
): Told {
  const recording = new Recording(over);
  for (const [place, segment] of segments.entries())
    recording.play(segment, cutsOf(segment, place));
  recording.conversation.serverEnded(0);
  return recording.told;
}

export const everyByte = (segment: Segment): readonly number[] =>
  Array.from({ length: Math.max(segment.bytes.length - 1, 0) }, (_, index) => index + 1);
