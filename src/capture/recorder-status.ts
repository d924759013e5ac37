/** The recorder's state in one value for page and API, with the banners that are up. */
import type { Alert, CaptureInfo, RecorderStatus } from "../domain/recording.ts";
import type { Recording } from "./recording.ts";

export interface StatusOptions {
  readonly settings: {
    readonly captureId: string;
    readonly captureName: string;
    readonly keepSecrets: boolean;
    readonly keyLog: string | null;
  };
  readonly recording: Recording;
  readonly iso: () => string;
}

export class RecorderStatusBook {
  readonly #options: StatusOptions;
  readonly #alerts = new Map<Alert["code"], Alert>();
  #captureId: string;
  #captureName: string;
  #notKept = 0;
  #last = "";

  constructor(options: StatusOptions) {
    this.#options = options;
    this.#captureId = options.settings.captureId;
    this.#captureName = options.settings.captureName;
    if (options.settings.keepSecrets)
      this.#raise("secrets-kept", 0, "passwords and tokens are kept readable");
    const { keyLog } = options.settings;
    if (keyLog !== null) this.#raise("keys-logged", 0, keyLog);
  }

  get isFailing(): boolean {
    return this.#alerts.has("store-failed");
  }

  saved(): void {
    this.#alerts.delete("store-failed");
  }

  /** The disk refused; `notKept` rows were let go. */
  failed(why: string, notKept: number): void {
    this.#notKept += notKept;
    this.#raise("store-failed", (this.#alerts.get("store-failed")?.count ?? 0) + notKept, why);
  }

  /** Counts since start of what the relay left out because the recorder was behind. */
  lost({ bodies, exchanges }: { readonly bodies: number; readonly exchanges: number }): void {
    this.#notKept += exchanges;
    if (bodies + exchanges > 0)
      this.#raise(
        "recorder-behind",
        bodies + exchanges,
        `${bodies} bodies, ${exchanges} exchanges`,
      );
  }

  startCapture(capture: CaptureInfo): CaptureInfo {
    this.#captureId = capture.id;
    this.#captureName = capture.name;
    return capture;
  }

  rename(id: string, name: string): void {
    if (id === this.#captureId) this.#captureName = name;
  }

  /** The status, when it differs from the last one asked for; else null. */
  changed(bytes: number, seq: number): RecorderStatus | null {
    const status = this.#status(bytes, seq);
    const text = JSON.stringify(status);
    if (text === this.#last) return null;
    this.#last = text;
    return status;
  }

  #status(bytes: number, seq: number): RecorderStatus {
    const { recording } = this.#options;
    if (recording.recording) this.#alerts.delete("recording-paused");
    else this.#raise("recording-paused", 0, "traffic flows and is not recorded");
    const { undecrypted } = recording;
    if (undecrypted.bytes > 0)
      this.#raise("undecrypted-7443", undecrypted.bytes, [...undecrypted.hosts].join(", "));
    const changed = recording.connections.errorCounts["certificate-changed"] ?? 0;
    if (changed > 0) this.#raise("certificate-changed", changed, "connections refused");
    return {
      captureId: this.#captureId,
      captureName: this.#captureName,
      recording: recording.recording,
      pending: recording.pending,
      exchanges: recording.exchanges,
      openConnections: recording.connections.size,
      bytes,
      notKept: this.#notKept,
      connectionErrors: { ...recording.connections.errorCounts },
      alerts: [...this.#alerts.values()],
      setup: recording.setup(),
      seq,
    };
  }

  #raise(code: Alert["code"], count: number, detail: string): void {
    const since = this.#alerts.get(code)?.since ?? this.#options.iso();
    this.#alerts.set(code, { code, since, count, detail });
  }
}
