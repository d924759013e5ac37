/** Rows, details, bodies, frames, comments and deletion, over HTTP. */
import { expect, test } from "vitest";
import type { ConnectionRecord } from "../../../src/domain/connection.ts";
import type { WebSocketFrame } from "../../../src/domain/exchange.ts";
import type { ExchangeAnswer, ExchangeList, FrameList } from "../../../src/server/messages.ts";
import { responded } from "../../support/memory-recorder.ts";
import { startTestServer } from "./started-server.ts";

const hostile = `"</script><img src=x onerror=alert(1)>\u2028\u2029\u0000\\\ud83d\ude00`;

test("rows come by seq, page by page, each in its last state", async () => {
  await using bench = await startTestServer();
  for (let number = 1; number <= 7; number += 1) bench.capture.commit({ number });
  bench.capture.commit({ number: 2, outcome: responded(200) });
  const numbers: number[] = [];
  let since = 0;
  for (let more = true; more; ) {
    const answer = await bench.ask(`/api/exchanges?since=${since}&limit=3`);
    const page: ExchangeList = answer.value;
    numbers.push(...page.exchanges.map((row) => row.number));
    ({ next: since, more } = page);
  }
  expect(numbers).toEqual([1, 3, 4, 5, 6, 7, 2]);
  expect(since).toBe(8);
});

test("before gives the newest first, also from the largest whole number on", async () => {
  await using bench = await startTestServer();
  for (let number = 1; number <= 5; number += 1) bench.capture.commit({ number });
  const answer = await bench.ask(`/api/exchanges?before=${Number.MAX_SAFE_INTEGER}&limit=2`);
  const first: ExchangeList = answer.value;
  expect(first.exchanges.map((row) => row.number)).toEqual([5, 4]);
  const second: ExchangeList = (await bench.ask(`/api/exchanges?before=${first.next}&limit=9`))
    .value;
  expect(second.exchanges.map((row) => row.number)).toEqual([3, 2, 1]);
  expect(second.more).toBe(false);
});

test("the reader's text goes out as it is: hostile strings, and digits JSON.parse would lose", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1, path: hostile, comment: hostile });
  const answer = await bench.ask("/api/exchanges");
  expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
  expect((answer.value as ExchangeList).exchanges[0]).toMatchObject({
    path: hostile,
    comment: hostile,
  });
  bench.capture.exchanges = async () => ({
    rows: "[1.00000000000000000001]",
    count: 1,
    next: 9,
    more: false,
  });
  expect((await bench.ask("/api/exchanges")).text).toBe(
    '{"exchanges":[1.00000000000000000001],"next":9,"more":false}',
  );
});

test("a filter is passed on; one that can't be read is explained", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1, path: "/a" }, { number: 2, path: "/b c" });
  const found: ExchangeList = (
    await bench.ask(`/api/exchanges?q=${encodeURIComponent("path~b c")}`)
  ).value;
  expect(found.exchanges.map((row) => row.number)).toEqual([2]);
  const refused = await bench.ask("/api/exchanges?q=%3F%3F");
  expect(refused.status).toBe(400);
  expect(refused.value).toMatchObject({ error: { code: "query-invalid" } });
});

test("an earlier capture is named", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 });
  const found: ExchangeList = (await bench.ask("/api/exchanges?capture=cap9")).value;
  expect(found.exchanges).toEqual([]);
});

test.each([
  "since=-1",
  "since=1.5",
  "since=1e3",
  "since=",
  "since=0x10",
  "since=99999999999999999",
  "since=1&since=2",
  "since=1&before=2",
  "before=x",
  "limit=0",
  "limit=5001",
  "limit[a]=1",
  "unknown=1",
  "__proto__=1",
  `q=${"x".repeat(2001)}`,
])("?%s is refused", async (query) => {
  await using bench = await startTestServer();
  const answer = await bench.ask(`/api/exchanges?${query}`);
  expect(answer.status).toBe(400);
  expect(answer.value).toMatchObject({ error: { code: "request-invalid" } });
});

test("the limit is 500 unless asked, and 5000 at most", async () => {
  await using bench = await startTestServer();
  bench.capture.commit(...Array.from({ length: 5001 }, (_, at) => ({ number: at + 1 })));
  const usual: ExchangeList = (await bench.ask("/api/exchanges")).value;
  expect(usual.exchanges).toHaveLength(500);
  const most: ExchangeList = (await bench.ask("/api/exchanges?limit=5000")).value;
  expect([most.exchanges.length, most.more]).toEqual([5000, true]);
});

test("one exchange comes with its connection, when that is of the same capture", async () => {
  await using bench = await startTestServer();
  const [row] = bench.capture.commit({ number: 1, connection: 4 });
  const path = `/api/exchanges/${row!.id}`;
  expect((await bench.ask(path)).value).toMatchObject({ id: row!.id, connectionRecord: null });
  bench.capture.connectionRecords.push({ id: 4, captureId: "cap1", seq: 1 } as ConnectionRecord);
  const answer: ExchangeAnswer = (await bench.ask(path)).value;
  expect(answer.connectionRecord).toMatchObject({ id: 4 });
  bench.capture.connectionRecords[0] = { id: 4, captureId: "cap0", seq: 1 } as ConnectionRecord;
  expect((await bench.ask(path)).value).toMatchObject({ connectionRecord: null });
});

test.each(["", "/frames", "/request-body", "/response-body"])(
  "an exchange that is not there: 404 for %j",
  async (part) => {
    await using bench = await startTestServer();
    const answer = await bench.ask(`/api/exchanges/cap1-99${part}`);
    expect(answer.status).toBe(404);
    expect(answer.value).toMatchObject({ error: { code: "not-found" } });
  },
);

