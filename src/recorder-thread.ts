/** The recorder's thread: events in, rows on disk, facts back. Composes capture, redact and store; the relay never waits for it. */
import { createHmac, randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "./base/clock.ts";
import { BoshscopeError, fail, reasonOf } from "./base/errors.ts";
import { createLog } from "./base/log.ts";
import { EventBatchReader } from "./capture/event-batch.ts";
import { RecorderStatusBook } from "./capture/recorder-status.ts";
import { Recording } from "./capture/recording.ts";
import type { CaptureInfo } from "./domain/recording.ts";
import { createProcessLookup } from "./intercept/client-process.ts";
import type {
  FromRecorder,
  RecorderCommand,
  RecorderSettings,
  ToRecorder,
} from "./recorder-messages.ts";
import { createRedactor } from "./redact/redactor.ts";
import { openWriter } from "./store/open-writer.ts";

/** Rows are saved this long after they changed. */
const saveEveryMs = 20;
const pruneEveryMs = 30_000;
const statusEveryMs = 250;
/** Finished rows kept in memory while the disk refuses them. */
const maxUnsaved = 5000;

if (parentPort === null)
  throw fail("internal", { why: "the recorder was started outside a thread" });
const port = parentPort;
const settings = workerData as RecorderSettings;
const log = createLog({ level: "info", format: process.stderr.isTTY ? "text" : "json" }).child({
  thread: "recorder",
});
const post = (message: FromRecorder): void => port.postMessage(message);

/** Known to this process alone: pseudonyms can't be guessed back, and mean nothing in another capture. */
const key = randomBytes(32);
const hash = (bytes: Uint8Array | string): string =>
  createHmac("sha256", key).update(bytes).digest("hex").slice(0, 32);

function start(): void {
  const writer = openWriter(settings.path, {
    captureId: settings.captureId,
    name: settings.captureName,
    clock: systemClock,
    secretsKept: settings.keepSecrets,
  });
  const redactor = createRedactor({ hash, keepSecrets: settings.keepSecrets });
  const lookup = createProcessLookup({ platform: process.platform, intervalMs: 1000 });
  const { bodyLimit, keepSecrets } = settings;
  let proxyPort = 0;
  const recording = new Recording({ writer, redactor, hash, bodyLimit, keepSecrets, askProcess });
  const reader = new EventBatchReader();
  const book = new RecorderStatusBook({
    settings,
    recording,
    iso: () => new Date(systemClock.wall()).toISOString(),
  });
  let listening = false;
  let timer: NodeJS.Timeout | null = null;

  function askProcess(id: number, clientPort: number): void {
    const connection = recording.connections.get(id);
    if (connection === undefined || !/^(?:::ffff:)?127\.|^::1$/.test(connection.client.address))
      return;
    lookup.lookup(clientPort, proxyPort).then(
      (owner) => {
        if (owner === null) return;
        connection.client = { ...connection.client, process: owner.name, pid: owner.pid };
        recording.connections.touch(connection);
        const from = writer.seq;
        const numbers = connection.unnamed.splice(0);
        if (numbers.length > 0) writer.setClientProcess(numbers, owner.name);
        announce(from);
        schedule();
      },
      (error: unknown) => log.warn("process.lookup", { why: reasonOf(error) }),
    );
  }

  function schedule(): void {
    timer ??= setTimeout(save, saveEveryMs);
  }

  function save(): void {
    timer = null;
    const from = writer.seq;
    try {
      recording.save(systemClock.mono());
      book.saved();
    } catch (error) {
      if (!(error instanceof BoshscopeError)) throw error;
      book.failed(error.message, recording.shed(maxUnsaved));
    }
    announce(from);
    if (recording.hasUnsaved || recording.connections.hasDirty)
      timer = setTimeout(save, book.isFailing ? 1000 : saveEveryMs);
  }

  /** Tells what is on disk since `from`. Nothing is shown that is not committed. */
  function announce(from: number): void {
    if (writer.seq === from) return;
    const rows = listening ? writer.summaries(from, writer.seq) : "";
    post({ kind: "committed", committed: { seq: writer.seq, rows, count: writer.seq - from } });
  }

  function run(command: RecorderCommand): CaptureInfo | null {
    if (command.name === "close") return close();
    const from = writer.seq;
    const result = execute(command);
    announce(from);
    tellStatus();
    return result;
  }

  function execute(command: Exclude<RecorderCommand, { name: "close" }>): CaptureInfo | null {
    switch (command.name) {
      case "pause":
      case "resume":
        recording.recording = command.name === "resume";
        return null;
      case "clear":
        save();
        writer.clear();
        recording.exchanges = 0;
        return null;
      case "undo-clear":
        writer.undoClear();
        return null;
      case "flush":
        save();
        return null;
      case "start-capture":
        save();
        recording.exchanges = 0;
        return book.startCapture(writer.startCapture(command.captureName));
      case "rename-capture":
        writer.renameCapture(command.id, command.captureName);
        book.rename(command.id, command.captureName);
        return null;
      case "set-comment":
        writer.setComment(command.id, command.comment);
        return null;
      case "set-mark":
        writer.setMark(command.id, command.mark);
        return null;
      case "delete-exchanges":
        writer.deleteExchanges(command.ids);
        return null;
    }
  }

  function close(): null {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    clearInterval(statusTimer);
    clearInterval(pruneTimer);
    lookup.close();
    save();
    if (timer !== null) clearTimeout(timer);
    writer.close();
    return null;
  }

  function tellStatus(): void {
    const status = book.changed(writer.bytes(), writer.seq);
    if (status !== null) post({ kind: "status", status });
  }

  function prune(): void {
    const { maxBytes, maxAgeMs } = settings;
    const from = writer.seq;
    const dropped = writer.prune({ maxBytes, maxAgeMs, nowWall: systemClock.wall() });
    if (dropped > 0) log.info("store.pruned", { dropped });
    announce(from);
  }

  const statusTimer = setInterval(tellStatus, statusEveryMs);
  const pruneTimer = setInterval(prune, pruneEveryMs);

  port.on("message", (message: ToRecorder) => {
    switch (message.kind) {
      case "batch":
        recording.setWallOffset(message.batch.wallOffset);
        reader.read(message.batch, (event) => recording.observe(event));
        post({ kind: "ack" });
        schedule();
        return;
      case "command":
        answer(message.id, () => run(message.command));
        if (message.command.name === "close") port.close();
        return;
      case "listen":
        listening = message.on;
        return;
      case "proxy-port":
        proxyPort = message.port;
        return;
      case "lost":
        book.lost(message);
    }
  });
  post({ kind: "ready" });
  tellStatus();
}

function answer(id: number, action: () => CaptureInfo | null): void {
  try {
    post({ kind: "reply", id, value: action() });
  } catch (error) {
    refuse(id, error);
  }
}

function refuse(id: number | null, error: unknown): void {
  const known =
    error instanceof BoshscopeError ? error : fail("internal", { why: reasonOf(error) }, error);
  if (known.code === "internal")
    log.error("recorder.failed", { why: error instanceof Error ? error.stack : reasonOf(error) });
  post({ kind: "refusal", id, code: known.code, message: known.message, remedy: known.remedy });
}

try {
  start();
} catch (error) {
  refuse(null, error);
  port.close();
}
