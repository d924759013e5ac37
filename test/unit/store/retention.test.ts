/** The file stays within its bounds, whatever is written, and what people marked stays in it. */
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import type { StoredExchange } from "../../../src/domain/recording.ts";
import { openForReading } from "../../../src/store/open-database.ts";
import type { PublishingWriter } from "../../../src/store/open-writer.ts";
import {
  batch,
  connection,
  exchange,
  message,
  pending,
  startWall,
  summariesOf,
  temporaryWriter,
} from "./rows.ts";

const forever = 1e13;
const unbounded = 1e13;

const fill = (writer: PublishingWriter, from: number, to: number, bodyBytes = 300): void => {
  for (let first = from; first <= to; first += 500) {
    const length = Math.min(500, to - first + 1);
    writer.commit(
      batch({
        exchanges: Array.from({ length }, (_, at) =>
          exchange(first + at, {
            response: message("HTTP/1.1 200 OK\r\n\r\n", "b".repeat(bodyBytes)),
          }),
        ),
      }),
    );
  }
};

const numbers = (writer: PublishingWriter): number[] =>
  summariesOf(writer.summaries(0, writer.seq))
    .map((row) => row.number)
    .sort((left, right) => left - right);

test("by size: oldest first, the file stays near its bound, and the newest rows are there", () => {
  using store = temporaryWriter();
  const maxBytes = 3_000_000;
  let largest = 0;
  let dropped = 0;
  for (let round = 0; round < 24; round += 1) {
    fill(store.writer, round * 500 + 1, round * 500 + 500);
    dropped += store.writer.prune({ maxBytes, maxAgeMs: forever, nowWall: startWall });
    largest = Math.max(largest, store.writer.bytes());
  }
  const kept = numbers(store.writer);
  expect(largest).toBeLessThanOrEqual(maxBytes * 1.1);
  expect(kept.length).toBe(12_000 - dropped);
  expect(kept).toEqual(
    Array.from({ length: kept.length }, (_, at) => 12_000 - kept.length + 1 + at),
  );
  expect(kept.length).toBeGreaterThan(1500);
  expect(statSync(store.path).size).toBeLessThanOrEqual(maxBytes * 1.1);
});

test("a bound that was lowered gives the space back to the disk", () => {
  using store = temporaryWriter();
  fill(store.writer, 1, 6000);
  const before = store.writer.bytes();
  store.writer.prune({ maxBytes: before / 4, maxAgeMs: forever, nowWall: startWall });
  expect(store.writer.bytes()).toBeLessThanOrEqual((before / 4) * 1.1);
  expect(numbers(store.writer).at(-1)).toBe(6000);
});

test("large bodies go one by one, not by the thousand", () => {
  using store = temporaryWriter();
  fill(store.writer, 1, 60, 100_000);
  store.writer.prune({ maxBytes: 5_000_000, maxAgeMs: forever, nowWall: startWall });
  const kept = numbers(store.writer);
  expect(kept.length).toBeGreaterThan(40);
  expect(kept.length).toBeLessThan(50);
});

test("by age: exactly the rows before the bound", () => {
  using store = temporaryWriter();
  fill(store.writer, 1, 5000);
  const nowWall = startWall + 10_000;
  // Row n began at startWall + n.
  expect(store.writer.prune({ maxBytes: unbounded, maxAgeMs: 6000, nowWall })).toBe(3999);
  expect(numbers(store.writer)[0]).toBe(4000);
  expect(store.writer.prune({ maxBytes: unbounded, maxAgeMs: 6000, nowWall })).toBe(0);
});

test("marked, commented and open rows stay, and so do their connections", () => {
  using store = temporaryWriter();
  const { writer } = store;
  const on = (number: number): Partial<StoredExchange> => ({ connection: number });
  const endedAt = new Date(startWall).toISOString();
  writer.commit(
    batch({
      exchanges: [
        exchange(1, on(1)),
        exchange(2, on(2)),
        exchange(3, on(3)),
        pending(4, on(4)),
        exchange(5, on(5)),
        exchange(6, on(6)),
      ],
      connections: [1, 2, 3, 4, 5, 6].map((id) => connection(id, id === 4 ? {} : { endedAt })),
    }),
  );
  writer.setMark("c0ffee-2", "red");
  writer.setComment("c0ffee-3", "why");
  expect(writer.prune({ maxBytes: 1, maxAgeMs: 0, nowWall: startWall + 1000 })).toBe(3);
  expect(numbers(writer)).toEqual([2, 3, 4]);
  const database = openForReading(store.path);
  const left = database.prepare("SELECT json_extract(record, '$.id') AS id FROM connections").all();
  const counted = database.prepare("SELECT rows, hidden FROM captures").get();
  database.close();
  expect(left.map((row) => row["id"])).toEqual([2, 3, 4]);
  expect(counted).toEqual({ rows: 3, hidden: 0 });
});

test("a capture that has nothing left goes, the current one stays", () => {
  using store = temporaryWriter();
  const { writer } = store;
  writer.commit(batch({ exchanges: [exchange(1)] }));
  writer.startCapture("second");
  writer.prune({ maxBytes: unbounded, maxAgeMs: 0, nowWall: startWall + 1000 });
  const database = openForReading(store.path);
  expect(database.prepare("SELECT name FROM captures").all()).toEqual([{ name: "second" }]);
  database.close();
});

test("a WAL that a reader kept from being written back is cut when the reader is done", () => {
  using store = temporaryWriter();
  const wal = () => statSync(`${store.path}-wal`).size;
  fill(store.writer, 1, 10);
  const reader = new DatabaseSync(store.path, { readOnly: true });
  reader.exec("BEGIN");
  reader.prepare("SELECT count(*) FROM exchanges").get();
  fill(store.writer, 11, 610, 100_000);
  const held = wal();
  expect(held).toBeGreaterThan(50_000_000);
  const begun = performance.now();
  store.writer.prune({ maxBytes: unbounded, maxAgeMs: forever, nowWall: startWall });
  expect(performance.now() - begun, "traffic does not wait for a reader").toBeLessThan(2000);
  reader.exec("COMMIT");
  store.writer.prune({ maxBytes: unbounded, maxAgeMs: forever, nowWall: startWall });
  expect(wal()).toBeLessThan(held / 4);
  reader.close();
});
