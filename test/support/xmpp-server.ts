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
  /** Also XMPP over TCP, and a pubsub service at pubsub.DOMAIN whose nodes `finesse` may make; default no. */
  readonly tcp?: boolean;
}

export interface XmppServer extends AsyncDisposable {
  readonly kind: "prosody" | "ejabberd";
  readonly domain: string;
  /** HTTPS: BOSH at /http-bind, an empty page at /tunnel/. */
  readonly httpsPort: number;
  /** XMPP over TCP, when asked for: STARTTLS, and TLS from the start. */
  readonly tcpPorts: { readonly starttls: number; readonly tls: number } | null;
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

/** Whom the pubsub service lets make nodes: in Finesse it is the web application's own user. */
export const pubsubOwner = "finesse";

/** What it serves at /tunnel/, so that a page has the server's own origin, as Finesse's hidden frame has. */
export const emptyPage = `<!doctype html><html><head><meta charset="utf-8"><title>tunnel</title><link rel="icon" href="data:,"></head><body></body></html>`;
