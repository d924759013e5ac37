/** Routes under /api/exchanges: rows, one row with all it holds, bodies, frames, comments, deletion. */
import { fail } from "../base/errors.ts";
import type { CaptureReader, Recorder } from "../domain/recording.ts";
import { readCopy } from "../interchange/copies.ts";
import { copyAs } from "../interchange/copy-as/copy-as.ts";
import type { Feed } from "./feed.ts";
import {
  bodyQuery,
  copyQuery,
  deleteQuery,
  exchangeParams,
  exchangesQuery,
  framesQuery,
  patchBody,
} from "./input.ts";
import type { ExchangeAnswer, FrameList } from "./messages.ts";
import {
  type Answer,
  content,
  type DescribedAnswer,
  json,
  jsonOf,
  jsonText,
  noContent,
  type Route,
  route,
} from "./route.ts";
import { sandboxedPolicy } from "./security-headers.ts";

const listed =
  "It may have been cleared, or dropped by the size or age limit. List what is there with GET /api/exchanges.";

interface Needs {
  readonly reader: CaptureReader;
  readonly recorder: Recorder;
  readonly feed: Feed;
}

const invalid = jsonOf("Error", "The request is not accepted.");
const missing = jsonOf("Error", "There is no such exchange.");
const done: DescribedAnswer = { description: "Done." };

export function exchangeRoutes(needs: Needs): readonly Route[] {
  return [
    listRoute(needs),
    detailRoute(needs),
    bodyRoute(needs, "request"),
    bodyRoute(needs, "response"),
    framesRoute(needs),
    copyRoute(needs),
    deleteRoute(needs),
    undoRoute(needs),
    patchRoute(needs),
  ];
}

function listRoute({ reader }: Needs): Route {
  return route("get", "/api/exchanges", {
    summary: "Exchanges, by seq after since, or newest first before a number.",
    query: exchangesQuery,
    answers: { 200: jsonOf("ExchangeList", "One page."), 400: invalid },
    answer: async ({ query }) => {
      const from =
        query.before === undefined ? { since: query.since ?? 0 } : { before: query.before };
      const page = await reader.exchanges({
        ...from,
        limit: query.limit,
        query: query.q,
        ...(query.capture === undefined ? {} : { captureId: query.capture }),
      });
      return jsonText(`{"exchanges":${page.rows},"next":${page.next},"more":${page.more}}`);
    },
  });
}

function detailRoute({ reader }: Needs): Route {
  return route("get", "/api/exchanges/:id", {
    summary:
      "One exchange with its heads, what is known of its bodies, first frames and connection.",
    params: exchangeParams,
    answers: { 200: jsonOf("ExchangeDetail", "The exchange."), 404: missing },
    answer: async ({ params }) => {
      const exchange = await existing(reader, params.id);
      const record = await reader.connection(exchange.connection);
      // Connection numbers start anew with each capture.
      const sameCapture = record?.captureId === exchange.captureId;
      const answer: ExchangeAnswer = { ...exchange, connectionRecord: sameCapture ? record : null };
      return json(answer);
    },
  });
}

function bodyRoute({ reader }: Needs, side: "request" | "response"): Route {
  return route("get", `/api/exchanges/:id/${side}-body`, {
    summary: `The ${side}'s body as kept: secrets replaced, decoded where that was possible.`,
    params: exchangeParams,
    query: bodyQuery,
    answers: {
      200: { description: "The bytes, as text/plain where the type is textual.", type: "*/*" },
      404: jsonOf("Error", "There is no such body."),
    },
    answer: async ({ params, query }) => {
      const body = await reader.body(params.id, side);
      if (body === null)
        throw fail("not-found", { what: `${side} body of ${params.id}`, remedy: listed });
      return bodyAnswer(body, `${params.id}-${side}`, query.inline === "text");
    },
  });
}

