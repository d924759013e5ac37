/** An export, whatever its format: chooses exchanges, redacts them unless asked not to, and gives them one by one. */

import { type BoshscopeError, fail } from "../base/errors.ts";
import type { CaptureInfo, CaptureReader } from "../domain/recording.ts";
import type { Redactor } from "../redact/redactor.ts";
import { readCopies, selectedIds } from "./copies.ts";
import type { CopiedCapture, ExchangeCopy } from "./exchange-copy.ts";
import { writeHar } from "./har/write-har.ts";
import { writePcapng } from "./packets/write-pcapng.ts";
import { writeSaz } from "./saz/write-saz.ts";
import { ShareRedaction } from "./sharing/share-redaction.ts";
import { type ShareReport, unredacted } from "./sharing/share-report.ts";

export interface ExportRequest {
  /** null = the newest that has exchanges. */
  readonly captureId: string | null;
  /** The filter language; "" = all. */
  readonly query: string;
  /** null = as it is (`--no-redact`). `hosts`: host names and addresses too. */
  readonly redact: { readonly hosts: boolean } | null;
  /** For captures that kept their secrets. */
  readonly newRedactor: () => Redactor;
  readonly nowWall: number;
  /** Exchanges read so far, of how many, in both passes. */
  readonly onProgress: (read: number, of: number) => void;
}

export interface Export {
  readonly capture: CopiedCapture;
  readonly count: number;
  copies(): AsyncGenerator<ExchangeCopy>;
  /** For the file itself: how many of each kind; null = not redacted. */
  readonly redaction: Readonly<Record<string, unknown>> | null;
  /** Complete once all copies were taken. */
  report(): ShareReport;
}

type Source = Pick<
  CaptureReader,
  "exchanges" | "exchange" | "body" | "frames" | "connection" | "captures"
>;

/** Reads all that was chosen once, to learn who is mentioned. Throws "not-found", "query-invalid". */
export async function prepareExport(reader: Source, request: ExportRequest): Promise<Export> {
  const info = await captureOf(reader, request.captureId);
  const { query, redact, nowWall } = request;
  const ids = await selectedIds(reader, { captureId: info.id, query, nowWall });
  const lastMoment = info.endedAt === null ? nowWall : Date.parse(info.endedAt);
  const passes = redact === null ? 1 : 2;
  let read = 0;
  const all = async function* (): AsyncGenerator<ExchangeCopy> {
    for await (const copy of readCopies(reader, ids, lastMoment)) {
      request.onProgress(++read, ids.length * passes);
      yield copy;
    }
  };
  const shared = {
    count: ids.length,
    capture: {
      name: info.name,
      startedAt: Date.parse(info.startedAt),
      endedAt: info.endedAt === null ? null : Date.parse(info.endedAt),
      secretsKept: info.secretsKept && redact === null,
    },
  };
  if (redact === null) {
    const report = (): ShareReport => unredacted(ids.length, info.secretsKept);
    return { ...shared, copies: all, redaction: null, report };
  }
  const secrets = info.secretsKept ? request.newRedactor() : null;
  const redaction = new ShareRedaction({ hosts: redact.hosts, secrets });
  for await (const copy of all()) redaction.learn(copy);
  const { replaced } = redaction.report();
  const distinct = Object.entries(replaced).map(([kind, count]) => [kind, count.distinct]);
  return {
    ...shared,
    redaction: { hosts: redact.hosts, pseudonyms: Object.fromEntries(distinct) },
    async *copies() {
      for await (const copy of all()) yield redaction.redact(copy);
    },
    report: () => redaction.report(),
  };
}

async function captureOf(reader: Source, id: string | null): Promise<CaptureInfo> {
  const captures = await reader.captures();
  const found =
    id === null
      ? (captures.find(({ exchanges }) => exchanges > 0) ?? captures[0])
      : captures.find((capture) => capture.id === id);
  if (found === undefined) throw noSuchCapture(id, captures);
  return found;
}

const mostListed = 10;

/** `id`: null = the newest was wanted. Tells which are there. */
export function noSuchCapture(
  id: string | null,
  captures: readonly Pick<CaptureInfo, "id" | "name">[],
): BoshscopeError {
  const listed = captures.slice(0, mostListed).map((one) => `${one.id} (${one.name})`);
  const more = captures.length > mostListed ? ", …" : "";
  return fail("not-found", {
    what: id === null ? "capture" : `capture ${id}`,
    remedy: listed.length === 0 ? "It holds none." : `There is ${listed.join(", ")}${more}.`,
  });
}

export interface StreamOptions {
  readonly format: "har" | "saz" | "pcapng";
  readonly version: string;
  /** SAZ alone; null = anybody can read it. */
  readonly password: string | null;
  readonly random: (length: number) => Buffer;
}

/** The file's bytes. */
export async function* exportBytes(
  prepared: Export,
  { format, version, password, random }: StreamOptions,
): AsyncGenerator<Buffer> {
  const { capture, count, redaction } = prepared;
  const shared = { version, capture, redaction };
  if (format === "saz") {
    yield* writeSaz(prepared.copies(), { ...shared, password, random, count });
    return;
  }
  if (format === "pcapng") {
    yield* writePcapng(prepared.copies(), shared);
    return;
  }
  for await (const text of writeHar(prepared.copies(), shared)) yield Buffer.from(text, "utf8");
}
