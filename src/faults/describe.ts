/** Makes subjects of what passes. Cheap, as every message of a gated connection goes through here: a poll is read without a parser. */
import type { BoshBody } from "../bosh/bosh-body.ts";
import { requestKindOf } from "../bosh/bosh-event.ts";
import { isHttpBindPath } from "../bosh/http-bind-path.ts";
import { readBoshBody } from "../bosh/read-bosh-body.ts";
import type { FaultLeg, FaultSubjectKind } from "../domain/fault-rule.ts";
import { type Content, contentOf, contentOfStanza } from "../finesse/notifications.ts";
import { type RestCall, readRestCall } from "../finesse/rest-call.ts";
import { localPartOf } from "../xmpp/jid.ts";
import { readFrame } from "../xmpp/read-frame.ts";
import { basicUserOf, plainUserIn } from "./credentials.ts";
import type { TrafficDirectory } from "./directory.ts";
import { headerIn, headersIn } from "./http-head.ts";
import type { FaultSubject } from "./subject.ts";

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface RequestSeen extends Endpoint {
  /** The client's connection, as the capture numbers it. */
  readonly connection: number;
  /** The request's head as latin1 text. */
  readonly head: string;
  /** Entity body as text (chunking and content coding taken away); null = none, or not waited for. */
  readonly body: string | null;
  /** Its first byte, monotonic ms. */
  readonly askedAt: number;
}

export interface FrameSeen extends Endpoint {
  readonly connection: number;
  /** Number of the exchange that opened the WebSocket. */
  readonly exchange: number;
  readonly leg: FaultLeg;
  readonly path: string;
  /** null = a binary message. */
  readonly text: string | null;
}

const nowhere = {
  method: "",
  path: "",
  sid: null,
  rid: null,
  state: null,
  phase: null,
  askedAt: null,
};
const unnamed = { ...nowhere, agent: null, text: null, framed: false, leg: "request" } as const;
const connectKinds: ReadonlySet<FaultSubjectKind> = new Set(["connect"]);
const tlsKinds: ReadonlySet<FaultSubjectKind> = new Set(["tls"]);

/** A client's CONNECT. */
export const describeConnect = ({ host, port }: Endpoint): FaultSubject => ({
  ...unnamed,
  kinds: connectKinds,
  host,
  port,
  counted: "",
});

/** The handshakes of a connection, before they begin. */
export const describeTls = ({ host, port }: Endpoint): FaultSubject => ({
  ...unnamed,
  kinds: tlsKinds,
  host,
  port,
  counted: "",
});

/** A request, as far as it was waited for. What it says of who is who goes into the directory. */
export function describeRequest(seen: RequestSeen, directory: TrafficDirectory): FaultSubject {
  const line = seen.head.slice(0, Math.max(0, seen.head.search(/\r?\n/)));
  const [method = "", path = ""] = line.split(" ");
  const subject = isHttpBindPath(path)
    ? describePoll(seen, directory)
    : describeOther(seen, { method, path }, directory);
  const { agent, sid } = subject;
  if (agent !== null) directory.connection(seen.connection, agent);
  return {
    ...subject,
    leg: "request",
    framed: false,
    host: seen.host,
    port: seen.port,
    method,
    path,
    state: directory.stateOf(agent),
    phase: directory.ofSession(sid)?.phase ?? null,
    counted: sid ?? agent ?? "",
    askedAt: seen.askedAt,
    text: seen.body,
  };
}

type Read = Pick<FaultSubject, "kinds" | "agent" | "sid" | "rid">;

function describePoll(seen: RequestSeen, directory: TrafficDirectory): Read {
  const body = seen.body === null ? null : readBoshBody(seen.body);
  const { connection } = seen;
  if (body?.kind !== "body") {
    const kinds = new Set<FaultSubjectKind>(["http-bind"]);
    return { kinds, agent: directory.ofConnection(connection), sid: null, rid: null };
  }
  const { sid, rid } = body;
  const named = agentNamedIn(body, seen.body ?? "");
  if (sid !== null && named !== null) directory.session(sid, named, null);
  // A proxy's client connections belong to one browser each, so to one agent.
  const agent = named ?? directory.ofSession(sid)?.agent ?? directory.ofConnection(connection);
  return { kinds: pollKinds(body, seen.body ?? ""), agent, sid, rid };
}

function pollKinds(body: BoshBody, text: string): ReadonlySet<FaultSubjectKind> {
  const kinds = new Set<FaultSubjectKind>(["http-bind"]);
  const asked = requestKindOf(body);
  if (asked === "create") kinds.add("session-create");
  if (asked === "poll") kinds.add("poll");
  if (body.children > 0 && isPing(text)) kinds.add("ping");
  return kinds;
}

const isPing = (text: string): boolean => text.includes("urn:xmpp:ping");

