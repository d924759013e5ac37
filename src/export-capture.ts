/** Writes an export to a file, in any format. Runs in the command's process, or in a thread of the server's. */
import { createHmac, randomBytes } from "node:crypto";
import { createWriteStream, renameSync, rmSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { systemClock } from "./base/clock.ts";
import { BoshscopeError, codeOf, fail, fileReasonOf } from "./base/errors.ts";
import { foldCopies } from "./fold-copies.ts";
import { type Export, exportBytes, prepareExport } from "./interchange/export-copies.ts";
import type { ShareReport } from "./interchange/sharing/share-report.ts";
import { createRedactor } from "./redact/redactor.ts";
import { openReaderHere } from "./store/open-reader-here.ts";
import { sealFile } from "./store/seal-file.ts";
import { version } from "./version.ts";

export const exportFormats = ["har", "saz", "boshscope", "pcapng"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** All values can be posted to a thread. */
export interface ExportOrder {
  /** Capture file. */
  readonly source: string;
  /** null = nothing is written: the report alone. */
  readonly out: string | null;
  readonly format: ExportFormat;
  /** null = the newest that has exchanges. */
  readonly captureId: string | null;
  readonly query: string;
  readonly redact: { readonly hosts: boolean } | null;
  /** SAZ alone. */
  readonly password: string | null;
}

export interface ExportDone {
  readonly count: number;
  readonly report: ShareReport;
}

/** The file is there once it is whole. Throws "not-found", "query-invalid", "file-unwritable", "store-unreadable". */
export async function exportCapture(
  order: ExportOrder,
  onProgress: (read: number, of: number) => void,
): Promise<ExportDone> {
  const reader = openReaderHere(order.source, () => order.captureId ?? "");
  try {
    const { captureId, query, redact } = order;
    const prepared = await prepareExport(reader, {
      captureId,
      query,
      redact,
      newRedactor: () => createRedactor({ hash: newHash(), keepSecrets: false }),
      nowWall: systemClock.wall(),
      onProgress,
    });
    if (order.out === null) await readAll(prepared);
    else await write(prepared, { ...order, out: order.out });
    return { count: prepared.count, report: prepared.report() };
  } finally {
    await reader.close();
  }
}

async function readAll(prepared: Export): Promise<void> {
  const copies = prepared.copies();
  while (!(await copies.next()).done);
}

async function write(
  prepared: Export,
  { out, format, password }: ExportOrder & { readonly out: string },
): Promise<void> {
  if (format === "boshscope") await whole(out, (partial) => writeNative(prepared, partial));
  else
    await writeWhole(
      exportBytes(prepared, { format, version, password, random: randomBytes }),
      out,
    );
}

/** Throws "file-unwritable", and what `bytes` throws. */
export const writeWhole = (bytes: AsyncIterable<Buffer>, out: string): Promise<void> =>
  whole(out, (partial) =>
    pipeline(Readable.from(bytes), createWriteStream(partial, { mode: 0o600 })),
  );

/** Under another name until it is whole: half a file is taken for a whole one. */
async function whole(out: string, make: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${out}.part`;
  try {
    await make(partial);
    renameSync(partial, out);
  } catch (error) {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(partial + suffix, { force: true });
    if (error instanceof BoshscopeError) throw error;
    const why = codeOf(error) === "ENOENT" ? "there is no such folder" : fileReasonOf(error);
    throw fail("file-unwritable", { path: out, why }, error);
  }
}

async function writeNative(prepared: Export, path: string): Promise<void> {
  await foldCopies(prepared.copies(), {
    path,
    captureId: `x${randomBytes(4).toString("hex")}`,
    name: prepared.capture.name,
    keepSecrets: prepared.capture.secretsKept,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    onProgress: () => undefined,
  });
  sealFile(path);
}

function newHash(): (secret: string) => string {
  const key = randomBytes(32);
  return (secret) => createHmac("sha256", key).update(secret).digest("hex").slice(0, 32);
}
