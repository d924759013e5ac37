/** Out and in again, in every format: nothing is changed but what redaction says. */
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import { importFile } from "../../../src/capture-folder.ts";
import type { ExchangeDetail } from "../../../src/domain/exchange.ts";
import type { CaptureReader } from "../../../src/domain/recording.ts";
import { exportBytes, prepareExport } from "../../../src/interchange/export-copies.ts";
import { createRedactor } from "../../../src/redact/redactor.ts";
import { sealFile } from "../../../src/store/seal-file.ts";
import { captureOf, openCapture, silent, startWall, temporaryFolder } from "./copies.ts";
import { allShapes, shapeNames } from "./shapes.ts";

type Format = "har" | "saz" | "boshscope";

/** What an exchange is, without what names it in its capture. */
interface Known extends Partial<ExchangeDetail> {
  readonly bodies: readonly (string | null)[];
}

async function knownOf(reader: CaptureReader, detail: ExchangeDetail): Promise<Known> {
  const { id: _id, captureId: _captureId, seq: _seq, connection: _connection, ...rest } = detail;
  const hex = async (side: "request" | "response"): Promise<string | null> => {
    const body = await reader.body(detail.id, side);
    return body === null ? null : Buffer.from(body.bytes).toString("hex");
  };
  const bodies = [await hex("request"), await hex("response")];
  // Of what was replaced at capture the mark is there; that it was just replaced is the first capture's to say.
  const notes = rest.notes.filter((note) => note !== "secrets-replaced");
  return { ...rest, notes, bodies };
}

async function outAndIn(
  format: Format,
  folder: string,
  password: string | null,
): Promise<Known[][]> {
  await using original = await captureOf(allShapes());
  const out = join(folder, `file.${format}`);
  const prepared = await prepareExport(original.reader, {
    captureId: null,
    query: "",
    redact: null,
    newRedactor: () => createRedactor({ hash: () => "00", keepSecrets: false }),
    nowWall: startWall + 60_000,
    onProgress: () => undefined,
  });
  if (format === "boshscope") {
    await using copied = await captureOf(prepared.copies());
    sealFile(copied.path);
    return await compared(original, copied.path, folder, null);
  }
  const chunks = exportBytes(prepared, { format, version: "1", password, random: randomBytes });
  await pipeline(Readable.from(chunks), createWriteStream(out));
  return await compared(original, out, folder, password);
}

async function compared(
  original: Awaited<ReturnType<typeof captureOf>>,
  path: string,
  folder: string,
  password: string | null,
): Promise<Known[][]> {
  const imported = await importFile(path, {
    folder,
    password,
    keys: null,
    keepSecrets: false,
    bodyLimit: 1024 * 1024,
    log: silent,
    onProgress: () => undefined,
  });
  const { reader, details } = openCapture(imported.path, imported.captureId);
  try {
    const before = await original.details();
    const after = await details();
    return [
      await Promise.all(before.map((detail) => knownOf(original.reader, detail))),
      await Promise.all(after.map((detail) => knownOf(reader, detail))),
    ];
  } finally {
    await reader.close();
  }
}

const ways: readonly (readonly [name: string, format: Format, password: string | null])[] = [
  ["HAR", "har", null],
  ["SAZ", "saz", null],
  ["SAZ with a password", "saz", "Geheim ñ"],
  ["native", "boshscope", null],
];

for (const [name, format, password] of ways) {
  test(`${name}: every shape comes back as it was`, async () => {
    using folder = temporaryFolder();
    const [before = [], after = []] = await outAndIn(format, folder.path, password);
    expect(before).toHaveLength(shapeNames.length);
    for (const [index, shape] of shapeNames.entries()) {
      expect({ shape, ...after[index] }).toEqual({ shape, ...before[index] });
    }
  });
}
