/**
 * Recognises a `<body>` without content and reads it without a parser: every poll and nearly every answer is one, some millions a
 * shift. It knows only the plainest spelling; anything else is left to the full reader, with which it must agree.
 */
import type { BoshBody } from "./bosh-body.ts";
import { fingerprintFrom, httpBindNamespace, wholeNumber } from "./bosh-body.ts";

/** Longer ones are rare, and the full reader knows them. */
const maxLength = 300;
const known = new Set([
  "sid",
  "rid",
  "ack",
  "type",
  "condition",
  "pause",
  "to",
  "from",
  "wait",
  "hold",
]);
const attributePattern = / ([a-z]{2,9})=(?:"([\w.:/@ -]*)"|'([\w.:/@ -]*)')/y;
const start = "<body";

/** The body, or null when the text is not of the plainest form. */
export function readHotBody(text: string): BoshBody | null {
  const end = contentlessEnd(text);
  if (end === -1) return null;
  const values: Partial<Record<string, string>> = {};
  const names: string[] = [];
  let quotes = 0;
  let at = start.length;
  while (at < end) {
    attributePattern.lastIndex = at;
    const match = attributePattern.exec(text);
    const name = match?.[1];
    if (match === null || name === undefined || !isPlain(name, match[2] ?? match[3], values)) {
      return null;
    }
    quotes |= match[2] === undefined ? 1 : 2;
    values[name] = match[2] ?? match[3] ?? "";
    names.push(name);
    at = attributePattern.lastIndex;
  }
  return at === end && values["xmlns"] !== undefined ? bodyFrom(values, names, quotes) : null;
}

/** Offset where the attributes of a content-less body end, or -1. */
function contentlessEnd(text: string): number {
  if (text.length > maxLength || !text.startsWith(start)) return -1;
  if (text.endsWith("/>")) return text.length - 2;
  return text.endsWith("></body>") ? text.length - 8 : -1;
}

function isPlain(
  name: string,
  value: string | undefined,
  seen: Partial<Record<string, string>>,
): boolean {
  if (seen[name] !== undefined) return false;
  return name === "xmlns" ? value === httpBindNamespace : known.has(name);
}

const quoteOf = [undefined, "'", '"', undefined] as const;
const none = [] as const;

function bodyFrom(
  values: Partial<Record<string, string>>,
  names: readonly string[],
  quotes: number,
): BoshBody {
  return {
    kind: "body",
    sid: values["sid"] ?? null,
    rid: wholeNumber(values["rid"]),
    wait: wholeNumber(values["wait"]),
    hold: wholeNumber(values["hold"]),
    requests: null,
    inactivity: null,
    polling: null,
    maxpause: null,
    ver: null,
    ack: wholeNumber(values["ack"]),
    type: values["type"] ?? null,
    condition: values["condition"] ?? null,
    pause: wholeNumber(values["pause"]),
    restart: false,
    to: values["to"] ?? null,
    from: values["from"] ?? null,
    stanzas: none,
    children: 0,
    empty: true,
    fingerprint: fingerprintFrom(names, quoteOf[quotes]),
  };
}
