/** Breakpoints and replay by the API: what is asked for reaches the desks, and wrong input is refused with words. */
import { expect, test } from "vitest";
import { fail } from "../../../src/base/errors.ts";
import type { ServerOptions } from "../../../src/server/start-server.ts";
import { startTestServer } from "./started-server.ts";

const held = {
  id: "h1",
  rule: "r1",
  exchange: "cap1-7",
  leg: "request",
  since: "2026-03-01T10:00:00.000Z",
  head: "GET / HTTP/1.1\r\n\r\n",
  body: "",
} as const;

test("held messages are listed, and let go as asked", async () => {
  const settled: unknown[] = [];
  const breakpoints: ServerOptions["breakpoints"] = {
    held: () => [held],
    settle: async (...asked) => {
      if (asked[0] !== "h1") throw fail("not-found", { what: "held message" });
      settled.push(asked);
    },
  };
  await using bench = await startTestServer({ breakpoints });
  expect((await bench.ask("/api/breakpoints")).value).toEqual({ held: [held] });
  const post = (id: string, body: unknown) =>
    bench.ask(`/api/breakpoints/${id}`, { method: "POST", body });
  expect((await post("h1", { action: "release", body: "<a/>" })).status).toBe(204);
  expect((await post("h1", { action: "drop" })).status).toBe(204);
  expect(settled).toEqual([
    ["h1", "release", { body: "<a/>" }],
    ["h1", "drop", {}],
  ]);
  expect((await post("h2", { action: "drop" })).status).toBe(404);
  expect((await post("h1", { action: "explode" })).status).toBe(400);
});

test("a replay is asked for with its bounds, and its exchanges come back", async () => {
  const asked: unknown[] = [];
  const replay: ServerOptions["replay"] = {
    replay: async (...what) => {
      asked.push(what);
      return ["cap1-8", "cap1-9"];
    },
    compose: async (...what) => {
      asked.push(what);
      return [];
    },
  };
  await using bench = await startTestServer({ replay });
  const post = (body: unknown) => bench.ask("/api/replay", { method: "POST", body });
  expect((await post({ exchange: "cap1-7", times: 2, head: "GET /" })).value).toEqual({
    exchanges: ["cap1-8", "cap1-9"],
  });
  await post({ exchange: "cap1-7", force: true });
  expect(asked).toEqual([
    ["cap1-7", { times: 2, force: false, ownSession: false, head: "GET /" }],
    ["cap1-7", { times: 1, force: true, ownSession: false }],
  ]);
  expect((await post({ exchange: "cap1-7", times: 101 })).status).toBe(400);
});

test("a request is composed with what is left out filled in", async () => {
  const asked: unknown[] = [];
  const replay: ServerOptions["replay"] = {
    replay: () => Promise.reject(new Error("not asked here")),
    compose: async (request) => {
      asked.push(request);
      return ["cap1-8"];
    },
  };
  await using bench = await startTestServer({ replay });
  const post = (body: unknown) => bench.ask("/api/compose", { method: "POST", body });
  expect((await post({ url: "https://fin1/" })).value).toEqual({ exchanges: ["cap1-8"] });
  expect(asked).toEqual([
    {
      method: "GET",
      url: "https://fin1/",
      headers: "",
      body: "",
      times: 1,
      force: false,
      credentialsOf: null,
    },
  ]);
  expect((await post({ url: "https://fin1/", method: "get it" })).status).toBe(400);
  expect((await post({})).status).toBe(400);
});
