/** Routes of the XMPP console: sessions of one's own, and the stanzas of agents' sessions. */
import type { AgentStanzas, XmppDesk } from "../domain/xmpp-console.ts";
import { json, jsonOf, noContent, type Route, route } from "./route.ts";
import {
  commandBody,
  signInBody,
  stanzasQuery,
  xmppAgentParams,
  xmppSessionParams,
} from "./xmpp-input.ts";

interface Needs {
  readonly xmpp: XmppDesk;
  readonly agentStanzas: AgentStanzas;
}

const invalid = jsonOf("Error", "The request is not accepted.");
const gone = jsonOf("Error", "There is no such session.");
const broken = jsonOf("Error", "The connection to the server failed.");

export function xmppRoutes({ xmpp, agentStanzas }: Needs): readonly Route[] {
  return [
    ...sessionRoutes(xmpp),
    route("get", "/api/xmpp/agents/:agent/stanzas", {
      summary:
        "Stanzas of an agent's own session, from the running capture, secrets replaced: the latest, or with after= those that followed. One may come twice: key tells.",
      params: xmppAgentParams,
      query: stanzasQuery,
      answers: { 200: jsonOf("StanzaPage", "The stanzas, oldest first."), 400: invalid },
      answer: async ({ params, query }) => json(await agentStanzas(params.agent, orderOf(query))),
    }),
  ];
}

function sessionRoutes(xmpp: XmppDesk): Route[] {
  return [
    route("get", "/api/xmpp/sessions", {
      summary: "The console's own XMPP sessions.",
      answers: { 200: jsonOf("XmppSessionList", "The sessions, oldest first.") },
      answer: () => json({ sessions: xmpp.sessions() }),
    }),
    route("post", "/api/xmpp/sessions", {
      summary:
        "Signs in as an agent, with any resource but desktop. The password is forgotten at once.",
      body: signInBody,
      answers: {
        200: jsonOf("XmppSession", "The session."),
        400: invalid,
        422: jsonOf("Error", "The server refused the sign-in, or is not trusted."),
        502: broken,
      },
      answer: async ({ body: { password, path, pubsub, ...order } }) => {
        const rest = {
          path: path ?? usualPath(order.transport),
          pubsub: pubsub ?? `pubsub.${order.domain}`,
        };
        return json(await xmpp.signIn({ ...order, ...rest }, password));
      },
    }),
    route("get", "/api/xmpp/sessions/:id/stanzas", {
      summary: "The latest stanzas of a session, or with after= those that followed.",
      params: xmppSessionParams,
      query: stanzasQuery,
      answers: {
        200: jsonOf("StanzaPage", "The stanzas, oldest first."),
        400: invalid,
        404: gone,
      },
      answer: ({ params, query }) => json(xmpp.stanzas(params.id, orderOf(query))),
    }),
    route("post", "/api/xmpp/sessions/:id/commands", {
      summary:
        "Runs one line of the console: nodes, subscribe NODE, …, or a stanza to send as it is.",
      params: xmppSessionParams,
      body: commandBody,
      answers: {
        200: jsonOf("CommandAnswer", "What it brought."),
        400: invalid,
        404: gone,
        422: jsonOf("Error", "The server refused it."),
        502: broken,
      },
      answer: async ({ params, body }) => json(await xmpp.run(params.id, body.line)),
    }),
    route("delete", "/api/xmpp/sessions/:id", {
      summary: "Signs out: subscriptions made here are taken back first.",
      params: xmppSessionParams,
      answers: { 204: { description: "Done." }, 404: gone },
      answer: async ({ params }) => {
        await xmpp.signOut(params.id);
        return noContent;
      },
    }),
  ];
}

const usualPath = (transport: string): string => (transport === "bosh" ? "/http-bind/" : "/ws/");

const orderOf = (query: { after?: string | undefined; filter: string; limit: number }) => ({
  after: query.after ?? null,
  filter: query.filter,
  limit: query.limit,
});
