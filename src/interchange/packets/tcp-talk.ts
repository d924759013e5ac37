/** One TCP connection as packets: sequence numbers, segments, acknowledgements and ends, for what both sides said. */

import type { Packet } from "./pcapng.ts";
import { type Endpoint, flag, mssFor, tcpFrame } from "./tcp-frame.ts";

export type Side = "client" | "server";

export interface Spoken {
  readonly bytes: Uint8Array;
  /** Wall ms of its first and last byte; what lies between is spread evenly. */
  readonly from: number;
  readonly to: number;
  readonly comments: readonly string[];
}

/** The interface a packet is on: that of the leg on which it was seen. */
export const legOf: Readonly<Record<Side, number>> = { client: 0, server: 1 };

const other = (side: Side): Side => (side === "client" ? "server" : "client");
/** Segments that go without an acknowledgement; far below the window. */
const segmentsPerAck = 64;

export class TcpTalk {
  readonly #ends: Readonly<Record<Side, Endpoint>>;
  readonly #mss: number;
  readonly #next: Record<Side, number>;
  readonly #ended: Record<Side, boolean> = { client: false, server: false };
  #id = 1;
  #last = 0;
  #state: "new" | "refused" | "open" | "reset" = "new";

  /** `serial`: tells apart the connections of a file, and so their first sequence numbers. */
  constructor(ends: Readonly<Record<Side, Endpoint>>, serial: number) {
    this.#ends = ends;
    this.#mss = mssFor(ends.client.address);
    const first = Math.imul(serial, 0x9e3779b1) >>> 0;
    this.#next = { client: first, server: (first ^ 0x5bd1e995) >>> 0 };
  }

  /** `answeredAt`: when the server took the connection; null = it did not answer. */
  *open(at: number, answeredAt: number | null, comments: readonly string[]): Generator<Packet> {
    if (this.#state !== "new") return;
    yield this.#packet("client", at, { flags: flag.syn, comments });
    this.#next.client++;
    if (answeredAt === null) {
      this.#state = "refused";
      return;
    }
    yield this.#packet("server", answeredAt, { flags: flag.syn | flag.ack });
    this.#next.server++;
    this.#state = "open";
    yield this.#packet("client", answeredAt, { flags: flag.ack });
  }

  *say(side: Side, { bytes, from, to, comments }: Spoken): Generator<Packet> {
    if (this.#state !== "open" || this.#ended[side] || bytes.length === 0) return;
    const count = Math.ceil(bytes.length / this.#mss);
    for (let index = 0; index < count; index++) {
      const payload = bytes.subarray(index * this.#mss, (index + 1) * this.#mss);
      const at = count === 1 ? from : from + ((to - from) * index) / (count - 1);
      const isLast = index === count - 1;
      const flags = isLast ? flag.ack | flag.psh : flag.ack;
      yield this.#packet(side, at, { flags, payload, comments: index === 0 ? comments : [] });
      this.#next[side] += payload.length;
      if (isLast || index % segmentsPerAck === segmentsPerAck - 1)
        yield this.#acknowledge(side, at);
    }
  }

  *fin(side: Side, at: number, comments: readonly string[]): Generator<Packet> {
    if (this.#state !== "open" || this.#ended[side]) return;
    this.#ended[side] = true;
    yield this.#packet(side, at, { flags: flag.fin | flag.ack, comments });
    this.#next[side]++;
    yield this.#acknowledge(side, at);
  }

  /** Also the answer to a SYN that is refused. */
  *reset(side: Side, at: number, comments: readonly string[]): Generator<Packet> {
    if (this.#state === "new" || this.#state === "reset") return;
    if (this.#state === "refused") this.#next.server = 0;
    this.#state = "reset";
    yield this.#packet(side, at, { flags: flag.rst | flag.ack, comments });
  }

  #acknowledge(side: Side, at: number): Packet {
    return this.#packet(other(side), at, { flags: flag.ack });
  }

  /** Time never goes back within a connection: marks are rounded to the millisecond here and to the microsecond there. */
  #packet(
    side: Side,
    at: number,
    said: {
      readonly flags: number;
      readonly payload?: Uint8Array;
      readonly comments?: readonly string[];
    },
  ): Packet {
    this.#last = Math.max(this.#last, at);
    const { flags, payload = none, comments = [] } = said;
    const frame = tcpFrame({
      from: this.#ends[side],
      to: this.#ends[other(side)],
      seq: this.#next[side],
      ack: this.#next[other(side)],
      flags,
      id: this.#id++,
      payload,
    });
    return { at: this.#last, leg: legOf[side], frame, comments };
  }
}

const none = new Uint8Array();
