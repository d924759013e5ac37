/** Captures of other tools, read into capture files of their own for as long as they are needed. */
import { rmSync } from "node:fs";
import { extname } from "node:path";
import { defaultBodyLimit } from "../base/limits.ts";
import { importFile } from "../capture-folder.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const endings = new Set([".har", ".saz", ".pcap", ".pcapng", ".cap"]);

export const isForeign = (path: string): boolean => endings.has(extname(path).toLowerCase());

export interface BroughtIn extends Disposable {
  readonly paths: readonly string[];
}

/** Throws "file-unreadable", "password-needed", "tool-missing". */
export async function bringIn(
  files: readonly string[],
  given: {
    readonly password: string | null;
    readonly keys: string | null;
  },
): Promise<BroughtIn> {
  const folder = temporaryFolder("analyze");
  const away = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const paths: string[] = [];
    for (const file of files) {
      const { path } = await importFile(file, {
        folder,
        keepSecrets: false,
        bodyLimit: defaultBodyLimit,
        ...given,
        onProgress: () => undefined,
      });
      paths.push(path);
    }
    return { paths, [Symbol.dispose]: away };
  } catch (error) {
    away();
    throw error;
  }
}
