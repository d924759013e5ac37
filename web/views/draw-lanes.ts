/** Paints the lanes that are in view onto a canvas. Reads everything it needs from its arguments; keeps nothing. */
import type { LaneMark, SessionSummary } from "../../src/domain/timeline.ts";
import type { LaneRow } from "../model/lane-rows.ts";
import { type LaneView, pixelOf, spanOf } from "../model/lane-scale.ts";
import {
  firstFrom,
  gapsOf,
  type Level,
  type Limits,
  type Segment,
  segmentsOf,
} from "../model/lane-segments.ts";
import type { LaneStore } from "../model/lane-store.ts";

export const laneHeight = 30;
const barTop = 5;
const barHeight = 13;
const tickTop = 22;

/** Colours of the theme in force, read once per repaint. */
export interface LaneColors {
  readonly level: Readonly<Record<Level, string>>;
  readonly edge: Readonly<Record<Level, string>>;
  readonly line: string;
  readonly text: string;
  readonly faint: string;
  readonly amber: string;
  readonly red: string;
  readonly accent: string;
  /** Of what fault rules have done. */
  readonly fault: string;
  readonly stripe: string;
}

export interface LanePicture {
  readonly rows: readonly LaneRow[];
  /** Rows painted, and where the first of them is, px from the top. */
  readonly first: number;
  readonly end: number;
  readonly top: number;
  readonly view: LaneView;
  readonly width: number;
  readonly height: number;
  readonly now: number;
  readonly timeScale: number;
  readonly cursor: number | null;
  readonly colors: LaneColors;
  readonly store: LaneStore;
  /** Login id → flags of its findings. */
  readonly flags: ReadonlyMap<string, readonly LaneFlag[]>;
  /** "nothing outstanding for 3.2 s" */
  /** The longer ones where there is room for them. */
  readonly quietWords: (ms: number) => readonly [long: string, short: string];
}

/** A finding at its time. */
export interface LaneFlag {
  /** Wall ms. */
  readonly at: number;
  readonly finding: { readonly id: string; readonly severity: string };
}

type Pen = CanvasRenderingContext2D;

export function drawLanes(pen: Pen, picture: LanePicture): void {
  const { rows, first, end, top, width, height } = picture;
  pen.clearRect(0, 0, width, height);
  pen.font = "10px system-ui, sans-serif";
  pen.textBaseline = "middle";
  for (let index = first; index < end; index += 1) {
    const row = rows[index];
    if (row === undefined) continue;
    const y = top + (index - first) * laneHeight;
    if (index % 2 === 1) fill(pen, picture.colors.stripe, [0, y, width, laneHeight]);
    drawRow(pen, picture, row, y);
    if (!row.isFirst) drawTakeover(pen, picture, rows[index - 1] ?? null, y);
  }
  drawNow(pen, picture);
}

function drawRow(pen: Pen, picture: LanePicture, row: LaneRow, y: number): void {
  const { session } = row;
  if (session !== null) drawExtent(pen, picture, session, y);
  if (row.lane !== null && session?.transport === "bosh") drawPolls(pen, picture, row, y);
  if (row.lane !== null && session?.transport === "websocket") drawSocket(pen, picture, row, y);
  if (row.agentLane !== null) drawTicks(pen, picture, row.agentLane, y);
  if (row.isFirst && row.agent !== null) drawFindings(pen, picture, row.agent.agent, y);
}

/** What the session's limits are in the page's time. */
export function limitsOf(session: SessionSummary | null, timeScale: number): Limits {
  const wait = (session?.granted.wait ?? 30) * 1000;
  return { amber: (wait + 2000) / timeScale, red: (wait + 5000) / timeScale };
}

export function rowSegments(picture: LanePicture, row: LaneRow): readonly Segment[] {
  if (row.lane === null || row.session?.transport !== "bosh") return [];
  const { view, width, now, timeScale, store } = picture;
  const marks = store.marksOf(row.lane);
  return segmentsOf(marks, view, width, { now, limits: limitsOf(row.session, timeScale) });
}

