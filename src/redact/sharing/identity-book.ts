/**
 * Gives each person, number, value and session one pseudonym, the same wherever it stands: `agent~1` in a URL, in XML within XML, in a
 * client log. Pseudonyms are counted, so that they tell nothing about what they stand for, and need no escaping in any grammar.
 */
import { applyEdits, type Edit } from "../edits.ts";
import { PatternIndex, windowLength } from "../pattern-index.ts";
import { Recent } from "../recent.ts";
import { patternsOf } from "../secret-patterns.ts";
import { type View, viewsOf } from "../unescape.ts";
import { isTelling, type PersonalKind } from "./personal-names.ts";
import { personalPlaces } from "./personal-places.ts";
import { isProtected } from "./protected-places.ts";
import { firstRun, RunIndex } from "./run-index.ts";

interface Identity {
  readonly kind: PersonalKind;
  /** In lower case: agents type their names as they like. */
  readonly value: string;
  readonly pseudonym: string;
  replaced: number;
}

/** One search candidate: the identity's text, and where in it the run of letters or digits begins that it is filed under. */
interface Filed {
  readonly identity: Identity;
  readonly lead: number;
}

/** More people than any contact centre's capture has. */
const maxIdentities = 100_000;

/** Lines of heads come again with each poll; bodies are longer, or differ. */
const maxRemembered = 1000;
const longestRemembered = 2048;

type Span = Omit<Edit, "text">;
type Put = (place: Span, identity: Identity | undefined, written: string) => void;

/** What replacing made of a text, while nothing was learnt since. */
interface Replaced {
  readonly text: string;
  readonly used: readonly Identity[];
}

export class IdentityBook {
  readonly #byValue = new Map<string, Identity>();
  readonly #byRun = new RunIndex<Filed>();
  readonly #encoded = new PatternIndex<Identity>();
  readonly #counts = new Map<PersonalKind, number>();
  readonly #learntFrom = new Recent<true>(maxRemembered);
  readonly #replaced = new Recent<Replaced>(maxRemembered);

