/** One import or export in a thread of its own: reading, redacting and packing would make the relay's traffic wait. */
import { parentPort, workerData } from "node:worker_threads";
import { BoshscopeError, fail, reasonOf } from "./base/errors.ts";
import { createLog } from "./base/log.ts";
import { importFile } from "./capture-folder.ts";
import { exportCapture } from "./export-capture.ts";
import type { FromTransfer, TransferOrder } from "./transfers.ts";

if (parentPort === null)
  throw fail("internal", { why: "the transfer was started outside a thread" });
const port = parentPort;
const post = (message: FromTransfer): void => port.postMessage(message);
const log = createLog({ level: "info", format: process.stderr.isTTY ? "text" : "json" }).child({
  thread: "transfer",
});

async function run(order: TransferOrder): Promise<void> {
  if (order.kind === "export") {
    post({ kind: "exported", ...(await exportCapture(order, () => undefined)) });
    return;
  }
  const { timeline, findings, ...imported } = await importFile(order.path, {
    ...order,
    onProgress: () => undefined,
  });
  const counts = {
    sessions: timeline.sessions.length,
    agents: timeline.agents.length,
    findings: findings.length,
  };
  post({ kind: "imported", imported: { ...imported, ...counts } });
}

run(workerData as TransferOrder).catch((error: unknown) => {
  const known =
    error instanceof BoshscopeError ? error : fail("internal", { why: reasonOf(error) }, error);
  if (known.code === "internal") log.error("transfer.failed", { why: reasonOf(error) });
  const { code, message, remedy } = known;
  post({ kind: "failed", code, message, remedy });
});
