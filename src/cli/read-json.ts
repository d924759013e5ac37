/** JSON as a person hands it to a command: in a file, on standard input, or as it stands in the command. */
import { readFileSync } from "node:fs";
import { fail, reasonOf } from "../base/errors.ts";

/** `word`: a file, `-` for standard input, or the JSON itself. Throws "file-unreadable". */
export function readJson(word: string): unknown {
  const isText = /^\s*[[{]/.test(word);
  try {
    return JSON.parse(isText ? word : readFileSync(word === "-" ? 0 : word, "utf8"));
  } catch (error) {
    const why = reasonOf(error);
    const path = isText ? "given in the command" : word;
    const remedy = "Rules are JSON, as boshscope faults export prints them.";
    throw fail("file-unreadable", { path, why, remedy }, error);
  }
}
