/** Where a running Boshscope is: told, or read from the file it writes into its data folder. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, fail, reasonOf } from "../base/errors.ts";

export type BoshscopeAddress =
  /** Of the page, with or without a path: `http://127.0.0.1:8889`. */
  | { readonly url: string; readonly token: string }
  /** As given to `--data-dir`: its boshscope.json has both. */
  | { readonly dataDir: string };

export interface Place {
  readonly url: URL;
  readonly token: string;
}

/** Throws "not-running" when the folder has no address, "config-invalid" for what is no address. */
export function placeOf(address: BoshscopeAddress): Place {
  const { url, token } = "dataDir" in address ? readAddress(address.dataDir) : address;
  if (URL.canParse(url)) return { url: new URL(url), token };
  throw fail("config-invalid", {
    problem: `"${url}" is no address of a page.`,
    remedy: "Example: http://127.0.0.1:8889",
  });
}

function readAddress(dataDir: string): { readonly url: string; readonly token: string } {
  const path = join(dataDir, "boshscope.json");
  try {
    return JSON.parse(readFileSync(path, "utf8")) as { url: string; token: string };
  } catch (error) {
    if (codeOf(error) === "ENOENT") throw fail("not-running", { path: dataDir }, error);
    throw fail("data-dir-unusable", { path: dataDir, why: reasonOf(error) }, error);
  }
}
