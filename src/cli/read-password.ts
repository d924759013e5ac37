/** A password typed at the terminal, which shows nothing of it. */
import type { ReadStream } from "node:tty";
import { fail } from "../base/errors.ts";

const [enter, newLine, interrupt, endOfInput, backspace, erase] = [
  "\r",
  "\n",
  "\u0003",
  "\u0004",
  "\b",
  "\u007f",
];

/** Throws "config-invalid" when it is given up by Ctrl+C or Ctrl+D. */
export async function readPassword(
  input: ReadStream,
  ask: (text: string) => void,
  question: string,
): Promise<string> {
  input.setRawMode(true);
  ask(question);
  input.resume();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let typed = "";
  const onData = (bytes: Buffer): void => {
    for (const letter of bytes.toString("utf8")) {
      if (letter === enter || letter === newLine) return resolve(typed);
      if (letter === interrupt || letter === endOfInput)
        return reject(fail("config-invalid", { problem: "No password was given." }));
      typed = letter === backspace || letter === erase ? typed.slice(0, -1) : typed + letter;
    }
  };
  input.on("data", onData);
  try {
    return await promise;
  } finally {
    input.off("data", onData);
    input.pause();
    input.setRawMode(false);
    ask("\n");
  }
}
