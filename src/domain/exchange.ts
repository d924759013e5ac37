/** An exchange: one request and what became of it. These are the shapes the store keeps and the API shows; they hold no secrets. */

/** One blind tunnel, one HTTP request, or one HTTP request that became a WebSocket. */
export type ExchangeKind = "http" | "websocket" | "tunnel";

/** What the request is for, as far as URL and method tell. Decides after how long an unanswered row is amber or red. */
export type ExchangeRole = "poll" | "systeminfo" | "rest" | "websocket" | "tunnel" | "other";

export type FailurePhase = "connect" | "tls" | "request" | "headers" | "body" | "frames";

/** Closed union: each word has its sentence in the page's dictionary. */
export type FailureCause =
  | "reset" // TCP RST
  | "closed-early" // TCP FIN before the message was whole
  | "timeout" // the kernel gave up (ETIMEDOUT)
  | "refused" // RST to SYN
  | "unreachable" // EHOSTUNREACH, ENETUNREACH
  | "dns"
  | "tls-alert" // the peer sent a fatal alert; its number is in `alert`
  | "tls-untrusted" // the client refused our certificate
  | "tls-failed" // any other handshake failure
  | "certificate-changed" // pin mismatch: refused by us
  | "certificate-invalid" // strict mode: refused by us
  | "upstream-proxy" // the proxy in front of us refused
  | "refused-by-boshscope" // malformed CONNECT, our own address, …
  | "capture-ended" // Boshscope stopped while the exchange was open
  | "fault-rule";

/** Which party ended it, as seen on the wire. A verdict is a finding's business, not this field's. */
export type Blame = "client" | "server" | "network" | "boshscope" | "fault-rule";

export type Outcome =
  | { readonly kind: "pending" }
  | { readonly kind: "responded"; readonly status: number; readonly reason: string }
  | {
      readonly kind: "failed";
      readonly phase: FailurePhase;
      readonly cause: FailureCause;
      readonly blame: Blame;
      /** Status of an answer that had begun (its head was seen), else null. */
      readonly status: number | null;
      /** TLS alert number when `cause` is "tls-alert" or "tls-untrusted". */
      readonly alert: number | null;
      /** Plain words for people: error code, what was missing. */
      readonly detail: string;
    };

/** Marks in ms after the request's first byte arrived; null = has not happened (yet). */
export interface Timing {
  readonly requestEnd: number | null;
  /** Negative when the server connection existed before this request. */
  readonly serverConnected: number | null;
  readonly serverTls: number | null;
  /** Last request byte handed to the kernel on the server leg. */
  readonly requestSent: number | null;
  /** First response byte from the server. */
  readonly responseFirst: number | null;
  /** Last response byte from the server. */
  readonly responseEnd: number | null;
  /** Last response byte handed to the kernel on the client leg. */
  readonly delivered: number | null;
  /** When the exchange failed. */
  readonly failed: number | null;
}

export interface Sizes {
  /** Bytes on the wire (after TLS). Bodies without chunk framing; -1 = none seen yet (Fiddler's Body -1). */
  readonly requestHead: number;
  readonly requestBody: number;
  readonly responseHead: number;
  readonly responseBody: number;
}

/** What the capture wants to say about a row beyond its outcome. Closed union, worded in the page's dictionary. */
export type ExchangeNote =
  | "body-cut" // longer than the body limit
  | "body-not-kept" // recorder was behind, or disk full
  | "body-unreadable" // should have been readable; only length and keyed hash are kept
  | "unparsed" // bytes were relayed but the framer could not read them
  | "decoded" // content-encoding removed for storage
  | "bomb" // decoding stopped at the limit
  | "secrets-replaced"
  | "secrets-kept"
  | "retransmission" // same rid as a request before
  | "joined-late" // session seen without its creation
  | "empty" // an answer without stanzas: by structure, never by length
  | "hold-release" // empty because a newer request had come
  | "early-empty" // empty before its time, and nobody asked
  | "overdue" // waited longer than the granted wait allows
  | "answer-trickles" // bytes of an answer came, too few to read, when the client gave up
  | "closed-in-order" // TLS close_notify before the FIN: the server closed it itself, so that it was not killed
  | "two-open" // more requests outstanding for longer than a hand-over takes
  | "rid-gap" // requests before it are missing
  | "rid-missing"
  | "rid-out-of-window" // the server ends the session for it
  | "session-created"
  | "session-bound"
  | "reconnect" // a new session without ending the one before
  | "failover" // the same, on another node
  | "terminate"
  | "stream-error"
  | "client-jabberwerx" // the session's client library, by how it writes
  | "client-strophe"
  | "ended-by-server" // the session: a terminate, a stream error or a Close frame of the server's
  | "ended-by-client" // the same of the client's: it said goodbye
  | "conflict" // the server's reason for it: the same user and resource signed in elsewhere
  | "item-not-found" // … a rid it does not expect
  | "policy-violation" // … too many requests, or too quick
  | "system-shutdown" // … it is stopping
  | "auth-failed" // SASL failure
  | "finesse-gone" // presence: the web application left the Notification Service
  | "finesse-back"
  | "out-of-service" // SystemInfo, or a 503, says so
  | "clock-off" // the clocks of server and client differ by more than 1 s
  | "clock-far-off" // … by more than 60 s
  | "invalid-sid"
  | "xml-unreadable" // the reader stopped; the event says where
  | "invalid-xml-char" // a character XML 1.0 forbids: it can stop the Notification Service (CSCva72280, CSCva72325)
  | "probe" // made by Boshscope itself
  | "replayed" // sent again by a person
  | "imported";

