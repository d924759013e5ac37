/** What an update is about: the few fields of Finesse's objects that a disconnect is read from. Names and call variables stay out. */
import type { XmlElement } from "../xml/tree.ts";
import type { ApiErrors } from "./api-errors.ts";
import { apiErrorsIn } from "./api-errors.ts";
import { childOf, childrenOf, fieldOf, numberOf, timeOf } from "./fields.ts";
import type { SystemInfo } from "./system-info.ts";
import { systemInfoIn } from "./system-info.ts";

export interface AgentUser {
  readonly loginId: string | null;
  readonly extension: string | null;
  /** READY, NOT_READY, TALKING, RESERVED, WORK, LOGOUT, … */
  readonly state: string | null;
  /** State the agent will get after the call. */
  readonly pendingState: string | null;
  /** Code of the reason, else its id; "255" after a forced logout. */
  readonly reason: string | null;
  readonly stateChangeTime: number | null;
  readonly teamId: string | null;
  readonly teamName: string | null;
}

export interface Participant {
  readonly address: string | null;
  readonly state: string | null;
}

export interface Dialog {
  readonly id: string | null;
  readonly state: string | null;
  readonly mediaType: string | null;
  readonly fromAddress: string | null;
  readonly toAddress: string | null;
  readonly participants: readonly Participant[];
}

export type Subject =
  | { readonly kind: "user"; readonly user: AgentUser }
  | { readonly kind: "dialogs"; readonly dialogs: readonly Dialog[] }
  | {
      readonly kind: "media";
      readonly id: string | null;
      readonly name: string | null;
      readonly state: string | null;
    }
  | {
      readonly kind: "team";
      readonly id: string | null;
      readonly name: string | null;
      readonly users: readonly AgentUser[];
    }
  | {
      readonly kind: "queue";
      readonly id: string | null;
      readonly name: string | null;
      readonly callsInQueue: number | null;
      readonly agentsReady: number | null;
    }
  | SystemInfo
  | ApiErrors
  | { readonly kind: "none" }
  | { readonly kind: "unknown"; readonly name: string };

/** `element`: the first one inside `<data>`. */
export function subjectOf(element: XmlElement): Subject {
  switch (element.local.toLowerCase()) {
    case "user":
      return { kind: "user", user: userFrom(element) };
    case "dialog":
      return { kind: "dialogs", dialogs: [dialogFrom(element)] };
    case "dialogs":
      return { kind: "dialogs", dialogs: childrenOf(element, "dialog").map(dialogFrom) };
    case "media":
      return { kind: "media", ...namedFrom(element), state: fieldOf(element, "state") };
    case "team":
      return {
        kind: "team",
        ...namedFrom(element),
        users: childrenOf(childOf(element, "users"), "user").map(userFrom),
      };
    case "users":
      return {
        kind: "team",
        id: null,
        name: null,
        users: childrenOf(element, "user").map(userFrom),
      };
    case "queue":
      return queueFrom(element);
    case "systeminfo":
      return systemInfoIn(element);
    case "apierrors":
      return apiErrorsIn(element);
    default:
      return { kind: "unknown", name: element.name };
  }
}

function userFrom(element: XmlElement): AgentUser {
  const reason = childOf(element, "reasoncode");
  return {
    loginId: fieldOf(element, "loginid"),
    extension: fieldOf(element, "extension"),
    state: fieldOf(element, "state"),
    pendingState: fieldOf(element, "pendingstate"),
    reason: fieldOf(reason, "code") ?? fieldOf(element, "reasoncodeid") ?? fieldOf(reason, "id"),
    stateChangeTime: timeOf(fieldOf(element, "statechangetime")),
    teamId: fieldOf(element, "teamid"),
    teamName: fieldOf(element, "teamname"),
  };
}

function dialogFrom(element: XmlElement): Dialog {
  const participants = childrenOf(childOf(element, "participants"), "participant");
  return {
    id: fieldOf(element, "id"),
    state: fieldOf(element, "state"),
    mediaType: fieldOf(element, "mediatype"),
    fromAddress: fieldOf(element, "fromaddress"),
    toAddress: fieldOf(element, "toaddress"),
    participants: participants.map((participant) => ({
      address: fieldOf(participant, "mediaaddress"),
      state: fieldOf(participant, "state"),
    })),
  };
}

/** Some objects say their id only as the end of their URI. */
function namedFrom(element: XmlElement) {
  const end = /\/([^/]+)$/.exec(fieldOf(element, "uri") ?? "");
  return { id: fieldOf(element, "id") ?? end?.[1] ?? null, name: fieldOf(element, "name") };
}

function queueFrom(element: XmlElement): Subject {
  const statistics = childOf(element, "statistics");
  return {
    kind: "queue",
    ...namedFrom(element),
    callsInQueue: numberOf(statistics, "callsinqueue"),
    agentsReady: numberOf(statistics, "agentsready"),
  };
}