/** A thin line from the session's first request to its end. */
function drawExtent(pen: Pen, picture: LanePicture, session: SessionSummary, y: number): void {
  const { view, width, colors, now } = picture;
  const left = Math.max(0, pixelOf(Date.parse(session.startedAt), view, width));
  const ended = session.endedAt === null ? now : Date.parse(session.endedAt);
  const right = Math.min(width, pixelOf(ended, view, width));
  if (right < left) return;
  fill(pen, colors.line, [left, y + barTop + barHeight / 2, right - left, 1]);
  if (session.endedAt !== null && right < width) {
    fill(pen, colors.text, [right - 1, y + barTop - 2, 2, barHeight + 4]);
    if (session.ending !== null)
      label(pen, session.ending, [right + 4, y + 11], width, colors.faint);
  }
}

/** Where the last poll's room ends: what comes after it has words of its own. */
function lastPixelOf({ view, width }: LanePicture, { session }: LaneRow): number {
  const until = session?.endedAt ?? session?.quietSince ?? null;
  return until === null ? width : Math.min(width, pixelOf(Date.parse(until), view, width));
}

function drawPolls(pen: Pen, picture: LanePicture, row: LaneRow, y: number): void {
  const { view, width, timeScale, store, colors, cursor } = picture;
  const marks = store.marksOf(row.lane ?? "");
  for (const gap of gapsOf(marks, view, width, timeScale)) {
    const color = gap.level === "calm" ? colors.line : colors[gap.level];
    pen.globalAlpha = gap.level === "calm" ? 0.5 : 0.35;
    fill(pen, color, [gap.left, y + barTop + 3, gap.right - gap.left, barHeight - 6]);
    pen.globalAlpha = 1;
  }
  const segments = rowSegments(picture, row);
  for (const [index, segment] of segments.entries()) {
    drawBar(pen, colors, segment, y);
    const room = (segments[index + 1]?.left ?? lastPixelOf(picture, row)) - segment.left;
    drawFlag(pen, colors, segment, room, y);
    if (segment.isTouched) bolt(pen, colors.fault, segment.left, y + barTop + barHeight + 1);
    if (segment.mark.number === cursor) outline(pen, colors.accent, segment, y);
  }
  drawQuiet(pen, picture, row, y);
}

function drawBar(pen: Pen, colors: LaneColors, { left, right, level }: Segment, y: number): void {
  const width = right - left > 2 ? right - left - 0.5 : right - left;
  fill(pen, colors.level[level], [left, y + barTop, width, barHeight]);
  pen.fillStyle = colors.edge[level];
  pen.fillRect(left, y + barTop, Math.min(width, 1.5), barHeight);
  // Hatching and crosses: nothing is told by colour alone.
  if (level === "red") cross(pen, colors.red, right, y);
  if (level === "amber" && width > 5) {
    fill(pen, colors.edge.amber, [left, y + barTop + barHeight - 2, width, 2]);
  }
}

/** A pole with a pennant over the whole lane, grave ones filled. */
function drawFindings(
  pen: Pen,
  { flags, view, width, colors }: LanePicture,
  agent: string,
  y: number,
): void {
  for (const { at, finding } of flags.get(agent) ?? none) {
    if (at < view.from || at > view.to) continue;
    const x = Math.round(pixelOf(at, view, width));
    const color = finding.severity === "disconnect" ? colors.red : colors.amber;
    fill(pen, color, [x, y + 1, 1.5, laneHeight - 3]);
    pen.beginPath();
    pen.moveTo(x + 1, y + 1);
    pen.lineTo(x + flagReach, y + 4.5);
    pen.lineTo(x + 1, y + 8);
    pen.closePath();
    pen.fillStyle = color;
    pen.strokeStyle = color;
    pen.lineWidth = 1;
    if (finding.severity === "warning") pen.stroke();
    else pen.fill();
  }
}

const none: readonly LaneFlag[] = [];
/** Width of a flag, px. */
export const flagReach = 10;

/** A bolt under a bar that a fault rule touched. */
function bolt(pen: Pen, color: string, x: number, y: number): void {
  pen.fillStyle = color;
  pen.beginPath();
  pen.moveTo(x + 4, y);
  pen.lineTo(x, y + 5);
  pen.lineTo(x + 2.4, y + 5);
  pen.lineTo(x + 1, y + 9);
  pen.lineTo(x + 6, y + 3.6);
  pen.lineTo(x + 3.4, y + 3.6);
  pen.closePath();
  pen.fill();
}

