/**
 * Undoes escapes (`%41`, `&amp;`, `&#65;`, `\u0041`, `\/`) and remembers where each character came from, so that a secret is found
 * however it was escaped, also twice or in mixed ways.
 */

export interface View {
  readonly text: string;
  /** Source offset of each character, and one more: the end. null = as in the source. */
  readonly origin: Int32Array | null;
}

const escape =
  /%[0-9a-fA-F]{2}|&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});|\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|["\\/bfnrt'])/;
const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};
const short: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
/** A gadget's call has three: form, header list, Basic. */
const maxPasses = 4;

/** The text as it is, and as it reads after each round of undoing, while that changes anything. */
export function viewsOf(text: string): readonly View[] {
  const views: View[] = [{ text, origin: null }];
  while (views.length <= maxPasses) {
    const next = unescapeOnce(views.at(-1) as View);
    if (next === null) break;
    views.push(next);
  }
  return views;
}

function unescapeOnce(view: View): View | null {
  const { text } = view;
  if (!escape.test(text)) return null;
  const every = new RegExp(escape, "g");
  const origin = new Int32Array(text.length + 1);
  const from = (index: number) => view.origin?.[index] ?? index;
  const parts: string[] = [];
  let length = 0;
  let done = 0;
  const copy = (end: number) => {
    parts.push(text.slice(done, end));
    for (let index = done; index < end; index += 1) origin[length++] = from(index);
  };
  for (let match = every.exec(text); match !== null; match = every.exec(text)) {
    copy(match.index);
    const char = charOf(match[0]);
    parts.push(char);
    for (let unit = 0; unit < char.length; unit += 1) origin[length++] = from(match.index);
    done = every.lastIndex;
  }
  copy(text.length);
  origin[length] = from(text.length);
  return { text: parts.join(""), origin: origin.subarray(0, length + 1) };
}

function charOf(found: string): string {
  if (found.startsWith("%")) return String.fromCharCode(Number.parseInt(found.slice(1), 16));
  if (found.startsWith("&#")) return referenced(found.slice(2, -1));
  if (found.startsWith("&")) return named[found.slice(1, -1)] ?? found;
  const kind = found[1] ?? "";
  if (kind === "u" || kind === "x") return String.fromCharCode(Number.parseInt(found.slice(2), 16));
  return short[kind] ?? kind;
}

function referenced(reference: string): string {
  const code = /^x/i.test(reference)
    ? Number.parseInt(reference.slice(1), 16)
    : Number.parseInt(reference, 10);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : "\ufffd";
}
