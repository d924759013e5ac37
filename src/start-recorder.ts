/** The recorder as the rest of the program sees it: a sink for events, commands, facts. Its thread is behind it. */
import { Worker } from "node:worker_threads";
import { systemClock } from "./base/clock.ts";
import { BoshscopeError, type ErrorCode, fail, reasonOf } from "./base/errors.ts";
import type { Log } from "./base/log.ts";
import { Outbox } from "./capture/outbox.ts";
import { TimelineBook } from "./capture/timelines/timeline-book.ts";
import type { CaptureSink } from "./domain/capture-event.ts";
import type { Finding } from "./domain/finding.ts";
import type {
  Alert,
  CaptureInfo,
  Committed,
  PlainMessage,
  Recorder,
  RecorderStatus,
  ShownMessage,
  StoredObservation,
  Timeline,
} from "./domain/recording.ts";
import type { ProbeResult, VitalsSample } from "./domain/vitals.ts";
import type {
  CommandResult,
  FromRecorder,
  RecorderCommand,
  RecorderSettings,
  ToRecorder,
} from "./recorder-messages.ts";

export interface StartedRecorder {
  readonly emit: CaptureSink;
  readonly recorder: Recorder;
  setProxyPort(port: number): void;
  /** For the recorder to keep, and to judge by. */
  sampled(sample: VitalsSample): void;
  probed(probe: ProbeResult): void;
  /** Called with the processes at the other end of open connections, whenever they change. */
  onClientPids(listener: (pids: readonly number[]) => void): void;
  /** Called when it would help to ask a server whether it is there. */
  onProbeWanted(listener: (host: string, port: number | null) => void): void;
  /** Saves everything and ends the thread. */
  close(): Promise<void>;
}

type Settle = { resolve: (value: CommandResult) => void; reject: (error: Error) => void };

/** The thread's heap: it keeps open exchanges and one batch, nothing that grows with the capture. */
const threadLimits = { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 512 };
const tellLostEveryMs = 1000;
/** Of the running capture; the file keeps all. */
const maxFindings = 3000;

function keepLatest(findings: Map<string, Finding>, finding: Finding): void {
  findings.set(finding.id, finding);
  const oldest = findings.keys().next().value;
  if (findings.size > maxFindings && oldest !== undefined) findings.delete(oldest);
}

