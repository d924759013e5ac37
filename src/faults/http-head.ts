/** Reads and edits a message head as latin1 text. Lines that are not touched stay as they were sent. */
import type { Header } from "../domain/exchange.ts";

/** The first value under that name, or null. */
export function headerIn(head: string, name: string): string | null {
  const wanted = name.toLowerCase();
  return headersIn(head).find((header) => header.name.toLowerCase() === wanted)?.value ?? null;
}

/** All fields, in order. */
export function headersIn(head: string): readonly Header[] {
  const fields: Header[] = [];
  for (const line of head.split("\n").slice(1)) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.push({ name: line.slice(0, colon), value: line.slice(colon + 1).trim() });
  }
  return fields;
}

/** Takes out every field of that name (any case), with its folded lines. */
export function withoutHeader(head: string, name: string): string {
  const wanted = `${name.toLowerCase()}:`;
  const kept: string[] = [];
  let dropping = false;
  head.split("\r\n").forEach((line, index) => {
    const isFold = line.startsWith(" ") || line.startsWith("\t");
    if (!isFold) dropping = index > 0 && line.toLowerCase().startsWith(wanted);
    if (!dropping) kept.push(line);
  });
  return kept.join("\r\n");
}

/** The first field of that name gets the value and keeps its place and case; others of the name go. A new one comes last. */
export function withHeader(head: string, name: string, value: string): string {
  const wanted = `${name.toLowerCase()}:`;
  const lines = head.split("\r\n");
  const at = lines.findIndex((line, index) => index > 0 && line.toLowerCase().startsWith(wanted));
  if (at === -1) {
    const end = lines.indexOf("", 1);
    lines.splice(end === -1 ? lines.length : end, 0, `${name}: ${value}`);
    return lines.join("\r\n");
  }
  const before = lines.slice(0, at).join("\r\n");
  const rest = withoutHeader(`\r\n${lines.slice(at).join("\r\n")}`, name).slice(2);
  const written = (lines[at] ?? "").slice(0, wanted.length - 1);
  return `${before}\r\n${written}: ${value}\r\n${rest}`;
}