/** A captured body is hostile: it leaves under a type that no browser runs, and as a download unless text was asked for. */
function bodyAnswer(
  body: { readonly bytes: Uint8Array; readonly contentType: string | null },
  name: string,
  inline: boolean,
): Answer {
  const textual = inline || isTextual(body.contentType ?? "");
  return content(body.bytes, {
    "Content-Type": textual
      ? `text/plain; charset=${charsetOf(body.contentType ?? "")}`
      : "application/octet-stream",
    "Content-Disposition": inline
      ? "inline"
      : `attachment; filename="${name}.${textual ? "txt" : "bin"}"`,
    "Content-Security-Policy": sandboxedPolicy,
  });
}

const isTextual = (type: string): boolean =>
  /^\s*(text\/|application\/([\w.+-]*[+.])?(xml|json|javascript|x-www-form-urlencoded)\b)/i.test(
    type,
  );

/** Only charsets in which markup can't hide; anything else is read as UTF-8. */
function charsetOf(type: string): string {
  const named = /charset\s*=\s*"?([\w.:-]+)/i.exec(type)?.[1]?.toLowerCase() ?? "";
  return ["iso-8859-1", "windows-1252", "us-ascii"].includes(named) ? named : "utf-8";
}

function framesRoute({ reader }: Needs): Route {
  return route("get", "/api/exchanges/:id/frames", {
    summary: "WebSocket frames of an exchange.",
    params: exchangeParams,
    query: framesQuery,
    answers: { 200: jsonOf("FrameList", "Frames from an index on."), 404: missing },
    answer: async ({ params, query }) => {
      const { framesTotal } = await existing(reader, params.id);
      const frames = await reader.frames(params.id, query.from, query.limit);
      const next = (frames.at(-1)?.index ?? query.from - 1) + 1;
      const answer: FrameList = { frames, next, more: frames.length > 0 && next < framesTotal };
      return json(answer);
    },
  });
}

function copyRoute({ reader }: Needs): Route {
  return route("get", "/api/exchanges/:id/copy", {
    summary: "The request as a command, a call or raw text, to paste elsewhere.",
    params: exchangeParams,
    query: copyQuery,
    answers: { 200: { description: "The text.", type: "text/plain" }, 404: missing },
    answer: async ({ params, query }) => {
      const copy = await readCopy(reader, params.id, 0);
      if (copy === null) throw fail("not-found", { what: `exchange ${params.id}`, remedy: listed });
      return content(copyAs(query.as, copy), {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Security-Policy": sandboxedPolicy,
      });
    },
  });
}

function deleteRoute({ recorder, feed }: Needs): Route {
  return route("delete", "/api/exchanges", {
    summary: "Deletes the named exchanges; without ids clears the capture, which can be undone.",
    query: deleteQuery,
    answers: { 204: done, 400: invalid },
    answer: async ({ query }) => {
      if (query.ids === undefined) {
        await recorder.clear();
        feed.cleared();
      } else {
        await recorder.deleteExchanges(query.ids);
        feed.deleted(query.ids);
      }
      return noContent;
    },
  });
}

function undoRoute({ recorder, feed }: Needs): Route {
  return route("post", "/api/exchanges/undo-clear", {
    summary: "Brings back what the last clear took away.",
    answers: { 204: done },
    answer: async () => {
      await recorder.undoClear();
      feed.cleared();
      return noContent;
    },
  });
}

function patchRoute({ reader, recorder }: Needs): Route {
  return route("patch", "/api/exchanges/:id", {
    summary: "Sets or removes an exchange's comment and colour mark.",
    params: exchangeParams,
    body: patchBody,
    answers: { 204: done, 400: invalid, 404: missing },
    answer: async ({ params, body }) => {
      const { id } = await existing(reader, params.id);
      if (body.comment !== undefined) await recorder.setComment(id, body.comment);
      if (body.mark !== undefined) await recorder.setMark(id, body.mark);
      return noContent;
    },
  });
}

async function existing(reader: CaptureReader, id: string) {
  const exchange = await reader.exchange(id);
  if (exchange === null) throw fail("not-found", { what: `exchange ${id}`, remedy: listed });
  return exchange;
}
