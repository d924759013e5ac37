/** The server's imports and exports: one after the other, each in a thread, with a file in between. */
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Worker } from "node:worker_threads";
import { BoshscopeError, type ErrorCode, fail, reasonOf, renamed } from "./base/errors.ts";
import { temporaryFolder } from "./base/temporary-folder.ts";
import type { Imported, ImportOptions } from "./capture-folder.ts";
import type { ExportDone, ExportOrder } from "./export-capture.ts";

/** What an import says of itself, without its sessions. */
export type ImportedCapture = Omit<Imported, "timeline" | "findings"> & {
  readonly sessions: number;
  readonly agents: number;
  readonly findings: number;
};

export type TransferOrder =
  | ({ readonly kind: "export" } & ExportOrder)
  | ({ readonly kind: "import"; readonly path: string; readonly name: string } & Omit<
      ImportOptions,
      "onProgress"
    >);

export type FromTransfer =
  | ({ readonly kind: "exported" } & ExportDone)
  | { readonly kind: "imported"; readonly imported: ImportedCapture }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
      readonly remedy: string;
    };

export interface Transfers {
  /** The file's bytes, and what was replaced in it. The file behind them is gone once they were read, or given up. */
  export(
    order: Omit<ExportOrder, "out"> & { readonly isReportOnly: boolean },
  ): Promise<{ readonly bytes: AsyncIterable<Uint8Array>; readonly done: ExportDone }>;
  /** Throws "file-unreadable", "password-needed", "request-invalid". */
  import(
    name: string,
    body: AsyncIterable<Uint8Array>,
    /** `keyBytes`: so many at the beginning of the body are a TLS key log, in place of the one in `keys`. */
    options: Omit<ImportOptions, "onProgress"> & { readonly keyBytes: number },
  ): Promise<ImportedCapture>;
}

const maxUpload = 8 * 1024 ** 3;
/** One entry of a file at a time, and the exchanges that are open at once. */
const memory = { maxOldGenerationSizeMb: 512 };

export function openTransfers(): Transfers {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (order: TransferOrder): Promise<FromTransfer> => {
    const running = last.then(() => runInThread(order));
    last = running.then(
      () => null,
      () => null,
    );
    return running;
  };
  return {
    async export(order) {
      const folder = temporaryFolder("export");
      const out = order.isReportOnly ? null : join(folder, "file");
      try {
        const answer = await inTurn({ kind: "export", ...order, out });
        if (answer.kind !== "exported") throw failureOf(answer);
        const { count, report } = answer;
        if (out === null) await rm(folder, { recursive: true, force: true });
        return { bytes: out === null ? nothing() : thenGone(out, folder), done: { count, report } };
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    },
    async import(name, body, { keyBytes, ...options }) {
      const folder = temporaryFolder("import");
      const path = join(folder, "upload");
      try {
        const [keyLog, file] = parted(bounded(body), keyBytes);
        const keys = keyBytes === 0 ? options.keys : join(folder, "keys.log");
        if (keyBytes > 0) await pipeline(keyLog, createWriteStream(keys ?? "", { mode: 0o600 }));
        await pipeline(file, createWriteStream(path, { mode: 0o600 }));
        const answer = await inTurn({ kind: "import", path, name, ...options, keys });
        if (answer.kind !== "imported") throw renamed(failureOf(answer), path, name);
        return answer.imported;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

// oxlint-disable-next-line require-yield
async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* thenGone(path: string, folder: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first bytes, and what follows; to be read in this order. */
function parted(
  body: AsyncIterable<Uint8Array>,
  length: number,
): [AsyncGenerator<Uint8Array>, AsyncGenerator<Uint8Array>] {
  const chunks = body[Symbol.asyncIterator]();
  let left = length;
  let rest: Uint8Array | null = null;
  return [
    (async function* () {
      while (left > 0) {
        const { value, done } = await chunks.next();
        if (done === true) return;
        yield value.subarray(0, left);
        if (value.length > left) rest = value.subarray(left);
        left -= Math.min(left, value.length);
      }
    })(),
    (async function* () {
      if (rest !== null) yield rest;
      for (;;) {
        const { value, done } = await chunks.next();
        if (done === true) return;
        yield value;
      }
    })(),
  ];
}

async function* bounded(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxUpload)
      throw fail("request-invalid", { problem: "The file is larger than 8 GB." });
    yield chunk;
  }
}

function failureOf(answer: FromTransfer): Error {
  if (answer.kind !== "failed") return fail("internal", { why: "a transfer of another kind" });
  return new BoshscopeError(answer.code as ErrorCode, answer.message, answer.remedy);
}

async function runInThread(order: TransferOrder): Promise<FromTransfer> {
  const worker = new Worker(new URL("./transfer-thread.ts", import.meta.url), {
    workerData: order,
    resourceLimits: memory,
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  try {
    return await new Promise<FromTransfer>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", (error) => reject(fail("internal", { why: reasonOf(error) }, error)));
      worker.once("exit", (code) =>
        reject(fail("internal", { why: `the transfer ended with code ${code}` })),
      );
    });
  } finally {
    await worker.terminate();
  }
}
