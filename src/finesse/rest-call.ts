/** Reads a request to Finesse's REST API: which object of whose, and what is to change. */
import type { Header } from "../domain/exchange.ts";
import { readXml } from "../xml/read-xml.ts";
import type { XmlElement } from "../xml/tree.ts";
import { childOf, fieldOf, isNamed } from "./fields.ts";
import { decodePercent, readForm, splitTarget } from "./form.ts";
import { isMakeRequestPath, readMakeRequest } from "./make-request.ts";
import type { RestRequest } from "./rest-request.ts";

/** The word of the path that names what is meant: `/User/47483648/Dialogs` is about "Dialogs". */
export type RestResource =
  | "User"
  | "Users"
  | "Dialogs"
  | "Dialog"
  | "Media"
  | "Team"
  | "Queue"
  | "Queues"
  | "SystemInfo"
  | "ClientLog"
  | "other";

export type RestChange =
  | {
      readonly kind: "state";
      /** READY, NOT_READY, LOGIN, LOGOUT, … */
      readonly state: string;
      readonly reason: string | null;
      readonly extension: string | null;
    }
  /** MAKE_CALL, ANSWER, HOLD, RETRIEVE, DROP, … */
  | { readonly kind: "call"; readonly action: string }
  | { readonly kind: "client-log" }
  | { readonly kind: "other"; readonly root: string }
  | { readonly kind: "unparseable"; readonly at: number; readonly reason: string };

export interface RestCall {
  readonly method: string;
  readonly resource: RestResource;
  /** The resource's word as written, for "other" ones too. */
  readonly name: string;
  readonly agent: string | null;
  /** Id of a dialog, team, queue or media. */
  readonly id: string | null;
  /** Joins the request with its notification. */
  readonly requestId: string | null;
  /** The client's clock, ms since 1970. */
  readonly nocache: number | null;
  readonly timestampOnly: boolean;
  /** null when the request changes nothing, or its body was not kept. */
  readonly change: RestChange | null;
  readonly viaGadget: boolean;
}

const apiPath = "/finesse/api/";
const known: ReadonlySet<string> = new Set<RestResource>([
  "User",
  "Users",
  "Dialogs",
  "Dialog",
  "Media",
  "Team",
  "Queue",
  "Queues",
  "SystemInfo",
  "ClientLog",
]);

/** null when the request is none to the REST API, neither itself nor inside a gadget's call. */
export function readRestCall(request: RestRequest): RestCall | null {
  if (!isMakeRequestPath(request.path)) return callFrom(request, false);
  const inside = readMakeRequest(request);
  return inside === null ? null : callFrom(inside, true);
}

function callFrom(request: RestRequest, viaGadget: boolean): RestCall | null {
  const { path, query } = splitTarget(request.path);
  if (!path.startsWith(apiPath)) return null;
  const segments = path
    .slice(apiPath.length, apiPath.length + 1000)
    .split("/")
    .filter(Boolean);
  const parameters = readForm(query);
  return {
    method: request.method.toUpperCase(),
    ...targetOf(segments.map(decodePercent)),
    requestId: headerOf(request.headers, "requestid"),
    nocache: clockOf(parameters.get("nocache")),
    timestampOnly: parameters.has("timestamponly"),
    change: changeIn(request),
    viaGadget,
  };
}

/** `User/{agent}/Dialogs`, `Dialog/{id}`, `User/{agent}/Media/{id}`, … */
function targetOf(segments: readonly string[]) {
  const [object = "", first = null, sub, subId = null] = segments;
  const name = sub ?? object;
  const agent = object === "User" ? first : null;
  return {
    resource: (known.has(name) ? name : "other") as RestResource,
    name,
    agent,
    id: object === "User" ? subId : first,
  };
}

/** Milliseconds since 1970 as the desktop writes them. */
function clockOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{10,16}$/.test(text) ? Number(text) : null;
}

function headerOf(headers: readonly Header[], name: string): string | null {
  const value = headers.find((header) => header.name.toLowerCase() === name)?.value.trim();
  return value === undefined || value === "" ? null : value;
}

function changeIn(request: RestRequest): RestChange | null {
  const { body } = request;
  if (body === null || body.trim() === "" || request.method.toUpperCase() === "GET") return null;
  const document = readXml(body);
  if (document.kind === "unparseable") {
    return { kind: "unparseable", at: document.at, reason: document.reason };
  }
  return changeFrom(document.root);
}

function changeFrom(root: XmlElement): RestChange {
  const state = fieldOf(root, "state");
  const action = fieldOf(root, "requestedaction");
  if (isNamed(root, "user") && state !== null) {
    return {
      kind: "state",
      state,
      reason: fieldOf(root, "reasoncodeid") ?? fieldOf(childOf(root, "reasoncode"), "code"),
      extension: fieldOf(root, "extension"),
    };
  }
  if (action !== null) return { kind: "call", action };
  return isNamed(root, "clientlog") ? { kind: "client-log" } : { kind: "other", root: root.name };
}
