/** Mouse, wheel and keys on the lanes. */
import type { Signal } from "@preact/signals";
import type { LaneMark } from "../../src/domain/timeline.ts";
import { panned, pixelOf, spanOf, timeOf } from "../model/lane-scale.ts";
import { segmentAt } from "../model/lane-segments.ts";
import { openFinding } from "../state/findings.ts";
import { openMark } from "../state/lane-cursor.ts";
import { currentView, cursor, followNow, laneView, pan, setView, zoom } from "../state/lanes.ts";
import { flagReach, type LanePicture, laneHeight, rowSegments } from "./draw-lanes.ts";
import type { Tip } from "./lane-tip.tsx";

type Picture = { readonly current: LanePicture | null };
type Scroller = { readonly current: HTMLDivElement | null };
const reach = 5;
const flagHeight = 9;

interface Found {
  readonly mark: LaneMark;
  readonly count: number;
}

/** What is under a point of the canvas: a bar, a message of a WebSocket, or a tick below. */
function markAt(picture: LanePicture, x: number, y: number): Found | null {
  const index = picture.first + Math.floor((y - picture.top) / laneHeight);
  const row = picture.rows[index];
  if (row === undefined) return null;
  const inRow = (y - picture.top) % laneHeight;
  if (inRow < 20) {
    const bar = segmentAt(rowSegments(picture, row), x, reach);
    if (bar !== null) return bar;
  }
  const ticks = row.agentLane === null ? [] : picture.store.marksOf(row.agentLane);
  const tick = nearest(picture, inRow < 20 ? [] : ticks, x);
  if (tick !== null) return { mark: tick, count: 1 };
  const [socket] =
    row.session?.transport === "websocket" ? picture.store.marksOf(row.lane ?? "") : [];
  return socket === undefined ? null : { mark: socket, count: 1 };
}

/** The finding whose pennant is under a point. */
function flagAt(picture: LanePicture, x: number, y: number): string | null {
  const index = picture.first + Math.floor((y - picture.top) / laneHeight);
  const row = picture.rows[index];
  const inRow = (y - picture.top) % laneHeight;
  if (row === undefined || row.agent === null || !row.isFirst || inRow > flagHeight) return null;
  const found = (picture.flags.get(row.agent.agent) ?? []).findLast(({ at }) => {
    const from = pixelOf(at, picture.view, picture.width);
    return x >= from - 2 && x <= from + flagReach + 1;
  });
  return found?.finding.id ?? null;
}

function nearest(picture: LanePicture, marks: readonly LaneMark[], x: number): LaneMark | null {
  let best: LaneMark | null = null;
  let distance = reach;
  for (const mark of marks) {
    const away = Math.abs(pixelOf(mark.at, picture.view, picture.width) - x);
    if (away > distance) continue;
    best = mark;
    distance = away;
  }
  return best;
}

/** Handlers for the canvas. A drag pans, a click opens, the wheel scrolls rows, with Ctrl it zooms, with Shift it pans. */
export function lanesPointer(picture: Picture, scroller: Scroller, tip: Signal<Tip | null>) {
  return {
    onPointerDown: (event: PointerEvent) => startDrag(event, picture),
    onPointerMove: (event: PointerEvent) => {
      const found =
        picture.current === null || event.buttons > 0
          ? null
          : markAt(picture.current, event.offsetX, event.offsetY);
      const known = tip.peek();
      if (found === null && known === null) return;
      tip.value = found === null ? null : { ...found, x: event.clientX, y: event.clientY };
    },
    onPointerLeave: () => {
      tip.value = null;
    },
    onWheel: (event: WheelEvent) => onWheel(event, picture, scroller),
  };
}

function onWheel(event: WheelEvent, picture: Picture, scroller: Scroller): void {
  const shown = picture.current;
  if (shown === null) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, timeOf(event.offsetX, shown.view, shown.width));
  } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    event.preventDefault();
    pan(Math.sign(event.deltaX + event.deltaY) * 0.15);
  } else if (scroller.current !== null) {
    scroller.current.scrollTop += event.deltaY;
  }
}

const clickSlack = 4;

