/**
 * Reads one log file, in any cut: chunks of text in, facts out. Which log it is, each line tells by its own form, so that renamed and
 * joined files are read too. What no reader knows is counted, and some of it kept.
 */
import type { LogFileReport } from "../domain/log-report.ts";
import { readClientLine } from "./client.ts";
import type { LineReading, LogFact, LogSource } from "./log-fact.ts";
import { readOpenfireLine } from "./openfire.ts";
import { readWebservicesLine } from "./webservices.ts";

export interface LogFileOptions {
  /** As evidence names it. */
  readonly file: string;
  /** Replaces secrets in a text. */
  readonly scrub: (text: string) => string;
}

/** A ClientLog upload is one line of up to 1,048,576 characters, written as XML entities. */
const maxLine = 2 * 1024 * 1024;
/** What is kept of one message with its continuation, as text. */
const maxText = 4000;
const maxContinuation = 8000;
const maxUnknownKept = 50;

const readers = [readOpenfireLine, readWebservicesLine, readClientLine];

interface Open {
  readonly line: number;
  text: string;
  reading: LineReading;
  isContinued: boolean;
}

export class LogFileReader {
  readonly #options: LogFileOptions;
  readonly #bySource: Record<LogSource, number> = { openfire: 0, webservices: 0, client: 0 };
  readonly #unknownKept: { line: number; text: string }[] = [];
  readonly #counts = { lines: 0, facts: 0, other: 0, continued: 0, unknown: 0, cutLines: 0 };
  #parts: string[] = [];
  #length = 0;
  #isCut = false;
  #endsInReturn = false;
  #open: Open | null = null;

  constructor(options: LogFileOptions) {
    this.#options = options;
  }

  /** The facts that became complete with this chunk. */
  push(chunk: string): LogFact[] {
    const facts: LogFact[] = [];
    let start = 0;
    for (const found of chunk.matchAll(/\r\n|\r|\n/g)) {
      // A line end cut between its two characters is one.
      const isSecondHalf = found.index === 0 && found[0] === "\n" && this.#endsInReturn;
      if (!isSecondHalf) {
        this.#collect(chunk.slice(start, found.index));
        this.#line(facts);
      }
      start = found.index + found[0].length;
    }
    if (chunk !== "") this.#endsInReturn = chunk.endsWith("\r");
    this.#collect(chunk.slice(start));
    return facts;
  }

  /** The last facts. */
  end(): LogFact[] {
    const facts: LogFact[] = [];
    if (this.#length > 0) this.#line(facts);
    this.#close(facts);
    return facts;
  }

  get report(): LogFileReport {
    const sources = Object.entries(this.#bySource) as [LogSource, number][];
    const [source, count] = sources.toSorted((a, b) => b[1] - a[1])[0] ?? [null, 0];
    return {
      file: this.#options.file,
      source: count === 0 ? null : source,
      ...this.#counts,
      unknownKept: this.#unknownKept,
    };
  }

  #collect(text: string): void {
    if (text === "") return;
    const room = maxLine - this.#length;
    if (text.length > room) this.#isCut = true;
    if (room > 0) this.#parts.push(text.slice(0, room));
    this.#length += Math.min(room, text.length);
  }

  #line(facts: LogFact[]): void {
    const text = this.#parts.join("");
    if (this.#isCut) this.#counts.cutLines++;
    this.#parts = [];
    this.#length = 0;
    this.#isCut = false;
    this.#counts.lines++;
    for (const part of unfold(text)) this.#message(part, facts);
  }

  #message(text: string, facts: LogFact[]): void {
    if (text.trim() === "") return;
    const reading = read(text);
    if (reading !== null) {
      this.#close(facts);
      this.#open = { line: this.#counts.lines, text, reading, isContinued: false };
    } else if (this.#open !== null) {
      this.#counts.continued++;
      if (this.#open.text.length > maxContinuation) return;
      this.#open.text += `\n${text.slice(0, maxContinuation)}`;
      this.#open.isContinued = true;
    } else {
      this.#unknown(text);
    }
  }

  #unknown(text: string): void {
    this.#counts.unknown++;
    if (this.#unknownKept.length >= maxUnknownKept) return;
    this.#unknownKept.push({ line: this.#counts.lines, text: this.#shown(text) });
  }

  #close(facts: LogFact[]): void {
    if (this.#open === null) return;
    const { line, text, isContinued } = this.#open;
    const reading = isContinued ? (read(text) ?? this.#open.reading) : this.#open.reading;
    this.#open = null;
    this.#bySource[reading.source]++;
    if (reading.kind === "other") this.#counts.other++;
    else this.#counts.facts++;
    const { sid = null, jid = null, agent = null, requestId = null } = reading;
    const { source, at, local, kind } = reading;
    const values = given(reading.values ?? {});
    const { file } = this.#options;
    const shown = this.#shown(text);
    facts.push({
      source,
      file,
      line,
      at,
      local,
      kind,
      sid,
      jid,
      agent,
      requestId,
      values,
      text: shown,
    });
  }

  /** Secrets are looked for in more than is shown, so that none is missed for being cut. */
  #shown(text: string): string {
    return this.#options.scrub(text.slice(0, 2 * maxText)).slice(0, maxText);
  }
}

function read(text: string): LineReading | null {
  for (const reader of readers) {
    const reading = reader(text);
    if (reading !== null) return reading;
  }
  return null;
}

/** The lines inside a ClientLog upload, which came as one; any other line as it is. */
function unfold(line: string): string[] {
  if (!/^\s{0,20}(?:<\?xml[^>]{0,200}>\s{0,20})?<ClientLog/i.test(line)) return [line];
  return line
    .replace(/<\/?(?:ClientLog|logData)>/gi, "")
    .split(/&#(?:10|13|x0?[ad]);|\\n/i)
    .map(withoutEntities);
}

const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

const withoutEntities = (text: string): string =>
  text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => entities[entity] ?? entity);

function given(
  values: Readonly<Record<string, string | number | undefined>>,
): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) kept[name] = value;
  return kept;
}
