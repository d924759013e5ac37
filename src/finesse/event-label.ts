/**
 * The list's Event column: in a few words what an exchange was about. Words of the protocol, not of a language; ids and states only, so that no
 * name, number called or secret can get in.
 */
import type { BoshBody } from "../bosh/bosh-body.ts";
import { requestKindOf } from "../bosh/bosh-event.ts";
import { finessePresenceOf } from "../xmpp/finesse-presence.ts";
import { localPartOf } from "../xmpp/jid.ts";
import { readStanza } from "../xmpp/read-stanza.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { AgentStates } from "./agent-states.ts";
import type { ApiErrors } from "./api-errors.ts";
import { apiErrorLabel } from "./api-errors.ts";
import type { Drift } from "./drift.ts";
import { driftLabel } from "./drift.ts";
import type { Content, Notification } from "./notifications.ts";
import type { RestCall } from "./rest-call.ts";
import type { AgentUser } from "./subject.ts";
import type { SystemInfo } from "./system-info.ts";
import type { Update } from "./update.ts";

/** Longest label, and parts named before the rest is counted. */
const maxLength = 120;
const maxParts = 3;

type Read =
  | BoshBody
  | { readonly kind: "unparseable"; readonly at: number; readonly reason: string };

/** An http-bind exchange as far as it has come. */
export interface PollView {
  readonly request: Read | null;
  /** null while there is none, or when it was not kept. */
  readonly answer: Read | null;
  /** Of the answer, as `contentOf` reads it. */
  readonly content: readonly Content[];
  readonly status: number | null;
}

/** null when there is nothing to say (yet). */
export function pollLabel(poll: PollView, agents: AgentStates): string | null {
  const { request, answer, content, status } = poll;
  const asked = request === null ? [] : requestParts(request);
  if (status === 404) return join([...asked, "invalid sid"]);
  if (status !== null && status !== 200) return join([...asked, `HTTP ${status}`]);
  if (answer === null) return join(asked);
  if (answer.kind === "unparseable") return join([...asked, unreadable("answer", answer)]);
  const told = [...content.flatMap((one) => contentParts(one, agents)), ...endParts(answer)];
  const parts = [...asked.filter((part) => !told.some((word) => word.startsWith(part))), ...told];
  return join(parts.length === 0 && answer.empty ? ["empty"] : parts);
}

/** One WebSocket frame, of either direction. `agents` null = no state is known before it. */
export function frameLabel(content: Content, agents: AgentStates | null): string | null {
  return join(contentParts(content, agents));
}

/** A SystemInfo exchange, such as `SystemInfo IN_SERVICE drift +491 ms`. */
export function systemInfoLabel(systemInfo: SystemInfo | null, drift: Drift | null): string {
  const words = ["SystemInfo", systemInfo?.status, drift === null ? null : driftLabel(drift)];
  return words.filter((word) => word !== null && word !== undefined).join(" ");
}

/** Any other REST exchange, such as `User READY` or `Dialog ANSWER`; `errors` when it was refused. */
export function restLabel(call: RestCall, errors: ApiErrors | null): string {
  const words = [call.name === "" ? "REST" : cut(call.name), changeLabel(call)];
  const label = words.filter((word) => word !== null).join(" ");
  return cut(errors === null ? label : `${label}: ${apiErrorLabel(errors)}`);
}

function changeLabel({ change, method }: RestCall): string | null {
  if (change?.kind === "call") return change.action;
  if (change?.kind !== "state") return method === "GET" ? null : method;
  return change.reason === null ? change.state : `${change.state} (${change.reason})`;
}

/** Where the reader stopped, for a person to look there. */
const unreadable = (what: string, { at, reason }: { at: number; reason: string }): string =>
  `unreadable ${what} at ${at}: ${cut(reason)}`;

function requestParts(request: Read): string[] {
  if (request.kind === "unparseable") return [unreadable("request", request)];
  const kind = requestKindOf(request);
  if (kind === "pause") return [`pause ${request.pause} s`];
  if (kind === "terminate" || kind === "create" || kind === "restart") return [kind];
  return request.stanzas.flatMap((element) => {
    const stanza = readStanza(element);
    // One's own presence has no sender yet.
    if (stanza.kind !== "presence") return contentParts({ stanza, notifications: [] }, null);
    return [stanza.available ? "presence" : "presence unavailable"];
  });
}

function endParts(answer: BoshBody): string[] {
  if (answer.type !== "terminate" && answer.type !== "error") return [];
  return [answer.condition === null ? "terminate" : `terminate ${cut(answer.condition)}`];
}