test.each(["%22%0d%0aX-Evil:1", "a%2fb", "..%2f..", "a%00", "%F0%9F%98%80", "a".repeat(101)])(
  "%s is no exchange's id",
  async (id) => {
    await using bench = await startTestServer();
    const answer = await bench.ask(`/api/exchanges/${id}/request-body`);
    expect(answer.status).toBe(400);
    expect(answer.headers["x-evil"]).toBeUndefined();
  },
);

test.each([
  ["text/html; charset=UTF-7", "text/plain; charset=utf-8", "txt"],
  ["text/xml;charset=iso-8859-1", "text/plain; charset=iso-8859-1", "txt"],
  ["application/xhtml+xml", "text/plain; charset=utf-8", "txt"],
  ["application/json", "text/plain; charset=utf-8", "txt"],
  ["image/svg+xml", "application/octet-stream", "bin"],
  ["application/pdf", "application/octet-stream", "bin"],
  ["text/html\r\nX-Evil: 1", "text/plain; charset=utf-8", "txt"],
  [null, "application/octet-stream", "bin"],
])("a body of type %j leaves as %s", async (contentType, type, extension) => {
  await using bench = await startTestServer();
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  bench.capture.bodies.set("cap1-1/response", { bytes, contentType });
  const answer = await bench.ask("/api/exchanges/cap1-1/response-body");
  expect(answer.headers["content-type"]).toBe(type);
  expect(answer.headers["content-disposition"]).toBe(
    `attachment; filename="cap1-1-response.${extension}"`,
  );
  expect(answer.headers).toMatchObject({ "x-content-type-options": "nosniff" });
  expect(answer.headers["content-security-policy"]).toContain("sandbox");
  expect(answer.headers["x-evil"]).toBeUndefined();
  expect([...answer.bytes]).toEqual([...bytes]);
  expect((await bench.ask("/api/exchanges/cap1-1/request-body")).status).toBe(404);
});

test("inline=text shows any body as plain text, never as anything else", async () => {
  await using bench = await startTestServer();
  const bytes = Buffer.from("<script>alert(1)</script>");
  bench.capture.bodies.set("cap1-1/request", { bytes, contentType: "image/svg+xml" });
  const answer = await bench.ask("/api/exchanges/cap1-1/request-body?inline=text");
  expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
  expect(answer.headers["content-disposition"]).toBe("inline");
  const refused = await bench.ask("/api/exchanges/cap1-1/request-body?inline=html");
  expect(refused.status).toBe(400);
});

test("frames come page by page", async () => {
  await using bench = await startTestServer();
  const [row] = bench.capture.commit({ number: 1, kind: "websocket" });
  const frames = Array.from({ length: 5 }, (_, index) => ({ index }) as WebSocketFrame);
  bench.capture.details.set(row!.id, { frames, framesTotal: 5 });
  const first: FrameList = (await bench.ask(`/api/exchanges/${row!.id}/frames?limit=3`)).value;
  expect([first.frames.length, first.next, first.more]).toEqual([3, 3, true]);
  const rest: FrameList = (await bench.ask(`/api/exchanges/${row!.id}/frames?from=3`)).value;
  expect([rest.frames.length, rest.next, rest.more]).toEqual([2, 5, false]);
  const none: FrameList = (await bench.ask(`/api/exchanges/${row!.id}/frames?from=9`)).value;
  expect([none.frames.length, none.next, none.more]).toEqual([0, 9, false]);
});

test("DELETE clears, and undo brings back", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 }, { number: 2 });
  expect((await bench.ask("/api/exchanges", { method: "DELETE" })).status).toBe(204);
  expect(bench.capture.truth.size).toBe(0);
  expect((await bench.ask("/api/exchanges/undo-clear", { method: "POST" })).status).toBe(204);
  expect(bench.capture.truth.size).toBe(2);
});

test("DELETE with ids takes those; a slip in the request never clears all", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 }, { number: 2 }, { number: 3 });
  for (const query of ["ids=", "ids=,", "id=cap1-1", "ids=a%20b", "ids=a&ids=b"]) {
    const answer = await bench.ask(`/api/exchanges?${query}`, { method: "DELETE" });
    expect(answer.status, query).toBe(400);
  }
  expect(bench.capture.truth.size).toBe(3);
  const done = await bench.ask("/api/exchanges?ids=cap1-1,cap1-3", { method: "DELETE" });
  expect(done.status).toBe(204);
  expect([...bench.capture.truth.keys()]).toEqual(["cap1-2"]);
});

test("comment and mark are set and removed, each alone", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 });
  const patch = (body: unknown) => bench.ask("/api/exchanges/cap1-1", { method: "PATCH", body });
  expect((await patch({ comment: hostile, mark: "red" })).status).toBe(204);
  expect(bench.capture.truth.get("cap1-1")).toMatchObject({ comment: hostile, mark: "red" });
  expect((await patch({ comment: null })).status).toBe(204);
  expect(bench.capture.truth.get("cap1-1")).toMatchObject({ comment: null, mark: "red" });
});

test.each([
  [{}],
  [{ comment: 5 }],
  [{ mark: "pink" }],
  [{ comment: "x", other: 1 }],
  [{ comment: "x".repeat(4001) }],
  [[]],
  ["not json"],
  ["null"],
  [undefined],
])("PATCH %j is refused", async (body) => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 });
  const answer = await bench.ask("/api/exchanges/cap1-1", { method: "PATCH", body });
  expect(answer.status).toBe(400);
  expect(answer.value).toMatchObject({ error: { code: "request-invalid" } });
});

test("a comment on an exchange that is not there: 404", async () => {
  await using bench = await startTestServer();
  const answer = await bench.ask("/api/exchanges/cap1-1", {
    method: "PATCH",
    body: { comment: "x" },
  });
  expect(answer.status).toBe(404);
});
