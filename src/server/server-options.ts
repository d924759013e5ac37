/** What the server is given by the composition root; it makes nothing of this itself. */
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { BreakpointDesk, ReplayDesk } from "../domain/by-hand.ts";
import type { ComparisonDesk } from "../domain/comparison.ts";
import type { FaultDesk } from "../domain/fault-desk.ts";
import type { LogsLoaded } from "../domain/log-report.ts";
import type { CaptureReader, Recorder } from "../domain/recording.ts";
import type { AgentStanzas, XmppDesk } from "../domain/xmpp-console.ts";
import type { ExportReport, ImportAnswer, PageConfig } from "./messages.ts";

export interface ServerOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly token: string;
  readonly recorder: Recorder;
  readonly reader: CaptureReader;
  readonly breakpoints: BreakpointDesk;
  readonly replay: ReplayDesk;
  readonly xmpp: XmppDesk;
  readonly agentStanzas: AgentStanzas;
  readonly compare: ComparisonDesk;
  readonly faults: FaultDesk;
  readonly clock: Clock;
  readonly log: Log;
  /** Folder of the built page (index.html, assets/); when it is missing a plain page says how to build it. */
  readonly webDir: string;
  readonly ca: {
    readonly pem: string;
    readonly der: Uint8Array;
    readonly fingerprint256: string;
    readonly subject: string;
  };
  readonly proxy: () => { host: string; port: number };
  /** Exact names that /proxy.pac sends to the proxy: configured and learned. */
  readonly finesseHosts: () => readonly string[];
  /** Reads a log or an archive of logs, and keeps what it says. */
  readonly receiveLog: (name: string, body: AsyncIterable<Uint8Array>) => Promise<LogsLoaded>;
  /** `format` null = nothing but the report. Throws "not-found", "query-invalid". */
  readonly exportFile: (order: {
    readonly format: "har" | "saz" | "boshscope" | "pcapng" | null;
    readonly captureId: string | null;
    readonly query: string;
    readonly redact: { readonly hosts: boolean } | null;
    readonly password: string | null;
  }) => Promise<{ readonly bytes: AsyncIterable<Uint8Array>; readonly report: ExportReport }>;
  /** `keyBytes`: so many at the beginning of the body are a TLS key log. Throws "file-unreadable", "password-needed", "tool-missing". */
  readonly importFile: (
    name: string,
    body: AsyncIterable<Uint8Array>,
    given: { readonly password: string | null; readonly keyBytes: number },
  ) => Promise<ImportAnswer>;
  readonly config: () => PageConfig;
  readonly loopLagMs: () => { p50: number; p99: number };
  readonly version: string;
}