/** Another exchange that belongs to this one; its id is `captureId-number`. */
export interface RelatedExchange {
  readonly kind:
    | "notified-by" // the notification that tells the outcome of this REST request
    | "asked-by" // the REST request that this notification answers
    | "repeats" // the request sent before with the same rid
    | "released-by"; // the newer request that made the server give this poll back
  readonly number: number;
  /** From the earlier to the later of the two, ms; null = not measured. */
  readonly afterMs: number | null;
}

export interface ExchangeSummary {
  /** `captureId-number`, globally unique. */
  readonly id: string;
  readonly number: number;
  readonly captureId: string;
  /** Rises with every committed change; resume point of the feed. */
  readonly seq: number;
  /** ISO 8601 UTC with ms: the request's first byte. */
  readonly at: string;
  readonly kind: ExchangeKind;
  readonly role: ExchangeRole;
  readonly method: string;
  /** Absolute URL, secrets replaced. For tunnels `host:port`. */
  readonly url: string;
  readonly protocol: "HTTP" | "HTTPS";
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly httpVersion: string;
  readonly connection: number;
  readonly client: {
    readonly address: string;
    readonly port: number;
    readonly process: string | null;
  };
  readonly outcome: Outcome;
  readonly sizes: Sizes;
  readonly timing: Timing;
  /** First byte from the server minus last byte to the server, ms. */
  readonly holdMs: number | null;
  readonly thinkGapMs: number | null;
  /** The wait granted to this poll's session, ms; null = not a poll, or not known. */
  readonly waitMs: number | null;
  readonly contentType: string | null;
  /** Cache-Control / Expires in one line, as Fiddler's Caching column. */
  readonly caching: string | null;
  readonly agent: string | null;
  readonly sid: string | null;
  readonly rid: number | null;
  readonly event: string | null;
  /** Ids of fault rules that touched it. */
  readonly faults: readonly string[];
  readonly notes: readonly ExchangeNote[];
  readonly related: readonly RelatedExchange[];
  readonly comment: string | null;
  /** Colour mark set by the user: one of "red" "blue" "gold" "green" "purple", or null. */
  readonly mark: string | null;
}

export interface Header {
  readonly name: string;
  readonly value: string;
}

export interface MessageDetail {
  /** First line as sent. */
  readonly startLine: string;
  /** As sent: order, case and duplicates kept; secrets replaced. */
  readonly headers: readonly Header[];
  readonly trailers: readonly Header[];
  /** Head bytes as latin1 text, secrets replaced. */
  readonly rawHead: string;
  readonly body: BodyDetail | null;
}

export interface BodyDetail {
  /** Entity length on the wire without chunk framing. */
  readonly wireLength: number;
  /** Bytes kept (after decoding, redaction and cut). */
  readonly keptLength: number;
  readonly encoding: string | null;
  readonly decoded: boolean;
  readonly cut: boolean;
  /** Keyed hash of the body as sent; equal hashes = equal bodies within a capture. */
  readonly hash: string | null;
  readonly contentType: string | null;
}

export interface WebSocketFrame {
  readonly index: number;
  readonly at: string;
  readonly from: "client" | "server";
  readonly opcode: number;
  readonly final: boolean;
  readonly length: number;
  /** Text frames: text, secrets replaced. Binary: null, with `hex` of the first bytes. */
  readonly text: string | null;
  readonly hex: string | null;
  readonly cut: boolean;
  /** What it says in a few words, or null. */
  readonly event: string | null;
}

export interface ExchangeDetail extends ExchangeSummary {
  readonly request: MessageDetail | null;
  readonly response: MessageDetail | null;
  /** 1xx heads seen before the answer, secrets replaced. */
  readonly informational: readonly string[];
  readonly frames: readonly WebSocketFrame[];
  readonly framesTotal: number;
}
