/** A real BOSH server in a process of its own, and the ways it can be treated. */

export interface XmppUser {
  readonly name: string;
  readonly password: string;
}

export interface XmppServerOptions {
  readonly users: readonly XmppUser[];
  readonly domain?: string;
  /** Seconds without a request after which a session is forgotten; default 60. */
  readonly inactivitySeconds?: number;
}

export interface XmppServer extends AsyncDisposable {
  readonly kind: "prosody" | "ejabberd";
  readonly domain: string;
  /** HTTPS: BOSH at /http-bind, an empty page at /tunnel/. */
  readonly httpsPort: number;
  pid(): number;
  /** SIGSTOP: sockets stay open, nothing is answered. */
  suspend(): void;
  resume(): void;
  /** SIGTERM: it says good-bye as it does. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Again, on the same port, knowing no session. */
  start(): Promise<void>;
  /** The server ends a user's session by itself. */
  endSession(user: string, resource: string): Promise<void>;
  log(): string;
}

/** What it serves at /tunnel/, so that a page has the server's own origin, as Finesse's hidden frame has. */
export const emptyPage = `<!doctype html><html><head><meta charset="utf-8"><title>tunnel</title><link rel="icon" href="data:,"></head><body></body></html>`;
