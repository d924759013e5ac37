/** The way through the application: token first, then routes, then errors that say what to do. */
import { expect, test } from "vitest";
import { fail } from "../../../src/base/errors.ts";
import { startTestServer, token } from "./started-server.ts";

test.each(["/api/health", "/api/exchanges", "/api/nothing", "/api", "/API/health", "/api/feed"])(
  "%s needs the token",
  async (path) => {
    await using bench = await startTestServer();
    for (const bearer of [null, "", "wrong", `${token}x`]) {
      const answer = await bench.ask(path, { bearer });
      expect(answer.status).toBe(401);
      expect(answer.headers["www-authenticate"]).toBe("Bearer");
      expect(answer.value).toMatchObject({ error: { code: "unauthorized" } });
    }
  },
);

test("the token in an API's query lets nobody in", async () => {
  await using bench = await startTestServer();
  expect((await bench.ask(`/api/health?token=${token}`, { bearer: null })).status).toBe(401);
});

test.each([
  ["GET", "/api/nothing"],
  ["POST", "/api/health"],
  ["PUT", "/api/exchanges"],
  ["GET", "/nothing"],
  ["POST", "/"],
  ["TRACE", "/api/health"],
])("%s %s: 404 in JSON", async (method, path) => {
  await using bench = await startTestServer();
  const answer = await bench.ask(path, { method });
  expect(answer.status).toBe(404);
  expect(answer.value).toEqual({
    error: {
      code: "not-found",
      message: `There is no ${method} ${path}.`,
      remedy: expect.stringContaining("/openapi.json"),
    },
  });
});

test("a query on a route that takes none is refused", async () => {
  await using bench = await startTestServer();
  expect((await bench.ask("/api/health?x=1")).status).toBe(400);
});

test("a body over a megabyte is refused, unread", async () => {
  await using bench = await startTestServer();
  const body = { action: "new", name: "x".repeat(1_000_000) };
  const answer = await bench.ask("/api/capture", { method: "POST", body });
  expect(answer.status).toBe(413);
  expect(answer.value).toMatchObject({ error: { code: "request-invalid" } });
});

test("a compressed body is refused: it could be a bomb", async () => {
  await using bench = await startTestServer();
  const headers = { "Content-Encoding": "gzip", "Content-Type": "application/json" };
  const answer = await bench.ask("/api/capture", { method: "POST", body: "{}", headers });
  expect(answer.status).toBe(415);
});

test("an unexpected failure is told by id, and the log has the rest but not the query", async () => {
  await using bench = await startTestServer();
  bench.capture.failure = new Error("disk on fire at /secret/place");
  const answer = await bench.ask("/api/exchanges?q=path~private");
  expect(answer.status).toBe(500);
  expect(answer.text).not.toContain("fire");
  const id = /error ([0-9a-f]{8})/.exec(answer.text)?.[1] ?? "none";
  const line = bench.logged.find((entry) => entry.includes(id)) ?? "";
  expect(line).toContain("disk on fire");
  expect(line).not.toContain("private");
});

test("a failure with a remedy is told whole", async () => {
  await using bench = await startTestServer();
  bench.capture.failure = fail("store-failed", { why: "disk full" });
  const answer = await bench.ask("/api/capture", { method: "POST", body: { action: "pause" } });
  expect(answer.status).toBe(503);
  expect(answer.value).toMatchObject({
    error: { code: "store-failed", remedy: expect.stringContaining("disk space") },
  });
});

test("HEAD answers like GET, without a body", async () => {
  await using bench = await startTestServer();
  const answer = await bench.ask("/api/health", { method: "HEAD" });
  expect([answer.status, answer.text]).toEqual([200, ""]);
});

test("the feed is no plain resource", async () => {
  await using bench = await startTestServer();
  const answer = await bench.ask("/api/feed");
  expect(answer.status).toBe(426);
  expect(answer.headers.upgrade).toBe("websocket");
});
