/** What passes between the relay's thread and the recorder's. */
import type { EventBatch, EventBlocks } from "./capture/event-batch.ts";
import type { Finding } from "./domain/finding.ts";
import type {
  CaptureInfo,
  Committed,
  PlainMessage,
  RecorderStatus,
  ShownMessage,
  StoredObservation,
  Timeline,
} from "./domain/recording.ts";
import type { ProbeResult, VitalsSample } from "./domain/vitals.ts";

export interface RecorderSettings {
  readonly path: string;
  readonly captureId: string;
  readonly captureName: string;
  readonly bodyLimit: number;
  readonly keepSecrets: boolean;
  /** File that TLS keys go to; null = none. */
  readonly keyLog: string | null;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly timeScale: number;
}

/** What a command gives back; most give nothing. */
export type CommandResult = CaptureInfo | PlainMessage | null;

export type RecorderCommand =
  | { readonly name: "pause" | "resume" | "clear" | "undo-clear" | "flush" }
  | { readonly name: "close" }
  | { readonly name: "start-capture"; readonly captureName: string }
  | { readonly name: "rename-capture"; readonly id: string; readonly captureName: string }
  | { readonly name: "set-comment"; readonly id: string; readonly comment: string | null }
  | { readonly name: "set-mark"; readonly id: string; readonly mark: string | null }
  | { readonly name: "conceal"; readonly message: ShownMessage }
  | { readonly name: "reveal"; readonly message: PlainMessage }
  | { readonly name: "delete-exchanges"; readonly ids: readonly string[] }
  | {
      readonly name: "observe";
      readonly observations: readonly StoredObservation[];
      readonly replaces: readonly string[];
    };

export type ToRecorder =
  | { readonly kind: "batch"; readonly batch: EventBatch }
  | { readonly kind: "command"; readonly id: number; readonly command: RecorderCommand }
  /** Whether somebody wants the rows of each commit. */
  | { readonly kind: "listen"; readonly on: boolean }
  | { readonly kind: "proxy-port"; readonly port: number }
  /** One each second. */
  | { readonly kind: "vitals"; readonly sample: VitalsSample }
  | { readonly kind: "probe"; readonly probe: ProbeResult }
  | { readonly kind: "lost"; readonly bodies: number; readonly exchanges: number };

export type FromRecorder =
  | { readonly kind: "ready" }
  | { readonly kind: "ack"; readonly blocks: EventBlocks }
  | { readonly kind: "committed"; readonly committed: Committed }
  | { readonly kind: "status"; readonly status: RecorderStatus }
  | { readonly kind: "timeline"; readonly changed: Timeline }
  /** Processes at the other end of open connections, whenever they change. */
  | { readonly kind: "client-pids"; readonly pids: readonly number[] }
  /** An incident on that server: what is asked of it now may settle who is to blame. */
  | { readonly kind: "probe-wanted"; readonly host: string; readonly port: number | null }
  | { readonly kind: "findings"; readonly changed: readonly Finding[] }
  | { readonly kind: "reply"; readonly id: number; readonly value: CommandResult }
  | {
      readonly kind: "refusal";
      /** null = the recorder could not start. */
      readonly id: number | null;
      readonly code: string;
      readonly message: string;
      readonly remedy: string;
    };
