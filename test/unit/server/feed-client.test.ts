/** One client of the feed under strain: it reads slowly, not at all, or is dead; and what waits for it stays bounded. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { systemClock } from "../../../src/base/clock.ts";
import { BoshscopeError } from "../../../src/base/errors.ts";
import { silentLog } from "../../../src/base/log.ts";
import { Feed, type FeedOpening } from "../../../src/server/feed.ts";
import { rowsText } from "../../../src/server/feed-client.ts";
import type { FeedTiming } from "../../../src/server/feed-timing.ts";
import { MemoryRecorder, responded } from "../../support/memory-recorder.ts";
import { FeedReader, idleFaults } from "./started-server.ts";

/** A feed with its own timing, on a real socket. */
async function startFeed(timing: Partial<FeedTiming>) {
  const capture = new MemoryRecorder();
  const feed = new Feed({
    recorder: capture,
    reader: capture,
    faults: idleFaults(),
    clock: systemClock,
    log: silentLog,
    loopLagMs: () => ({ p50: 0, p99: 0 }),
    timing,
  });
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const readers: FeedReader[] = [];
  return {
    capture,
    feed,
    open: async (opening: Partial<FeedOpening> = {}) => {
      server.once("connection", (socket) =>
        feed.accept(socket, {
          since: null,
          query: "",
          epoch: null,
          lanes: false,
          language: null,
          ...opening,
        }),
      );
      const reader = new FeedReader(port);
      readers.push(reader);
      await reader.until((message) => message.kind === "hello");
      return reader;
    },
    [Symbol.asyncDispose]: async () => {
      for (const reader of readers) reader.socket.terminate();
      feed.terminate();
      server.close();
      await once(server, "close");
    },
  };
}

const isResync = (reason: string) => (message: { kind: string; reason?: string }) =>
  message.kind === "resync" && message.reason === reason;
const turn = () => new Promise((resolve) => setImmediate(resolve));
const big = "x".repeat(200_000);

test("a client that does not read holds no more than the bound, and is told to load again when it does", async () => {
  const stallBytes = 1024 * 1024;
  await using bench = await startFeed({ flushMs: 1, statusAtLeastMs: 200 });
  const reader = await bench.open();
  const other = await bench.open();
  reader.socket.pause();
  let most = 0;
  for (let number = 1; number <= 300; number += 1) {
    bench.capture.commit({ number: (number % 5) + 1, comment: big });
    await other.until((message) => message.kind === "rows" && message.seq >= number);
    most = Math.max(most, bench.feed.load.buffered);
  }
  // 60 MB were committed; the other client got all of them.
  expect(other.messages.filter((message) => message.kind === "rows").length).toBe(300);
  expect(most).toBeGreaterThan(stallBytes / 2);
  expect(most).toBeLessThan(stallBytes + 3 * big.length);
  reader.socket.resume();
  await reader.until(isResync("slow"));
  expect(bench.feed.load.buffered).toBeLessThan(stallBytes);
  const from = reader.messages.length;
  bench.capture.commit({ number: 9 });
  await reader.until((message) => message.kind === "rows" && message.seq === 301, from);
  expect(other.messages.some(isResync("slow"))).toBe(false);
});

test("a state larger than the bound is no reason to load again: thousands of agents take megabytes", async () => {
  await using bench = await startFeed({ flushMs: 1, stallBytes: 100_000 });
  const agents = Array.from({ length: 100 }, (_, index) => ({ agent: `${index}`, state: big }));
  bench.capture.setTimeline({ sessions: [], agents: agents as never });
  const reader = await bench.open({ lanes: true });
  await reader.until((message) => message.kind === "timeline");
  reader.socket.pause();
  bench.feed.cleared();
  for (let number = 1; number <= 20; number += 1) {
    bench.capture.commit({ number });
    await turn();
  }
  expect(bench.feed.load.buffered).toBeGreaterThan(1_000_000);
  // One state on its way is enough, however often it changes.
  bench.feed.cleared();
  const most = 1.2 * JSON.stringify(agents).length;
  expect(bench.feed.load.buffered).toBeLessThan(most);
  reader.socket.resume();
  await reader.until(isResync("slow"));
  const from = reader.messages.length;
  bench.capture.commit({ number: 21 });
  await reader.until((message) => message.kind === "rows" && message.seq === 21, from);
  expect(reader.messages.slice(from).some(isResync("slow"))).toBe(false);
});

