/** HTML and SVG as values: text is escaped when it is put in, so that nothing captured can become markup. */

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Markup | string | number | null | readonly Part[];

const named: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Also drops characters that XML and HTML forbid, and marks those that turn the direction of text. */
export const escaped = (text: string): string =>
  text
    .replaceAll(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, "\ufffd")
    .replaceAll(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, "\ufffd")
    .replaceAll(/[&<>"']/g, (character) => named[character] ?? "");

function textOf(part: Part): string {
  if (part === null) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "object") return part.map(textOf).join("");
  return escaped(String(part));
}

/** html`<b>${anything}</b>`: what stands in braces is escaped unless it is markup. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.map((string, index) => string + textOf(parts[index] ?? null)).join(""));
