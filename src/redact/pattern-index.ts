/**
 * Finds any of thousands of patterns in one pass over a text, and takes new ones without rebuilding.
 *
 * Each pattern is filed under one window of six characters. A rolling hash of the last six characters costs a shift and a xor per
 * character of text; a bit set rules out nearly all windows; what is left is compared. Which window a pattern is filed under is chosen
 * so that tokens with a common start (all JWTs begin alike) do not share one.
 */
import type { SecretPattern } from "./secret-patterns.ts";

/** Shortest pattern. */
export const windowLength = 6;
/** Longer patterns are searched by their last part (a JWT's signature); what precedes is taken along. */
const longestPiece = 64;
/** Patterns under one window; with more, comparing them would cost more than a hostile client should be able to ask for. */
const fullBucket = 32;
const hashMask = 0x3f_ff_ff_ff;
const filterMask = 0xf_ff_ff;

export interface Hit<Owner> {
  readonly start: number;
  readonly end: number;
  readonly owner: Owner;
  readonly isBase64: boolean;
}

interface Filed<Owner> {
  readonly pattern: SecretPattern;
  /** Last part of the pattern. */
  readonly piece: string;
  /** Offset in `piece` after its window. */
  readonly windowEnd: number;
  readonly hash: number;
  readonly owner: Owner;
}

export class PatternIndex<Owner> {
  private readonly buckets = new Map<number, Filed<Owner>[]>();
  private readonly hashesOf = new Map<Owner, number[]>();
  private filter = new Uint32Array((filterMask + 1) / 32);
  private removals = 0;

  /** False when every window it could be filed under is full. */
  add(pattern: SecretPattern, owner: Owner): boolean {
    const piece = pattern.text.slice(-longestPiece);
    let best: { end: number; hash: number; load: number } | null = null;
    // From the end, as ends differ most; a few windows are enough to find one that is not shared.
    const step = Math.max(1, Math.floor((piece.length - windowLength) / 8));
    for (let end = piece.length; end >= windowLength; end -= step) {
      const hash = hashOf(piece, end);
      const load = this.buckets.get(hash)?.length ?? 0;
      if (best === null || load < best.load) best = { end, hash, load };
      if (load === 0) break;
    }
    if (best === null || best.load >= fullBucket) return false;
    this.file({ pattern, piece, windowEnd: best.end, hash: best.hash, owner });
    return true;
  }

  removeAll(owner: Owner): void {
    for (const hash of this.hashesOf.get(owner) ?? []) {
      const left = (this.buckets.get(hash) ?? []).filter((filed) => filed.owner !== owner);
      if (left.length === 0) this.buckets.delete(hash);
      else this.buckets.set(hash, left);
      this.removals += 1;
    }
    this.hashesOf.delete(owner);
    // Bits of removed patterns only cost time; now and then they are cleared.
    if (this.removals > 4096) this.rebuildFilter();
  }

  /** Where the patterns occur, in order of their ends. */
  search(text: string): readonly Hit<Owner>[] {
    const hits: Hit<Owner>[] = [];
    const { filter } = this;
    let hash = 0;
    let taken = 0;
    for (let index = 0; index < text.length; index += 1) {
      hash = ((hash << 5) ^ text.charCodeAt(index)) & hashMask;
      const bit = (hash ^ (hash >>> 11)) & filterMask;
      if (((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) continue;
      const hit = this.compare(text, index + 1, hash, taken);
      if (hit === null) continue;
      hits.push(hit);
      taken = hit.end;
    }
    return hits;
  }

  private file(filed: Filed<Owner>): void {
    const bucket = this.buckets.get(filed.hash);
    if (bucket === undefined) this.buckets.set(filed.hash, [filed]);
    else bucket.push(filed);
    const hashes = this.hashesOf.get(filed.owner);
    if (hashes === undefined) this.hashesOf.set(filed.owner, [filed.hash]);
    else hashes.push(filed.hash);
    this.setBit(filed.hash);
  }

  private setBit(hash: number): void {
    const bit = (hash ^ (hash >>> 11)) & filterMask;
    this.filter[bit >>> 5] = (this.filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  private rebuildFilter(): void {
    this.removals = 0;
    this.filter = new Uint32Array(this.filter.length);
    for (const hash of this.buckets.keys()) this.setBit(hash);
  }

  /** `taken`: end of the hit before, so that no character is extended over twice. */
  private compare(text: string, end: number, hash: number, taken: number): Hit<Owner> | null {
    for (const filed of this.buckets.get(hash) ?? []) {
      const start = end - filed.windowEnd;
      if (start < 0 || !text.startsWith(filed.piece, start)) continue;
      return extend(text, start, filed, taken);
    }
    return null;
  }
}

function hashOf(text: string, end: number): number {
  let hash = 0;
  for (let index = end - windowLength; index < end; index += 1) {
    hash = ((hash << 5) ^ text.charCodeAt(index)) & hashMask;
  }
  return hash;
}

const base64Char = /[A-Za-z0-9+/_-]/;

function extend<Owner>(text: string, at: number, filed: Filed<Owner>, taken: number): Hit<Owner> {
  const { pattern, piece, owner } = filed;
  let start = at;
  let before = pattern.text.length - piece.length - 1;
  while (before >= 0 && start > taken && pattern.text[before] === text[start - 1]) {
    start -= 1;
    before -= 1;
  }
  let end = at + piece.length;
  if (!pattern.isBase64) return { start, end, owner, isBase64: false };
  if (pattern.left && base64Char.test(text[start - 1] ?? "")) start -= 1;
  if (pattern.right && base64Char.test(text[end] ?? "")) end += 1;
  while (end - at - piece.length < 3 && text[end] === "=") end += 1;
  return { start, end, owner, isBase64: true };
}
