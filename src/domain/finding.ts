/** A finding: who broke a connection (or nearly did), with its evidence. Types only. */

export type FindingSide =
  | "client"
  | "network"
  | "server"
  | "configuration"
  | "boshscope"
  | "fault-rule"
  /** Evidence so far fits more than one. */
  | "unknown";

/** F1–F21 of the failure catalogue; F22 rid trouble, F23 reverse-proxy lock-out, F24 Boshscope itself, F25 fault rule, F0 not known. */
export type CauseCode =
  | "F0"
  | "F1"
  | "F2"
  | "F3"
  | "F4"
  | "F5"
  | "F6"
  | "F7"
  | "F8"
  | "F9"
  | "F10"
  | "F11"
  | "F12"
  | "F13"
  | "F14"
  | "F15"
  | "F16"
  | "F17"
  | "F18"
  | "F19"
  | "F20"
  | "F21"
  | "F22"
  | "F23"
  | "F24"
  | "F25";

/** A sentence by its key in the dictionaries of `src/diagnose/words`, and what fills it. */
export interface Phrase {
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;
}

export type EvidenceRole = "trigger" | "witness" | "consequence";

export interface Evidence {
  /** Exchange id; for a log line or a vitals sample, that of the exchange it was laid beside. */
  readonly exchange: string;
  readonly role: EvidenceRole;
  readonly what: Phrase;
}

/** What a finding said before it was revised. */
export interface FindingRevision {
  readonly at: string;
  readonly side: FindingSide;
  readonly cause: CauseCode;
  readonly confidence: number;
  /** Why it was revised. */
  readonly why: Phrase;
}

export interface Finding {
  /** `captureId-fN`. */
  readonly id: string;
  /** `disconnect`: the session was lost; `near-miss`: it recovered; `warning`: nothing was lost. */
  readonly severity: "disconnect" | "near-miss" | "warning";
  /** ISO times: of the trigger, of the first verdict, of the latest. */
  readonly at: string;
  readonly foundAt: string;
  readonly revisedAt: string;
  /** More may still come. */
  readonly open: boolean;
  readonly side: FindingSide;
  readonly cause: CauseCode;
  /** 0 to 1. */
  readonly confidence: number;
  readonly title: Phrase;
  /** In order: what was seen, what it means. */
  readonly explanation: readonly Phrase[];
  readonly reasons: readonly Phrase[];
  readonly before: readonly Phrase[];
  readonly consequences: readonly Consequence[];
  readonly advice: readonly Phrase[];
  /** Observations that would settle it. */
  readonly wouldSettle: readonly Phrase[];
  /** Never empty. */
  readonly evidence: readonly [Evidence, ...Evidence[]];
  readonly revisions: readonly FindingRevision[];
  /** Agents concerned; `agent` is the only one, or null when several. */
  readonly agents: readonly string[];
  readonly agent: string | null;
  readonly sid: string | null;
  readonly host: string | null;
  readonly port: number | null;
  /** Ids of fault rules that touched its evidence. */
  readonly faults: readonly string[];
}

/** What the clock says will happen, or has. */
export interface Consequence {
  /** ISO time. */
  readonly at: string;
  readonly kind: "session-closed" | "forced-logout" | "failover" | "client-gives-up";
  /** `seen`: in the traffic; `expected`: by arithmetic (its latest moment is `at`). */
  readonly certainty: "seen" | "expected";
  readonly what: Phrase;
}
