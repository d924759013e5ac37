/** The file that TLS keys go to, for Wireshark: NSS's format, one line a secret, of both legs. Whoever reads it reads what was encrypted. */
import { closeSync, fchmodSync, openSync, writeSync } from "node:fs";
import { fail, reasonOf } from "./base/errors.ts";

export interface KeyLog {
  readonly write: (line: Buffer) => void;
  readonly close: () => void;
}

/** Appends, as several programs may share the file (SSLKEYLOGFILE). Its owner alone may read it, also when it was there before. Throws "config-invalid". */
export function openKeyLog(path: string, onFailure: (why: string) => void): KeyLog {
  const file = opened(path);
  let isOver = false;
  return {
    // At once: who waits for the first bytes of a connection needs the keys before them. A handshake costs far more.
    write(line) {
      if (isOver) return;
      try {
        writeSync(file, line);
      } catch (error) {
        isOver = true;
        onFailure(reasonOf(error));
      }
    },
    close() {
      isOver = true;
      closeSync(file);
    },
  };
}

function opened(path: string): number {
  try {
    const file = openSync(path, "a", 0o600);
    // Windows has no such modes: there the folder's rights decide.
    if (process.platform !== "win32") fchmodSync(file, 0o600);
    return file;
  } catch (error) {
    throw fail(
      "config-invalid",
      {
        problem: `The key log ${path} can't be written: ${reasonOf(error)}.`,
        remedy: "Name another with --keylog FILE, or unset SSLKEYLOGFILE.",
      },
      error,
    );
  }
}
