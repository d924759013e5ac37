/**
 * The way back from markers to secrets, for what a person sends again. All of it lives in memory and dies with the process; nothing of it is
 * stored, logged or shown.
 */
import type { PlainMessage } from "../domain/recording.ts";
import { markers } from "./marker.ts";
import { Recent } from "./recent.ts";

const maxLines = 8000;
const maxBodies = 500;
/** Longer ones are given back marker by marker. */
const longestKept = 8192;

export class Vault {
  private readonly secretOf: (marker: string) => string | null;
  /** By their redacted text: a line may hold base64 of more than the secret, which a marker alone does not bring back. */
  private readonly lines = new Recent<string>(maxLines);
  private readonly bodies = new Recent<string>(maxBodies);

  constructor(secretOf: (marker: string) => string | null) {
    this.secretOf = secretOf;
  }

  /** Redacting keeps the number of lines. */
  keepLines(before: string, after: string): void {
    if (before === after) return;
    const written = before.split("\n");
    for (const [index, line] of after.split("\n").entries()) {
      const original = written[index];
      if (original === undefined || original === line || line.length > longestKept) continue;
      this.lines.put(withoutReturn(line), withoutReturn(original));
    }
  }

  keepBody(before: string, after: string): void {
    if (before !== after && after.length <= longestKept) this.bodies.put(after, before);
  }

  reveal({ head, body }: PlainMessage): PlainMessage | null {
    const lines = head.split("\n").map((line) => this.line(line));
    const text = this.bodies.get(body) ?? this.replaced(body, escapeFor(head, body));
    if (text === null || lines.includes(null)) return null;
    return { head: lines.join("\n"), body: text };
  }

  private line(line: string): string | null {
    const end = line.endsWith("\r") ? "\r" : "";
    const exact = this.lines.get(withoutReturn(line));
    return exact === undefined ? this.replaced(line, (secret) => secret) : exact + end;
  }

  private replaced(text: string, escape: (secret: string) => string): string | null {
    let isWhole = true;
    const revealed = text.replace(markers, (marker) => {
      const secret = this.secretOf(marker);
      if (secret === null) isWhole = false;
      return secret === null ? marker : escape(secret);
    });
    return isWhole ? revealed : null;
  }
}

const withoutReturn = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);

/** How a secret is written in such a body. */
function escapeFor(head: string, body: string): (secret: string) => string {
  if (/^\s*</.test(body))
    return (secret) => secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  if (/\ncontent-type:[^\n]*urlencoded/i.test(head)) return (secret) => encodeURIComponent(secret);
  if (/\ncontent-type:[^\n]*json/i.test(head))
    return (secret) => JSON.stringify(secret).slice(1, -1);
  return (secret) => secret;
}