function cross(pen: Pen, color: string, x: number, y: number): void {
  pen.strokeStyle = color;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(x - 4, y + barTop - 2);
  pen.lineTo(x + 4, y + barTop + 6);
  pen.moveTo(x + 4, y + barTop - 2);
  pen.lineTo(x - 4, y + barTop + 6);
  pen.stroke();
}

/** What the answer said, and a sign of repetition. */
function drawFlag(pen: Pen, colors: LaneColors, segment: Segment, room: number, y: number): void {
  const { mark, left, count, level } = segment;
  if (mark.notes.includes("retransmission")) {
    pen.fillStyle = colors.amber;
    pen.beginPath();
    pen.moveTo(left, y + 1);
    pen.lineTo(left + 6, y + 1);
    pen.lineTo(left + 3, y + barTop);
    pen.fill();
  }
  if (count > 1 || level === "idle" || mark.event === null || room < 34) return;
  label(
    pen,
    mark.event,
    [left + 4, y + barTop + barHeight / 2 + 0.5],
    left + room - 4,
    colors.text,
  );
}

function outline(pen: Pen, color: string, { left, right }: Segment, y: number): void {
  pen.strokeStyle = color;
  pen.lineWidth = 2;
  pen.strokeRect(left - 1, y + barTop - 2, Math.max(4, right - left + 2), barHeight + 4);
}

/** "nothing outstanding for N s", growing while it is so. */
function drawQuiet(pen: Pen, picture: LanePicture, row: LaneRow, y: number): void {
  const { session } = row;
  if (session === null || session.quietSince === null || session.endedAt !== null) return;
  const { view, width, now, colors, timeScale } = picture;
  const since = Date.parse(session.quietSince);
  const quiet = now - since;
  if (quiet * timeScale < 1000) return;
  const left = Math.max(0, pixelOf(since, view, width));
  const right = Math.min(width, pixelOf(now, view, width));
  const grave = quiet * timeScale >= 30_000;
  // The extent's line would strike the words out.
  pen.clearRect(left, y + barTop + 1, right - left, barHeight - 2);
  pen.strokeStyle = grave ? colors.red : colors.amber;
  pen.setLineDash([3, 3]);
  pen.lineWidth = 1.5;
  pen.strokeRect(left, y + barTop + 1, Math.max(1, right - left), barHeight - 2);
  pen.setLineDash([]);
  const [long, short] = picture.quietWords(quiet);
  const fits = pen.measureText(long).width < width - left - 8;
  const place = [left + 4, y + barTop + barHeight / 2] as const;
  label(pen, fits ? long : short, place, width, grave ? colors.red : colors.amber);
}

function drawSocket(pen: Pen, picture: LanePicture, row: LaneRow, y: number): void {
  const { session } = row;
  const { view, width, now, colors, store, cursor } = picture;
  if (session === null) return;
  const left = Math.max(0, pixelOf(Date.parse(session.startedAt), view, width));
  const end = session.endedAt === null ? now : Date.parse(session.endedAt);
  const right = Math.min(width, Math.max(left + 1, pixelOf(end, view, width)));
  if (right <= 0 || left >= width) return;
  const isLost = session.endedAt !== null && session.failures > 0;
  const level: Level = isLost ? "red" : "held";
  fill(pen, colors.level[level], [left, y + barTop, right - left, barHeight]);
  if (isLost) cross(pen, colors.red, right, y);
  for (const mark of store.marksOf(row.lane ?? "")) {
    drawFrames(pen, picture, { mark, until: lastPixelOf(picture, row) }, y);
    if (mark.faults.length > 0) bolt(pen, colors.fault, right, y + barTop + barHeight + 1);
    if (mark.number === cursor) {
      outline(pen, colors.accent, { left, right, level, mark, count: 1, isTouched: false }, y);
    }
  }
}

/** A tick for each message: up from the client, down from the server; named where there is room. */
function drawFrames(
  pen: Pen,
  picture: LanePicture,
  { mark, until }: { readonly mark: LaneMark; readonly until: number },
  y: number,
): void {
  const { view, width, colors } = picture;
  const frames = (mark.frames ?? []).filter(({ at }) => at >= view.from && at <= view.to);
  for (const [index, frame] of frames.entries()) {
    const x = pixelOf(frame.at, view, width);
    const isPing = frame.event.startsWith("ping");
    const top = frame.from === "client" ? barTop : barTop + barHeight / 2;
    fill(pen, isPing ? colors.line : colors.edge.stanzas, [x, y + top, 1.5, barHeight / 2]);
    const next = frames[index + 1];
    const room = (next === undefined ? until : pixelOf(next.at, view, width)) - x;
    if (!isPing && room > 40) {
      label(pen, frame.event, [x + 3, y + barTop + barHeight / 2], x + room - 3, colors.text);
    }
  }
}

