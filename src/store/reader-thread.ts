/** Entry of the reading thread: takes calls as messages, answers in whatever order they are done. */
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../base/clock.ts";
import { BoshscopeError, fail, reasonOf } from "../base/errors.ts";
import { FileReader } from "./file-reader.ts";
import type { AnswerMessage, CallMessage, Failure } from "./reader-calls.ts";

const { path } = workerData as { readonly path: string };
let reader: FileReader | null = null;

parentPort?.on("message", (message: CallMessage) => {
  void answer(message);
});

/** Opened by the first call, and by the next one when that failed: the file may be there by then. */
const opened = (): FileReader => {
  reader ??= new FileReader(path, systemClock);
  return reader;
};

async function answer({ call, method, parameters }: CallMessage): Promise<void> {
  try {
    const file = opened();
    const work = file[method] as (...values: readonly unknown[]) => Promise<unknown>;
    send({ call, answer: await work.apply(file, [...parameters]) });
  } catch (thrown) {
    send({ call, failure: failureOf(thrown) });
  }
}

function send(message: AnswerMessage): void {
  parentPort?.postMessage(message, []);
}

function failureOf(thrown: unknown): Failure {
  const error =
    thrown instanceof BoshscopeError
      ? thrown
      : fail("internal", { why: `reading the capture: ${reasonOf(thrown)}` });
  return { code: error.code, message: error.message, remedy: error.remedy };
}
