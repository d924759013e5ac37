/** The XMPP console: what a person does on a session of their own, and what is shown of an agent's. Types only. */

/** BOSH over HTTPS, WebSocket, TCP that turns to TLS (5222), TLS from the start (5223). */
export type XmppTransport = "bosh" | "websocket" | "starttls" | "tls";

export interface XmppSignIn {
  readonly user: string;
  /** XMPP domain; in Finesse the server's name. */
  readonly domain: string;
  readonly host: string;
  readonly port: number;
  readonly transport: XmppTransport;
  /** Of BOSH and WebSocket. */
  readonly path: string;
  /** Never `desktop`: the server would end the agent's own session. */
  readonly resource: string;
  readonly pubsub: string;
  /** STARTTLS: sign in although the server offers no TLS. */
  readonly allowPlaintext: boolean;
}

export type StanzaKind = "message" | "presence" | "iq" | "sasl" | "stream" | "other";

/** One stanza as shown. `text` is a peer's: only ever a text node. */
export interface ShownStanza {
  /** Unique in its session, the same each time it is asked for. */
  readonly key: string;
  readonly at: string;
  /** Seen from the client: `in` = from the server. */
  readonly direction: "in" | "out";
  readonly kind: StanzaKind;
  readonly type: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly id: string | null;
  /** The pubsub node it is about. */
  readonly node: string | null;
  /** In a few words of the protocol, or "". */
  readonly about: string;
  /** The exchange that carried it; null = not in the capture. */
  readonly exchange: string | null;
  readonly text: string;
  /** `text` is only its beginning. */
  readonly cut: boolean;
}

export interface StanzaPage {
  /** Oldest first. */
  readonly stanzas: readonly ShownStanza[];
  /** Pass as `after` to get what follows. */
  readonly next: string;
  readonly more: boolean;
  /** Stanzas that came and are not kept any more. */
  readonly dropped: number;
}

export interface XmppNode {
  /** The service it is on, as a JID. */
  readonly service: string;
  /** null = an item that is not a node, such as a component. */
  readonly node: string | null;
  readonly name: string | null;
}

export interface XmppSubscription {
  readonly node: string;
  readonly jid: string;
  /** `subscribed`, `pending`, … */
  readonly state: string;
  readonly subid: string | null;
}

/** What a command brought. `text`: for a person. */
export interface CommandAnswer {
  readonly command: string;
  readonly text: string;
  readonly nodes: readonly XmppNode[] | null;
  readonly subscriptions: readonly XmppSubscription[] | null;
  /** The stanza that answered, as it came. */
  readonly answer: string | null;
}

export interface XmppSessionInfo {
  readonly id: string;
  /** As the server bound it. */
  readonly jid: string;
  readonly transport: XmppTransport;
  readonly host: string;
  readonly port: number;
  readonly pubsub: string;
  /** The connection is encrypted. */
  readonly secure: boolean;
  /** SHA-256 of the server's certificate, what a browser would object to, and whether it was seen before. */
  readonly certificate: {
    readonly fingerprint256: string;
    readonly problem: string | null;
    readonly pin: "first-seen" | "same" | "changed" | "off";
  } | null;
  readonly since: string;
  readonly state: "open" | "ended";
  /** Why it ended, or null. */
  readonly ending: string | null;
}

/** Sessions that people opened in the page. */
export interface XmppDesk {
  /** The password is forgotten once the server has accepted or refused it. Throws "xmpp-refused", "xmpp-failed". */
  signIn(order: XmppSignIn, password: string): Promise<XmppSessionInfo>;
  sessions(): readonly XmppSessionInfo[];
  /** Throws "not-found", "request-invalid". */
  run(id: string, line: string): Promise<CommandAnswer>;
  stanzas(id: string, query: StanzaQuery): StanzaPage;
  signOut(id: string): Promise<void>;
}

export interface StanzaQuery {
  /** What the page before told as `next`; null = the latest. */
  readonly after: string | null;
  /** The console's filter language; "" = all. */
  readonly filter: string;
  readonly limit: number;
}

/** The stanzas of an agent's own session, out of the capture. */
export type AgentStanzas = (agent: string, query: StanzaQuery) => Promise<StanzaPage>;