/** Below the bars: SystemInfo as tall ticks, other requests as short ones; failed ones in red, taller. */
function drawTicks(pen: Pen, picture: LanePicture, lane: string, y: number): void {
  const { view, width, store } = picture;
  const marks = store.marksOf(lane);
  let lastX = Number.NEGATIVE_INFINITY;
  for (let index = firstFrom(marks, view.from); index < marks.length; index += 1) {
    const mark = marks[index];
    if (mark === undefined || mark.at > view.to) break;
    const x = Math.round(pixelOf(mark.at, view, width));
    const kind = tickKind(mark);
    if (x !== lastX || kind !== "plain" || mark.faults.length > 0 || mark.number === picture.cursor)
      drawTick(pen, picture, { mark, x, kind }, y);
    lastX = x;
  }
}

type TickKind = "bad" | "beat" | "plain";
const tickSizes = { bad: 8, beat: 6, plain: 3 } as const;

function tickKind(mark: LaneMark): TickKind {
  if (mark.state === "failed" || (mark.status ?? 0) >= 400 || saysOut(mark)) return "bad";
  return mark.role === "systeminfo" ? "beat" : "plain";
}

function drawTick(
  pen: Pen,
  { colors, cursor }: LanePicture,
  tick: { readonly mark: LaneMark; readonly x: number; readonly kind: TickKind },
  y: number,
): void {
  const { mark, x, kind } = tick;
  const color = { bad: colors.red, beat: colors.accent, plain: colors.faint }[kind];
  const size = tickSizes[kind];
  fill(pen, color, [x, y + tickTop + 8 - size, kind === "plain" ? 1 : 2, size]);
  if (mark.faults.length > 0) bolt(pen, colors.fault, x + 2, y + tickTop - 2);
  if (mark.number !== cursor) return;
  pen.strokeStyle = colors.accent;
  pen.lineWidth = 2;
  pen.strokeRect(x - 3, y + tickTop - 2, 8, 10);
}

const saysOut = ({ event }: LaneMark): boolean => event?.includes("OUT_OF_SERVICE") === true;

/** From the session that was left up to the one that took over, at the moment it began. */
function drawTakeover(pen: Pen, picture: LanePicture, above: LaneRow | null, y: number): void {
  const next = above?.session ?? null;
  if (next === null || next.previous === null) return;
  const { view, width, colors } = picture;
  const x = pixelOf(Date.parse(next.startedAt), view, width);
  if (x < 0 || x > width) return;
  pen.strokeStyle = next.failover ? colors.red : colors.amber;
  pen.lineWidth = next.failover ? 2 : 1;
  pen.setLineDash(next.failover ? [] : [2, 2]);
  pen.beginPath();
  pen.moveTo(x, y + barTop + barHeight);
  pen.lineTo(x, y - laneHeight + barTop);
  pen.stroke();
  pen.setLineDash([]);
}

function drawNow(pen: Pen, { view, width, height, now, colors }: LanePicture): void {
  const x = pixelOf(now, view, width);
  if (x < 0 || x > width || spanOf(view) === 0) return;
  pen.globalAlpha = 0.6;
  fill(pen, colors.accent, [x, 0, 1, height]);
  pen.globalAlpha = 1;
}

/** Less says nothing. */
const leastLetters = 4;

function label(
  pen: Pen,
  text: string,
  [x, y]: readonly [number, number],
  right: number,
  color: string,
): void {
  const share = (right - x) / pen.measureText(text).width;
  const letters = share >= 1 ? text.length : Math.floor(share * text.length) - 1;
  if (letters < Math.min(text.length, leastLetters)) return;
  pen.fillStyle = color;
  pen.fillText(letters === text.length ? text : `${text.slice(0, letters)}…`, x, y);
}

function fill(
  pen: Pen,
  color: string,
  [x, y, width, height]: readonly [number, number, number, number],
): void {
  pen.fillStyle = color;
  pen.fillRect(x, y, width, height);
}
