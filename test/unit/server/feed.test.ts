/** The feed as a page sees it: hello, batches, resume, filters, resyncs, and no gap whatever happens in between. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import type { ExchangeSummary } from "../../../src/domain/exchange.ts";
import type { FeedMessage } from "../../../src/server/messages.ts";
import { pending, responded } from "../../support/memory-recorder.ts";
import { type FeedReader, mergeInto, startTestServer } from "./started-server.ts";

type Of<Kind extends FeedMessage["kind"]> = Extract<FeedMessage, { kind: Kind }>;

const is =
  <Kind extends FeedMessage["kind"]>(kind: Kind) =>
  (message: FeedMessage): message is Of<Kind> =>
    message.kind === kind;
const hasRow = (id: string) => (message: FeedMessage) =>
  message.kind === "rows" && message.rows.some((row) => row.id === id);
const isGone = (id: string) => (message: FeedMessage) =>
  message.kind === "rows" && message.gone.includes(id);
const ids = (reader: FeedReader): readonly string[] => [...reader.rows().keys()].sort();

test("hello comes first and says where things stand", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 }, { number: 2 });
  const reader = await bench.feed();
  expect(reader.messages[0]).toMatchObject({
    kind: "hello",
    captureId: "cap1",
    seq: 2,
    epoch: expect.stringContaining("cap1"),
    status: { exchanges: 2, recording: true },
  });
  expect(Date.parse((reader.messages[0] as Of<"hello">).now)).toBeGreaterThan(0);
});

test("commits within one flush come as one message, unparsed, with the last seq", async () => {
  await using bench = await startTestServer();
  const reader = await bench.feed();
  const comment = `"\u2028</script>\ud83d\ude00\\`;
  bench.capture.commit({ number: 1, comment });
  bench.capture.commit({ number: 2 }, { number: 3 });
  bench.capture.commit({ number: 1, outcome: responded(200) });
  const message = (await reader.until(hasRow("cap1-3"))) as Of<"rows">;
  expect(message.rows.map((row) => [row.number, row.seq])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [1, 4],
  ]);
  expect(message.rows[0]).toMatchObject({ comment });
  expect([message.seq, message.gone]).toEqual([4, []]);
});

test("without since nothing of the past is sent", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 });
  const reader = await bench.feed();
  bench.capture.commit({ number: 2 });
  await reader.until(hasRow("cap1-2"));
  expect(ids(reader)).toEqual(["cap1-2"]);
});

test("since 0 sends everything, in parts, then goes on live", async () => {
  await using bench = await startTestServer();
  bench.capture.commit(...Array.from({ length: 2500 }, (_, at) => ({ number: at + 1 })));
  const reader = await bench.feed("?since=0");
  await reader.until(hasRow("cap1-2500"));
  bench.capture.commit({ number: 2501 });
  await reader.until(hasRow("cap1-2501"));
  expect(reader.rows().size).toBe(2501);
  expect(reader.messages.filter(is("rows")).length).toBeGreaterThanOrEqual(4);
});

test("a resume brings what changed while away, and what was deleted", async () => {
  await using bench = await startTestServer();
  const first = await bench.feed();
  bench.capture.commit({ number: 1 }, { number: 2 }, { number: 3 });
  await first.until(hasRow("cap1-3"));
  first.socket.terminate();
  bench.capture.commit({ number: 2, outcome: responded(404) });
  await bench.ask("/api/exchanges?ids=cap1-1", { method: "DELETE" });
  const epoch = (first.messages[0] as Of<"hello">).epoch;
  const again = await bench.feed(`?since=${first.since}&epoch=${encodeURIComponent(epoch)}`);
  await again.until(isGone("cap1-1"));
  await again.until(hasRow("cap1-2"));
  const rows = new Map<string, ExchangeSummary | { seq: number; path: string }>();
  for (const message of [...first.messages, ...again.messages]) mergeInto(rows, message);
  expect([...rows.keys()].sort()).toEqual(["cap1-2", "cap1-3"]);
  expect(rows.get("cap1-2")).toMatchObject({ outcome: { status: 404 } });
  expect(again.messages.filter(is("resync"))).toEqual([]);
});

test("batches from before the recorder knew of the listener are read instead", async () => {
  await using bench = await startTestServer();
  const reader = await bench.feed();
  bench.capture.blankBatches = true;
  bench.capture.commit({ number: 1 }, { number: 2 });
  bench.capture.blankBatches = false;
  bench.capture.commit({ number: 3 });
  await reader.until(hasRow("cap1-2"));
  await reader.until(hasRow("cap1-3"));
  expect(ids(reader)).toEqual(["cap1-1", "cap1-2", "cap1-3"]);
});

test("a since above the store's seq, and one of another epoch, are told to load again", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 });
  const high = await bench.feed("?since=99");
  expect(await high.until(is("resync"))).toMatchObject({ reason: "gone" });
  const other = await bench.feed("?since=1&epoch=cap0%2Fx%2F0");
  expect(await other.until(is("resync"))).toMatchObject({ reason: "capture" });
  const cleared = await bench.feed("?since=1&epoch=cap1%2Fx%2F0");
  expect(await cleared.until(is("resync"))).toMatchObject({ reason: "cleared" });
  bench.capture.commit({ number: 2 });
  for (const reader of [high, other, cleared]) {
    await reader.until(hasRow("cap1-2"));
    expect(ids(reader)).toEqual(["cap1-2"]);
  }
});

test("a status that lags behind the rows does not make a good resume point a bad one", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 }, { number: 2 });
  bench.capture.setStatus({ seq: 0 });
  const reads = bench.capture.reads;
  const reader = await bench.feed("?since=2");
  await expect.poll(() => bench.capture.reads, { timeout: 5000 }).toBe(reads + 2);
  bench.capture.commit({ number: 3 });
  await reader.until(hasRow("cap1-3"));
  expect(reader.messages.some(is("resync"))).toBe(false);
});

test("a store that does not tell its seq is not taken for an older one", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 });
  const { seq: _seq, ...status } = bench.capture.status();
  bench.capture.status = () => status;
  const reader = await bench.feed("?since=1");
  bench.capture.commit({ number: 2 });
  await reader.until(hasRow("cap1-2"));
  expect(reader.messages.some(is("resync"))).toBe(false);
});

test("clear and undo tell every page to load again, with a new epoch; so do pages that were away", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 });
  const reader = await bench.feed();
  const { epoch } = reader.messages[0] as Of<"hello">;
  bench.capture.commit({ number: 2 });
  await bench.ask("/api/exchanges", { method: "DELETE" });
  const resync = (await reader.until(is("resync"))) as Of<"resync">;
  expect(resync.reason).toBe("cleared");
  expect(resync.epoch).not.toBe(epoch);
  await bench.ask("/api/exchanges/undo-clear", { method: "POST" });
  const from = reader.messages.indexOf(resync) + 1;
  const undone = (await reader.until(is("resync"), from)) as Of<"resync">;
  const away = await bench.feed(`?since=1&epoch=${encodeURIComponent(epoch)}`);
  expect(await away.until(is("resync"))).toMatchObject({ reason: "cleared", epoch: undone.epoch });
});

test("a new capture is told, whoever began it", async () => {
  await using bench = await startTestServer();
  const reader = await bench.feed();
  await bench.ask("/api/capture", { method: "POST", body: { action: "new" } });
  const resync = await reader.until(is("resync"));
  expect(resync).toMatchObject({ reason: "capture", epoch: expect.stringContaining("cap2") });
  await bench.capture.startCapture("by somebody else");
  await reader.until(is("resync"), reader.messages.indexOf(resync) + 1);
  expect(reader.messages.filter(is("resync"))).toHaveLength(2);
});

test("deleted rows are gone for everyone, even when a read that still saw them was under way", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 }, { number: 2 });
  const original = bench.capture.exchanges.bind(bench.capture);
  const reading = Promise.withResolvers<void>();
  const slow = Promise.withResolvers<void>();
  bench.capture.exchanges = async (query) => {
    const page = await original(query);
    reading.resolve();
    await slow.promise;
    return page;
  };
  const reader = await bench.feed("?since=0");
  await reading.promise;
  await bench.ask("/api/exchanges?ids=cap1-1", { method: "DELETE" });
  slow.resolve();
  await reader.until(hasRow("cap1-2"));
  await reader.until(isGone("cap1-1"));
  expect(ids(reader)).toEqual(["cap1-2"]);
});

test("a client that is reading takes no batch past what it reads", async () => {
  await using bench = await startTestServer();
  const original = bench.capture.exchanges.bind(bench.capture);
  const reading = Promise.withResolvers<void>();
  const slow = Promise.withResolvers<void>();
  bench.capture.exchanges = async (query) => {
    const page = await original(query);
    reading.resolve();
    await slow.promise;
    return page;
  };
  const reader = await bench.feed();
  bench.capture.blankBatches = true;
  bench.capture.commit({ number: 1 });
  bench.capture.blankBatches = false;
  await reading.promise;
  bench.capture.commit({ number: 2 });
  // Makes what is being read worthless, so that it is read again from where the client stands.
  await bench.ask("/api/exchanges?ids=cap1-9", { method: "DELETE" });
  slow.resolve();
  await reader.until(hasRow("cap1-2"));
  await reader.until(hasRow("cap1-1"));
});

test("a filter sends what matches, and says what no longer does", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1, path: "/a" }, { number: 2, path: "/b" });
  const reader = await bench.feed(`?since=0&q=${encodeURIComponent("path~/b")}`);
  await reader.until(hasRow("cap1-2"));
  bench.capture.commit(
    { number: 3, path: "/b" },
    { number: 4, path: "/a" },
    { number: 2, path: "/a" },
  );
  await reader.until(hasRow("cap1-3"));
  await reader.until(isGone("cap1-2"));
  expect(ids(reader)).toEqual(["cap1-3"]);
  expect(reader.since).toBe(5);
});

test("a row that stops matching while all rows are sent is gone in the end", async () => {
  await using bench = await startTestServer();
  bench.capture.commit(
    ...Array.from({ length: 1500 }, (_, at) => ({ number: at + 1, path: "/b" })),
  );
  const original = bench.capture.exchanges.bind(bench.capture);
  let pages = 0;
  bench.capture.exchanges = async (query) => {
    const page = await original(query);
    pages += 1;
    if (pages === 1) bench.capture.commit({ number: 5, path: "/a" });
    return page;
  };
  const reader = await bench.feed(`?since=0&q=${encodeURIComponent("path~/b")}`);
  await reader.until(isGone("cap1-5"));
  await reader.until(hasRow("cap1-1500"));
  expect(reader.rows().size).toBe(1499);
});

test("the filter changes in place; an unreadable one is explained and the old one stays", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1, path: "/a" }, { number: 2, path: "/b" });
  const reader = await bench.feed();
  reader.send({ kind: "filter", q: "path~/b", since: 0 });
  await reader.until(hasRow("cap1-2"));
  reader.send({ kind: "filter", q: "??", since: 0 });
  expect(await reader.until(is("query-error"))).toMatchObject({
    message: expect.stringContaining("??"),
    remedy: expect.any(String),
  });
  bench.capture.commit({ number: 3, path: "/a" }, { number: 4, path: "/b" });
  await reader.until(hasRow("cap1-4"));
  expect(ids(reader)).toEqual(["cap1-2", "cap1-4"]);
  reader.send({ kind: "filter", q: "", since: 0 });
  await reader.until(hasRow("cap1-3"));
  expect(ids(reader)).toEqual(["cap1-1", "cap1-2", "cap1-3", "cap1-4"]);
});

test("opened with an unreadable filter it stays open, sends no rows, and takes the next filter", async () => {
  await using bench = await startTestServer();
  const reader = await bench.feed("?q=%3F%3F");
  await reader.until(is("query-error"));
  bench.capture.commit({ number: 1 });
  bench.capture.setStatus({ openConnections: 7 });
  await reader.until(
    (message) => message.kind === "status" && message.status.openConnections === 7,
  );
  expect(reader.messages.filter(is("rows"))).toEqual([]);
  reader.send({ kind: "filter", q: "path~/", since: 0 });
  await reader.until(hasRow("cap1-1"));
});

test("open rows are looked at again as they age", async () => {
  await using bench = await startTestServer();
  const { capture } = bench;
  capture.commit({ number: 1 });
  const reader = await bench.feed(`?since=0&q=${encodeURIComponent("age>5000")}`);
  capture.commit({ number: 2, outcome: responded(200) });
  capture.now += 6000;
  await reader.until(hasRow("cap1-1"));
  expect(ids(reader)).toEqual(["cap1-1"]);
  const looked = (times: number) => {
    const { reads } = capture;
    return expect
      .poll(() => capture.reads, { timeout: 5000 })
      .toBeGreaterThanOrEqual(reads + times);
  };
  await looked(2);
  const sent = reader.messages.filter(is("rows")).length;
  await looked(2);
  expect(reader.messages.filter(is("rows")).length).toBe(sent);
  capture.commit({ number: 1, outcome: responded(200) });
  await reader.until(isGone("cap1-1"));
});

test("status comes on change at most four times a second, and unasked every two seconds", async () => {
  await using bench = await startTestServer();
  const reader = await bench.feed();
  const begun = systemClock.mono();
  for (let count = 1; count <= 400; count += 1) {
    bench.capture.setStatus({ openConnections: count });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await reader.until(
    (message) => message.kind === "status" && message.status.openConnections === 400,
  );
  const seconds = (systemClock.mono() - begun) / 1000;
  const told = reader.messages.filter(is("status")).length;
  expect(told).toBeLessThanOrEqual(Math.ceil(seconds * 4) + 2);
  await reader.until(is("status"), reader.messages.length);
  expect(reader.messages.filter(is("status")).at(-1)).toMatchObject({
    loopLagMs: { p50: 0.5, p99: 2 },
  });
});

test.each([
  "nonsense",
  "[]",
  '{"kind":"filter"}',
  '{"kind":"filter","q":"","since":-1}',
  '{"kind":"x"}',
])("a message the feed does not know (%s) ends it", async (text) => {
  await using bench = await startTestServer();
  const reader = await bench.feed();
  const closed = reader.closed();
  reader.send(text);
  expect(await closed).toBe(1008);
});

test("a read that fails ends the feed, so that the page comes back and resumes", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 });
  bench.capture.failure = new Error("disk on fire");
  const reader = await bench.feed("?since=0");
  expect(await reader.closed()).toBe(1011);
  expect(bench.logged.join("")).toContain("disk on fire");
});

test("when the last page has gone, nothing listens to the recorder any more", async () => {
  await using bench = await startTestServer();
  const reader = await bench.feed();
  expect(bench.capture.listeners).toBe(4);
  reader.socket.terminate();
  await expect.poll(() => bench.capture.listeners, { timeout: 5000 }).toBe(0);
});

type Step =
  | { readonly kind: "commit"; readonly numbers: readonly number[]; readonly path: string }
  | { readonly kind: "delete"; readonly number: number }
  | { readonly kind: "clear" | "undo" | "blank" | "drop" | "turn" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("commit" as const),
      numbers: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
      path: fc.constantFrom("/a", "/b", "/ab"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("delete" as const),
      number: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: "turn" as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: "drop" as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step>({ kind: "clear" }, { kind: "undo" }, { kind: "blank" }),
  },
);

/** A page: keeps rows and its resume point, and after a resync loads again as the real one does. */
class Page {
  readonly rows = new Map<string, ExchangeSummary | { seq: number; path: string }>();
  readonly #bench: Awaited<ReturnType<typeof startTestServer>>;
  readonly #query: string;
  #since: number | null = 0;
  #epoch = "";
  #seen = 0;
  #reader: FeedReader | null = null;

