/** Logs from files and archives as facts: reads, replaces secrets, bounds what is kept. Used by the command line and by a thread of its own. */
import { createHmac, randomBytes } from "node:crypto";
import { BoshscopeError, fail } from "./base/errors.ts";
import type { LogFileReport, LogsLoaded } from "./domain/log-report.ts";
import { filesIn } from "./interchange/archives/read-archive.ts";
import type { LogFact } from "./logs/log-fact.ts";
import { LogFileReader } from "./logs/log-file-reader.ts";
import { createRedactor } from "./redact/redactor.ts";

export interface LogInput {
  readonly path: string;
  /** As evidence names it. */
  readonly name: string;
}

export interface LoadedLogs extends Pick<LogsLoaded, "files" | "skipped" | "leftOut"> {
  readonly facts: readonly LogFact[];
  /** In the order in which they were named. */
  readonly inputs: readonly LoadedInput[];
}

/** What became of one that was named, all files in it together. */
export interface LoadedInput {
  readonly name: string;
  /** null = at least one file of it was read. */
  readonly unread: BoshscopeError | null;
  /** At least one line of it is in a form that is known. */
  readonly isUnderstood: boolean;
}

/** How many facts are kept of each sort, so that the many that say little don't crowd out the few that tell what happened. */
const bounds = {
  /** Sessions closed, presence, logouts, services, drift, … */
  told: 100_000,
  /** A session without a request for a while: every 30 s for each that is in trouble. */
  idle: 60_000,
  /** A poll is held now: every 30 s for each session, all day. */
  held: 20_000,
  /** Messages in a known form that say nothing we look for; for the lanes. */
  other: 20_000,
};
const idleMs = 1000;

function sortOf({ kind, values }: LogFact): keyof typeof bounds {
  if (kind === "other") return "other";
  if (kind !== "session-active") return "told";
  return Number(values["ms"] ?? idleMs) >= idleMs ? "idle" : "held";
}

/** Reads on when a file can't be read: what the others say counts. */
export async function loadLogs(inputs: readonly LogInput[]): Promise<LoadedLogs> {
  const loading = new Loading();
  for (const input of inputs) await loading.take(input);
  return loading;
}

class Loading implements LoadedLogs {
  readonly facts: LogFact[] = [];
  readonly files: LogFileReport[] = [];
  readonly skipped: { file: string; why: string }[] = [];
  readonly inputs: LoadedInput[] = [];
  leftOut = 0;
  readonly #kept = { told: 0, idle: 0, held: 0, other: 0 };
  readonly #scrub = createScrub();

  async take(input: LogInput): Promise<void> {
    const [files, skipped] = [this.files.length, this.skipped.length];
    const thrown = await this.#readAll(input);
    const read = this.files.slice(files);
    const why = this.skipped[skipped]?.why ?? "there is no file in it";
    const { name } = input;
    this.inputs.push({
      name,
      unread: read.length > 0 ? null : (thrown ?? unread(input, why)),
      isUnderstood: read.some((file) => file.facts + file.other > 0),
    });
  }

  /** What ended it before its end; null = nothing. */
  async #readAll({ path, name }: LogInput): Promise<BoshscopeError | null> {
    try {
      for await (const file of filesIn(path, name)) {
        if ("skipped" in file) this.skipped.push({ file: file.name, why: file.skipped });
        else await this.#read(file.name, file.text);
      }
      return null;
    } catch (error) {
      if (!(error instanceof BoshscopeError)) throw error;
      this.skipped.push({ file: name, why: error.message });
      return error;
    }
  }

  async #read(file: string, text: AsyncIterable<string>): Promise<void> {
    const reader = new LogFileReader({ file, scrub: this.#scrub });
    for await (const chunk of text) this.#keep(reader.push(chunk));
    this.#keep(reader.end());
    this.files.push(reader.report);
  }

  #keep(facts: readonly LogFact[]): void {
    for (const fact of facts) {
      const sort = sortOf(fact);
      if (this.#kept[sort] >= bounds[sort]) {
        this.leftOut++;
        continue;
      }
      this.#kept[sort]++;
      this.facts.push(fact);
    }
  }
}

const unread = ({ path }: LogInput, why: string): BoshscopeError =>
  fail("file-unreadable", {
    path,
    why: why === "empty" ? "it is empty" : why,
    remedy: "Logs are text: plain, gz, tar, tar.gz, zip, and these within each other.",
  });

/** Pseudonyms of one loading: the same secret has the same one in all its files. */
function createScrub(): (text: string) => string {
  const key = randomBytes(32);
  const hash = (secret: string): string =>
    createHmac("sha256", key).update(secret).digest("hex").slice(0, 32);
  const redactor = createRedactor({ hash, keepSecrets: false });
  const view = { contentType: "text/plain", path: "", side: "response" } as const;
  return (text) => redactor.body({ ...view, text }).text;
}
