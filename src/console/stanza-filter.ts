/**
 * The console's filter: words with spaces between, all of which must be so. `kind:iq`, `node:/User/1001`, `from:`, `to:`, `type:`, `id:`,
 * `about:`, `dir:in`, and any other word is looked for in the whole stanza; `-` before a word means not; quotes keep spaces.
 */
import { fail } from "../base/errors.ts";
import type { ShownStanza } from "../domain/xmpp-console.ts";

export type StanzaTest = (stanza: ShownStanza) => boolean;

const keys = ["kind", "type", "from", "to", "id", "node", "about"] as const;
type Key = (typeof keys)[number];

const isKey = (word: string): word is Key => (keys as readonly string[]).includes(word);

/** Throws "query-invalid". */
export function readStanzaFilter(text: string): StanzaTest {
  const tests = wordsOf(text).map(testOf);
  return (stanza) => tests.every((test) => test(stanza));
}

/** Words by spaces; a part in double quotes keeps its own. */
export function wordsOf(text: string): string[] {
  return (text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? []).map((word) => word.replaceAll('"', ""));
}

function testOf(word: string): StanzaTest {
  if (word.startsWith("-") && word.length > 1) {
    const test = testOf(word.slice(1));
    return (stanza) => !test(stanza);
  }
  const colon = word.indexOf(":");
  const key = word.slice(0, Math.max(0, colon));
  const value = word.slice(colon + 1).toLowerCase();
  if (key === "dir") return directionTest(value);
  if (isKey(key)) return (stanza) => (stanza[key] ?? "").toLowerCase().includes(value);
  // `urn:xmpp:ping` is a word, and no mistake.
  const wanted = word.toLowerCase();
  return ({ text }) => text.toLowerCase().includes(wanted);
}

function directionTest(value: string): StanzaTest {
  if (value !== "in" && value !== "out")
    throw fail("query-invalid", { at: `dir:${value}`, why: "dir is in or out" });
  return ({ direction }) => direction === value;
}
