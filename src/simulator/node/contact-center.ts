/** Agents and calls of a contact centre, as the CTI server behind both nodes knows them. Every change becomes an Update. */
import type { XmlPart } from "../write-xml.ts";
import type { Update } from "./pubsub-message.ts";

export type AgentState =
  | "LOGOUT"
  | "NOT_READY"
  | "READY"
  | "RESERVED"
  | "TALKING"
  | "HOLD"
  | "WORK";

export interface AgentOptions {
  /** Login id: digits, at most twelve. */
  readonly id: string;
  readonly password: string;
  readonly extension?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly teamId?: string;
  readonly teamName?: string;
  readonly supervisor?: boolean;
}

export interface Agent {
  readonly id: string;
  password: string;
  extension: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly loginName: string;
  readonly teamId: string;
  readonly teamName: string;
  readonly supervisor: boolean;
  state: AgentState;
  reasonCode: string | null;
  /** Wall ms. */
  stateChangedAt: number;
}

type DialogState = "ALERTING" | "INITIATING" | "ACTIVE" | "HELD" | "DROPPED";

interface Dialog {
  readonly id: string;
  readonly agent: string;
  readonly from: string;
  readonly to: string;
  state: DialogState;
}

export interface ApiFailure {
  readonly type: string;
  readonly message: string;
}

export interface StateChange {
  readonly state: AgentState | "LOGIN";
  readonly extension?: string | undefined;
  readonly reasonCode?: string | undefined;
  readonly requestId: string;
}

const userUri = (id: string): string => `/finesse/api/User/${id}`;

export class ContactCenter {
  private readonly agents = new Map<string, Agent>();
  private readonly dialogs = new Map<string, Dialog>();
  private readonly listeners = new Set<(update: Update) => void>();
  private nextDialog = 16_804_377;
  private readonly wall: () => number;

  constructor(agents: readonly AgentOptions[], wall: () => number) {
    this.wall = wall;
    for (const agent of agents) this.addAgent(agent);
  }

  addAgent(options: AgentOptions): Agent {
    const { id } = options;
    const firstName = options.firstName ?? "Isaac";
    const agent: Agent = {
      id,
      password: options.password,
      extension: options.extension ?? `1${id.slice(-4)}`,
      firstName,
      lastName: options.lastName ?? "Newton",
      loginName: firstName.toLowerCase(),
      teamId: options.teamId ?? "5000",
      teamName: options.teamName ?? "Maths",
      supervisor: options.supervisor ?? false,
      state: "LOGOUT",
      reasonCode: null,
      stateChangedAt: this.wall(),
    };
    this.agents.set(id, agent);
    return agent;
  }

  agent(id: string): Agent | null {
    return this.agents.get(id) ?? null;
  }

  agentIds(): readonly string[] {
    return [...this.agents.keys()];
  }

  onUpdate(listener: (update: Update) => void): void {
    this.listeners.add(listener);
  }

  /** All pubsub nodes. */
  nodes(): readonly string[] {
    const own = this.agentIds().flatMap((id) =>
      ["", "/Dialogs", "/ClientLog"].map((end) => `${userUri(id)}${end}`),
    );
    return ["/finesse/api/SystemInfo", ...own, "/finesse/api/Team/5000/Users"];
  }

  /** Null when it was done; the change comes as an Update. */
  changeState(id: string, change: StateChange): ApiFailure | null {
    const agent = this.agents.get(id);
    if (agent === undefined) return { type: "Not Found", message: "USER_NOT_FOUND" };
    const refusal = this.refusalOf(agent, change);
    if (refusal !== null) return this.tellFailure(agent, change.requestId, refusal);
    if (change.extension !== undefined) agent.extension = change.extension;
    agent.reasonCode = change.reasonCode ?? null;
    this.enter(agent, change.state === "LOGIN" ? "NOT_READY" : change.state, change.requestId);
    return null;
  }

  /** What happens to an agent whose desktop is gone; `false` if there was nothing to do. */
  forceLogout(id: string): boolean {
    const agent = this.agents.get(id);
    if (agent === undefined || agent.state === "LOGOUT") return false;
    for (const dialog of this.dialogsOf(id)) this.end(dialog, "");
    agent.reasonCode = "255";
    this.enter(agent, "LOGOUT", "");
    return true;
  }

  /** Rings an agent who is ready; gives the dialog's id, or null. */
  offerCall(id: string, from: string): string | null {
    const agent = this.agents.get(id);
    if (agent === undefined || agent.state !== "READY") return null;
    return this.addDialog(agent, from, agent.extension, "ALERTING", "");
  }

  makeCall(id: string, to: string, requestId: string): ApiFailure | null {
    const agent = this.agents.get(id);
    if (agent === undefined) return { type: "Not Found", message: "USER_NOT_FOUND" };
    if (agent.state !== "READY" && agent.state !== "NOT_READY") {
      return this.tellFailure(agent, requestId, invalidState);
    }
    this.addDialog(agent, agent.extension, to, "INITIATING", requestId);
    return null;
  }

