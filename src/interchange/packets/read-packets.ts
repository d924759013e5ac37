/**
 * Reads a packet capture (pcap, pcapng, what else Wireshark knows) as the proxy would have seen it: event by event in the order of time, with
 * no more of the file in memory than a few seconds.
 */
import { fail } from "../../base/errors.ts";
import type { CaptureEvent } from "../../domain/capture-event.ts";
import { type PacketCounts, PacketReader } from "./packet-reader.ts";
import { readRow } from "./packet-row.ts";
import { runTshark, type TsharkRun } from "./run-tshark.ts";
import { hasTornHead } from "./torn-head.ts";

export interface PacketFileOptions {
  /** Key log; null = keys are in the file, or there is nothing to decrypt. */
  readonly keys: string | null;
  readonly bodyLimit: number;
  /** Packets taken so far that said something. */
  readonly onRead: (packets: number) => void;
}

export interface PacketFacts extends PacketCounts {
  readonly isCut: boolean;
}

const reportEvery = 2000;

export class PacketFile {
  readonly #path: string;
  readonly #options: PacketFileOptions;
  readonly #reader: PacketReader;
  readonly #run: TsharkRun;
  #isTorn = false;

  constructor(path: string, options: PacketFileOptions) {
    this.#path = path;
    this.#options = options;
    this.#reader = new PacketReader(options.bodyLimit);
    this.#run = runTshark(path, options.keys);
  }

  /** Once. Throws "tool-missing", "file-unreadable". */
  async *events(): AsyncGenerator<CaptureEvent> {
    let packets = 0;
    for await (const line of this.#run.lines()) {
      const row = readRow(line);
      if (row === null) continue;
      if (++packets % reportEvery === 0) this.#options.onRead(packets);
      yield* this.#reader.take(row);
    }
    yield* this.#reader.end();
    this.#isTorn = await hasTornHead(this.#path);
    this.#check();
  }

  /** Known once the events were taken. */
  facts(): PacketFacts {
    return { isCut: this.#isTorn || this.#run.isCut, ...this.#reader.counts };
  }

  #check(): void {
    const { http, sealed, http2 } = this.#reader.counts;
    if (http > 0 || this.#reader.hasPlainFinesse || sealed + http2 === 0) return;
    const { keys } = this.#options;
    throw fail("file-unreadable", {
      path: this.#path,
      why:
        sealed === 0
          ? "its connections speak HTTP/2, which is not read from packets"
          : `none of its ${sealed} TLS connections can be decrypted${keys === null ? " without keys" : " with these keys"}`,
      remedy:
        "Give the key log that was written while the packets were captured: --keylog KEYS. Boshscope writes one with start --keylog FILE, Chrome and Firefox where SSLKEYLOGFILE says; the capture must hold the beginning of each connection.",
    });
  }
}