test.each(["", "path~/"])(
  "a client that resumes slowly (filter %j) is read for only as fast as it takes",
  async (query) => {
    await using bench = await startFeed({ flushMs: 1 });
    bench.capture.commit(
      ...Array.from({ length: 12_000 }, (_, at) => ({
        number: at + 1,
        comment: "y".repeat(1000),
        outcome: responded(200),
      })),
    );
    const reader = await bench.open({ since: 1, query });
    reader.socket.pause();
    let reads = -1;
    let stable = 0;
    // A paused reader must bring the reads to a stand; each turn gives them a chance to go on.
    while (stable < 200) {
      stable = bench.capture.reads === reads ? stable + 1 : 0;
      ({ reads } = bench.capture);
      await turn();
    }
    expect(reads).toBeLessThan(12);
    expect(bench.feed.load.buffered).toBeLessThan(4_000_000);
    bench.capture.commit({ number: 20_000 });
    reader.socket.resume();
    await reader.until((message) => message.kind === "rows" && message.seq >= 12_001);
    expect(reader.rows().size).toBe(12_000);
    expect(reader.messages.some(isResync("slow"))).toBe(false);
  },
);

test("a clear while a client is stalled is told once it drains", async () => {
  await using bench = await startFeed({ flushMs: 1, stallBytes: 100_000 });
  const reader = await bench.open();
  const other = await bench.open();
  reader.socket.pause();
  for (let number = 1; number <= 60; number += 1) {
    bench.capture.commit({ number, comment: big });
    await other.until((message) => message.kind === "rows" && message.seq >= number);
  }
  await bench.capture.clear();
  bench.feed.cleared();
  await other.until(isResync("cleared"));
  reader.socket.resume();
  const told = await reader.until(isResync("slow"));
  const cleared = other.messages.find(isResync("cleared"));
  expect(told).toMatchObject({ epoch: (cleared as { epoch?: string } | undefined)?.epoch });
});

test("a dead client is dropped after a ping it does not answer; one that answers stays", async () => {
  await using bench = await startFeed({ pingMs: 200 });
  const dead = await bench.open();
  const alive = await bench.open();
  let pings = 0;
  alive.socket.on("ping", () => {
    pings += 1;
  });
  dead.socket.pause();
  await expect.poll(() => bench.feed.load.clients, { timeout: 5000 }).toBe(1);
  const before = pings;
  await expect.poll(() => pings, { timeout: 5000 }).toBeGreaterThan(before + 1);
  expect(bench.feed.load.clients).toBe(1);
  expect(alive.socket.readyState).toBe(alive.socket.OPEN);
});

test("a client that asks and asks without reading is let go", async () => {
  await using bench = await startFeed({ stallBytes: 50_000 });
  const reader = await bench.open();
  reader.socket.pause();
  const question = JSON.stringify({ kind: "filter", q: "?".repeat(1900), since: 0 });
  const deadline = Date.now() + 15_000;
  while (bench.feed.load.clients > 0 && Date.now() < deadline) {
    for (let count = 0; count < 50; count += 1) reader.send(question);
    await turn();
    expect(bench.feed.load.buffered).toBeLessThan(200_000);
  }
  expect(bench.feed.load.clients).toBe(0);
});

test("a filtered client is served at the flush's pace, not once per commit", async () => {
  await using bench = await startFeed({ flushMs: 40 });
  const reader = await bench.open({ query: "path~/" });
  await expect.poll(() => bench.capture.reads, { timeout: 5000 }).toBeGreaterThan(0);
  const { reads } = bench.capture;
  for (let number = 1; number <= 100; number += 1) bench.capture.commit({ number });
  await reader.until((message) => message.kind === "rows" && message.seq === 100);
  expect(bench.capture.reads - reads).toBeLessThanOrEqual(3);
});

test("rows that are no JSON array are refused before they garble the feed", () => {
  expect(rowsText(3, '[{"a":1}]', ["x"])).toBe(
    '{"kind":"rows","seq":3,"rows":[{"a":1}],"gone":["x"]}',
  );
  expect(() => rowsText(3, "", [])).toThrow(BoshscopeError);
  expect(() => rowsText(3, '{"a":1}', [])).toThrow(BoshscopeError);
});
