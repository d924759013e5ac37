/** Entry of the thread that reads loaded logs: unpacking and reading would keep the relay waiting. Reads one file, asks for the clocks, tells what it found. */
import { parentPort, workerData } from "node:worker_threads";
import { BoshscopeError, fail, reasonOf } from "./base/errors.ts";
import { sessionsIn } from "./clock-reference.ts";
import { type LogInput, loadLogs } from "./load-logs.ts";
import { alignLogs, type ClockReference, placeFacts } from "./logs/align.ts";
import type { FromLogThread } from "./receive-logs.ts";

/** Facts per message: a millisecond or two for whoever takes it. */
const atOnce = 500;

if (parentPort === null) throw fail("internal", { why: "started outside a thread" });
const port = parentPort;
const post = (message: FromLogThread): void => port.postMessage(message);

async function read(input: LogInput): Promise<void> {
  const loaded = await loadLogs([input]);
  const reference = new Promise<ClockReference>((resolve) => port.once("message", resolve));
  post({ kind: "sessions", sids: sessionsIn(loaded.facts) });
  const alignments = alignLogs(loaded.facts, await reference);
  const facts = placeFacts(loaded.facts, alignments);
  const { files, skipped, leftOut } = loaded;
  post({ kind: "read", files, skipped, leftOut, alignments, facts: facts.length });
  for (let start = 0; start < facts.length; start += atOnce)
    post({ kind: "facts", facts: facts.slice(start, start + atOnce) });
  post({ kind: "done" });
}

read(workerData as LogInput).catch((error: unknown) => {
  const why = error instanceof BoshscopeError ? error.message : reasonOf(error);
  post({ kind: "failed", why });
});
