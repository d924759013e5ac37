/** A HAR 1.2 file, entry by entry: only one is in memory at a time. */
import type { CopiedCapture, ExchangeCopy } from "../exchange-copy.ts";
import { harEntry } from "./har-entry.ts";

export interface HarOptions {
  readonly version: string;
  readonly capture: CopiedCapture;
  /** What was replaced, for the reader of the file; null = nothing, on purpose. */
  readonly redaction: Readonly<Record<string, unknown>> | null;
}

/** `pages` is optional in HAR, but Firefox's reader refuses a file without. */
export async function* writeHar(
  copies: AsyncIterable<ExchangeCopy>,
  { version, capture, redaction }: HarOptions,
): AsyncGenerator<string> {
  const creator = { name: "Boshscope", version };
  const own = {
    name: capture.name,
    startedAt: new Date(capture.startedAt).toISOString(),
    endedAt: capture.endedAt === null ? null : new Date(capture.endedAt).toISOString(),
    secretsKept: capture.secretsKept,
    redaction,
  };
  yield `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"_finesse":${JSON.stringify(own)},"pages":[],"entries":[`;
  let isFirst = true;
  for await (const copy of copies) {
    yield `${isFirst ? "\n" : ",\n"}${JSON.stringify(harEntry(copy))}`;
    isFirst = false;
  }
  yield "\n]}}\n";
}