function contentParts({ stanza, notifications }: Content, agents: AgentStates | null): string[] {
  switch (stanza.kind) {
    case "message":
      return messageParts(stanza, notifications, agents);
    case "presence":
      return presenceParts(stanza);
    case "iq":
      return iqParts(stanza);
    case "sasl":
      return saslParts(stanza);
    case "stream-error":
      return [`stream error ${stanza.condition}`.trim()];
    case "open":
    case "close":
      return [stanza.kind];
    case "features":
      return [];
    case "other":
      return [`<${cut(stanza.element.local)}>`];
  }
}

function saslParts({ step, condition }: Extract<Stanza, { kind: "sasl" }>): string[] {
  if (step === "success") return ["auth"];
  if (step === "failure") return [`auth failed ${condition ?? ""}`.trim()];
  return step === "auth" ? ["auth"] : [`auth ${step}`];
}

function presenceParts(stanza: Extract<Stanza, { kind: "presence" }>): string[] {
  const finesse = finessePresenceOf(stanza);
  if (finesse !== null) return [`finesse ${finesse}`];
  const who = localPartOf(stanza.from);
  return [
    `presence ${stanza.type ?? ""}${who === null ? "" : ` ${who}`}`.replace("  ", " ").trim(),
  ];
}

const iqWords: Readonly<Record<string, string>> = {
  "disco-info": "disco",
  "disco-items": "disco",
};

function iqParts({ payload, error }: Extract<Stanza, { kind: "iq" }>): string[] {
  if (payload.kind === "none") return error === null ? [] : [`iq error ${error}`.trim()];
  const word =
    payload.kind === "other" ? `iq ${cut(payload.name)}` : (iqWords[payload.kind] ?? payload.kind);
  return [error === null ? word : `${word} error ${error}`.trim()];
}

function messageParts(
  stanza: Extract<Stanza, { kind: "message" }>,
  notifications: readonly Notification[],
  agents: AgentStates | null,
): string[] {
  if (notifications.length === 0) return [stanza.error === null ? "message" : "message error"];
  const own = localPartOf(stanza.to);
  return notifications.map(({ update }) =>
    update.kind === "unparseable" ? "notification unreadable" : updateLabel(update, agents, own),
  );
}

/** One notification: `READY → TALKING` when the agent's state before is known. `own`: the agent it was sent to, who needs no naming. */
export function updateLabel(
  update: Update,
  agents: AgentStates | null,
  own: string | null,
): string {
  const { subject } = update;
  const ended = update.event === "DELETE" ? "ended" : null;
  switch (subject.kind) {
    case "user":
      return userLabel(subject.user, agents, own);
    case "dialogs":
      return words(
        "notification Dialog",
        ...subject.dialogs.slice(0, maxParts).map(({ state }) => state ?? "?"),
        ended,
      );
    case "media":
      return words("notification Media", subject.id, subject.state);
    case "team":
      return words("notification Team", subject.id);
    case "queue":
      return words("notification Queue", subject.id);
    case "system-info":
      return words("notification SystemInfo", subject.status);
    case "api-errors":
      return words("notification", apiErrorLabel(subject));
    case "unknown":
      return words("notification", subject.name);
    case "none":
      return "notification";
  }
}

const words = (...all: readonly (string | null)[]): string =>
  cut(all.filter((word) => word !== null).join(" "));

function userLabel(user: AgentUser, agents: AgentStates | null, own: string | null): string {
  const { loginId, state } = user;
  const who = loginId !== null && own !== null && loginId !== own ? `${cut(loginId)}: ` : "";
  if (state === null) return `${who}notification User`;
  const before = loginId === null ? null : (agents?.change(loginId, state) ?? null);
  const after = [
    cut(state),
    user.reason === null ? "" : ` (${cut(user.reason)})`,
    user.pendingState === null ? "" : ` pending ${cut(user.pendingState)}`,
  ].join("");
  return before === null || before === state
    ? `${who}notification User ${after}`
    : `${who}${cut(before)} → ${after}`;
}

/** Without repeats; null when there is nothing to say. */
function join(parts: readonly string[]): string | null {
  const once = [...new Set(parts.filter((part) => part !== ""))];
  if (once.length === 0) return null;
  const more = once.length > maxParts ? ` +${once.length - maxParts}` : "";
  return `${cut(once.slice(0, maxParts).join(", "))}${more}`;
}

const cut = (text: string): string =>
  text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
