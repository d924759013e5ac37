import { expect, test } from "vitest";
import type { EventBatch } from "../../../src/capture/event-batch.ts";
import { EventBatchReader } from "../../../src/capture/event-batch.ts";
import { Outbox } from "../../../src/capture/outbox.ts";
import type { CaptureEvent } from "../../../src/domain/capture-event.ts";

function recorded(limits: { shedBodiesAt?: number; shedExchangesAt?: number } = {}) {
  const batches: EventBatch[] = [];
  const outbox = new Outbox({
    post: (batch) => batches.push(batch),
    mono: () => 5,
    wall: () => 1005,
    ...limits,
  });
  const kinds = (): string[] => {
    const reader = new EventBatchReader();
    const seen: CaptureEvent[] = [];
    for (const batch of batches) reader.read(batch, (event) => seen.push(event));
    return seen.map((event) => event.kind);
  };
  return { outbox, batches, kinds };
}

const head = (exchange: number): CaptureEvent => ({
  kind: "request-head",
  exchange,
  connection: 1,
  at: 1,
  secure: true,
  host: "fin1",
  port: 7443,
  bytes: new Uint8Array(10),
});
const body = (exchange: number, length: number): CaptureEvent => ({
  kind: "response-body",
  exchange,
  at: 1,
  bytes: new Uint8Array(length),
});

test("a batch carries the offset from monotonic to wall time", () => {
  const { outbox, batches } = recorded();
  outbox.emit(head(1));
  outbox.flush();
  expect(batches[0]?.wallOffset).toBe(1000);
});

test("a recorder that is behind loses bodies first, then exchanges; both are counted, and it recovers", () => {
  const { outbox, kinds } = recorded({ shedBodiesAt: 1000, shedExchangesAt: 4000 });
  outbox.emit(head(1));
  outbox.emit(body(1, 2000));
  outbox.flush();
  outbox.emit(body(1, 50));
  outbox.emit(head(2));
  outbox.emit({
    kind: "request-end",
    exchange: 2,
    at: 1,
    bodyLength: 3000,
    trailers: new Uint8Array(3000),
    sent: true,
  });
  outbox.flush();
  outbox.emit(head(3));
  outbox.emit({
    kind: "response-end",
    exchange: 3,
    at: 1,
    bodyLength: 0,
    trailers: null,
    delivered: true,
  });
  expect(outbox.lost).toEqual({ bodies: 1, exchanges: 1 });
  outbox.acknowledge();
  outbox.acknowledge();
  outbox.emit(head(4));
  outbox.emit(body(4, 50));
  outbox.flush();
  expect(kinds()).toEqual([
    "request-head",
    "response-body",
    "request-head",
    "request-end",
    "request-head",
    "response-body",
  ]);
  expect(outbox.lost).toEqual({ bodies: 1, exchanges: 1 });
});
