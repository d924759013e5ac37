import fc from "fast-check";
import { expect, test } from "vitest";
import { EventBatchReader, EventBatchWriter } from "../../../src/capture/event-batch.ts";
import type { CaptureEvent } from "../../../src/domain/capture-event.ts";

const exchange = fc.nat(1e6);
const at = fc.double({ min: 0, max: 1e13, noNaN: true });
const bytes = fc.uint8Array({ maxLength: 20_000 });
const side = fc.constantFrom("client" as const, "server" as const);

const anyEvent: fc.Arbitrary<CaptureEvent> = fc.oneof(
  fc.record({
    kind: fc.constant("request-head" as const),
    exchange,
    at,
    connection: exchange,
    secure: fc.boolean(),
    host: fc.string({ maxLength: 12 }),
    port: fc.nat(65_535),
    bytes,
  }),
  fc.record({
    kind: fc.constantFrom(
      "request-body" as const,
      "response-body" as const,
      "response-head" as const,
      "informational-head" as const,
    ),
    exchange,
    at,
    bytes,
  }),
  fc.record({
    kind: fc.constant("request-end" as const),
    exchange,
    at,
    bodyLength: fc.nat(),
    sent: fc.boolean(),
    trailers: fc.option(bytes),
  }),
  fc.record({
    kind: fc.constant("response-end" as const),
    exchange,
    at,
    bodyLength: fc.nat(),
    delivered: fc.boolean(),
    trailers: fc.option(bytes),
  }),
  fc.record({
    kind: fc.constantFrom("request-sent" as const, "response-delivered" as const),
    exchange,
    at,
  }),
  fc.record({
    kind: fc.constant("frame" as const),
    exchange,
    at,
    from: side,
    opcode: fc.nat(15),
    final: fc.boolean(),
    compressed: fc.boolean(),
    length: fc.nat(),
    bytes,
  }),
  fc.record({ kind: fc.constant("connection-ended" as const), connection: exchange, at }),
);

const plain = (event: CaptureEvent): unknown =>
  JSON.parse(
    JSON.stringify(event, (_key, value: unknown) =>
      value instanceof Uint8Array ? [...value] : value,
    ),
  );

test("whatever is added comes out again, in order, over several batches through one reader", () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyEvent, { maxLength: 30 }), { maxLength: 4 }), (batches) => {
      const writer = new EventBatchWriter();
      const reader = new EventBatchReader();
      const seen: unknown[] = [];
      for (const events of batches) {
        for (const event of events) writer.add(event);
        const batch = writer.take(1000);
        reader.read(batch, (event) => seen.push(plain(event)));
        // What is left in a block that has been used must not show in the next batch.
        writer.reuse(batch);
      }
      expect(seen).toEqual(batches.flat().map(plain));
    }),
    { numRuns: 200 },
  );
});

test("an event's bytes are copied: the socket's buffer may be reused", () => {
  const writer = new EventBatchWriter();
  const chunk = new TextEncoder().encode("before");
  writer.add({ kind: "response-body", exchange: 1, at: 1, bytes: chunk });
  chunk.fill(0);
  const seen: CaptureEvent[] = [];
  new EventBatchReader().read(writer.take(0), (event) => seen.push(event));
  expect(seen[0]).toMatchObject({ kind: "response-body" });
  expect(new TextDecoder().decode((seen[0] as { bytes: Uint8Array }).bytes)).toBe("before");
});