function startDrag(event: PointerEvent, picture: Picture): void {
  const canvas = event.currentTarget;
  if (!(canvas instanceof HTMLCanvasElement) || event.button !== 0) return;
  canvas.setPointerCapture(event.pointerId);
  const from = event.clientX;
  const view = currentView();
  let moved = false;
  const move = (now: PointerEvent): void => {
    if (!moved && Math.abs(now.clientX - from) <= clickSlack) return;
    moved = true;
    const ms = ((from - now.clientX) / Math.max(1, canvas.clientWidth)) * spanOf(view);
    setView(panned(view, ms));
  };
  const end = (): void => {
    canvas.removeEventListener("pointermove", move);
    if (moved || picture.current === null) return;
    const flag = flagAt(picture.current, event.offsetX, event.offsetY);
    const found = markAt(picture.current, event.offsetX, event.offsetY);
    if (flag !== null) openFinding(flag);
    else if (found !== null) openMark(found.mark.number);
  };
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("lostpointercapture", end, { once: true });
}

/** Keys while the lanes have the focus. */
export function lanesKey(
  event: KeyboardEvent,
  picture: LanePicture | null,
  scroller: HTMLElement | null,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey || picture === null) return;
  const act = actions[event.key];
  if (act === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  act(picture, scroller);
}

type Act = (picture: LanePicture, scroller: HTMLElement | null) => void;

const actions: Readonly<Record<string, Act>> = {
  "+": () => zoom(1 / 1.6),
  "=": () => zoom(1 / 1.6),
  "-": () => zoom(1.6),
  "0": () => followNow(),
  PageUp: () => pan(-0.5),
  PageDown: () => pan(0.5),
  ArrowLeft: (picture) => step(picture, -1),
  ArrowRight: (picture) => step(picture, 1),
  ArrowUp: (picture, scroller) => jump(picture, scroller, -1),
  ArrowDown: (picture, scroller) => jump(picture, scroller, 1),
  Home: (picture) => edge(picture, 0),
  End: (picture) => edge(picture, -1),
  f: (picture) => {
    const { row } = placeOf(picture);
    const agent = picture.rows[row]?.agent?.agent ?? "";
    const last = picture.flags.get(agent)?.at(-1);
    if (last !== undefined) openFinding(last.finding.id);
  },
  Enter: () => {
    const number = cursor.peek();
    if (number !== null) openMark(number);
  },
};

/** All marks of a row, bars and ticks, in order of time. */
function marksOfRow(picture: LanePicture, index: number): readonly LaneMark[] {
  const row = picture.rows[index];
  if (row === undefined) return [];
  const bars = row.lane === null ? [] : picture.store.marksOf(row.lane);
  const ticks = row.agentLane === null ? [] : picture.store.marksOf(row.agentLane);
  return [...bars, ...ticks].sort((a, b) => a.at - b.at);
}

/** Row and place of the cursor's mark; the first row on screen while there is none. */
function placeOf(picture: LanePicture): { readonly row: number; readonly mark: LaneMark | null } {
  const number = cursor.peek();
  const mark = number === null ? undefined : picture.store.get(number);
  if (mark === undefined) return { row: picture.first, mark: null };
  const row = picture.rows.findIndex((_, index) => marksOfRow(picture, index).includes(mark));
  return row < 0 ? { row: picture.first, mark: null } : { row, mark };
}

function step(picture: LanePicture, by: number): void {
  const { row, mark } = placeOf(picture);
  const marks = marksOfRow(picture, row);
  const at = mark === null ? (by > 0 ? -1 : marks.length) : marks.indexOf(mark);
  moveTo(marks[Math.max(0, Math.min(marks.length - 1, at + by))]);
}

function edge(picture: LanePicture, index: number): void {
  moveTo(marksOfRow(picture, placeOf(picture).row).at(index));
}

/** To the mark of the next row that is nearest in time. */
function jump(picture: LanePicture, scroller: HTMLElement | null, by: number): void {
  const { row, mark } = placeOf(picture);
  const around = mark?.at ?? picture.now;
  for (let index = row + by; index >= 0 && index < picture.rows.length; index += by) {
    const marks = marksOfRow(picture, index);
    if (marks.length === 0) continue;
    const away = (one: LaneMark): number => Math.abs(one.at - around);
    moveTo(marks.reduce((best, one) => (away(one) < away(best) ? one : best)));
    reveal(scroller, index);
    return;
  }
}

function reveal(scroller: HTMLElement | null, index: number): void {
  if (scroller === null) return;
  const top = index * laneHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  const least = top + laneHeight - scroller.clientHeight;
  if (scroller.scrollTop < least) scroller.scrollTop = least;
}

function moveTo(mark: LaneMark | undefined): void {
  if (mark === undefined) return;
  cursor.value = mark.number;
  const view = currentView();
  if (mark.at < view.from || mark.at > view.to) {
    setView(panned(view, mark.at - (view.from + view.to) / 2));
  } else {
    // A new value, so that the picture is painted with the cursor in its place.
    laneView.value = { ...laneView.peek() };
  }
}
