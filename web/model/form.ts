/** Form bodies and query strings, decoded; broken percent signs stay as they were sent. */

export interface FormField {
  readonly name: string;
  readonly value: string;
  /** Fields inside the value: Shindig's makeRequest packs headers and postData as forms of their own. */
  readonly inner: readonly FormField[];
}

/** Total: any text gives fields. Duplicates and order are kept. */
export function parseForm(text: string): readonly FormField[] {
  return pairs(text).map(([name, value]) => ({
    name,
    value,
    inner: isPacked(name, value) ? pairs(value).map(plainField) : [],
  }));
}

/** The query string of a URL, without fragment; "" when it has none. */
export function queryOf(url: string): string {
  const from = url.indexOf("?");
  if (from < 0) return "";
  const to = url.indexOf("#", from);
  return url.slice(from + 1, to < 0 ? undefined : to);
}

const plainField = ([name, value]: readonly [string, string]): FormField => ({
  name,
  value,
  inner: [],
});

const isPacked = (name: string, value: string): boolean =>
  (name === "headers" || name === "postData") && /^[\w.-]+=/.test(value);

function pairs(text: string): readonly (readonly [string, string])[] {
  return text
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      if (equals < 0) return [decode(part), ""] as const;
      return [decode(part.slice(0, equals)), decode(part.slice(equals + 1))] as const;
    });
}

function decode(text: string): string {
  const spaced = text.replaceAll("+", " ");
  return spaced.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch (thrown) {
      // Not UTF-8: the run is shown as it was sent.
      if (thrown instanceof URIError) return run;
      throw thrown;
    }
  });
}
