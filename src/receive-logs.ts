/** Takes in an uploaded log or archive: to a file first, then read in a thread of its own, one upload after the other. */
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Worker } from "node:worker_threads";
import { fail, reasonOf } from "./base/errors.ts";
import { temporaryFolder } from "./base/temporary-folder.ts";
import type { LogFileReport, LogsLoaded } from "./domain/log-report.ts";
import type { StoredObservation } from "./domain/recording.ts";
import type { LogInput } from "./load-logs.ts";
import type { ClockReference } from "./logs/align.ts";
import type { LogFact } from "./logs/log-fact.ts";

export type FromLogThread =
  | { readonly kind: "sessions"; readonly sids: readonly string[] }
  | ({ readonly kind: "read" } & LogsLoaded)
  | { readonly kind: "facts"; readonly facts: readonly LogFact[] }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly why: string };

export interface LogDoorOptions {
  readonly clocks: (sids: readonly string[]) => Promise<ClockReference>;
  readonly keep: (
    observations: readonly StoredObservation[],
    replaces: readonly string[],
  ) => Promise<void>;
}

export interface LogDoor {
  /** Throws "request-invalid" when it is too large. */
  readonly receive: (name: string, body: AsyncIterable<Uint8Array>) => Promise<LogsLoaded>;
}

const maxUpload = 2 * 1024 ** 3;
/** The bounds of `loadLogs`, and one chunk. */
const memory = { maxOldGenerationSizeMb: 1024 };

export function openLogDoor(options: LogDoorOptions): LogDoor {
  let last: Promise<unknown> = Promise.resolve();
  return {
    async receive(name, body) {
      const folder = temporaryFolder("logs");
      const path = join(folder, "upload");
      try {
        await pipeline(bounded(body), createWriteStream(path, { mode: 0o600 }));
        const reading = last.then(() => readInThread({ path, name }, options));
        last = reading.then(
          () => null,
          () => null,
        );
        return await reading;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function* bounded(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxUpload)
      throw fail("request-invalid", { problem: "The log is larger than 2 GB." });
    yield chunk;
  }
}

async function readInThread(input: LogInput, options: LogDoorOptions): Promise<LogsLoaded> {
  const worker = new Worker(new URL("./read-logs-thread.ts", import.meta.url), {
    workerData: input,
    resourceLimits: memory,
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  try {
    return await following(worker, options);
  } finally {
    await worker.terminate();
  }
}

function following(worker: Worker, { clocks, keep }: LogDoorOptions): Promise<LogsLoaded> {
  const { promise, resolve, reject } = Promise.withResolvers<LogsLoaded>();
  let read: LogsLoaded | null = null;
  let kept: Promise<void> = Promise.resolve();
  let isDone = false;
  const take = (message: FromLogThread): void => {
    switch (message.kind) {
      case "sessions":
        clocks(message.sids).then((reference) => worker.postMessage(reference), reject);
        return;
      case "read":
        read = message;
        kept = keep(
          message.files.map((file) => fileObservation(file, message)),
          namesOf(message),
        );
        return;
      case "facts":
        kept = kept.then(() => keep(message.facts.map(factObservation), []));
        return;
      case "done":
        isDone = true;
        kept.then(() => (read === null ? reject(lost("it said nothing")) : resolve(read)), reject);
        return;
      case "failed":
        reject(lost(message.why));
    }
  };
  worker.on("message", take);
  worker.on("error", (error) => reject(lost(reasonOf(error))));
  worker.on("exit", (code) => {
    if (!isDone) reject(lost(`its thread ended with ${code}`));
  });
  return promise;
}

const lost = (why: string): Error =>
  fail("file-unreadable", { why, remedy: "Unpack it and load the logs that matter one by one." });

const namesOf = ({ files }: LogsLoaded): string[] => files.map(({ file }) => file);

function fileObservation(report: LogFileReport, { alignments }: LogsLoaded): StoredObservation {
  const { file } = report;
  const own = alignments.filter((one) => one.file === file);
  const data = JSON.stringify({ ...report, alignments: own });
  return { kind: "log-file", first: null, last: null, agent: null, file, data };
}

const factObservation = (fact: LogFact): StoredObservation => ({
  kind: "log",
  first: fact.at,
  last: fact.at,
  agent: fact.agent,
  file: fact.file,
  data: JSON.stringify(fact),
});
