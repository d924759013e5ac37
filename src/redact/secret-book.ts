/**
 * Remembers the secrets seen in known places, so that they are replaced wherever else they turn up, and gives each its marker.
 * All of it lives in memory and dies with the process.
 */
import type { Edit } from "./edits.ts";
import { applyEdits } from "./edits.ts";
import { isLearnable } from "./learnable.ts";
import { markerOf, markers, withoutBlanks } from "./marker.ts";
import { PatternIndex } from "./pattern-index.ts";
import { patternsOf } from "./secret-patterns.ts";
import { viewsOf } from "./unescape.ts";

/** Secrets looked for; the one not seen for longest goes first. Twice a large contact centre's agents on one machine's proxy. */
export const maxLearned = 2000;
/** One message can neither flush the book nor make us hash without end. */
const maxLearnedPerMessage = 100;
const maxHashedPerMessage = 1000;
const maxCached = 4000;
/** A secret of these alone is one word to every reader; any other may seem to end inside. */
const unbroken = /^[\w.~+/=-]+$/;

interface Learned {
  readonly secret: string;
  readonly marker: string;
  readonly isBreakable: boolean;
  lastSeen: number;
}

interface Found extends Edit {
  readonly owner: Learned;
  readonly isBase64: boolean;
}

export class SecretBook {
  private readonly hash: (secret: string) => string;
  private readonly markersBySecret = new Map<string, string>();
  private readonly bySecret = new Map<string, Learned>();
  private readonly byMarker = new Map<string, Learned>();
  private readonly index = new PatternIndex<Learned>();
  /** Rises whenever the set of known secrets changes. */
  version = 0;
  /** Secrets forgotten so far. */
  dropped = 0;
  private tick = 0;
  private hashedNow = 0;
  private learnedNow = 0;

  constructor(hash: (secret: string) => string) {
    this.hash = hash;
  }

  get learned(): number {
    return this.bySecret.size;
  }

  /** To be called before each message: the bounds per message start anew. */
  startMessage(): void {
    this.hashedNow = 0;
    this.learnedNow = 0;
  }

  /** The secret's marker, the same each time. */
  marker(secret: string): string {
    const before = this.markersBySecret.get(secret);
    if (before !== undefined) return before;
    if (this.hashedNow >= maxHashedPerMessage) return markerOf("many");
    this.hashedNow += 1;
    const marker = markerOf(digitsOf(this.hash(secret)));
    if (this.markersBySecret.size >= maxCached) this.markersBySecret.clear();
    this.markersBySecret.set(secret, marker);
    return marker;
  }

  /** The secret behind a marker (with or without a blank in it), while it is remembered; else null. */
  secretOf(marker: string): string | null {
    const wanted = marker.replace("+", " ");
    const learned = this.byMarker.get(wanted);
    if (learned !== undefined) return learned.secret;
    for (const [secret, known] of this.markersBySecret) if (known === wanted) return secret;
    return null;
  }

  /** The value with the secrets that are looked for in place of their markers: what holds a known one has one marker for all of it. */
  withSecrets(value: string): string {
    if (!value.includes("‹")) return value;
    return value.replace(
      markers,
      (marker) => this.byMarker.get(marker.replace("+", " "))?.secret ?? marker,
    );
  }

  /** Looks for it from now on, if it is odd enough not to be a word of the protocol. */
  learn(secret: string, shortest: number): void {
    const known = this.bySecret.get(secret);
    this.tick += 1;
    if (known !== undefined) {
      known.lastSeen = this.tick;
      return;
    }
    if (secret.length < shortest || !isLearnable(secret)) return;
    if (this.learnedNow >= maxLearnedPerMessage) return;
    this.learnedNow += 1;
    this.version += 1;
    if (this.bySecret.size >= maxLearned) this.forgetOldest();
    const marker = this.marker(secret);
    const learned = { secret, marker, isBreakable: !unbroken.test(secret), lastSeen: this.tick };
    this.bySecret.set(secret, learned);
    this.byMarker.set(marker, learned);
    for (const pattern of patternsOf(secret)) this.index.add(pattern, learned);
  }

  /** The text with every known secret replaced, however it is escaped there. `inUrl`: markers without blanks. */
  replaceKnown(text: string, inUrl: boolean): string {
    const edits = this.find(text, inUrl);
    return edits.length === 0 ? text : applyEdits(text, edits);
  }

  /**
   * The same before anything is read, for those secrets alone that a reader may take for two values. Base64 is left to the reader, who
   * shows the user in it. `isClean`: no known secret is in the text at all.
   */
  replaceBreakable(
    text: string,
    inUrl: boolean,
  ): { readonly text: string; readonly isClean: boolean } {
    const found = this.find(text, inUrl);
    const edits = found.filter(({ owner, isBase64 }) => owner.isBreakable && !isBase64);
    return { text: applyEdits(text, edits), isClean: found.length === 0 };
  }

  private find(text: string, inUrl: boolean): readonly Found[] {
    if (this.bySecret.size === 0) return [];
    const found: Found[] = [];
    for (const view of viewsOf(text)) {
      for (const { start, end, owner, isBase64 } of this.index.search(view.text)) {
        this.tick += 1;
        owner.lastSeen = this.tick;
        found.push({
          start: view.origin?.[start] ?? start,
          end: view.origin?.[end] ?? end,
          text: inUrl ? withoutBlanks(owner.marker) : owner.marker,
          owner,
          isBase64,
        });
      }
    }
    return found.length === 0 ? found : outsideMarkers(text, found);
  }

  private forgetOldest(): void {
    let oldest: Learned | null = null;
    for (const learned of this.bySecret.values()) {
      if (oldest === null || learned.lastSeen < oldest.lastSeen) oldest = learned;
    }
    if (oldest === null) return;
    this.dropped += 1;
    this.bySecret.delete(oldest.secret);
    if (this.byMarker.get(oldest.marker) === oldest) this.byMarker.delete(oldest.marker);
    this.index.removeAll(oldest);
  }
}

/** Eight hex digits, whatever the hash gave. */
function digitsOf(hash: string): string {
  return hash
    .toLowerCase()
    .replace(/[^0-9a-f]/g, "")
    .slice(0, 8)
    .padStart(8, "0");
}

/** A secret may look like a piece of a marker; markers stay whole. */
function outsideMarkers(text: string, edits: readonly Found[]): readonly Found[] {
  if (!text.includes("‹")) return edits;
  const ranges = Array.from(text.matchAll(markers), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  return edits.filter((edit) => !overlapsAny(edit, ranges));
}

function overlapsAny(edit: Edit, ranges: readonly { start: number; end: number }[]): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.end ?? 0) > edit.start) high = middle;
    else low = middle + 1;
  }
  const next = ranges[low];
  return next !== undefined && next.start < edit.end;
}