  actOnDialog(dialogId: string, action: string, requestId: string): ApiFailure | null {
    const dialog = this.dialogs.get(dialogId);
    const agent = dialog === undefined ? undefined : this.agents.get(dialog.agent);
    if (dialog === undefined || agent === undefined) {
      return { type: "Not Found", message: "DIALOG_NOT_FOUND" };
    }
    const next = nextStates[action];
    if (next === undefined) return { type: "Invalid Input", message: "INVALID_REQUESTED_ACTION" };
    if (next === "DROPPED") {
      this.end(dialog, requestId);
      this.enter(agent, "READY", "");
      return null;
    }
    dialog.state = next;
    this.tellDialog(dialog, "PUT", requestId);
    this.enter(agent, next === "HELD" ? "HOLD" : "TALKING", "");
    return null;
  }

  /** The caller hangs up. */
  hangUp(dialogId: string): void {
    this.actOnDialog(dialogId, "DROP", "");
  }

  hasDialog(dialogId: string): boolean {
    return this.dialogs.has(dialogId);
  }

  userXml(agent: Agent, tag = "User"): XmlPart {
    const uri = userUri(agent.id);
    const reason: XmlPart[] = agent.reasonCode === null ? [] : [["reasonCodeId", agent.reasonCode]];
    return [
      tag,
      [
        ["dialogs", `${uri}/Dialogs`],
        ["extension", agent.extension],
        ["firstName", agent.firstName],
        ["lastName", agent.lastName],
        ["loginId", agent.id],
        ["loginName", agent.loginName],
        ["mediaType", "1"],
        ["pendingState", ""],
        ...reason,
        ["roles", rolesOf(agent)],
        ["settings", [["wrapUpOnIncoming", "OPTIONAL"]]],
        ["state", agent.state],
        ["stateChangeTime", new Date(agent.stateChangedAt).toISOString()],
        ["teamId", agent.teamId],
        ["teamName", agent.teamName],
        ["uri", uri],
      ],
    ];
  }

  dialogsXml(id: string): XmlPart {
    return ["Dialogs", this.dialogsOf(id).map(dialogXml)];
  }

  private dialogsOf(id: string): Dialog[] {
    return [...this.dialogs.values()].filter(({ agent }) => agent === id);
  }

  private refusalOf(agent: Agent, { state, extension }: StateChange): ApiFailure | null {
    if (state === "LOGIN") {
      return extension === undefined || extension === ""
        ? { type: "Invalid Input", message: "INVALID_EXTENSION" }
        : null;
    }
    if (agent.state === "LOGOUT" && state !== "LOGOUT") return invalidState;
    return state === "LOGOUT" && agent.state !== "NOT_READY" ? invalidState : null;
  }

  private enter(agent: Agent, state: AgentState, requestId: string): void {
    agent.state = state;
    agent.stateChangedAt = this.wall();
    const node = userUri(agent.id);
    const data = this.userXml(agent, "user");
    const update: Update = { node, agent: agent.id, data, event: "PUT", requestId, source: node };
    this.emit(update);
    const team = `/finesse/api/Team/${agent.teamId}/Users`;
    this.emit({ ...update, node: team, agent: null, source: team });
  }

  private addDialog(
    agent: Agent,
    from: string,
    to: string,
    state: DialogState,
    requestId: string,
  ): string {
    const id = `${this.nextDialog++}`;
    const dialog: Dialog = { id, agent: agent.id, from, to, state };
    this.dialogs.set(id, dialog);
    this.tellDialog(dialog, "POST", requestId);
    this.enter(agent, state === "ALERTING" ? "RESERVED" : "TALKING", "");
    return id;
  }

  private end(dialog: Dialog, requestId: string): void {
    this.dialogs.delete(dialog.id);
    dialog.state = "DROPPED";
    this.tellDialog(dialog, "DELETE", requestId);
  }

  private tellDialog(dialog: Dialog, event: Update["event"], requestId: string): void {
    const node = `${userUri(dialog.agent)}/Dialogs`;
    const data: XmlPart = ["dialogs", [dialogXml(dialog)]];
    this.emit({ node, agent: dialog.agent, data, event, requestId, source: node });
  }

  private tellFailure(agent: Agent, requestId: string, failure: ApiFailure): null {
    const node = userUri(agent.id);
    const data = apiErrors(failure, "apiErrors", "apiError");
    this.emit({ node, agent: agent.id, data, event: "PUT", requestId, source: node });
    return null;
  }

  private emit(update: Update): void {
    for (const listener of this.listeners) listener(update);
  }
}

const invalidState: ApiFailure = { type: "Invalid State", message: "CF_INVALID_OBJECT_STATE" };

const nextStates: Readonly<Record<string, DialogState>> = {
  ANSWER: "ACTIVE",
  HOLD: "HELD",
  RETRIEVE: "ACTIVE",
  DROP: "DROPPED",
};

const rolesOf = ({ supervisor }: Agent): readonly XmlPart[] => [
  ["role", "Agent"],
  ...(supervisor ? [["role", "Supervisor"] as const] : []),
];

const dialogXml = ({ id, state, from, to }: Dialog): XmlPart => [
  "Dialog",
  [
    ["id", id],
    ["mediaType", "Voice"],
    ["state", state],
    ["fromAddress", from],
    ["toAddress", to],
    ["uri", `/finesse/api/Dialog/${id}`],
  ],
];

/** The element that carries failures, in answers and in notifications. */
export const apiErrors = (
  { type, message }: ApiFailure,
  tag = "ApiErrors",
  inner = "ApiError",
): XmlPart => [
  tag,
  [
    [
      inner,
      [
        ["ErrorType", type],
        ["ErrorData", ""],
        ["ErrorMessage", message],
      ],
    ],
  ],
];
