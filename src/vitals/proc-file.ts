/** A file of /proc kept open: each read from its start gives the present, at a tenth of the price of opening it anew. */
import { closeSync, openSync, readSync } from "node:fs";
import { codeOf } from "../base/errors.ts";

/** Of a stat file only the first line counts, which is shorter. */
const buffer = Buffer.alloc(2048);

export class ProcFile {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** null when it is not there, or not for us to read. */
  static open(path: string): ProcFile | null {
    try {
      return new ProcFile(openSync(path, "r"));
    } catch (thrown) {
      return orGone(thrown);
    }
  }

  /** null when the process is gone. */
  read(): string | null {
    try {
      return buffer.toString("latin1", 0, readSync(this.#fd, buffer, 0, buffer.length, 0));
    } catch (thrown) {
      return orGone(thrown);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function orGone(thrown: unknown): null {
  if (["ENOENT", "ESRCH", "EACCES", "EPERM", "EMFILE"].includes(codeOf(thrown))) return null;
  throw thrown;
}
