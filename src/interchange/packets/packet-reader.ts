/** Packets in order of time become what the proxy would have said of them, with a few seconds' delay. */
import type { CaptureEvent } from "../../domain/capture-event.ts";
import { TimeHeap } from "../replay/time-heap.ts";
import type { NameRow, PacketRow } from "./packet-row.ts";
import { PacketStream, type Wire } from "./packet-stream.ts";
import type { Make } from "./packet-tap.ts";

/** Two sides of a proxy belong together when the second connection begins within this time; so long events are held back. */
const windowMs = 5000;
const webPorts = new Set([80, 443, 7071, 7443, 8080, 8082, 8443, 8444, 8445, 12_005]);
/** Where Finesse speaks HTTP in the clear; elsewhere it is a certificate's list or the like, and no reason to be content. */
const plainPorts = new Set([7070, 7071, 8082]);
const forgetEvery = 2000;
/** Streams that ended are forgotten after this time, for their last packets. */
const forgetMs = 60_000;

interface Queued {
  readonly stream: PacketStream;
  readonly index: number;
  readonly make: Make;
}

/** Connections, by what could be read of them. */
export interface PacketCounts {
  /** Decrypted. */
  readonly http: number;
  readonly plain: number;
  readonly sealed: number;
  readonly http2: number;
  /** Seen on both sides of a proxy, told once. */
  readonly twins: number;
}

export class PacketReader {
  readonly #bodyLimit: number;
  readonly #streams = new Map<number, PacketStream>();
  readonly #lastSeen = new Map<number, number>();
  readonly #unanswered = new Set<PacketStream>();
  readonly #heap = new TimeHeap<Queued>();
  readonly #names = new Map<string, string>();
  readonly #ports = new Set(webPorts);
  #asked: PacketStream[] = [];
  readonly #numbers = new WeakMap<PacketStream, Numbers>();
  #connections = 0;
  #exchanges = 0;
  #now = 0;
  #packets = 0;
  hasPlainFinesse = false;
  readonly #counts = { http: 0, plain: 0, sealed: 0, http2: 0, twins: 0 };

  constructor(bodyLimit: number) {
    this.#bodyLimit = bodyLimit;
  }

  get counts(): PacketCounts {
    return { ...this.#counts };
  }

  *take(read: PacketRow | NameRow): Generator<CaptureEvent> {
    if ("name" in read) {
      for (const address of read.addresses) this.#names.set(address, read.name);
      return;
    }
    this.#now = Math.max(this.#now, read.at);
    this.#take(read);
    if (++this.#packets % forgetEvery === 0) this.#forget();
    for (const stream of this.#unanswered) this.#wait(stream);
    yield* this.#until(this.#now - windowMs);
  }

  /** No packet comes any more. */
  *end(): Generator<CaptureEvent> {
    for (const stream of this.#streams.values()) this.#count(stream);
    yield* this.#until(Number.POSITIVE_INFINITY);
  }

  #take(packet: PacketRow): void {
    const known = this.#streams.get(packet.stream);
    const stream = known ?? new PacketStream(packet, this.#wire);
    if (known === undefined) {
      this.#streams.set(packet.stream, stream);
      if (packet.isSyn && !packet.isAck) this.#pair(stream, packet.at);
    }
    this.#lastSeen.set(packet.stream, packet.at);
    stream.take(packet);
    if (stream.isUnanswered) this.#unanswered.add(stream);
    if (stream.state === "http" || stream.state === "opaque") this.#ports.add(stream.server.port);
  }

  #wait(stream: PacketStream): void {
    stream.giveUp(this.#now);
    if (!stream.isUnanswered) this.#unanswered.delete(stream);
  }

  readonly #wire: Wire = {
    bodyLimit: () => this.#bodyLimit,
    push: (stream, at, index, make) => this.#heap.push(at, { stream, index, make }),
    nameOf: (address) => this.#names.get(address) ?? null,
    name: (address, host) => void this.#names.set(address, host),
    asked: (stream) => void this.#asked.push(stream),
    isWeb: (port) => this.#ports.has(port),
  };

  /** A proxy connects to where it was just asked to: from here on the new connection stands for both. */
  #pair(stream: PacketStream, at: number): void {
    this.#asked = this.#asked.filter(
      ({ openedAt, twin }) => twin === null && openedAt >= at - windowMs,
    );
    const asker = this.#asked.findLast(
      ({ target, state }) =>
        target?.port === stream.server.port && (state === "asking" || state === "silent"),
    );
    if (asker === undefined || asker.target === null) return;
    asker.twin = stream;
    stream.twin = asker;
    this.#counts.twins++;
    this.#names.set(stream.server.address, asker.target.host);
  }

  *#until(at: number): Generator<CaptureEvent> {
    for (const { stream, index, make } of this.#heap.popUntil(at)) {
      if (this.#isLeftOut(stream)) continue;
      const numbers = this.#numbersOf(stream);
      const exchange = index < 0 ? 0 : numbers.of(index, () => ++this.#exchanges);
      yield make(numbers.connection, exchange);
    }
  }

  /** Of two sides of a proxy the server's is told, unless only the browser's can be read. */
  #isLeftOut(stream: PacketStream): boolean {
    const { twin } = stream;
    if (twin === null) return false;
    const [asker, server] = stream.target === null ? [twin, stream] : [stream, twin];
    const told = asker.isRead && !server.isRead ? asker : server;
    return stream !== told;
  }

  #numbersOf(stream: PacketStream): Numbers {
    const known = this.#numbers.get(stream);
    if (known !== undefined) return known;
    const numbers = new Numbers(++this.#connections);
    this.#numbers.set(stream, numbers);
    return numbers;
  }

  #forget(): void {
    for (const [id, stream] of this.#streams) {
      if (!stream.isOver || (this.#lastSeen.get(id) ?? 0) > this.#now - forgetMs) continue;
      this.#count(stream);
      this.#streams.delete(id);
      this.#lastSeen.delete(id);
    }
  }

  #count(stream: PacketStream): void {
    stream.end();
    if (this.#isLeftOut(stream)) return;
    if (stream.isRead && plainPorts.has(stream.server.port)) this.hasPlainFinesse = true;
    if (stream.isHttp2) this.#counts.http2++;
    else if (stream.isRead) this.#counts[stream.isTls ? "http" : "plain"]++;
    else if (stream.state === "opaque") this.#counts.sealed++;
  }
}

class Numbers {
  readonly connection: number;
  readonly #exchanges = new Map<number, number>();

  constructor(connection: number) {
    this.connection = connection;
  }

  of(index: number, next: () => number): number {
    const known = this.#exchanges.get(index);
    if (known !== undefined) return known;
    const number = next();
    this.#exchanges.set(index, number);
    return number;
  }
}
