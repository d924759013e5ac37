import { readFileSync } from "node:fs";
import type { LogFileReport } from "../../../src/domain/log-report.ts";
import type { LogFact } from "../../../src/logs/log-fact.ts";
import { LogFileReader } from "../../../src/logs/log-file-reader.ts";

export interface ReadLog {
  readonly facts: readonly LogFact[];
  readonly report: LogFileReport;
}

/** A text in these cuts, as one file. */
export function readLog(
  file: string,
  chunks: readonly string[],
  scrub: (text: string) => string = (text) => text,
): ReadLog {
  const reader = new LogFileReader({ file, scrub });
  const facts = chunks.flatMap((chunk) => reader.push(chunk));
  return { facts: [...facts, ...reader.end()], report: reader.report };
}

const folder = new URL("../../fixtures/samples/logs/", import.meta.url);

export const sampleText = (name: string): string => readFileSync(new URL(name, folder), "utf8");
export const readSample = (name: string): ReadLog => readLog(name, [sampleText(name)]);
