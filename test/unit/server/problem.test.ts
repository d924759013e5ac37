/** Failures as answers: what people are told, and what only the log is told. */
import { expect, test } from "vitest";
import { fail } from "../../../src/base/errors.ts";
import { createLog, silentLog } from "../../../src/base/log.ts";
import { noSuchRoute, problemBody, problemOf } from "../../../src/server/problem.ts";

test.each([
  [fail("request-invalid", { problem: "x" }), 400],
  [fail("query-invalid", { at: "x", why: "y" }), 400],
  [fail("unauthorized"), 401],
  [fail("host-refused", { host: "x" }), 403],
  [fail("origin-refused", { origin: "x" }), 403],
  [fail("not-found", { what: "x" }), 404],
  [fail("store-failed", { why: "x" }), 503],
  [fail("file-unreadable", { why: "x" }), 422],
  [fail("password-needed"), 422],
  [fail("tool-missing", { why: "x" }), 422],
  [fail("store-unreadable", { path: "x", why: "y" }), 422],
  [fail("store-newer", {}), 422],
  [fail("port-in-use", {}), 500],
])("%s is told as it is", (error, status) => {
  const problem = problemOf(error, "GET /", silentLog);
  expect(problem.status).toBe(status);
  expect(problemBody(problem)).toEqual({
    error: { code: error.code, message: error.message, remedy: error.remedy },
  });
});

test.each([
  new Error("password=hunter2"),
  "password=hunter2",
  fail("internal", { why: "password=hunter2" }),
  Object.assign(new Error("password=hunter2"), { status: 500 }),
])("%s is logged under an id, and only the id is told", (thrown) => {
  const lines: string[] = [];
  const log = createLog({ level: "info", format: "json", write: (line) => lines.push(line) });
  const problem = problemOf(thrown, "GET /api/health", log);
  const body = problemBody(problem);
  expect(problem.status).toBe(500);
  expect(body.error.code).toBe("internal");
  expect(JSON.stringify(body)).not.toContain("hunter2");
  const logged = JSON.parse(lines[0] ?? "{}");
  expect(logged).toMatchObject({ level: "error", where: "GET /api/health" });
  expect(body.error.message).toContain(logged.id);
});

test("an unknown path is named, cut to a line", () => {
  expect(noSuchRoute("GET", `/${"x".repeat(5000)}`).message.length).toBeLessThan(300);
});
