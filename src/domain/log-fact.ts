/** What a line of a Finesse log says, whatever the log. Types only: the store keeps it, the diagnosis weighs it. */

export type LogFactKind =
  | "session-active" // Openfire debug: last active N ms ago
  | "session-idle-close"
  | "session-closed"
  | "offline-store"
  | "invalid-sid"
  | "rid-window"
  | "overactivity"
  | "service-started"
  | "service-stopped"
  | "presence"
  | "unsubscribe"
  | "presence-monitor"
  | "forced-logout-due" // PRESENCE DRIVEN LO…
  | "logout-request" // MESSAGE_TO_CTI_SER…, with its reason
  | "cti-event"
  | "cti-lost"
  | "cti-restored"
  | "xmpp-lost"
  | "xmpp-restored"
  | "drift"
  | "connection-status"
  | "other";

export type LogSource = "openfire" | "webservices" | "client";

/** `at`: wall ms by the clock of who wrote it; null = its zone is not known. `local`: the same reading as if it were UTC. */
export interface LogFact {
  readonly source: LogSource;
  /** File (inside its archive, if any) and line, 1-based: the evidence. */
  readonly file: string;
  readonly line: number;
  readonly at: number | null;
  readonly local: number;
  readonly kind: LogFactKind;
  readonly sid: string | null;
  readonly jid: string | null;
  readonly agent: string | null;
  readonly requestId: string | null;
  /**
   * Numbers and words of the kind: `ms`, `threshold`, `reason`, `state`, `status`, `driftMs`, `roundTripMs`, `rid`, `address`. A client's
   * line with the server's time has it as `serverAt` (wall ms by the server's clock) and its zone as `serverZone` (minutes).
   */
  readonly values: Readonly<Record<string, string | number>>;
  /** The line, secrets replaced. */
  readonly text: string;
}
