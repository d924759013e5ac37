/** Finesse's REST API, and the gadget server's `makeRequest` in front of it. Changes are answered 202; what came of them is published. */
import { readXml } from "../../xml/read-xml.ts";
import { elementsIn, textOf, type XmlElement } from "../../xml/tree.ts";
import { writeXml } from "../write-xml.ts";
import { type Agent, type AgentState, apiErrors, type ContactCenter } from "./contact-center.ts";
import { fullSystemInfo, type SystemFacts, timestampOnly } from "./system-info.ts";

export interface RestRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface RestAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface RestOptions {
  readonly center: ContactCenter;
  readonly facts: () => SystemFacts;
  readonly systemInfoShape: () => "166" | "232";
  /** Runs what a request causes, after its answer. */
  readonly later: (run: () => void) => void;
  /** The text an agent's desktop sent for the log. */
  readonly onClientLog: (agent: string, text: string) => void;
}

const xml = "application/xml;charset=UTF-8";
const accepted: RestAnswer = { status: 202, type: xml, body: "" };
const ok = (body: string): RestAnswer => ({ status: 200, type: xml, body });
const refused = (status: number, type: string, message: string): RestAnswer => ({
  status,
  type: xml,
  body: writeXml(apiErrors({ type, message })).replace(/\n */g, ""),
});

export const serviceUnavailable = refused(503, "Service Unavailable", "SERVER_OUT_OF_SERVICE");

export function answerRest(options: RestOptions, request: RestRequest): RestAnswer {
  const url = new URL(request.target, "https://node.invalid");
  if (url.pathname === "/gadgets/makeRequest") return makeRequest(options, request, url);
  const path = url.pathname.replace(/^\/finesse\/api\//, "").split("/");
  if (path[0] === "SystemInfo") {
    const facts = options.facts();
    const short = url.searchParams.has("timestamponly");
    return ok(short ? timestampOnly(facts, options.systemInfoShape()) : fullSystemInfo(facts));
  }
  if (!options.facts().inService) return serviceUnavailable;
  const caller = callerOf(options.center, request);
  if (caller === null) return refused(401, "Authorization Failure", "UNAUTHORIZED");
  return answerFor(options, request, caller, path);
}

function callerOf(center: ContactCenter, { headers }: RestRequest): Agent | null {
  const header = String(headers["authorization"] ?? "");
  const [user = "", ...password] = Buffer.from(header.replace(/^Basic /i, ""), "base64")
    .toString("utf8")
    .split(":");
  const agent = center.agent(user);
  return agent !== null && agent.password === password.join(":") ? agent : null;
}

function answerFor(
  options: RestOptions,
  request: RestRequest,
  caller: Agent,
  path: readonly string[],
): RestAnswer {
  const [kind, id = "", part] = path;
  const { center } = options;
  if (kind === "Dialog" && request.method === "PUT") return putDialog(options, request, id);
  const agent = kind === "User" ? center.agent(id) : null;
  if (agent === null) return refused(404, "Not Found", "NOT_FOUND");
  if (agent !== caller && !caller.supervisor) {
    return refused(401, "Authorization Failure", "UNAUTHORIZED");
  }
  const route = `${request.method} ${part ?? "User"}`;
  switch (route) {
    case "GET User":
      return ok(writeXml(center.userXml(agent)));
    case "PUT User":
      return putUser(options, request, id);
    case "GET Dialogs":
      return ok(writeXml(center.dialogsXml(id)));
    case "POST Dialogs":
      return postDialog(options, request, id);
    case "POST ClientLog":
      options.onClientLog(id, fieldsOf(request.body).get("logData") ?? "");
      return accepted;
    default:
      return refused(404, "Not Found", "NOT_FOUND");
  }
}

const requestIdOf = ({ headers }: RestRequest): string => String(headers["requestid"] ?? "");

/** Texts of the root's children by name; empty for what is no XML. */
function fieldsOf(body: string): ReadonlyMap<string, string> {
  const document = readXml(body);
  const root: XmlElement | null = document.kind === "document" ? document.root : null;
  return new Map(root === null ? [] : elementsIn(root).map((part) => [part.local, textOf(part)]));
}

const states: ReadonlySet<string> = new Set(["LOGIN", "LOGOUT", "READY", "NOT_READY", "WORK"]);

function putUser(options: RestOptions, request: RestRequest, id: string): RestAnswer {
  const fields = fieldsOf(request.body);
  const state = fields.get("state") ?? "";
  if (!states.has(state)) return refused(400, "Invalid Input", "INVALID_STATE");
  const change = {
    state: state as AgentState | "LOGIN",
    extension: fields.get("extension"),
    reasonCode: fields.get("reasonCodeId"),
    requestId: requestIdOf(request),
  };
  options.later(() => options.center.changeState(id, change));
  return accepted;
}

function postDialog(options: RestOptions, request: RestRequest, id: string): RestAnswer {
  const to = fieldsOf(request.body).get("toAddress") ?? "";
  if (to === "") return refused(400, "Invalid Input", "INVALID_DESTINATION");
  const requestId = requestIdOf(request);
  options.later(() => options.center.makeCall(id, to, requestId));
  return accepted;
}

function putDialog(options: RestOptions, request: RestRequest, id: string): RestAnswer {
  if (!options.center.hasDialog(id)) return refused(404, "Not Found", "DIALOG_NOT_FOUND");
  const action = fieldsOf(request.body).get("requestedAction") ?? "";
  const requestId = requestIdOf(request);
  options.later(() => options.center.actOnDialog(id, action, requestId));
  return accepted;
}

/** Shindig fetches for a gadget; the inner request's secrets travel inside the form. */
function makeRequest(options: RestOptions, request: RestRequest, outer: URL): RestAnswer {
  const form = new URLSearchParams(request.method === "POST" ? request.body : outer.search);
  const url = form.get("url") ?? "";
  const target = URL.parse(url, "https://node.invalid");
  if (target === null) return refused(400, "Invalid Input", "INVALID_URL");
  const headers = Object.fromEntries(
    [...new URLSearchParams(form.get("headers") ?? "")].map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]),
  );
  const inner = answerRest(options, {
    method: form.get("httpMethod") ?? "GET",
    target: target.pathname + target.search,
    headers,
    body: form.get("postData") ?? "",
  });
  const answer = JSON.stringify({ [url]: { body: inner.body, rc: inner.status, headers: {} } });
  return {
    status: 200,
    type: "application/json; charset=UTF-8",
    body: `throw 1; < don't be evil' >${answer}`,
  };
}
