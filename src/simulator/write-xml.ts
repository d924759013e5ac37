/** Writes XML the way Finesse's web services do: two spaces a level, LF, and long ends for empty elements. */

/** Tag and content: text, or children in order. */
export type XmlPart = readonly [tag: string, content: string | readonly XmlPart[]];

const escapes: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };

/** For element content; quotes stay as they are, as in what Finesse sends. */
export const escapeXml = (text: string): string =>
  text.replace(/[<>&]/g, (found) => escapes[found] ?? found);

const moreEscapes: Readonly<Record<string, string>> = { "'": "&apos;", '"': "&quot;" };

/** For attribute values in either quotes. */
export const escapeAttribute = (text: string): string =>
  escapeXml(text).replace(/['"]/g, (found) => moreEscapes[found] ?? found);

/** The part as indented lines without a last line end. */
export function writeXml([tag, content]: XmlPart, indent = ""): string {
  if (typeof content === "string") return `${indent}<${tag}>${escapeXml(content)}</${tag}>`;
  const lines = content.map((part) => writeXml(part, `${indent}  `));
  return [`${indent}<${tag}>`, ...lines, `${indent}</${tag}>`].join("\n");
}
