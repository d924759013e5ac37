/** What a route is: its input, checked before it runs; its answer, a value; and its description for /openapi.json. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Request, RequestHandler, Response } from "express";
import express from "express";
import { z } from "zod";
import { fail } from "../base/errors.ts";
import type { JsonSchema } from "./json-schema.ts";
import { refTo } from "./open-api-schemas.ts";

/** What goes back, before it is written to the socket. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes that come one after the other are sent as they come. */
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array> | null;
}

/** One possible answer, for /openapi.json. `schema` is left out where the content is not JSON. */
export interface DescribedAnswer {
  readonly description: string;
  readonly type?: string;
  readonly schema?: JsonSchema;
}

/** An answer in JSON of a named shape. */
export const jsonOf = (
  name: Parameters<typeof refTo>[0],
  description: string,
): DescribedAnswer => ({ description, type: "application/json", schema: refTo(name) });

/** What a route tells about itself. `open`: works without the token. */
interface Description {
  readonly summary: string;
  readonly answers: Readonly<Record<number, DescribedAnswer>>;
  readonly open?: boolean;
}

export interface Route extends Description {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** As express writes it: `/api/exchanges/:id`. */
  readonly path: string;
  readonly params: z.ZodObject | null;
  readonly query: z.ZodObject | null;
  readonly body: BodySchema | null;
  readonly handlers: readonly RequestHandler[];
}

type BodySchema = z.ZodObject | z.ZodArray;

interface Definition<Params extends z.ZodObject, Query extends z.ZodObject, Body extends BodySchema>
  extends Description {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: (
    input: { params: z.output<Params>; query: z.output<Query>; body: z.output<Body> },
    request: Request,
  ) => Answer | Promise<Answer>;
}

/** Bytes of a JSON body that are read at most; more is refused with 413. */
const bodyLimitBytes = 1_000_000;
const nothing = z.strictObject({});
const readBody = express.json({ limit: bodyLimitBytes, inflate: false });

/** Makes a route whose input is checked: unknown or malformed fields are refused, never ignored. */
export function route<
  Params extends z.ZodObject = typeof nothing,
  Query extends z.ZodObject = typeof nothing,
  Body extends BodySchema = typeof nothing,
>(method: Route["method"], path: string, definition: Definition<Params, Query, Body>): Route {
  const { summary, answers, open, params, query, body, answer } = definition;
  const respond: RequestHandler = async (request, response) => {
    const input = {
      params: checked(params ?? nothing, request.params, "path") as z.output<Params>,
      query: checked(query ?? nothing, request.query, "query") as z.output<Query>,
      body: (body === undefined ? {} : checked(body, jsonBody(request), "body")) as z.output<Body>,
    };
    await sendAnswer(response, await answer(input, request));
  };
  return {
    method,
    path,
    summary,
    answers,
    ...(open === undefined ? {} : { open }),
    params: params ?? null,
    query: query ?? null,
    body: body ?? null,
    handlers: body === undefined ? [respond] : [readBody, respond],
  };
}

/** What `input` is once it has passed; throws "request-invalid" with every objection in one sentence. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: "path" | "query" | "body" | "message",
): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const objections = result.error.issues.map((issue) => {
    const name = issue.path.join(".");
    return name === "" ? issue.message : `${name}: ${issue.message}`;
  });
  const problem = `Not accepted in the ${where}: ${objections.join("; ").slice(0, 500)}.`;
  throw fail("request-invalid", { problem });
}

/** Only a declared JSON body is read: other sites' forms can send text, but not this without asking first. */
function jsonBody(request: Request): unknown {
  if (request.is("application/json") !== false) return request.body;
  throw fail("request-invalid", {
    problem: "The body must be JSON (Content-Type: application/json).",
  });
}

async function sendAnswer(response: Response, answer: Answer): Promise<void> {
  response.status(answer.status);
  // Set one by one and raw: express would add a charset to types that have none.
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  const { body } = answer;
  if (body === null) response.end();
  else if (typeof body === "string" || body instanceof Uint8Array) response.end(body);
  else await pipeline(Readable.from(body), response);
}

const jsonType = "application/json; charset=utf-8";

export const json = (value: unknown): Answer => jsonText(JSON.stringify(value));

/** For JSON that is there as text already: it is not parsed on its way out. */
export const jsonText = (text: string): Answer => ({
  status: 200,
  headers: { "Content-Type": jsonType },
  body: text,
});

export const noContent: Answer = { status: 204, headers: {}, body: null };

export const content = (
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>>,
): Answer => ({ status: 200, headers, body });
