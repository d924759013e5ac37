/** One XMPP client of the Notification Service, whatever carries it, and what is true about it. */

export interface ClientStream {
  /** The BOSH sid, or the WebSocket stream's id. */
  readonly sid: string;
  readonly transport: "bosh" | "websocket";
  /** Simulated ms of the last sign of life; now while a poll is held. */
  lastActivity(): number;
  /** Sends a stanza now, or with the next answer. */
  send(stanza: string): void;
  /** Ends the stream as Openfire does: what waits is answered, nothing is announced. */
  close(because: string): void;
  truth(): StreamTruth;
  readonly identity: StreamIdentity;
}

/** Grows as the client signs in. */
export interface StreamIdentity {
  user: string | null;
  /** Full JID once bound. */
  jid: string | null;
  /** True after the initial presence. */
  available: boolean;
}

export interface StreamTruth {
  readonly sid: string;
  readonly transport: "bosh" | "websocket";
  readonly agent: string | null;
  readonly jid: string | null;
  /** Highest rid answered; null on a WebSocket. */
  readonly rid: number | null;
  /** The rids held open now, in order. */
  readonly open: readonly number[];
  readonly state: "open" | "closed";
  /** Why it was closed: terminate, idle, conflict, kicked, item-not-found, service-stopped, … */
  readonly closedBecause: string | null;
  /** Simulated ms since the last sign of life. */
  readonly idleMs: number;
}

export const newIdentity = (): StreamIdentity => ({ user: null, jid: null, available: false });
