/**
 * The reading side of a capture file in the caller's own thread, for commands and transfers: they ask five questions an exchange, one after
 * the other, and have nothing else to do meanwhile. Asked of another thread, most of an export's time was spent on handing over.
 */
import { systemClock } from "../base/clock.ts";
import type { CaptureReader } from "../domain/recording.ts";
import { FileReader } from "./file-reader.ts";
import type { ReaderCalls } from "./reader-calls.ts";
import { type Call, readerOver } from "./reader-over.ts";

/** A recorder that writes the same file goes on, but can't tidy up behind itself for so long. */
const stillMs = 500;

/** Nothing is opened before the first call; a call fails with store-unreadable while there is no file to read. */
export function openReaderHere(path: string, captureId: () => string): CaptureReader {
  let reader: FileReader | null = null;
  let stillSince = Number.NEGATIVE_INFINITY;
  const answer = async (method: keyof ReaderCalls, parameters: readonly unknown[]) => {
    reader ??= new FileReader(path, systemClock);
    const now = systemClock.mono();
    if (now - stillSince >= stillMs) {
      reader.holdStill();
      stillSince = now;
    }
    const work = reader[method] as (...values: readonly unknown[]) => Promise<unknown>;
    return work.apply(reader, [...parameters]);
  };
  const call = ((method, ...parameters) => answer(method, parameters)) as Call;
  const close = async (): Promise<void> => reader?.close();
  return readerOver(call, captureId, close);
}
