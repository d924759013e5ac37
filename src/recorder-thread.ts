/** The recorder's thread: events in, rows on disk, facts back. Composes capture, redact and store; the relay never waits for it. */
import { createHmac, randomBytes } from "node:crypto";
import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "./base/clock.ts";
import { BoshscopeError, fail, reasonOf } from "./base/errors.ts";
import { createLog } from "./base/log.ts";
import { type EventBatch, EventBatchReader } from "./capture/event-batch.ts";
import { RecorderStatusBook } from "./capture/recorder-status.ts";
import { Recording } from "./capture/recording.ts";
import type { CaptureEvent } from "./domain/capture-event.ts";
import type { PlainMessage, ShownMessage, StoredObservation } from "./domain/recording.ts";
import type { ProbeResult, VitalsSample } from "./domain/vitals.ts";
import { createProcessLookup } from "./intercept/client-process.ts";
import { LiveDiagnosis } from "./live-diagnosis.ts";
import type {
  CommandResult,
  FromRecorder,
  RecorderCommand,
  RecorderSettings,
  ToRecorder,
} from "./recorder-messages.ts";
import { redactFreeText } from "./redact/free-text.ts";
import { createRedactor, type Redactor } from "./redact/redactor.ts";
import { openWriter } from "./store/open-writer.ts";

/** Rows are saved this long after they changed. */
const saveEveryMs = 20;
const saveAtRows = 400;
const retryEveryMs = 1000;
const pruneEveryMs = 30_000;
const statusEveryMs = 250;
/** Finished rows kept in memory while the disk refuses them. */
const maxUnsaved = 5000;
/** Samples kept in memory before they are saved: a crash loses ten seconds of them. */
const vitalsAtOnce = 10;
/** Programs watched at most; each may be a whole browser. */
const maxPids = 16;

if (parentPort === null)
  throw fail("internal", { why: "the recorder was started outside a thread" });
const port = parentPort;
const log = createLog({ level: "info", format: process.stderr.isTTY ? "text" : "json" }).child({
  thread: "recorder",
});
const post = (message: FromRecorder): void => port.postMessage(message);

/** Known to this process alone: pseudonyms can't be guessed back, and mean nothing in another capture. */
const key = randomBytes(32);
const hash = (bytes: Uint8Array | string): string =>
  createHmac("sha256", key).update(bytes).digest("hex").slice(0, 32);

const isLoopback = (address: string): boolean => /^(?:::ffff:)?127\.|^::1$/.test(address);

class RecorderThread {
  readonly #settings: RecorderSettings;
  readonly #writer: ReturnType<typeof openWriter>;
  readonly #redactor: Redactor;
  readonly #recording: Recording;
  readonly #reader = new EventBatchReader();
  readonly #book: RecorderStatusBook;
  readonly #lookup = createProcessLookup({ platform: process.platform, intervalMs: 1000 });
  readonly #diagnosis: LiveDiagnosis;
  readonly #timers: NodeJS.Timeout[];
  #proxyPort = 0;
  #listening = false;
  #saving: NodeJS.Timeout | null = null;
  #vitals: VitalsSample[] = [];
  #pids: ReadonlySet<number> = new Set();
  #isClosed = false;