/** The creation says `from` (JabberWerx), SASL the user. */
function agentNamedIn(body: BoshBody, text: string): string | null {
  const from = localPartOf(body.from);
  if (from !== null || body.children === 0) return from;
  return plainUserIn(text);
}

function describeOther(
  seen: RequestSeen,
  { method, path }: { method: string; path: string },
  directory: TrafficDirectory,
): Read {
  const isUpgrade = /^websocket$/i.test(headerIn(seen.head, "upgrade") ?? "");
  const kinds = new Set<FaultSubjectKind>(isUpgrade ? ["websocket"] : []);
  const isApi = path.startsWith("/finesse/api/") || path.startsWith("/gadgets/makeRequest");
  const headers = isApi ? headersIn(seen.head) : [];
  const call = isApi ? readRestCall({ method, path, headers, body: seen.body }) : null;
  if (call !== null) addRestKinds(call, kinds);
  // Credentials tell best; a path names whom it is about, who for a supervisor may be another.
  const agent =
    basicUserOf(headerIn(seen.head, "authorization")) ??
    directory.ofConnection(seen.connection) ??
    call?.agent ??
    null;
  return { kinds, agent, sid: null, rid: null };
}

function addRestKinds(call: RestCall, kinds: Set<FaultSubjectKind>): void {
  kinds.add("rest");
  if (call.resource === "SystemInfo") kinds.add("systeminfo");
  if (call.method === "PUT" && call.change?.kind === "state") kinds.add("state-change");
}

/** The answer to a request described before. `body` as for requests. */
export function describeAnswer(
  request: FaultSubject,
  answer: { readonly status: number; readonly body: string | null },
  directory: TrafficDirectory,
): FaultSubject {
  const subject = { ...request, leg: "response", text: answer.body } as const;
  if (!request.kinds.has("http-bind") || answer.body === null) return subject;
  const body = readBoshBody(answer.body);
  if (body.kind !== "body" || body.children === 0) return subject;
  const content = contentOf(body);
  const sid = request.sid ?? body.sid;
  const agent = boundAgentIn(content) ?? request.agent;
  if (sid !== null) directory.session(sid, agent, null);
  learnStates(content, directory);
  const hasNews = content.some(isNews);
  const kinds: ReadonlySet<FaultSubjectKind> = hasNews
    ? new Set([...request.kinds, "notification"])
    : request.kinds;
  return { ...subject, kinds, agent, sid, counted: sid ?? agent ?? "" };
}

/** A WebSocket message. */
export function describeFrame(seen: FrameSeen, directory: TrafficDirectory): FaultSubject {
  const { connection, exchange, leg, text, host, port, path } = seen;
  const { kinds, named } = readFrameText(seen, directory);
  if (named !== null) directory.connection(connection, named);
  const known = directory.ofSocket(exchange);
  const agent = named ?? known?.agent ?? directory.ofConnection(connection);
  return {
    kinds,
    leg,
    framed: true,
    host,
    port,
    method: "",
    path,
    agent,
    sid: null,
    rid: null,
    state: directory.stateOf(agent),
    phase: known?.phase ?? null,
    counted: `socket ${exchange}`,
    askedAt: null,
    text,
  };
}

function readFrameText(
  { text, leg }: FrameSeen,
  directory: TrafficDirectory,
): { readonly kinds: ReadonlySet<FaultSubjectKind>; readonly named: string | null } {
  const kinds = new Set<FaultSubjectKind>(["frame"]);
  if (text === null) return { kinds, named: null };
  if (isPing(text)) kinds.add("ping");
  if (leg === "request") return { kinds, named: plainUserIn(text) };
  const stanza = readFrame(text);
  const content = stanza === null || stanza.kind === "unparseable" ? [] : [contentOfStanza(stanza)];
  learnStates(content, directory);
  if (content.some(isNews)) kinds.add("notification");
  return { kinds, named: boundAgentIn(content) };
}

/** An open WebSocket as a whole, for rules that are armed while it waits. */
export function describeSocket(
  seen: Omit<FrameSeen, "leg" | "text">,
  directory: TrafficDirectory,
): FaultSubject {
  const frame = describeFrame({ ...seen, leg: "request", text: null }, directory);
  return { ...frame, kinds: new Set<FaultSubjectKind>(["websocket"]) };
}

const isNews = ({ stanza }: Content): boolean => stanza.kind === "message" && stanza.event !== null;

function boundAgentIn(content: readonly Content[]): string | null {
  for (const { stanza } of content) {
    if (stanza.kind === "iq" && stanza.payload.kind === "bind" && stanza.payload.jid !== null)
      return localPartOf(stanza.payload.jid);
  }
  return null;
}

function learnStates(content: readonly Content[], directory: TrafficDirectory): void {
  for (const { notifications } of content) {
    for (const { update } of notifications) {
      if (update.kind !== "update" || update.subject.kind !== "user") continue;
      const { loginId, state } = update.subject.user;
      if (loginId !== null && state !== null) directory.state(loginId, state);
    }
  }
}
