/** What a lane draws of its marks in a view: bars, merged where they share a pixel, and the gaps between them. The worst of a pixel shows. */
import type { LaneMark } from "../../src/domain/timeline.ts";
import { type LaneView, pixelOf } from "./lane-scale.ts";

/** From harmless to grave: where several share a pixel, the highest shows. */
export const levels = ["idle", "stanzas", "held", "noted", "amber", "red"] as const;
export type Level = (typeof levels)[number];

export interface Segment {
  readonly left: number;
  readonly right: number;
  readonly level: Level;
  /** The mark that gives the level. */
  readonly mark: LaneMark;
  /** Marks merged into it. */
  readonly count: number;
  /** A fault rule touched one of them. */
  readonly isTouched: boolean;
}

/** A pause of the client between two polls. */
export interface Gap {
  readonly left: number;
  readonly right: number;
  readonly level: "calm" | "amber" | "red";
  readonly ms: number;
  /** The poll that ended it. */
  readonly mark: LaneMark;
}

export interface Limits {
  /** ms a poll may be held before it is late, and before it counts as lost. */
  readonly amber: number;
  readonly red: number;
}

/** Longest poll looked for left of the view. */
const longestMs = 30 * 60_000;
const graveNotes: ReadonlySet<string> = new Set([
  "early-empty",
  "overdue",
  "answer-trickles",
  "rid-out-of-window",
  "stream-error",
  "invalid-sid",
  "xml-unreadable",
  "invalid-xml-char",
]);
const tellingNotes: ReadonlySet<string> = new Set([
  "retransmission",
  "rid-gap",
  "reconnect",
  "failover",
  "terminate",
  "two-open",
]);

/** How grave a mark is at that moment. */
export function levelOf(mark: LaneMark, now: number, limits: Limits): Level {
  if (mark.state === "failed" || (mark.status !== null && mark.status >= 400)) return "red";
  if (mark.state === "pending") {
    const age = now - mark.at;
    if (mark.role !== "poll") return age > 5000 ? "red" : "held";
    if (age >= limits.red) return "red";
    return age >= limits.amber ? "amber" : "held";
  }
  if (mark.notes.some((note) => graveNotes.has(note))) return "amber";
  if (mark.faults.length > 0 || mark.notes.some((note) => tellingNotes.has(note))) return "noted";
  return mark.notes.includes("empty") ? "idle" : "stanzas";
}

/** Bars of the marks in view, left to right; none is left out, those within two pixels of each other are merged. */
export function segmentsOf(
  marks: readonly LaneMark[],
  view: LaneView,
  width: number,
  { now, limits }: { readonly now: number; readonly limits: Limits },
): readonly Segment[] {
  const segments: Segment[] = [];
  for (let index = firstFrom(marks, view.from - longestMs); index < marks.length; index += 1) {
    const mark = marks[index];
    if (mark === undefined || mark.at > view.to) break;
    const end = mark.end ?? Math.max(now, mark.at);
    if (end < view.from) continue;
    const left = Math.max(0, pixelOf(mark.at, view, width));
    const right = Math.min(width, Math.max(left + 1, pixelOf(end, view, width)));
    const level = levelOf(mark, now, limits);
    const isTouched = mark.faults.length > 0;
    add(segments, { left, right: Math.max(left, right), level, mark, count: 1, isTouched });
  }
  return segments;
}

/** Two bars are one when the later adds less than two pixels to what the earlier covers. */
function add(segments: Segment[], next: Segment): void {
  const last = segments.at(-1);
  if (last === undefined || next.right - Math.max(last.right, next.left) >= 2) {
    segments.push(next);
    return;
  }
  if (next.left - last.right > 2) {
    segments.push(next);
    return;
  }
  const isWorse = levels.indexOf(next.level) > levels.indexOf(last.level);
  segments[segments.length - 1] = {
    left: Math.min(last.left, next.left),
    right: Math.max(last.right, next.right),
    level: isWorse ? next.level : last.level,
    mark: isWorse ? next.mark : last.mark,
    count: last.count + next.count,
    isTouched: last.isTouched || next.isTouched,
  };
}

/** Pauses that are wide enough to see: amber from 5 s, red from 60 s (times the pace of a demo). */
export function gapsOf(
  marks: readonly LaneMark[],
  view: LaneView,
  width: number,
  timeScale: number,
): readonly Gap[] {
  const gaps: Gap[] = [];
  for (let index = firstFrom(marks, view.from); index < marks.length; index += 1) {
    const mark = marks[index];
    if (mark === undefined || mark.at - (mark.gapMs ?? 0) > view.to) break;
    if (mark.gapMs === null || mark.gapMs <= 0) continue;
    const left = Math.max(0, pixelOf(mark.at - mark.gapMs, view, width));
    const right = Math.min(width, pixelOf(mark.at, view, width));
    if (right - left < 1) continue;
    const paced = mark.gapMs * timeScale;
    const level = paced >= 60_000 ? "red" : paced >= 5000 ? "amber" : "calm";
    gaps.push({ left, right, level, ms: mark.gapMs, mark });
  }
  return gaps;
}

/** The segment under a pixel, or the nearest within `reach` pixels. */
export function segmentAt(
  segments: readonly Segment[],
  pixel: number,
  reach: number,
): Segment | null {
  let best: Segment | null = null;
  let distance = reach;
  for (const segment of segments) {
    const away = Math.max(segment.left - pixel, pixel - segment.right, 0);
    if (away > distance) continue;
    best = segment;
    distance = away;
  }
  return best;
}

/** Index of the first mark that begins at or after that moment. */
export function firstFrom(marks: readonly LaneMark[], at: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((marks[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
