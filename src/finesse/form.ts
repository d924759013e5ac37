/** Reads form fields and query strings. Total: an escape that is none stays as it is. */

/** More fields than this are not read: no request of Finesse has twenty. */
const maxFields = 500;

export type Form = ReadonlyMap<string, string>;

/** Decoded names and values; of a name used twice the first counts. */
export function readForm(text: string): Form {
  const fields = new Map<string, string>();
  let start = text.startsWith("?") ? 1 : 0;
  while (start < text.length && fields.size < maxFields) {
    const found = text.indexOf("&", start);
    const end = found === -1 ? text.length : found;
    const part = text.slice(start, end);
    const equals = part.indexOf("=");
    const name = decodePart(equals === -1 ? part : part.slice(0, equals));
    if (name !== "" && !fields.has(name)) {
      fields.set(name, equals === -1 ? "" : decodePart(part.slice(equals + 1)));
    }
    start = end + 1;
  }
  return fields;
}

/** Undoes `+` and percent escapes of a form field. */
export function decodePart(text: string): string {
  if (!/[+%]/.test(text)) return text;
  return decodePercent(text.replaceAll("+", " "));
}

/** Undoes percent escapes; the text as it is when they are no UTF-8. */
export function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Path and query of a request target, without fragment. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const [before = ""] = target.split("#", 1);
  const mark = before.indexOf("?");
  return mark === -1
    ? { path: before, query: "" }
    : { path: before.slice(0, mark), query: before.slice(mark + 1) };
}
