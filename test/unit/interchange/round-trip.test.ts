/** Out and in again, in every format: nothing is changed but what redaction says. `npm run round-trip` prints the table. */
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { importFile } from "../../../src/capture-folder.ts";
import type { ExchangeDetail } from "../../../src/domain/exchange.ts";
import type { CaptureReader } from "../../../src/domain/recording.ts";
import { type ExportFormat, exportCapture } from "../../../src/export-capture.ts";
import { prepareExport } from "../../../src/interchange/export-copies.ts";
import { createRedactor } from "../../../src/redact/redactor.ts";
import { type Capture, captureOf, openCapture, startWall, temporaryFolder } from "./copies.ts";
import { allShapes, shapeNames } from "./shapes.ts";

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

const allOf = async (reader: CaptureReader, details: readonly ExchangeDetail[]): Promise<Known[]> =>
  Promise.all(details.map((detail) => knownOf(reader, detail)));

interface Way {
  readonly name: string;
  readonly format: ExportFormat;
  readonly password: string | null;
  readonly redact: { readonly hosts: boolean } | null;
}

const plainWays: readonly Omit<Way, "redact">[] = [
  { name: "HAR", format: "har", password: null },
  { name: "SAZ", format: "saz", password: null },
  { name: "SAZ, password", format: "saz", password: "Geheim ñ" },
  { name: "native", format: "boshscope", password: null },
];
const ways: readonly Way[] = plainWays.flatMap((way) => [
  { ...way, redact: null },
  { ...way, name: `${way.name}, redacted`, redact: { hosts: true } },
]);

/** What is to come back: all of it, or what redaction made of it, which no format may then change. */
async function wanted(original: Capture, { redact }: Way): Promise<Known[]> {
  if (redact === null) return allOf(original.reader, await original.details());
  const prepared = await prepareExport(original.reader, {
    captureId: null,
    query: "",
    redact,
    newRedactor: () => createRedactor({ hash: () => "00", keepSecrets: false }),
    nowWall: startWall + 60_000,
    onProgress: () => undefined,
  });
  await using redacted = await captureOf(prepared.copies());
  return await allOf(redacted.reader, await redacted.details());
}

async function outAndIn(way: Way): Promise<{ readonly before: Known[]; readonly after: Known[] }> {
  using folder = temporaryFolder();
  await using original = await captureOf(allShapes());
  const out = join(folder.path, `file.${way.format}`);
  const { format, password, redact } = way;
  await exportCapture(
    { source: original.path, out, format, captureId: null, query: "", redact, password },
    () => undefined,
  );
  const imported = await importFile(out, {
    folder: folder.path,
    password,
    keys: null,
    keepSecrets: false,
    bodyLimit: 1024 * 1024,
    onProgress: () => undefined,
  });
  const { reader, details } = openCapture(imported.path, imported.captureId);
  try {
    return { before: await wanted(original, way), after: await allOf(reader, await details()) };
  } finally {
    await reader.close();
  }
}

const cells = new Map<string, string>();
afterAll(() => {
  const line = (name: string, cell: (way: string) => string): string =>
    [name.padEnd(34), ...ways.map((way) => cell(way.name).padEnd(way.name.length))].join(" | ");
  const table = [
    line("out and in again", (way) => way),
    ...shapeNames.map((shape) => line(shape, (way) => cells.get(`${shape} ${way}`) ?? "–")),
  ];
  process.stdout.write(`${table.join("\n")}\n`);
});

describe.each(ways)("$name", { timeout: 60_000 }, (way) => {
  let trip: ReturnType<typeof outAndIn> | null = null;
  test.each(shapeNames.map((shape, index) => [shape, index] as const))(
    "%s comes back as it was",
    async (shape, index) => {
      trip ??= outAndIn(way);
      const { before, after } = await trip;
      cells.set(`${shape} ${way.name}`, "CHANGED");
      expect(before).toHaveLength(shapeNames.length);
      expect(after[index]).toEqual(before[index]);
      cells.set(`${shape} ${way.name}`, "same");
    },
  );
});
