/** Captures of other tools, read into capture files of their own for as long as they are needed. */
import { accessSync, constants, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  BoshscopeError,
  codeOf,
  fail,
  fileReasonOf,
  innerReasonOf,
  readRemedyOf,
} from "../base/errors.ts";
import { defaultBodyLimit } from "../base/limits.ts";
import { temporaryFolder } from "../base/temporary-folder.ts";
import { importFile } from "../capture-folder.ts";
import { importedPath } from "../imported-captures.ts";
import { formatOf } from "../interchange/open-file.ts";
import { openReaderHere } from "../store/open-reader-here.ts";
import type { ReadFlags } from "./flags.ts";

/** A data folder stands for its capture. */
export function captureAt(word: string): string {
  const isFolder = statSync(word, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? join(word, "capture.sqlite") : word;
}

const recordFirst =
  "Record one with boshscope start, name its folder with --data-dir DIR, or a file with --file FILE.";

/** The file that --file names, else the capture of that id in the data folder. Throws "file-unreadable". */
export function sourceOf(
  flags: ReadFlags<"--file" | "--capture">,
  { dataDir }: { readonly dataDir: string },
): string {
  const file = flags.value("--file");
  if (file !== null) return captureAt(file);
  const path =
    importedPath(dataDir, flags.value("--capture") ?? "") ?? join(dataDir, "capture.sqlite");
  try {
    accessSync(path, constants.R_OK);
    return path;
  } catch (error) {
    const isMissing = codeOf(error) === "ENOENT";
    const why = isMissing ? "there is no capture yet" : fileReasonOf(error);
    const remedy = isMissing ? recordFirst : readRemedyOf(error);
    throw fail("file-unreadable", { path, why, remedy }, error);
  }
}

export interface Given {
  readonly password: string | null;
  /** Key log for packet captures. */
  readonly keys: string | null;
}

/** A place for what is brought in; gone when it is disposed of. */
export interface Aside extends Disposable {
  /** Path of our own capture file: the one named, or what was read from it. Throws "file-unreadable", "password-needed", "tool-missing". */
  bring(path: string, given: Given): Promise<string>;
}

/** A database of another program is told as a file that can't be read: nobody's store is broken. */
async function checked(path: string): Promise<string> {
  const reader = openReaderHere(path, () => "");
  try {
    await reader.captures();
    return path;
  } catch (error) {
    const isOther = error instanceof BoshscopeError && error.code === "store-unreadable";
    throw isOther ? fail("file-unreadable", { path, why: innerReasonOf(error) }, error) : error;
  } finally {
    await reader.close();
  }
}

export function openAside(purpose: string): Aside {
  let folder: string | null = null;
  return {
    async bring(path, given) {
      if ((await formatOf(path)) === "boshscope") return checked(path);
      folder ??= temporaryFolder(purpose);
      const imported = await importFile(path, {
        folder,
        keepSecrets: false,
        bodyLimit: defaultBodyLimit,
        ...given,
        onProgress: () => undefined,
      });
      return imported.path;
    },
    [Symbol.dispose]() {
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}