  /** Learns whatever the text shows in known places. */
  learnFrom(text: string): void {
    if (this.#learntFrom.get(text) === true) return;
    if (text.length <= longestRemembered) this.#learntFrom.put(text, true);
    for (const view of viewsOf(text)) {
      for (const { kind, start, end } of personalPlaces(view.text))
        this.learn(kind, view.text.slice(start, end));
    }
  }

  learn(kind: PersonalKind, written: string): void {
    const value = written.trim().toLowerCase();
    if (value === "" || this.#byValue.has(value) || this.#byValue.size >= maxIdentities) return;
    const before = pseudonymPattern.exec(value);
    if (before !== null) return this.#skipTo(Number(before[1] ?? before[2]), kind);
    const identity = { kind, value, pseudonym: this.#newPseudonym(kind), replaced: 0 };
    this.#byValue.set(value, identity);
    this.#replaced.clear();
    if (isTelling(kind, value)) this.#file(identity, written.trim());
  }

  /** Whether a text that can't be rewritten (bytes of an image, of a font) says something of what is known. */
  isMentionedIn(text: string): boolean {
    const filed = this.#byRun
      .search(text)
      .flatMap(({ start, end, values }) => (end - start < 5 ? [] : values));
    const lower = filed.length === 0 ? "" : text.toLowerCase();
    if (filed.some(({ identity }) => lower.includes(identity.value))) return true;
    return this.#encoded.search(text).length > 0;
  }

  /** The text with all that is known replaced, and what stands in known places. */
  replace(text: string): string {
    const before = this.#replaced.get(text);
    if (before !== undefined) {
      for (const identity of before.used) identity.replaced++;
      return before.text;
    }
    const known = this.#byValue.size;
    const used: Identity[] = [];
    const replaced = this.#replacedNow(text, used);
    for (const identity of used) identity.replaced++;
    // What was learnt on the way may stand in what was read before.
    if (text.length <= longestRemembered && this.#byValue.size === known)
      this.#replaced.put(text, { text: replaced, used });
    return replaced;
  }

  #replacedNow(text: string, used: Identity[]): string {
    const edits: Edit[] = [];
    const put: Put = (place, identity, written) => {
      if (identity !== undefined) used.push(identity);
      edits.push({ ...place, text: identity?.pseudonym ?? written });
    };
    for (const view of viewsOf(text)) {
      this.#byPlace(view, put);
      this.#byValueIn(view, put);
    }
    for (const { start, end, owner } of this.#encoded.search(text)) put({ start, end }, owner, "");
    return edits.length === 0 ? text : applyEdits(text, edits);
  }

  /** The pseudonym of a value that stands alone. */
  whole(kind: PersonalKind, written: string): string {
    const identity = this.#identityOf(kind, written);
    if (identity === undefined) return written;
    identity.replaced++;
    return identity.pseudonym;
  }

  /** By kind: how many there are, and in how many places they were replaced. */
  counts(): Readonly<Record<string, { readonly distinct: number; readonly replaced: number }>> {
    const counts: Record<string, { distinct: number; replaced: number }> = {};
    for (const { kind, replaced } of this.#byValue.values()) {
      const count = (counts[kind] ??= { distinct: 0, replaced: 0 });
      count.distinct++;
      count.replaced += replaced;
    }
    return counts;
  }

  /** undefined = there are too many already. */
  #identityOf(kind: PersonalKind, written: string): Identity | undefined {
    this.learn(kind, written);
    return this.#byValue.get(written.trim().toLowerCase());
  }

  #byPlace(view: View, put: Put): void {
    for (const { kind, start, end } of personalPlaces(view.text)) {
      const written = view.text.slice(start, end);
      if (pseudonymPattern.test(written)) continue;
      put(spanIn(view, start, end), this.#identityOf(kind, written), written);
    }
  }

  #byValueIn(view: View, put: Put): void {
    const { text } = view;
    for (const hit of this.#byRun.search(text)) {
      for (const { identity, lead } of hit.values) {
        const start = hit.start - lead;
        const end = start + identity.value.length;
        if (start < 0 || text.slice(start, end).toLowerCase() !== identity.value) continue;
        if (isAlnum(text, start - 1, start) || isAlnum(text, end, end - 1)) continue;
        if (isProtected(text, start, end)) continue;
        put(spanIn(view, start, end), identity, "");
        break;
      }
    }
  }

  #newPseudonym(kind: PersonalKind): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return kind === "host" ? `host${count}.example` : `${kind}~${count}`;
  }

  /** A capture that was redacted before keeps its pseudonyms; new ones do not take them again. */
  #skipTo(count: number, kind: PersonalKind): void {
    this.#counts.set(kind, Math.max(count, this.#counts.get(kind) ?? 0));
  }

  #file(identity: Identity, written: string): void {
    const run = firstRun(identity.value);
    if (run === undefined) return;
    const filed = this.#byRun.at(run);
    filed.push({ identity, lead: identity.value.indexOf(run) });
    // The longest first: `fin1.ucce.local` before `fin1`.
    filed.sort((a, b) => b.identity.value.length - a.identity.value.length);
    if (written.length < windowLength) return;
    for (const pattern of patternsOf(written))
      if (pattern.isBase64 && pattern.text.length >= windowLength)
        this.#encoded.add(pattern, identity);
  }
}

const pseudonymPattern = /^(?:(?:agent|number|person|value|sid)~(\d+)|host(\d+)\.example)$/;
const alnum = /[\p{L}\p{N}]/u;

/** Whether the character at `index` goes on the run that the one at `edge` is part of. */
const isAlnum = (text: string, index: number, edge: number): boolean =>
  alnum.test(text[index] ?? "") && alnum.test(text[edge] ?? "");

const spanIn = (view: View, start: number, end: number): Span => ({
  start: view.origin?.[start] ?? start,
  end: view.origin?.[end] ?? end,
});