/** Resolves once the capture file is open; rejects with its error (unreadable, newer, folder not writable). */
export async function startRecorder(
  settings: RecorderSettings,
  log: Log,
): Promise<StartedRecorder> {
  const worker = new Worker(new URL("./recorder-thread.ts", import.meta.url), {
    workerData: settings,
    resourceLimits: threadLimits,
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const link = new RecorderLink(worker, settings, log);
  await link.ready;
  return {
    emit: link.outbox.emit,
    recorder: link,
    setProxyPort: (port) => link.post({ kind: "proxy-port", port }),
    sampled: (sample) => link.post({ kind: "vitals", sample }),
    probed: (probe) => link.post({ kind: "probe", probe }),
    onClientPids: (listener) => link.onClientPids.add(listener),
    onProbeWanted: (listener) => link.onProbeWanted.add(listener),
    close: () => link.close(),
  };
}

class RecorderLink implements Recorder {
  readonly outbox: Outbox;
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #log: Log;
  readonly #calls = new Map<number, Settle>();
  readonly #onCommitted = new Set<(committed: Committed) => void>();
  readonly #onTimeline = new Set<(changed: Timeline) => void>();
  readonly #timeline = new TimelineBook();
  readonly #findings = new Map<string, Finding>();
  readonly #onFindings = new Set<(changed: readonly Finding[]) => void>();
  readonly #onStatus = new Set<(status: RecorderStatus) => void>();
  readonly onClientPids = new Set<(pids: readonly number[]) => void>();
  readonly onProbeWanted = new Set<(host: string, port: number | null) => void>();
  readonly #exited = Promise.withResolvers<void>();
  readonly #readiness = Promise.withResolvers<void>();
  readonly #lostTimer: NodeJS.Timeout;
  #status: RecorderStatus;
  #nextCall = 1;
  #told = 0;
  #stopped = false;

  constructor(worker: Worker, settings: RecorderSettings, log: Log) {
    this.#worker = worker;
    this.#log = log;
    this.#status = initialStatus(settings);
    this.ready = this.#readiness.promise;
    this.outbox = new Outbox({
      post: (batch) => {
        const message: ToRecorder = { kind: "batch", batch };
        if (!this.#stopped) worker.postMessage(message, [batch.numbers.buffer, batch.bytes.buffer]);
      },
      mono: () => systemClock.mono(),
      wall: () => systemClock.wall(),
    });
    worker.on("message", (message: FromRecorder) => this.#receive(message));
    worker.on("error", (error) => this.#onStopped(reasonOf(error)));
    worker.on("exit", (code) => {
      this.#exited.resolve();
      this.#onStopped(`exit ${code}`);
    });
    this.#lostTimer = setInterval(() => this.#tellLost(), tellLostEveryMs).unref();
  }

  post(message: ToRecorder): void {
    if (!this.#stopped) this.#worker.postMessage(message);
  }

  status(): RecorderStatus {
    return this.#status;
  }

  async pause(): Promise<void> {
    await this.#call({ name: "pause" });
  }

  async resume(): Promise<void> {
    await this.#call({ name: "resume" });
  }

  async startCapture(name: string): Promise<CaptureInfo> {
    const capture = await this.#call({ name: "start-capture", captureName: name });
    if (capture === null || !("id" in capture))
      throw fail("internal", { why: "no capture was started" });
    this.#findings.clear();
    return capture;
  }

  async renameCapture(id: string, name: string): Promise<void> {
    await this.#call({ name: "rename-capture", id, captureName: name });
  }

  async clear(): Promise<void> {
    await this.#call({ name: "clear" });
  }

  async undoClear(): Promise<void> {
    await this.#call({ name: "undo-clear" });
  }

  async setComment(id: string, comment: string | null): Promise<void> {
    await this.#call({ name: "set-comment", id, comment });
  }

  async setMark(id: string, mark: string | null): Promise<void> {
    await this.#call({ name: "set-mark", id, mark });
  }

  async deleteExchanges(ids: readonly string[]): Promise<void> {
    await this.#call({ name: "delete-exchanges", ids });
  }

  async observe(
    observations: readonly StoredObservation[],
    replaces: readonly string[],
  ): Promise<void> {
    await this.#call({ name: "observe", observations, replaces });
  }

  async conceal(message: ShownMessage): Promise<PlainMessage> {
    const shown = await this.#call({ name: "conceal", message });
    return shown === null || !("head" in shown) ? { head: "", body: "" } : shown;
  }

  async reveal(message: PlainMessage): Promise<PlainMessage | null> {
    const revealed = await this.#call({ name: "reveal", message });
    return revealed === null || !("head" in revealed) ? null : revealed;
  }

  onCommitted(listener: (committed: Committed) => void): () => void {
    if (this.#onCommitted.size === 0) this.post({ kind: "listen", on: true });
    this.#onCommitted.add(listener);
    return () => {
      this.#onCommitted.delete(listener);
      if (this.#onCommitted.size === 0) this.post({ kind: "listen", on: false });
    };
  }

  onStatus(listener: (status: RecorderStatus) => void): () => void {
    this.#onStatus.add(listener);
    return () => this.#onStatus.delete(listener);
  }

  timeline(): Timeline {
    return this.#timeline.all();
  }

  onTimeline(listener: (changed: Timeline) => void): () => void {
    this.#onTimeline.add(listener);
    return () => this.#onTimeline.delete(listener);
  }

  findings(): readonly Finding[] {
    return [...this.#findings.values()];
  }

  onFindings(listener: (changed: readonly Finding[]) => void): () => void {
    this.#onFindings.add(listener);
    return () => this.#onFindings.delete(listener);
  }

  async close(): Promise<void> {
    clearInterval(this.#lostTimer);
    if (this.#stopped) return;
    this.outbox.flush();
    await this.#call({ name: "close" });
    await this.#exited.promise;
  }

  #call(command: RecorderCommand): Promise<CommandResult> {
    if (this.#stopped)
      return Promise.reject(fail("store-failed", { why: "the recorder has stopped" }));
    const id = this.#nextCall++;
    this.outbox.flush();
    const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
    this.#calls.set(id, { resolve, reject });
    this.post({ kind: "command", id, command });
    return promise;
  }

  #receive(message: FromRecorder): void {
    switch (message.kind) {
      case "ready":
        this.#readiness.resolve();
        return;
      case "ack":
        this.outbox.acknowledge(message.blocks);
        return;
      case "committed":
        for (const listener of this.#onCommitted) listener(message.committed);
        return;
      case "status":
        this.#setStatus(message.status);
        return;
      case "timeline":
        this.#timeline.take(message.changed);
        for (const listener of this.#onTimeline) listener(message.changed);
        return;
      case "client-pids":
        for (const listener of this.onClientPids) listener(message.pids);
        return;
      case "probe-wanted":
        for (const listener of this.onProbeWanted) listener(message.host, message.port);
        return;
      case "findings":
        this.#takeFindings(message.changed);
        return;
      case "reply":
        this.#calls.get(message.id)?.resolve(message.value);
        this.#calls.delete(message.id);
        return;
      case "refusal":
        this.#refused(message);
    }
  }

  #takeFindings(changed: readonly Finding[]): void {
    for (const finding of changed) keepLatest(this.#findings, finding);
    for (const listener of this.#onFindings) listener(changed);
  }

  #refused(refusal: Extract<FromRecorder, { kind: "refusal" }>): void {
    const error = new BoshscopeError(refusal.code as ErrorCode, refusal.message, refusal.remedy);
    if (refusal.id === null) this.#readiness.reject(error);
    else this.#calls.get(refusal.id)?.reject(error);
    if (refusal.id !== null) this.#calls.delete(refusal.id);
  }

  #setStatus(status: RecorderStatus): void {
    this.#status = status;
    for (const listener of this.#onStatus) listener(status);
  }

  #tellLost(): void {
    const { bodies, exchanges } = this.outbox.lost;
    if (bodies + exchanges === this.#told) return;
    this.#told = bodies + exchanges;
    this.post({ kind: "lost", bodies, exchanges });
  }

  /** Traffic goes on without a recorder; the page says so. */
  #onStopped(why: string): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#readiness.reject(fail("store-failed", { why }));
    const expected = [...this.#calls.values()];
    for (const call of expected) call.resolve(null);
    this.#calls.clear();
    if (why === "exit 0") return;
    this.#log.error("recorder.stopped", { why });
    const alert: Alert = {
      code: "recorder-stopped",
      since: new Date(systemClock.wall()).toISOString(),
      count: 0,
      detail: why,
    };
    this.#setStatus({ ...this.#status, recording: false, alerts: [...this.#status.alerts, alert] });
  }
}

function initialStatus({ captureId, captureName }: RecorderSettings): RecorderStatus {
  return {
    captureId,
    captureName,
    recording: true,
    pending: 0,
    exchanges: 0,
    openConnections: 0,
    bytes: 0,
    notKept: 0,
    connectionErrors: {},
    alerts: [],
    setup: { proxySeen: null, endpoints: [], httpBindSeen: null },
  };
}
