/** Does what a line of the console asks for, on a session. */
import { fail } from "../base/errors.ts";
import { infoIn, nodesIn, refusalIn, subscriptionsIn } from "../console/answers.ts";
import { type Command, readCommand } from "../console/command.ts";
import * as requests from "../console/requests.ts";
import { stanzaFacts } from "../console/stanza-facts.ts";
import type { CommandAnswer, XmppNode, XmppSubscription } from "../domain/xmpp-console.ts";
import type { XmlElement } from "../xml/tree.ts";
import { namespaces } from "../xmpp/namespaces.ts";
import type { Subscribed } from "./subscribed.ts";
import type { XmppSession } from "./xmpp-session.ts";

export interface Console {
  readonly session: XmppSession;
  /** What was subscribed here. */
  readonly subscribed: Subscribed;
}

/** Throws "request-invalid" for a line that can't be read, "stanza-refused" when the server says no, "xmpp-failed". */
export async function runCommand(console: Console, line: string): Promise<CommandAnswer> {
  const command = readCommand(line);
  const done = await run(console, command);
  const nothing = { text: "", nodes: null, subscriptions: null, answer: null };
  return { command: command.kind, ...nothing, ...done };
}

type Done = Partial<Omit<CommandAnswer, "command">>;

async function run(console: Console, command: Command): Promise<Done> {
  const { session } = console;
  switch (command.kind) {
    case "nodes":
      return await listItems(session, session.pubsub, command.node);
    case "services":
      return await listItems(session, session.domain, null);
    case "info":
      return await info(session, command.jid ?? session.pubsub, command.node);
    case "subscriptions":
      return await subscriptionsOf(session);
    case "subscribe":
      return await subscribe(console, command.node);
    case "unsubscribe":
      return await unsubscribe(console, command.node, command.subid);
    case "items":
      return await items(session, command.node, command.count);
    case "ping":
      return await ping(session, command.jid ?? session.domain);
    case "presence":
      session.send(requests.presence(command.show, command.priority));
      return { text: presenceSaid(command) };
    case "send":
      return await sendRaw(session, command.xml);
  }
}

/** Asks, and throws when the answer is an error. */
async function asked(
  session: XmppSession,
  to: string,
  write: (to: requests.Addressed) => string,
): Promise<{ text: string; element: XmlElement }> {
  const id = session.newId();
  const answer = await session.ask(write({ id, to }), id);
  const refusal = refusalIn(answer.element);
  if (refusal === null) return answer;
  throw fail("stanza-refused", { to, why: refusal });
}

async function listItems(session: XmppSession, to: string, node: string | null): Promise<Done> {
  const { element, text } = await asked(session, to, (at) => requests.discoItems(at, node));
  const nodes = nodesIn(element);
  const lines = nodes.map((one) => nodeLine(one, to));
  const count = `${nodes.length} ${nodes.length === 1 ? "item" : "items"} at ${to}`;
  return { nodes, answer: text, text: [...lines, count].join("\n") };
}

const nodeLine = ({ service, node, name }: XmppNode, asked: string): string =>
  [node ?? service, node !== null && service !== asked ? service : "", name ?? ""]
    .filter((word) => word !== "")
    .join("  ");

async function info(session: XmppSession, jid: string, node: string | null): Promise<Done> {
  const { element, text } = await asked(session, jid, (to) => requests.discoInfo(to, node));
  return { answer: text, text: infoIn(element).join("\n") };
}

async function subscriptionsOf(session: XmppSession): Promise<Done> {
  const { element, text } = await asked(session, session.pubsub, requests.subscriptions);
  const subscriptions = subscriptionsIn(element);
  const lines = subscriptions.map(subscriptionLine);
  return { subscriptions, answer: text, text: lines.join("\n") || "no subscriptions" };
}

const subscriptionLine = ({ node, jid, state, subid }: XmppSubscription): string =>
  [node, jid, state, subid ?? ""].filter((word) => word !== "").join("  ");

async function subscribe({ session, subscribed }: Console, node: string): Promise<Done> {
  const { jid, pubsub } = session;
  const { element, text } = await asked(session, pubsub, (to) => requests.subscribe(to, node, jid));
  const subscriptions = subscriptionsIn(element);
  const [made] = subscriptions;
  subscribed.add({ node, jid, subid: made?.subid ?? null });
  const state = made?.state ?? "subscribed";
  return { subscriptions, answer: text, text: `${node}: ${state} as ${jid}` };
}

async function unsubscribe(
  { session, subscribed }: Console,
  node: string,
  subid: string | null,
): Promise<Done> {
  const known = subscribed.take(node);
  const { jid, pubsub } = session;
  const which = { node, jid, subid: subid ?? known?.subid ?? null };
  const { text } = await asked(session, pubsub, (to) => requests.unsubscribe(to, which));
  return { answer: text, text: `${node}: no more subscribed as ${jid}` };
}

async function items(session: XmppSession, node: string, count: number): Promise<Done> {
  const { text } = await asked(session, session.pubsub, (to) => requests.items(to, node, count));
  return { answer: text };
}

async function ping(session: XmppSession, jid: string): Promise<Done> {
  const start = session.clock();
  await asked(session, jid, requests.ping);
  return { text: `${jid} answered after ${(session.clock() - start).toFixed(1)} ms` };
}

function presenceSaid(command: Extract<Command, { kind: "presence" }>): string {
  if (command.show === "unavailable") return "told unavailable";
  const told = `told ${command.show} with priority ${command.priority}`;
  return command.priority < 0
    ? told
    : `${told}: messages to the agent's bare address may now come here and not to the desktop`;
}

/** An iq that wants an answer is waited for; an id and the namespace are put in where there is none. */
async function sendRaw(session: XmppSession, xml: string): Promise<Done> {
  const facts = stanzaFacts(xml);
  // Over TCP the stream around it says so; over WebSocket and BOSH each stanza has to (RFC 7395 3.3.3).
  const space = facts.hasNamespace ? "" : ` xmlns="${namespaces.client}"`;
  const added = facts.wantsAnswer && facts.id === null ? session.newId() : null;
  const id = added === null ? "" : ` id="${added}"`;
  const text = xml.replace(/^<[^\s/>]+/, (name) => `${name}${space}${id}`);
  if (!facts.wantsAnswer) {
    session.send(text);
    return { text: "sent" };
  }
  const answer = await session.ask(text, facts.id ?? added ?? "");
  return { answer: answer.text };
}
