/** What a page does per frame: frame intervals as the page sees them, and script time per frame out of Chromium's trace. */
import type { Browser, CDPSession, Page } from "playwright-core";
import { percentileOf } from "./numbers.ts";

export interface FrameFigures {
  readonly frames: number;
  readonly frameP50: number;
  readonly frameP95: number;
  readonly scriptP50: number;
  readonly scriptP95: number;
  /** Processor time of the same: what the clock says grows while others have the processor. */
  readonly cpuP95: number;
}

/** Trace times are in µs. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Processor time of this thread, µs. */
  readonly tdur?: number;
}

interface FrameRecorder {
  readonly stop: () => number[];
}
declare global {
  interface Window {
    benchRecorder?: FrameRecorder;
  }
}

const frameMark = "bench-frame";
/** Events inside which JavaScript (or its garbage collector) runs on the page's thread; nested ones are counted once. */
const scriptEvents = new Set([
  "FunctionCall",
  "EvaluateScript",
  "RunMicrotasks",
  "v8.callFunction",
  "v8.run",
  "MinorGC",
  "MajorGC",
  "BlinkGC.AtomicPhase",
]);

/** Notes each frame, from the middle of the list on. Runs in the page. */
function record({ selector, mark }: { selector: string; mark: string }): ListPlace {
  const list = document.querySelector(selector);
  if (list === null) throw new Error(`no list ${selector}`);
  const times: number[] = [];
  let running = true;
  list.scrollTop = Math.max(0, list.scrollHeight / 2);
  const onFrame = (at: number): void => {
    if (!running) return;
    performance.mark(mark);
    times.push(at);
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
  window.benchRecorder = {
    stop: () => {
      running = false;
      return times;
    },
  };
  const { left, top, width, height } = list.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}

interface ListPlace {
  readonly x: number;
  readonly y: number;
}

/**
 * Scrolls as a hand does, by the wheel: 2,000 px up, 2,000 px down, 40 px in a frame. Script that set the place itself would make
 * the browser lay the page out inside script, and that would be measured as the page's.
 */
async function scrollToAndFro(session: CDPSession, place: ListPlace, until: number): Promise<void> {
  for (let distance = 2000; Date.now() < until; distance = -distance) {
    await session.send("Input.synthesizeScrollGesture", {
      ...place,
      yDistance: distance,
      speed: 2400,
      gestureSourceType: "mouse",
      preventFling: true,
    });
  }
}

interface ScriptTime {
  readonly clock: number;
  readonly cpu: number;
}

/** Milliseconds. */
function scriptPerFrame(events: readonly TraceEvent[]): ScriptTime[] {
  const marks = events.filter(({ name }) => name === frameMark).sort((a, b) => a.ts - b.ts);
  const thread = marks[0];
  if (thread === undefined) return [];
  const spans = events
    .filter(({ pid, tid }) => pid === thread.pid && tid === thread.tid)
    .filter(({ name, ph }) => ph === "X" && scriptEvents.has(name))
    .map(({ ts, dur, tdur }) => ({ from: ts, to: ts + (dur ?? 0), cpu: tdur ?? dur ?? 0 }))
    .sort((a, b) => a.from - b.from);
  const perFrame = marks.map(() => ({ clock: 0, cpu: 0 }));
  let covered = 0;
  let frame = 0;
  for (const { from, to, cpu } of spans) {
    // What begins inside another event is nested in it.
    if (from < covered) continue;
    covered = to;
    // A frame's script begins up to a little before its mark: the mark itself is made by script.
    while (frame + 1 < marks.length && (marks[frame + 1]?.ts ?? Infinity) <= to) frame += 1;
    const sum = perFrame[frame];
    if (sum === undefined) continue;
    sum.clock += (to - from) / 1000;
    sum.cpu += cpu / 1000;
  }
  return perFrame.slice(1, -1);
}

/** Lets `page` scroll its list for `seconds` and measures. The caller sees to it that rows arrive meanwhile. */
export async function measureFrames(
  browser: Browser,
  page: Page,
  selector: string,
  seconds: number,
): Promise<FrameFigures> {
  await page.bringToFront();
  const categories = ["devtools.timeline", "v8", "v8.execute", "blink.user_timing"];
  await browser.startTracing(page, { categories });
  const session = await page.context().newCDPSession(page);
  const place = await page.evaluate(record, { selector, mark: frameMark });
  await scrollToAndFro(session, place, Date.now() + seconds * 1000);
  const times = await page.evaluate(() => window.benchRecorder?.stop() ?? []);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const intervals = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const scripts = scriptPerFrame(trace.traceEvents);
  const clock = scripts.map((one) => one.clock);
  return {
    frames: intervals.length,
    frameP50: percentileOf(intervals, 50),
    frameP95: percentileOf(intervals, 95),
    scriptP50: percentileOf(clock, 50),
    scriptP95: percentileOf(clock, 95),
    cpuP95: percentileOf(
      scripts.map(({ cpu }) => cpu),
      95,
    ),
  };
}
