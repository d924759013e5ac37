/** What can be set on a simulated node, with the values that a Finesse 11.x with Openfire 3.8.2 would have. Seconds are simulated. */

/** How an answer without stanzas looks: Finesse's 57 bytes, stock Openfire 3.x's 51 (not kept for retransmission), or 3.10's with `ack`. */
export type EmptyBody = "cisco57" | "stock51" | "ack";

export interface NodeSettings {
  emptyBody: EmptyBody;
  /** Longest `wait` granted, in seconds; the client's own is granted when shorter. */
  maxWaitSeconds: number;
  /** Requests one session may have open. */
  requests: number;
  /** Seconds without a request after which the reaper closes a session. */
  inactivitySeconds: number;
  /** Shortest seconds between two empty polls while one is held. */
  pollingSeconds: number;
  maxPauseSeconds: number;
  reaperSeconds: number;
  /** First tick of the reaper after the service's start; later ticks follow each `reaperSeconds`. */
  reaperPhaseSeconds: number;
  /** Server clock ahead of this machine's, in real ms. */
  skewMs: number;
  /** Which of the two attested sizes `SystemInfo?timestamponly` has. */
  systemInfoShape: "166" | "232";
  timezoneOffsetMinutes: number;
  /** From the 202 of a REST request to the notification about it. */
  notifyDelayMs: number;
  /** From the loss of a desktop's presence to its forced logout. */
  forcedLogoutSeconds: number;
  /** "race": the logout comes although the desktop is back, as documented for some releases. */
  forcedLogout: "cancelled-by-return" | "race" | "never";
}

export const defaultNodeSettings: NodeSettings = {
  emptyBody: "cisco57",
  maxWaitSeconds: 300,
  requests: 2,
  inactivitySeconds: 60,
  pollingSeconds: 5,
  maxPauseSeconds: 300,
  reaperSeconds: 30,
  reaperPhaseSeconds: 30,
  skewMs: 0,
  systemInfoShape: "232",
  timezoneOffsetMinutes: -360,
  notifyDelayMs: 20,
  forcedLogoutSeconds: 60,
  forcedLogout: "cancelled-by-return",
};