  constructor(bench: Awaited<ReturnType<typeof startTestServer>>, query: string) {
    this.#bench = bench;
    this.#query = query;
  }

  async connect(): Promise<void> {
    const epoch = this.#epoch === "" ? "" : `&epoch=${encodeURIComponent(this.#epoch)}`;
    const filter = encodeURIComponent(this.#query);
    this.#reader = await this.#bench.feed(`?since=${this.#since ?? 0}&q=${filter}${epoch}`);
    this.#seen = 0;
  }

  /** Takes in what has come so far. */
  async take(): Promise<void> {
    const messages = this.#reader?.messages ?? [];
    while (this.#seen < messages.length) {
      const message = messages[this.#seen]!;
      this.#seen += 1;
      mergeInto(this.rows, message);
      if (message.kind === "hello" || message.kind === "resync") this.#epoch = message.epoch;
      if (message.kind === "rows") this.#since = Math.max(this.#since ?? 0, message.seq);
      if (message.kind === "resync") await this.#load();
    }
  }

  async drop(): Promise<void> {
    await this.take();
    this.#reader?.socket.terminate();
    await this.connect();
  }

  async settled(marker: string): Promise<void> {
    await this.#reader?.until((message) => hasRow(marker)(message) || isGone(marker)(message));
    await this.take();
  }

  async #load(): Promise<void> {
    const filter = encodeURIComponent(this.#query);
    const answer = await this.#bench.ask(`/api/exchanges?limit=5000&q=${filter}`);
    const { exchanges, next } = answer.value as { exchanges: ExchangeSummary[]; next: number };
    mergeInto(this.rows, { kind: "rows", seq: next, rows: exchanges, gone: [] });
    this.#since = Math.max(this.#since ?? 0, next);
  }
}

test.each(["", "path~/b"])(
  "whatever is committed, deleted and cleared, a page with filter %j that comes and goes ends with the truth",
  async (query) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        await using bench = await startTestServer();
        const page = new Page(bench, query);
        await page.connect();
        for (const one of steps) await take(bench, page, one);
        bench.capture.blankBatches = false;
        bench.capture.commit({ number: 99, path: "/b", outcome: responded(200) });
        await page.settled("cap1-99");
        const wanted = [...bench.capture.truth.values()].filter(
          (row) => query === "" || row.path.includes("/b"),
        );
        const shown = (rows: Iterable<{ seq: number; path: string }>) =>
          [...rows].map((row) => `${row.seq} ${row.path}`).sort();
        expect(shown(page.rows.values())).toEqual(shown(wanted));
      }),
      { numRuns: 40, interruptAfterTimeLimit: 12_000 },
    );
  },
);

async function take(
  bench: Awaited<ReturnType<typeof startTestServer>>,
  page: Page,
  one: Step,
): Promise<void> {
  const { capture } = bench;
  switch (one.kind) {
    case "commit":
      capture.commit(
        ...one.numbers.map((number) => ({
          number,
          path: one.path,
          outcome: number % 2 === 0 ? pending : responded(200),
        })),
      );
      return;
    case "delete":
      // Numbers rise: an id that nobody could see yet is never asked for.
      await bench.ask(
        `/api/exchanges?ids=cap1-${capture.truth.has(`cap1-${one.number}`) ? one.number : 1000}`,
        { method: "DELETE" },
      );
      return;
    case "clear":
      await bench.ask("/api/exchanges", { method: "DELETE" });
      return;
    case "undo":
      await bench.ask("/api/exchanges/undo-clear", { method: "POST" });
      return;
    case "blank":
      capture.blankBatches = !capture.blankBatches;
      return;
    case "drop":
      await page.drop();
      return;
    case "turn":
      await new Promise((resolve) => setImmediate(resolve));
      await page.take();
  }
}
