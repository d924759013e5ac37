/** Secrets in JSON: values under a secret's key, and whatever hides in other strings (a key may be a URL with its query). */
import { redactNamed } from "./credentials.ts";
import type { Edit } from "./edits.ts";
import { applyEdits } from "./edits.ts";
import type { JsonPlace, JsonString } from "./json-scan.ts";
import { scanJson } from "./json-scan.ts";
import type { Redacted, Scrub } from "./scrub.ts";
import { beforeRest, unreadableRest } from "./scrub.ts";
import { isHarmlessDetail, isSecretName } from "./secret-names.ts";

/** The JSON with its secrets replaced, or null when it can't be read. One cut short is read as far as it goes, if accepted. */
export function redactJson(text: string, scrub: Scrub, acceptCut: boolean): Redacted {
  const found: JsonString[] = [];
  const source = beforeRest(text);
  const scan = scanJson(source, (value) => found.push(value));
  if (scan === null || (scan.cutAt !== null && !acceptCut)) return null;
  const edits = editsFor(found, scrub);
  const { cutAt } = scan;
  if (cutAt !== null && cutAt < source.length) {
    edits.push({ start: cutAt, end: source.length, text: unreadableRest });
  }
  return applyEdits(source, edits) + text.slice(source.length);
}

function editsFor(found: readonly JsonString[], scrub: Scrub): Edit[] {
  const edits: Edit[] = [];
  const names = new Names(found);
  for (const [at, value] of found.entries()) {
    const name = value.role === "key" ? null : names.secretNameOf(value, at);
    const redacted =
      name === null
        ? value.role === "number"
          ? value.text
          : scrub.nested(value.text)
        : redactNamed(name, value.text, scrub);
    if (redacted !== value.text) edits.push(editOf(value, redacted));
  }
  return edits;
}

const nameKeys = new Set(["name", "key", "id"]);
const valueKeys = new Set(["value", "raw", "content", "data", "text"]);

/** Which names stand for which values, in the shapes that gadgets and servers use. */
class Names {
  private readonly found: readonly JsonString[];
  /** Objects that say of themselves whose value they hold: `{"value": "…", "name": "password"}`, in any order. */
  private readonly named = new Map<JsonPlace, string>();
  private readonly belowSecret = new Map<JsonPlace, boolean>();

  constructor(found: readonly JsonString[]) {
    this.found = found;
    for (const { role, key, text, place } of found) {
      const says = role === "string" && nameKeys.has(key) && isSecretName(text);
      if (says && place !== null && !place.isList) this.named.set(place, text);
    }
  }

  /** Null when the value is no secret by what stands around it. */
  secretNameOf(value: JsonString, at: number): string | null {
    const { key, parent, place } = value;
    if (isSecretName(key)) return key;
    if (valueKeys.has(key) && isSecretName(parent)) return key;
    if (place === null) return null;
    const owner = place.isList ? place.above : place;
    const named = key === "value" && owner !== null ? this.named.get(owner) : undefined;
    if (named !== undefined) return named;
    if (value.role === "string" && !isHarmlessDetail(key) && this.isBelowSecret(place)) return key;
    return this.firstOfPair(value, at);
  }

  /** `{"passwords": {"a": "…"}}`; a gadget's answers stand below their URLs, which may have any word in them. */
  private isBelowSecret(place: JsonPlace): boolean {
    const before = this.belowSecret.get(place);
    if (before !== undefined) return before;
    const { key, above } = place;
    const is =
      (isSecretName(key) && !key.includes("/")) || (above !== null && this.isBelowSecret(above));
    this.belowSecret.set(place, is);
    return is;
  }

  /** `[["password", "…"], ["X-Api-Key", "…"]]`: a lone list of two words is a list of names as well. */
  private firstOfPair({ place, index }: JsonString, at: number): string | null {
    if (index !== 1 || place?.isList !== true || place.above?.isList !== true) return null;
    if (this.found[at + 1]?.place === place) return null;
    const first = this.found[at - 1];
    const isName = first?.place === place && first.role === "string" && isSecretName(first.text);
    return isName ? first.text : null;
  }
}

function editOf(value: JsonString, redacted: string): Edit {
  const written = JSON.stringify(redacted);
  const text = value.role === "number" ? written : written.slice(1, -1);
  return { start: value.start, end: value.end, text };
}
