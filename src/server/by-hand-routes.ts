/** Routes for what a person does to single messages: those held at breakpoints, and requests sent again. */
import type { BreakpointDesk, ReplayDesk } from "../domain/by-hand.ts";
import { breakpointBody, breakpointParams, composeBody, replayBody } from "./input.ts";
import { json, jsonOf, noContent, type Route, route } from "./route.ts";

interface Needs {
  readonly breakpoints: BreakpointDesk;
  readonly replay: ReplayDesk;
}

const invalid = jsonOf("Error", "The request is not accepted.");

export function byHandRoutes({ breakpoints, replay }: Needs): readonly Route[] {
  return [
    route("get", "/api/breakpoints", {
      summary: "Messages that wait at a breakpoint, secrets replaced.",
      answers: { 200: jsonOf("HeldList", "The messages, oldest first.") },
      answer: () => json({ held: breakpoints.held() }),
    }),
    route("post", "/api/breakpoints/:id", {
      summary:
        "Lets a held message go, edited or not, or drops it, which resets its connection (a WebSocket message is lost alone).",
      params: breakpointParams,
      body: breakpointBody,
      answers: {
        204: { description: "Done." },
        400: invalid,
        404: jsonOf("Error", "No such message waits (any more)."),
      },
      answer: async ({ params, body }) => {
        const { action, head, body: content } = body;
        await breakpoints.settle(params.id, action, editOf(head, content));
        return noContent;
      },
    }),
    route("post", "/api/replay", {
      summary:
        "Sends a recorded request again, with its real credentials, edited or not. Refused for http-bind to a live server unless forced, or in a session of its own.",
      body: replayBody,
      answers: {
        200: jsonOf("ReplayAnswer", "The exchanges it made, once each has its answer or failed."),
        400: invalid,
        404: jsonOf("Error", "There is no such exchange."),
      },
      answer: async ({ body: input }) => {
        const { exchange, times, force, ownSession, head, body } = input;
        const edit = editOf(head, body);
        const made = await replay.replay(exchange, { times, force, ownSession, ...edit });
        return json({ exchanges: made });
      },
    }),
    route("post", "/api/compose", {
      summary:
        "Sends a new request, with the credentials of a recorded one if asked. Refused for http-bind to a live server unless forced.",
      body: composeBody,
      answers: {
        200: jsonOf("ReplayAnswer", "The exchanges it made, once each has its answer or failed."),
        400: invalid,
        404: jsonOf("Error", "There is no exchange to take credentials of."),
      },
      answer: async ({ body }) => json({ exchanges: await replay.compose(body) }),
    }),
  ];
}

const editOf = (head: string | undefined, body: string | undefined) => ({
  ...(head === undefined ? {} : { head }),
  ...(body === undefined ? {} : { body }),
});
