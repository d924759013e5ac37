/** One scripted end of a connection on real TCP and TLS: says exactly what the script says, and keeps a trace of what it hears. */
import { type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { codeOf } from "../../src/base/errors.ts";
import { Changes } from "./changes.ts";
import { type CloseKind, Trace } from "./trace.ts";

const headEnd = Buffer.from("\r\n\r\n");

export class Peer implements Disposable {
  readonly trace = new Trace();
  /** The TCP socket under TLS; the same as `stream` without TLS. */
  readonly raw: Socket;
  readonly stream: Socket | TLSSocket;
  readonly #name: string;
  readonly #changes = new Changes();
  #unread: Buffer[] = [];
  #unreadBytes = 0;
  #closedBy: CloseKind | null = null;
  #leaving = false;
  readonly #settled: Promise<void>;
  /** All bytes ever received. */
  received = 0;

  constructor(
    name: string,
    stream: Socket | TLSSocket,
    raw: Socket,
    settled: Promise<void> = Promise.resolve(),
  ) {
    this.#name = name;
    this.stream = stream;
    this.raw = raw;
    stream.on("data", (chunk: Buffer) => {
      this.trace.bytes(chunk);
      this.received += chunk.length;
      this.#unread.push(chunk);
      this.#unreadBytes += chunk.length;
      this.#changes.notify();
    });
    stream.on("end", () => this.#onClosed("fin"));
    stream.on("error", (error) => this.#onError(error));
    if (raw !== stream) raw.on("error", (error) => this.#onError(error));
    stream.on("close", () => this.#changes.notify());
    this.#settled = settled;
  }

  /** Resolves when the TLS handshake is over to its last record. */
  settled(): Promise<void> {
    return this.#settled;
  }

  #onError(error: unknown): void {
    const code = codeOf(error);
    // EPIPE: the RST had come before our next write.
    this.#onClosed(code === "ECONNRESET" || code === "EPIPE" ? "reset" : code);
  }

  #onClosed(how: CloseKind): void {
    if (this.#leaving || this.#closedBy === how || this.#closedBy === "reset") return;
    this.#closedBy = how;
    this.trace.close(how);
    this.#changes.notify();
  }

  #wait<T>(probe: () => T | undefined, what: () => string, withinMs?: number): Promise<T> {
    return this.#changes.until(probe, () => `${this.#name}: ${what()}`, withinMs);
  }

  #take(count: number): Buffer {
    const all = this.#unread.length === 1 ? this.#unread[0] : undefined;
    const joined = all ?? Buffer.concat(this.#unread);
    const rest = joined.subarray(count);
    this.#unread = rest.length > 0 ? [rest] : [];
    this.#unreadBytes = rest.length;
    return joined.subarray(0, count);
  }

  /** Exactly `count` bytes. */
  async readBytes(count: number, withinMs?: number): Promise<Buffer> {
    const ready = (): true | undefined => (this.#unreadBytes >= count ? true : undefined);
    await this.#wait(ready, () => `${count} bytes (has ${this.#unreadBytes})`, withinMs);
    return this.#take(count);
  }

  /** Through the next empty line, as latin1 text. */
  async readHead(withinMs?: number): Promise<string> {
    const length = await this.#wait(
      () => {
        const at = Buffer.concat(this.#unread).indexOf(headEnd);
        return at < 0 ? undefined : at + headEnd.length;
      },
      () => `a message head (has ${this.#unreadBytes} bytes)`,
      withinMs,
    );
    return this.#take(length).toString("latin1");
  }

  /** Reads and forgets `count` bytes; for bodies too big to keep. */
  async skipBytes(count: number, withinMs = 60_000): Promise<void> {
    let left = count;
    const some = (): true | undefined => (this.#unreadBytes > 0 ? true : undefined);
    while (left > 0) {
      await this.#wait(some, () => `${left} more bytes`, withinMs);
      const taken = Math.min(left, this.#unreadBytes);
      this.#take(taken);
      left -= taken;
    }
  }

  /** How the other end left. */
  closed(withinMs?: number): Promise<CloseKind> {
    return this.#wait(
      () => this.#closedBy ?? undefined,
      () => "the other end to leave",
      withinMs,
    );
  }

  /** Everything until the other end left, as latin1 text. */
  async readToClose(withinMs?: number): Promise<string> {
    await this.closed(withinMs);
    return this.#take(this.#unreadBytes).toString("latin1");
  }

  /** Resolves when the kernel took the bytes, or when the connection turned out to be gone (the trace says so). */
  async write(bytes: string | Uint8Array): Promise<void> {
    if (this.stream.destroyed) return;
    const data = typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.stream.write(data, () => resolve());
    await promise;
  }

  /** Resolves once our FIN was handed to the kernel. Reading goes on. */
  async fin(): Promise<void> {
    if (this.stream.destroyed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.stream.once("close", resolve);
    this.stream.end(resolve);
    await promise;
  }

  /** RST, and no more listening. TLSSocket.resetAndDestroy throws; the TCP socket under it can. */
  reset(): void {
    this.#leaving = true;
    if (!this.raw.destroyed) this.raw.resetAndDestroy();
    this.stream.destroy();
  }

  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    this.stream.resume();
  }

  /** True until the other end left (or we did): what is open after a script was leaked by somebody between. */
  get isOpen(): boolean {
    return this.#closedBy === null && !this.raw.destroyed;
  }

  /** Leaves without a trace, whatever state it is in. */
  [Symbol.dispose](): void {
    this.#leaving = true;
    this.stream.destroy();
    this.raw.destroy();
  }
}
