/** Logs that somebody loads into the capture, and the lines that belong to an agent or a moment. */
import { signal } from "@preact/signals";
import type { LogFact } from "../../src/domain/log-fact.ts";
import type { LogsLoaded } from "../../src/domain/log-report.ts";
import type { LogFileList, LogList } from "../../src/server/messages.ts";
import { getJson, postFile } from "../feed/api.ts";
import { type Loaded, load } from "./detail.ts";
import { attempt } from "./toast.ts";

/** The dialog with the files read so far is open. */
export const logsShown = signal(false);
export const logFiles = signal<Loaded<LogFileList["files"]>>({ kind: "loading" });
/** Names of files on their way. */
export const sending = signal<readonly string[]>([]);
/** What the latest upload could not read, and why. */
export const skipped = signal<LogsLoaded["skipped"]>([]);
/** Rises when logs were loaded, so that lines are fetched again. */
export const logsVersion = signal(0);

export async function loadLogFiles(): Promise<void> {
  const loaded = await load(getJson<LogFileList>("log-files"));
  logFiles.value = loaded.kind === "ready" ? { kind: "ready", value: loaded.value.files } : loaded;
}

/** One after the other: archives can be large, and each is read as it comes. */
export function loadLogs(files: readonly File[]): void {
  if (files.length === 0) return;
  logsShown.value = true;
  skipped.value = [];
  attempt(sendAll(files));
}

async function sendAll(files: readonly File[]): Promise<void> {
  sending.value = [...sending.peek(), ...files.map(({ name }) => name)];
  for (const file of files) {
    try {
      const read = await postFile<LogsLoaded>("logs", file, { name: file.name });
      skipped.value = [...skipped.peek(), ...read.skipped];
    } finally {
      const at = sending.peek().indexOf(file.name);
      sending.value = sending.peek().filter((_, index) => index !== at);
    }
    logsVersion.value += 1;
    await loadLogFiles();
  }
}

export interface LogSpan {
  readonly agent: string | null;
  /** Wall ms; null = no bound. */
  readonly from: number | null;
  readonly to: number | null;
}

const linesAtOnce = 200;

/** Lines on the capture's clock, by time. */
export const linesOf = ({ agent, from, to }: LogSpan): Promise<Loaded<readonly LogFact[]>> =>
  load(
    getJson<LogList>("logs", {
      limit: linesAtOnce,
      ...(agent === null ? {} : { agent }),
      ...(from === null ? {} : { from: Math.round(from) }),
      ...(to === null ? {} : { to: Math.round(to) }),
    }).then(({ facts }) => facts),
  );
