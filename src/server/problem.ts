/** How a failure becomes an HTTP answer: its status, and the error object that every refusal carries. */
import { randomBytes } from "node:crypto";
import { BoshscopeError, type ErrorCode, fail } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { ApiError } from "./messages.ts";

export interface Problem {
  readonly status: number;
  readonly error: BoshscopeError;
}

const statuses: Partial<Record<ErrorCode, number>> = {
  "request-invalid": 400,
  "query-invalid": 400,
  unauthorized: 401,
  "host-refused": 403,
  "origin-refused": 403,
  "read-only": 403,
  "not-found": 404,
  "file-unreadable": 422,
  "password-needed": 422,
  "tool-missing": 422,
  "store-unreadable": 422,
  "store-newer": 422,
  "xmpp-refused": 422,
  "stanza-refused": 422,
  "xmpp-failed": 502,
  "store-failed": 503,
  "query-stopped": 503,
};

/** The answer to anything thrown. What is not meant for people is logged under an id, and only the id is told. */
export function problemOf(thrown: unknown, where: string, log: Log): Problem {
  if (thrown instanceof BoshscopeError && thrown.code !== "internal") {
    return { status: statuses[thrown.code] ?? 500, error: thrown };
  }
  const refused = parserRefusal(thrown);
  if (refused !== null) return refused;
  const id = randomBytes(4).toString("hex");
  log.error("server.failed", {
    id,
    where,
    why: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
  });
  return { status: 500, error: fail("internal", { why: `error ${id}, see the log` }, thrown) };
}

export function problemBody(problem: Problem): ApiError {
  const { code, message, remedy } = problem.error;
  return { error: { code, message, remedy } };
}

/** For a path that nothing answers: unlike a row that is gone, it never was there. */
export function noSuchRoute(method: string, path: string): BoshscopeError {
  return new BoshscopeError(
    "not-found",
    `There is no ${method} ${path.slice(0, 200)}.`,
    "See /openapi.json for all that is served.",
  );
}

/** Express and its parsers mark what the client did wrong by a 4xx `status`; their message is meant for clients. */
function parserRefusal(thrown: unknown): Problem | null {
  if (!(thrown instanceof Error) || !("status" in thrown)) return null;
  const { status } = thrown;
  if (typeof status !== "number" || status < 400 || status > 499) return null;
  const problem = `The request can't be read: ${thrown.message.slice(0, 200)}.`;
  return { status, error: fail("request-invalid", { problem }, thrown) };
}
