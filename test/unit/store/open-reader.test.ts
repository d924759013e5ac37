/** The reading thread, asked as the server asks it. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { silentLog } from "../../../src/base/log.ts";
import type { CaptureReader } from "../../../src/domain/recording.ts";
import { openReader } from "../../../src/store/open-reader.ts";
import { openWriter, type PublishingWriter } from "../../../src/store/open-writer.ts";
import { anyExchange } from "./any-exchange.ts";
import {
  batch,
  connection,
  exchange,
  expectedSummary,
  frame,
  message,
  pending,
  startWall,
  summariesOf,
  TurnedClock,
  temporaryFolder,
  temporaryWriter,
} from "./rows.ts";

function openStore(): {
  readonly writer: PublishingWriter;
  readonly reader: CaptureReader;
} & AsyncDisposable {
  const store = temporaryWriter();
  const { writer, path } = store;
  const reader = openReader(path, { captureId: () => writer.captureId, log: silentLog });
  return {
    writer,
    reader,
    [Symbol.asyncDispose]: async () => {
      await reader.close();
      store[Symbol.dispose]();
    },
  };
}

const numbers = (rows: string): number[] => summariesOf(rows).map((row) => row.number);

const saveMany = (writer: PublishingWriter, count: number): void => {
  writer.commit(
    batch({
      exchanges: Array.from({ length: count }, (_, at) =>
        exchange(at + 1, { agent: at % 2 === 0 ? "1001" : "1002" }),
      ),
    }),
  );
};

test("any row is read as it was saved", async () => {
  await using store = openStore();
  let number = 0;
  await fc.assert(
    fc.asyncProperty(anyExchange(1), async (row) => {
      number += 1;
      const saved = { ...row, number };
      const seq = store.writer.commit(batch({ exchanges: [saved] }));
      const page = await store.reader.exchanges({ since: seq - 1, limit: 5 });
      expect(summariesOf(page.rows)).toEqual([expectedSummary(saved, seq)]);
      const detail = await store.reader.exchange(`c0ffee-${number}`);
      expect(detail).toMatchObject(expectedSummary(saved, seq));
      for (const side of ["request", "response"] as const) {
        const body = saved[side]?.body ?? null;
        const kept = await store.reader.body(`c0ffee-${number}`, side);
        expect(kept === null ? null : [...kept.bytes]).toEqual(body === null ? null : [...body]);
        expect(detail?.[side]?.rawHead ?? null).toBe(saved[side]?.head ?? null);
        expect(detail?.[side]?.body?.keptLength ?? 0).toBe(body?.length ?? 0);
      }
      expect(detail?.informational).toEqual(saved.informational);
    }),
    { numRuns: 100 },
  );
});

test("pages by seq, and pages by number, give every row once whatever their size", async () => {
  await using store = openStore();
  saveMany(store.writer, 50);
  store.writer.commit(batch({ exchanges: [exchange(7, { event: "again" })] }));
  const all = Array.from({ length: 50 }, (_, at) => at + 1);
  for (const query of ["", "agent:1001"]) {
    const expected = query === "" ? all : all.filter((number) => number % 2 === 1);
    for (const limit of [1, 7, 25, 50, 51]) {
      const bySeq: number[] = [];
      let since = 0;
      for (let more = true; more; ) {
        const page = await store.reader.exchanges({ since, limit, query });
        expect(page.count).toBe(numbers(page.rows).length);
        bySeq.push(...numbers(page.rows));
        since = page.next;
        ({ more } = page);
      }
      expect(since).toBe(51);
      expect(bySeq).toEqual([...expected.filter((number) => number !== 7), 7]);
      const byNumber: number[] = [];
      let before = 1e9;
      for (let more = true; more; ) {
        const page = await store.reader.exchanges({ before, limit, query });
        byNumber.push(...numbers(page.rows));
        before = page.next;
        ({ more } = page);
      }
      expect(byNumber).toEqual(expected.toReversed());
    }
  }
});

test("a page stops at upTo, and one with nothing new stays where it was", async () => {
  await using store = openStore();
  saveMany(store.writer, 10);
  const page = await store.reader.exchanges({ since: 2, upTo: 5, limit: 50 });
  expect({ ...page, rows: numbers(page.rows) }).toEqual({
    rows: [3, 4, 5],
    count: 3,
    next: 5,
    more: false,
  });
  expect(await store.reader.exchanges({ since: 10, limit: 50 })).toEqual({
    rows: "[]",
    count: 0,
    next: 10,
    more: false,
  });
  expect(await store.reader.exchanges({ since: 99, limit: 50 })).toEqual({
    rows: "[]",
    count: 0,
    next: 99,
    more: false,
  });
  expect(numbers((await store.reader.exchanges({ before: 4, upTo: 2, limit: 50 })).rows)).toEqual([
    2, 1,
  ]);
});

test("another capture's rows are shown when it is named, and only then", async () => {
  await using store = openStore();
  saveMany(store.writer, 3);
  store.writer.startCapture("second");
  store.writer.commit(batch({ exchanges: [exchange(9)] }));
  expect(numbers((await store.reader.exchanges({ since: 0, limit: 9 })).rows)).toEqual([9]);
  expect(
    numbers((await store.reader.exchanges({ since: 0, limit: 9, captureId: "c0ffee" })).rows),
  ).toEqual([1, 2, 3]);
  expect(
    numbers((await store.reader.exchanges({ before: 9, limit: 9, captureId: "c0ffee" })).rows),
  ).toEqual([3, 2, 1]);
  await expect(
    store.reader.exchanges({ since: 0, limit: 9, captureId: "none" }),
  ).rejects.toMatchObject({
    code: "not-found",
  });
  expect(await store.reader.exchange("c0ffee-2")).toMatchObject({ id: "c0ffee-2" });
});

test("changes says which changed rows match now, which do not, and which are gone", async () => {
  await using store = openStore();
  const { writer, reader } = store;
  saveMany(writer, 6);
  const since = writer.seq;
  writer.commit(
    batch({
      exchanges: [
        exchange(1, { agent: "1002" }),
        exchange(2, { agent: "1001" }),
        exchange(7, { agent: "1001" }),
      ],
    }),
  );
  writer.deleteExchanges(["c0ffee-3"]);
  const changes = await reader.changes({ since, upTo: writer.seq, query: "agent:1001" });
  expect(numbers(changes.rows)).toEqual([2, 7]);
  expect(changes.gone).toEqual(["c0ffee-1", "c0ffee-3"]);
  expect(
    await reader.changes({ since: writer.seq, upTo: writer.seq, query: "agent:1001" }),
  ).toEqual({ rows: "[]", gone: [] });
  writer.clear();
  writer.commit(batch({ exchanges: [exchange(2, { agent: "1001", event: "late" })] }));
  expect(
    await reader.changes({ since: writer.seq - 1, upTo: writer.seq, query: "agent:1001" }),
  ).toEqual({ rows: "[]", gone: ["c0ffee-2"] });
});

test("changes tests open rows again when the filter asks for their age", async () => {
  await using store = openStore();
  const { writer, reader } = store;
  const now = Date.now();
  writer.commit(
    batch({
      exchanges: [
        pending(1, { atWall: now - 60_000, sentWall: now - 60_000 }),
        pending(2, { atWall: now, sentWall: now }),
        exchange(3, { holdMs: 99_000 }),
      ],
    }),
  );
  const at = writer.seq;
  const late = await reader.changes({ since: at, upTo: at, query: "hold>30s" });
  expect(numbers(late.rows)).toEqual([1]);
  expect(late.gone).toEqual(["c0ffee-2"]);
  expect(await reader.changes({ since: at, upTo: at, query: "is:pending" })).toEqual({
    rows: "[]",
    gone: [],
  });
});

test("the detail has heads, headers as sent, bodies' facts and frames", async () => {
  await using store = openStore();
  const { writer, reader } = store;
  const head =
    "GET /ws/ HTTP/1.1\r\nHost: fin1\r\nX-Twice: a\r\nx-twice:  b \r\nX-Folded: one\r\n  two\r\nnonsense\r\n\r\n";
  const cut = {
    ...message("HTTP/1.1 200 OK\r\nCONTENT-TYPE: application/json\r\n\r\n", "{}"),
    wireLength: 900,
    cut: true,
    decoded: true,
    encoding: "gzip",
    trailers: "Expires: 0\r\n\r\n",
  };
  writer.commit(
    batch({
      exchanges: [
        exchange(1, {
          kind: "websocket",
          request: message(head, null),
          response: cut,
          informational: ["HTTP/1.1 100 Continue\r\n\r\n"],
        }),
      ],
      frames: Array.from({ length: 250 }, (_, at) => frame(1, at)),
    }),
  );
  const detail = await reader.exchange("c0ffee-1");
  expect(detail?.request).toEqual({
    startLine: "GET /ws/ HTTP/1.1",
    headers: [
      { name: "Host", value: "fin1" },
      { name: "X-Twice", value: "a" },
      { name: "x-twice", value: "b" },
      { name: "X-Folded", value: "one two" },
      { name: "nonsense", value: "" },
    ],
    trailers: [],
    rawHead: head,
    body: null,
  });
  expect(detail?.response).toMatchObject({
    trailers: [{ name: "Expires", value: "0" }],
    body: {
      wireLength: 900,
      keptLength: 2,
      encoding: "gzip",
      decoded: true,
      cut: true,
      hash: "9f31",
      contentType: "application/json",
    },
  });
  expect(detail?.informational).toEqual(["HTTP/1.1 100 Continue\r\n\r\n"]);
  expect(detail?.framesTotal).toBe(250);
  expect(detail?.frames.map((one) => one.index)).toEqual(
    Array.from({ length: 200 }, (_, at) => at),
  );
  expect((await reader.frames("c0ffee-1", 240, 5)).map((one) => one.index)).toEqual([
    240, 241, 242, 243, 244,
  ]);
  expect(await reader.body("c0ffee-1", "response")).toEqual({
    bytes: new TextEncoder().encode("{}"),
    contentType: "application/json",
  });
  expect(await reader.body("c0ffee-1", "request")).toBeNull();
});

test("what is not there, deleted or cleared is null", async () => {
  await using store = openStore();
  const { writer, reader } = store;
  saveMany(writer, 2);
  writer.deleteExchanges(["c0ffee-1"]);
  const ids = [
    "c0ffee-1",
    "c0ffee-77",
    "other-1",
    "",
    "c0ffee",
    "c0ffee-",
    "-1",
    "c0ffee-1 OR 1=1",
  ];
  for (const id of ids) {
    expect(await reader.exchange(id), id).toBeNull();
    expect(await reader.body(id, "response"), id).toBeNull();
    expect(await reader.frames(id, 0, 10), id).toEqual([]);
  }
  expect(await reader.exchange("c0ffee-2")).not.toBeNull();
  writer.clear();
  expect(await reader.exchange("c0ffee-2")).toBeNull();
  expect(await reader.connection(5)).toBeNull();
});

test("connections by seq, captures newest first, totals without counting hidden rows", async () => {
  await using store = openStore();
  const { writer, reader } = store;
  const closed = connection(1, { endedAt: new Date(startWall).toISOString() });
  writer.commit(
    batch({ exchanges: [exchange(1), pending(2)], connections: [connection(1), connection(2)] }),
  );
  writer.commit(batch({ connections: [closed] }));
  expect(await reader.connections({ limit: 9 })).toEqual([
    { ...connection(2), captureId: "c0ffee", seq: 4 },
    { ...closed, captureId: "c0ffee", seq: 5 },
  ]);
  expect(await reader.connections({ since: 4, limit: 9 })).toMatchObject([{ id: 1 }]);
  expect(await reader.connection(2)).toEqual({ ...connection(2), captureId: "c0ffee", seq: 4 });
  expect(await reader.totals()).toEqual({ exchanges: 2, pending: 1, bytes: writer.bytes() });
  writer.clear();
  expect(await reader.totals()).toMatchObject({ exchanges: 0, pending: 0 });
  writer.renameCapture("c0ffee", "Monday");
  writer.startCapture("second");
  expect(await reader.captures()).toMatchObject([
    { name: "second", endedAt: null },
    { name: "Monday", endedAt: new Date(startWall).toISOString() },
  ]);
});

test("a filter that can't be read is refused with its place", async () => {
  await using store = openStore();
  await expect(
    store.reader.exchanges({ since: 0, limit: 1, query: "is:pending hots:fin1" }),
  ).rejects.toMatchObject({
    code: "query-invalid",
    message: expect.stringMatching(/"hots:fin1".*did you mean host\?.*position 12/),
  });
});

test("a short question does not wait for a long search, and a newer search of the same purpose ends it", async () => {
  await using store = openStore();
  const { writer, reader } = store;
  for (let first = 1; first <= 30_000; first += 1000) {
    writer.commit(
      batch({ exchanges: Array.from({ length: 1000 }, (_, at) => exchange(first + at)) }),
    );
  }
  await reader.totals();
  const done: string[] = [];
  const ended = (name: string) => () => done.push(name);
  const query = "body~nowhere-to-be-found";
  const long = reader.exchanges({ before: 1e9, limit: 5, query, purpose: "page 1" });
  const other = reader.exchanges({ before: 1e9, limit: 5, query, purpose: "page 2" });
  const newer = reader.exchanges({ before: 1e9, limit: 5, query: "agent:1001", purpose: "page 1" });
  await Promise.allSettled([
    long.finally(ended("long")),
    other.finally(ended("other")),
    newer.finally(ended("newer")),
    reader.exchange("c0ffee-1").finally(ended("exchange")),
  ]);
  await expect(long).rejects.toMatchObject({ code: "query-stopped" });
  expect(await other).toMatchObject({ rows: "[]", more: false });
  expect((await newer).count).toBe(5);
  expect(done.indexOf("exchange")).toBeLessThan(done.indexOf("other"));
  expect(done.at(-1)).toBe("other");
});

test("without a file a call fails, and the next one works once there is one", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/capture.sqlite`;
  const reader = openReader(path, { captureId: () => "c0ffee", log: silentLog });
  await expect(reader.captures()).rejects.toMatchObject({ code: "store-unreadable" });
  const options = { captureId: "c0ffee", name: "t", clock: new TurnedClock(), secretsKept: false };
  const writer = openWriter(path, options);
  expect(await reader.captures()).toMatchObject([{ id: "c0ffee" }]);
  await reader.close();
  await expect(reader.captures()).rejects.toMatchObject({ code: "internal" });
  writer.close();
});

test("closing fails what is being asked instead of leaving it open", async () => {
  using store = temporaryWriter();
  const reader = openReader(store.path, { captureId: () => "c0ffee", log: silentLog });
  const asked = reader.captures();
  const failed = expect(asked).rejects.toMatchObject({ code: "internal" });
  await reader.close();
  await failed;
});

test("there is no thread before the first question", async () => {
  using store = temporaryWriter();
  const threads = () =>
    process.getActiveResourcesInfo().filter((kind) => /port|worker/i.test(kind));
  const before = threads().length;
  const reader = openReader(store.path, { captureId: () => "c0ffee", log: silentLog });
  expect(threads()).toHaveLength(before);
  const asked = reader.captures();
  expect(threads().length).toBeGreaterThan(before);
  await asked;
  await reader.close();
});
