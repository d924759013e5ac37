/** What a report is made of: verdicts in sentences, the exchanges they rest on, and where it all happened. */
import type { ConnectionRecord } from "../../domain/connection.ts";
import type { ExchangeSummary } from "../../domain/exchange.ts";
import type { Consequence, Evidence, Finding } from "../../domain/finding.ts";
import type { LaneMark } from "../../domain/timeline.ts";
import type { ProbeResult, VitalsSample } from "../../domain/vitals.ts";

export type ReportLanguage = "en" | "es";

/** A finding whose sentences are already in the report's language. */
export interface ReportFinding
  extends Pick<
    Finding,
    | "id"
    | "severity"
    | "at"
    | "foundAt"
    | "revisedAt"
    | "open"
    | "side"
    | "cause"
    | "confidence"
    | "agents"
    | "agent"
    | "sid"
    | "host"
    | "port"
    | "faults"
  > {
  readonly title: string;
  readonly explanation: string;
  readonly reasons: readonly string[];
  readonly before: readonly string[];
  readonly consequences: readonly (Omit<Consequence, "what"> & { readonly what: string })[];
  readonly advice: readonly string[];
  readonly wouldSettle: readonly string[];
  readonly details: readonly (Omit<Evidence, "what"> & { readonly what: string })[];
}

/** One finding and what surrounds it. */
export interface Incident {
  readonly finding: ReportFinding;
  /** The evidence's exchanges that are still kept. */
  readonly exchanges: readonly ExchangeSummary[];
  /** The lane of its agent (of the first, when several) around it. */
  readonly marks: readonly LaneMark[];
  /** Seconds around it. */
  readonly vitals: readonly VitalsSample[];
  readonly probes: readonly ProbeResult[];
}

export interface ReportEnvironment {
  readonly version: string;
  readonly platform: string;
  readonly captureId: string;
  readonly captureName: string;
  readonly serverCerts: string;
  readonly caFingerprint256: string;
  readonly keepsSecrets: boolean;
  /** Exchanges that could not be kept; null = not known afterwards. */
  readonly notKept: number | null;
  /** Latest connection of each server port. */
  readonly connections: readonly ConnectionRecord[];
}

export interface ReportInput {
  readonly language: ReportLanguage;
  /** ISO time. */
  readonly madeAt: string;
  /** Filter it was asked for with, "" = none. */
  readonly query: string;
  readonly incidents: readonly Incident[];
  readonly environment: ReportEnvironment;
}
