/** JSON as a person hands it to a command: in a file, on standard input, or as it stands in the command. */
import { readFileSync } from "node:fs";
import { fail, fileReasonOf, reasonOf } from "../base/errors.ts";

const remedy = "Rules are JSON, as boshscope faults export prints them.";

/** `word`: a file, `-` for standard input, or the JSON itself. Throws "file-unreadable", "config-invalid". */
export function readJson(word: string): unknown {
  const isText = /^\s*[[{]/.test(word);
  const text = isText ? word : textOf(word);
  try {
    return JSON.parse(text);
  } catch (error) {
    const what = isText ? "What was given" : word === "-" ? "The input" : `The file ${word}`;
    const problem = `${what} is not JSON: ${reasonOf(error).replace(/\.+$/, "")}.`;
    throw fail("config-invalid", { problem, remedy }, error);
  }
}

function textOf(word: string): string {
  try {
    return readFileSync(word === "-" ? 0 : word, "utf8");
  } catch (error) {
    throw fail("file-unreadable", { path: word, why: fileReasonOf(error), remedy }, error);
  }
}