  constructor(settings: RecorderSettings) {
    this.#settings = settings;
    const { path, captureId, captureName: name, keepSecrets, bodyLimit, timeScale } = settings;
    this.#writer = openWriter(path, {
      captureId,
      name,
      clock: systemClock,
      secretsKept: keepSecrets,
    });
    this.#diagnosis = new LiveDiagnosis({ writer: this.#writer, clock: systemClock, timeScale });
    this.#redactor = createRedactor({ hash, keepSecrets });
    this.#recording = new Recording({
      onSaved: (batch) => this.#diagnosis.saved(batch),
      writer: this.#writer,
      redactor: this.#redactor,
      hash,
      bodyLimit,
      keepSecrets,
      timeScale,
      askProcess: (connection, clientPort) => this.#askProcess(connection, clientPort),
    });
    const iso = (): string => new Date(systemClock.wall()).toISOString();
    this.#book = new RecorderStatusBook({ settings, recording: this.#recording, iso });
    this.#timers = [
      setInterval(() => this.#tick(), statusEveryMs),
      setInterval(() => this.#prune(), pruneEveryMs),
    ];
    this.#tellStatus();
  }

  receive(message: ToRecorder): void {
    // Traffic may go on until the sockets are gone; what it says then is not kept.
    if (this.#isClosed) return;
    switch (message.kind) {
      case "batch":
        this.#read(message.batch);
        return;
      case "command":
        this.#answer(message.id, message.command);
        return;
      case "listen":
        this.#listening = message.on;
        return;
      case "proxy-port":
        this.#proxyPort = message.port;
        return;
      case "lost":
        this.#book.lost(message);
        return;
      case "vitals":
        this.#vitals.push(message.sample);
        this.#diagnosis.observe({ kind: "vitals", sample: message.sample });
        if (this.#vitals.length >= vitalsAtOnce) this.#saveVitals();
        return;
      case "probe":
        this.#diagnosis.observe({ kind: "probe", probe: message.probe });
        this.#write(() => this.#writer.observe([probeObservation(message.probe)]));
    }
  }

  #saveVitals(): void {
    const samples = this.#vitals.splice(0);
    if (samples.length > 0) this.#write(() => this.#writer.saveVitals(samples));
  }

  /** Whose CPU and memory are worth watching. */
  #tellPids(): void {
    const pids = new Set<number>();
    for (const { client } of this.#recording.connections.all())
      if (client.pid !== null && client.pid !== process.pid) pids.add(client.pid);
    const known = this.#pids;
    if (pids.size === known.size && [...pids].every((pid) => known.has(pid))) return;
    this.#pids = pids;
    post({ kind: "client-pids", pids: [...pids].slice(0, maxPids) });
  }

  #read(batch: EventBatch): void {
    this.#recording.setWallOffset(batch.wallOffset);
    this.#reader.read(batch, this.#observe);
    const { numbers, bytes } = batch;
    const ack: FromRecorder = { kind: "ack", blocks: { numbers, bytes } };
    port.postMessage(ack, [numbers.buffer, bytes.buffer]);
    // A busy port keeps timers from running: rows would pile up, and a large heap is slow to collect.
    if (this.#recording.unsaved >= saveAtRows && !this.#book.isFailing) this.#saveNow();
    else this.#saveSoon(saveEveryMs);
  }

  #saveNow(): void {
    if (this.#saving !== null) clearTimeout(this.#saving);
    this.#save();
  }

  readonly #observe = (event: CaptureEvent): void => {
    this.#diagnosis.heard(event.at);
    this.#recording.observe(event);
  };

  #saveSoon(ms: number): void {
    this.#saving ??= setTimeout(() => this.#save(), ms);
  }

  #save(): void {
    this.#saving = null;
    const from = this.#writer.seq;
    try {
      this.#recording.save(systemClock.mono());
      this.#book.saved();
    } catch (error) {
      if (!isStoreFailure(error)) throw error;
      this.#book.failed(error.message, this.#recording.shed(maxUnsaved));
    }
    this.#announce(from);
    const isMore = this.#recording.unsaved > 0 || this.#recording.connections.hasDirty;
    if (isMore) this.#saveSoon(this.#book.isFailing ? retryEveryMs : saveEveryMs);
  }

  /** Tells what is on disk since `from`. Nothing is shown that is not committed. */
  #announce(from: number): void {
    const { seq } = this.#writer;
    if (seq === from) return;
    const rows = this.#listening ? this.#writer.summaries(from, seq) : "";
    const marks = this.#listening ? this.#writer.laneMarks(from, seq) : "";
    post({ kind: "committed", committed: { seq, rows, count: seq - from, marks } });
  }

  #askProcess(id: number, clientPort: number): void {
    const connection = this.#recording.connections.get(id);
    if (connection === undefined || !isLoopback(connection.client.address)) return;
    this.#lookup.lookup(clientPort, this.#proxyPort).then(
      (owner) => {
        if (owner === null || this.#isClosed) return;
        connection.client = { ...connection.client, process: owner.name, pid: owner.pid };
        this.#recording.connections.touch(connection);
        this.#nameRows(connection.unnamed.splice(0), owner.name);
        this.#saveSoon(saveEveryMs);
      },
      (error: unknown) => log.warn("process.lookup", { why: reasonOf(error) }),
    );
  }

  #nameRows(numbers: readonly number[], name: string): void {
    if (numbers.length === 0) return;
    this.#write(() => this.#writer.setClientProcess(numbers, name));
  }

  #prune(): void {
    const { maxBytes, maxAgeMs } = this.#settings;
    this.#write(() => {
      const dropped = this.#writer.prune({ maxBytes, maxAgeMs, nowWall: systemClock.wall() });
      if (dropped > 0) log.info("store.pruned", { dropped });
    });
  }

  /** Work nobody waits for: what the disk refuses becomes the banner. */
  #write(work: () => void): void {
    const from = this.#writer.seq;
    try {
      work();
    } catch (error) {
      if (!isStoreFailure(error)) throw error;
      this.#book.failed(error.message, 0);
    }
    this.#announce(from);
  }

  /** What is told by its absence, and who has changed since. */
  #tick(): void {
    this.#recording.tick(systemClock.mono());
    if (this.#recording.unsaved > 0) this.#saveSoon(saveEveryMs);
    const changed = this.#recording.takeTimeline();
    if (changed !== null) {
      for (const session of changed.sessions) this.#diagnosis.observe({ kind: "session", session });
      post({ kind: "timeline", changed });
    }
    this.#diagnose();
    this.#tellPids();
    this.#tellStatus();
  }

  #diagnose(): void {
    const { findings, probes } = this.#diagnosis.tick();
    if (findings.length > 0) {
      this.#write(() => this.#writer.saveFindings(findings));
      post({ kind: "findings", changed: findings });
    }
    for (const { host, port } of probes) post({ kind: "probe-wanted", host, port });
  }

  #tellStatus(): void {
    const status = this.#book.changed(this.#writer.bytes(), this.#writer.seq);
    if (status !== null) post({ kind: "status", status });
  }

  #answer(id: number, command: RecorderCommand): void {
    try {
      if (command.name === "close") this.#close();
      post({ kind: "reply", id, value: command.name === "close" ? null : this.#run(command) });
    } catch (error) {
      refuse(id, error);
    }
    if (command.name === "close") port.close();
  }

  #run(command: Exclude<RecorderCommand, { name: "close" }>): CommandResult {
    const from = this.#writer.seq;
    const result = this.#execute(command);
    this.#announce(from);
    this.#tellStatus();
    return result;
  }

  #execute(command: Exclude<RecorderCommand, { name: "close" }>): CommandResult {
    const writer = this.#writer;
    switch (command.name) {
      case "pause":
      case "resume":
        this.#recording.recording = command.name === "resume";
        return null;
      case "flush":
        this.#save();
        return null;
      case "clear":
        this.#save();
        writer.clear();
        this.#recording.exchanges = 0;
        return null;
      case "undo-clear":
        writer.undoClear();
        return null;
      case "start-capture":
        this.#save();
        this.#saveVitals();
        this.#diagnosis.startCapture();
        this.#recording.exchanges = 0;
        return this.#book.startCapture(writer.startCapture(command.captureName));
      case "conceal":
        return concealed(command.message, this.#redactor);
      case "reveal":
        return this.#redactor.reveal(command.message);
      case "rename-capture":
        writer.renameCapture(command.id, command.captureName);
        this.#book.rename(command.id, command.captureName);
        return null;
      case "set-comment":
        writer.setComment(command.id, cleanComment(command.comment, this.#redactor));
        return null;
      case "set-mark":
        writer.setMark(command.id, command.mark);
        return null;
      case "delete-exchanges":
        writer.deleteExchanges(command.ids);
        return null;
      case "observe":
        writer.observe(command.observations, command.replaces);
        this.#diagnosis.observed(command.observations);
        return null;
    }
  }

  #close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#lookup.close();
    this.#saveNow();
    this.#saveVitals();
    if (this.#saving !== null) clearTimeout(this.#saving);
    this.#isClosed = true;
    this.#writer.close();
  }
}

const probeObservation = (probe: ProbeResult): StoredObservation => ({
  kind: "probe",
  first: probe.at,
  last: probe.at,
  agent: null,
  file: null,
  data: JSON.stringify(probe),
});

const cleanComment = (comment: string | null, redactor: Redactor): string | null =>
  comment === null ? null : redactFreeText(comment, redactor);

function concealed({ head, body, ...kind }: ShownMessage, redactor: Redactor): PlainMessage {
  return { head: redactor.head(head).text, body: redactor.body({ text: body, ...kind }).text };
}

const isStoreFailure = (error: unknown): error is BoshscopeError =>
  error instanceof BoshscopeError && error.code === "store-failed";

/** `id` null: the thread could not start. */
function refuse(id: number | null, error: unknown): void {
  const known =
    error instanceof BoshscopeError ? error : fail("internal", { why: reasonOf(error) }, error);
  if (known.code === "internal") {
    log.error("recorder.failed", { why: error instanceof Error ? error.stack : reasonOf(error) });
  }
  post({ kind: "refusal", id, code: known.code, message: known.message, remedy: known.remedy });
}

/**
 * On Linux a priority belongs to the thread that asks, elsewhere to the whole process. With cores short, the relay goes first: the recorder
 * may lag behind, the browser may not notice.
 */
function yieldToRelay(): void {
  if (process.platform === "linux") setPriority(0, 15);
}

try {
  yieldToRelay();
  const thread = new RecorderThread(workerData as RecorderSettings);
  port.on("message", (message: ToRecorder) => thread.receive(message));
  post({ kind: "ready" });
} catch (error) {
  refuse(null, error);
  port.close();
}
