/** The reading side of a capture file: a thread of its own, so that a long search makes neither traffic nor the page wait. */
import { Worker } from "node:worker_threads";
import { BoshscopeError, type ErrorCode, fail, reasonOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { CaptureReader } from "../domain/recording.ts";
import type { AnswerMessage, CallMessage, ReaderCalls } from "./reader-calls.ts";
import { type Call, readerOver } from "./reader-over.ts";

export interface ReaderOptions {
  /** The capture that questions are about unless they name another. */
  readonly captureId: () => string;
  readonly log: Log;
}

/** A page of summaries is some 500 KB, a body at most some MB outside the heap: more than this is a fault, and ends the thread alone. */
const memory = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 };

/** Nothing is opened before the first call; a call fails with store-unreadable while there is no file to read. */
export function openReader(path: string, options: ReaderOptions): CaptureReader {
  const thread = new ReaderThread(path, options.log);
  const call: Call = (method, ...parameters) => thread.call(method, ...parameters);
  return readerOver(call, options.captureId, () => thread.close());
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (why: BoshscopeError) => void;
}

class ReaderThread {
  readonly #path: string;
  readonly #log: Log;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #calls = 0;
  #isClosed = false;

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
  }

  call<Method extends keyof ReaderCalls>(
    method: Method,
    ...parameters: Parameters<ReaderCalls[Method]>
  ): ReturnType<ReaderCalls[Method]> {
    const answered = new Promise<unknown>((resolve, reject) => {
      if (this.#isClosed) {
        reject(fail("internal", { why: "the capture's reader is closed" }));
        return;
      }
      this.#calls += 1;
      const message: CallMessage = { call: this.#calls, method, parameters };
      this.#waiting.set(this.#calls, { resolve, reject });
      const worker = this.#started();
      // A process that waits for an answer stays alive; one that waits for nothing may end.
      worker.ref();
      worker.postMessage(message, []);
    });
    return answered as ReturnType<ReaderCalls[Method]>;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    this.#failAll("the capture's reader was closed");
    await worker?.terminate();
  }

  #started(): Worker {
    if (this.#worker !== null) return this.#worker;
    // Built for a package, this file and the thread's are JavaScript.
    const file = import.meta.url.endsWith(".ts") ? "./reader-thread.ts" : "./reader-thread.js";
    const worker = new Worker(new URL(file, import.meta.url), {
      name: "capture reader",
      workerData: { path: this.#path },
      resourceLimits: memory,
    });
    worker.on("message", (message: AnswerMessage) => this.#settle(message));
    worker.on("error", (thrown: unknown) => this.#lose(worker, reasonOf(thrown)));
    worker.on("exit", (code) => this.#lose(worker, `it ended with code ${code}`));
    this.#worker = worker;
    return worker;
  }

  #settle(message: AnswerMessage): void {
    const waiting = this.#waiting.get(message.call);
    this.#waiting.delete(message.call);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if ("answer" in message) {
      waiting?.resolve(message.answer);
      return;
    }
    const { code, message: text, remedy } = message.failure;
    waiting?.reject(new BoshscopeError(code as ErrorCode, text, remedy));
  }

  /** The next call starts another thread. */
  #lose(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    this.#log.error("reader.lost", { why });
    this.#failAll(`the capture's reader was lost: ${why}`);
  }

  #failAll(why: string): void {
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(fail("internal", { why }));
  }
}
