/** Bounds on what an archive may unpack to: a few kilobytes can claim to be terabytes. */
import { fail } from "../../base/errors.ts";

export interface ArchiveLimits {
  /** Unpacked bytes in all, each layer counted. */
  readonly bytes: number;
  readonly files: number;
  /** Archives within archives. */
  readonly depth: number;
  /** Unpacked to packed bytes, looked at once more than `ratioFrom` were unpacked. Logs of one line repeated reach 200. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

const mb = 1024 * 1024;
export const usualLimits: ArchiveLimits = {
  bytes: 8 * 1024 * mb,
  files: 20_000,
  depth: 5,
  ratio: 500,
  ratioFrom: 256 * mb,
};

export class Budget {
  readonly limits: ArchiveLimits;
  readonly #packed: number;
  #bytes = 0;
  #files = 0;

  constructor(limits: ArchiveLimits, packed: number) {
    this.limits = limits;
    this.#packed = Math.max(1, packed);
  }

  /** Throws "file-unreadable" beyond the bound. */
  takeBytes(count: number): void {
    this.#bytes += count;
    const { bytes, ratio, ratioFrom } = this.limits;
    if (this.#bytes > bytes) throw tooLarge(`it unpacks to more than ${Math.round(bytes / mb)} MB`);
    if (this.#bytes > ratioFrom && this.#bytes / this.#packed > ratio)
      throw tooLarge(`it unpacks to more than ${ratio} times its size, as an attack would`);
  }

  takeFile(): void {
    this.#files++;
    if (this.#files > this.limits.files)
      throw tooLarge(`it holds more than ${this.limits.files} files`);
  }
}

const tooLarge = (why: string): Error =>
  fail("file-unreadable", {
    why,
    remedy: "What came before was read. Unpack it yourself and name the logs that matter.",
  });
