/** The reader's contract, over calls that are answered in this thread or another. */
import type { CaptureReader } from "../domain/recording.ts";
import type { ReaderCalls } from "./reader-calls.ts";

export type Call = <Method extends keyof ReaderCalls>(
  method: Method,
  ...parameters: Parameters<ReaderCalls[Method]>
) => ReturnType<ReaderCalls[Method]>;

/** `captureId`: the capture that questions are about unless they name another. */
export function readerOver(
  call: Call,
  captureId: () => string,
  close: () => Promise<void>,
): CaptureReader {
  return {
    exchanges: (query) => call("exchanges", captureId(), query),
    changes: (query) => call("changes", captureId(), query),
    lanes: (query) => call("lanes", captureId(), query),
    exchange: (id) => call("exchange", id),
    body: (id, side) => call("body", id, side),
    frames: (id, from, limit, whole) => call("frames", id, from, limit, whole),
    connections: (query) => call("connections", captureId(), query),
    connection: (id, of) => call("connection", of ?? captureId(), id),
    storedFindings: (id) => call("storedFindings", id ?? captureId()),
    captures: () => call("captures"),
    vitals: (query) => call("vitals", captureId(), query),
    observations: (query) => call("observations", captureId(), query),
    totals: () => call("totals", captureId()),
    close,
  };
}
