/** Writes a tree back as text that reads as the same tree. Pure. */
import type { Query } from "./query.ts";

export function printQuery(query: Query): string {
  switch (query.kind) {
    case "all":
      return "";
    case "word":
      return printed(query.text);
    case "term":
      return `${query.key}${query.operator}${printed(query.value)}`;
    case "not":
      return `-${isGroup(query.of) ? bracketed(query.of) : printQuery(query.of)}`;
    case "and":
      return query.of.map((part) => (isGroup(part) ? bracketed(part) : printQuery(part))).join(" ");
    case "or":
      return query.of
        .map((part) => (part.kind === "or" ? bracketed(part) : printQuery(part)))
        .join(" or ");
  }
}

const isGroup = (query: Query): boolean => query.kind === "and" || query.kind === "or";
const bracketed = (query: Query): string => `(${printQuery(query)})`;

/** Quoted unless it is plainly one word and no keyword. */
function printed(text: string): string {
  if (/^[\w./]+$/.test(text) && !/^(?:or|and|not)$/i.test(text)) return text;
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
