/**
 * A fault rule: what it looks for in traffic, and what it does to it on purpose. Types only; stored, exported and shown as they are.
 * All times are protocol time: in a demo at ten times the speed, a delay of 30 s takes 3.
 */

/** What kind of thing passes. A poll is an http-bind request without stanzas; a notification is an http-bind answer, or a server's frame, with a pubsub message. */
export type FaultSubjectKind =
  | "connect" // a client's CONNECT, before anything is dialled
  | "tls" // the handshakes of a connection
  | "session-create"
  | "poll"
  | "http-bind" // any http-bind exchange
  | "notification"
  | "systeminfo"
  | "state-change" // PUT on a User, its state
  | "rest"
  | "websocket" // the upgrade request
  | "frame" // a WebSocket message, either direction
  | "ping" // an XMPP ping: in a frame or in an http-bind body
  | "any"; // any request, answer or frame; not connect and tls, which must be named

/** All that are given must hold. Text is compared without regard to case. */
export interface FaultMatch {
  /** Host name; `*` for any run of characters. Left out = any. */
  readonly host?: string;
  readonly port?: number;
  readonly method?: string;
  /** Path with query; `*` for any run of characters. */
  readonly path?: string;
  /** Login id. */
  readonly agent?: string;
  readonly sid?: string;
  readonly kind?: FaultSubjectKind;
  /**
   * Contained in the message once unfolded: `READY`, `OUT_OF_SERVICE`, `<presence`. Looked for in the answer when all actions are about the
   * answer, else in the request.
   */
  readonly event?: string;
  /** The agent's state as last told (READY, TALKING, …) or the session's phase (open, silent, …). */
  readonly state?: string;
  /** Requests with a higher rid only. */
  readonly afterRid?: number;
  /** The n-th that matches all else, counted from 1 since arming: for each session apart, without one for each agent. */
  readonly nth?: number;
  /** Every n-th that matches all else. */
  readonly everyNth?: number;
  /** 0 to 1, thrown for each that matches all else. */
  readonly probability?: number;
  /** Ms after arming. */
  readonly window?: { readonly fromMs: number; readonly untilMs: number | null };
}

/** Which way the bytes go that are touched. */
export type FaultLeg = "request" | "response";

/** How a connection ends. `silence`: nothing more passes, no end is told, the other leg stays open. */
export type FaultEnding = "fin" | "reset" | "silence";

export type AnswerTemplate =
  | { readonly kind: "invalid-sid" } // 404, as Openfire answers an unknown sid
  /** A `<body>` without content: 57 bytes in single quotes as Finesse writes it, or 51 in double quotes as Openfire does. */
  | { readonly kind: "empty"; readonly form: "finesse" | "openfire" }
  | { readonly kind: "terminate"; readonly condition: string | null }
  | { readonly kind: "conflict" } // stream error conflict
  | { readonly kind: "out-of-service" } // REST: 503 SERVER_OUT_OF_SERVICE
  | { readonly kind: "system-info"; readonly status: string } // 200, SystemInfo with that status
  | { readonly kind: "invalid-character" } // a notification with a character XML 1.0 forbids
  | { readonly kind: "oversized"; readonly bytes: number } // a notification that large
  | {
      readonly kind: "custom";
      readonly status: number;
      readonly reason: string;
      readonly headers: readonly (readonly [name: string, value: string])[];
      /** `{sid}` and `{rid}` stand for those of the request. */
      readonly body: string;
    }
  /** A recorded answer, sid and rid rewritten to those of the request. */
  | { readonly kind: "recorded"; readonly exchange: string };

export type FaultAction =
  | {
      readonly kind: "delay";
      readonly leg: FaultLeg;
      readonly ms: number;
      readonly jitterMs: number;
    }
  /** The answer goes on when its request is that old: 31, 34, 36, 61, 91 s. */
  | { readonly kind: "delay-until"; readonly ageMs: number }
  /** A breakpoint: waits until a person lets it go, changed or not. */
  | { readonly kind: "hold"; readonly leg: FaultLeg }
  | { readonly kind: "drop"; readonly leg: FaultLeg; readonly how: FaultEnding }
  | {
      readonly kind: "cut";
      readonly leg: FaultLeg;
      readonly afterBytes: number;
      readonly how: FaultEnding;
    }
  | { readonly kind: "throttle"; readonly leg: FaultLeg; readonly bytesPerSecond: number }
  /** In place of the server, which never sees the request. */
  | { readonly kind: "answer"; readonly template: AnswerTemplate }
  | {
      readonly kind: "alter";
      readonly leg: FaultLeg;
      readonly setHeaders: readonly (readonly [name: string, value: string])[];
      readonly removeHeaders: readonly string[];
      readonly replace: readonly { readonly text: string; readonly by: string }[];
      /** Element path in the (unfolded) XML body, `Update/data/user/state`, and its new text. */
      readonly setPaths: readonly { readonly path: string; readonly text: string }[];
    }
  | { readonly kind: "duplicate"; readonly leg: FaultLeg }
  /** This notification changes places with the next one of its session. */
  | { readonly kind: "reorder" }
  | { readonly kind: "refuse-connect"; readonly how: "reset" | "silence" }
  | { readonly kind: "break-tls"; readonly leg: FaultLeg }
  /**
   * The connection is forgotten, as a firewall does: when nothing has passed on it for `ms` ("idle"), or when it has been open that long ("open"). From
   * then on nothing more passes and nobody says so ("silence"), or both ends are reset. It is the connection whose latest request matches.
   */
  | {
      readonly kind: "forget";
      readonly ms: number;
      readonly counts: "idle" | "open";
      readonly how: "reset" | "silence";
    }
  /** Requests that match wait here, as when the tab is frozen: the server sees none. null = until disarmed. */
  | { readonly kind: "pause-polls"; readonly ms: number | null };

/** As it is saved, exported and imported. */
export interface FaultRule {
  /** Unique among the rules: `r1`. */
  readonly id: string;
  readonly name: string;
  readonly match: FaultMatch;
  /** In this order; at least one. */
  readonly actions: readonly FaultAction[];
  /** It disarms itself after that many hits; null = never. */
  readonly times: number | null;
  /** It disarms itself that long after arming, ms; null = never. */
  readonly expiresAfterMs: number | null;
  /** Requests (and WebSockets) that wait when it is armed are matched too, as if they came now: a held poll ends at the click. */
  readonly alsoWaiting: boolean;
}

/** A rule and how it stands. */
export interface FaultRuleState extends FaultRule {
  readonly armed: boolean;
  readonly armedAt: string | null;
  readonly expiresAt: string | null;
  readonly hits: number;
  /** Id of the exchange it touched last. */
  readonly lastExchange: string | null;
  /** Name of the scenario run it belongs to, or null. */
  readonly scenario: string | null;
}

/** A message that waits at a breakpoint. Secrets in `head` and `body` are replaced; a placeholder that stays in an edit goes on as its value. */
export interface HeldMessage {
  readonly id: string;
  readonly rule: string;
  readonly exchange: string;
  readonly leg: FaultLeg;
  readonly since: string;
  readonly head: string;
  readonly body: string;
}
