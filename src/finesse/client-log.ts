/** Reads what a desktop uploads with "Send Error Report": its own log. What a line says is logs' business. */
import type { Unparseable } from "../xml/tree.ts";
import { fieldOf, readRoot } from "./fields.ts";

export interface ClientLog {
  readonly kind: "client-log";
  /** First line: the browser's user agent; null when the log starts otherwise. */
  readonly userAgent: string | null;
  /** The rest, without line ends. */
  readonly lines: readonly string[];
}

export function readClientLog(text: string): ClientLog | Unparseable {
  const root = readRoot(text, "clientlog");
  if (root.kind === "unparseable") return root;
  const lines = (fieldOf(root, "logdata") ?? "").split(/\r?\n/);
  const userAgent = /^Mozilla\/|^[\w.-]+\/\d/.test(lines[0] ?? "") ? (lines.shift() ?? null) : null;
  return { kind: "client-log", userAgent, lines: lines.filter((line) => line !== "") };
}
