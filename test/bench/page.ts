/** The page under load: delay from the proxy to the screen, a capture of 100,000 rows, and frames while 500 rows/s arrive and it scrolls. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import type { ExchangeList } from "../../src/server/messages.ts";
import { type RunningBoshscope, startBoshscope } from "./candidates/boshscope.ts";
import type { LoadResult } from "./load-generator.ts";
import type { Session } from "./measure.ts";
import { medianOf, percentileOf, written } from "./numbers.ts";
import { openPlainList, plainListSelector } from "./open-plain-list.ts";
import { type FrameFigures, measureFrames } from "./page-frames.ts";
import { upstreamAddress } from "./upstream.ts";

const RATE = 500;
const LIST = "[data-testid=list]";
const DEADLINE_MS = 60_000;

export interface PageFigures {
  readonly feedDelayP99: number;
  /** The greater of: open a capture of 100,000 rows until its newest row is painted; jump inside 100,000 loaded rows. */
  readonly paintMs: number;
  readonly scriptP95: number;
  readonly frameP95: number;
  readonly plainFrameP95: number;
  /** Markdown. */
  readonly table: string;
}

/** What the page offers for this measurement: the wall time of the frame that first showed a row. */
type PageWindow = Window & {
  readonly __boshscope?: { readonly painted: (id: string) => number | undefined };
};

interface Sizes {
  readonly rows: number;
  readonly feedSeconds: number;
  readonly frameSeconds: number;
}

interface Stage {
  readonly session: Session;
  readonly running: RunningBoshscope;
  readonly browser: Browser;
  readonly page: Page;
  readonly sizes: Sizes;
}

interface Delays {
  readonly rows: number;
  readonly painted: number;
  readonly p50: number;
  readonly p99: number;
}

function paced({ session, running }: Stage, seconds: number): Promise<LoadResult> {
  const load = { mode: "paced", connections: 16, rate: RATE, seconds } as const;
  return session.generator.run({ ...upstreamAddress, ...load, proxyPort: running.port });
}

/** Waits until the store holds `count` exchanges and none is open. */
async function untilStored(running: RunningBoshscope, count: number): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const { exchanges, pending } = await running.health();
    if (exchanges >= count && pending === 0) return;
    if (Date.now() > deadline) throw new Error(`${exchanges} of ${count} exchanges stored`);
    await pause(100);
  }
}

async function newestRow(running: RunningBoshscope): Promise<{ id: string; seq: number }> {
  const list = await running.get<ExchangeList>(
    `/api/exchanges?before=${Number.MAX_SAFE_INTEGER}&limit=1`,
  );
  const row = list.exchanges[0];
  if (row === undefined) throw new Error("the capture is empty");
  return row;
}

/** ms from the start of the navigation to the first frame that shows the newest row. */
async function openCapture(stage: Stage): Promise<number> {
  const { id } = await newestRow(stage.running);
  await stage.page.reload();
  const painted = await stage.page.waitForFunction(
    (row) => {
      const at = (window as PageWindow).__boshscope?.painted(row);
      return at === undefined ? false : at - performance.timeOrigin;
    },
    id,
    { timeout: DEADLINE_MS },
  );
  return Number(await painted.jsonValue());
}

/** From the last byte handed to the client until the frame that first showed the row; rows never on screen are counted apart. */
async function measureDelays(stage: Stage): Promise<Delays> {
  const { running, page, sizes } = stage;
  let since = (await newestRow(running)).seq;
  await paced(stage, sizes.feedSeconds);
  await pause(1_000);
  const told: { id: string; at: number }[] = [];
  for (let more = true; more; ) {
    const list = await running.get<ExchangeList>(`/api/exchanges?since=${since}&limit=1000`);
    for (const { id, at, timing } of list.exchanges) {
      told.push({ id, at: Date.parse(at) + (timing.delivered ?? 0) });
    }
    since = list.next;
    more = list.more;
  }
  const ids = told.map(({ id }) => id);
  const painted = await page.evaluate(
    (all) => all.map((id) => (window as PageWindow).__boshscope?.painted(id) ?? null),
    ids,
  );
  const delays = told.flatMap(({ at }, index) => {
    const shown = painted[index] ?? null;
    return shown === null ? [] : [shown - at];
  });
  return {
    rows: told.length,
    painted: delays.length,
    p50: percentileOf(delays, 50),
    p99: percentileOf(delays, 99),
  };
}

/** Scrolls to the top again and again until the page holds `count` rows. */
async function loadAllRows(page: Page, count: number): Promise<number> {
  return await page.evaluate(
    async ({ selector, wanted }) => {
      const list = document.querySelector(selector);
      const rowCount = (): number => Number(list?.getAttribute("aria-rowcount") ?? 0) - 1;
      const deadline = performance.now() + 120_000;
      while (rowCount() < wanted && performance.now() < deadline) {
        if (list !== null) list.scrollTop = 0;
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (list !== null) list.scrollTop = 400;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return rowCount();
    },
    { selector: LIST, wanted: count },
  );
}

/** ms from setting the scroll position far away to the end of the frame that shows it, 20 times. */
async function measureJumps(page: Page): Promise<number[]> {
  return await page.evaluate(async (selector) => {
    const list = document.querySelector(selector);
    const took: number[] = [];
    if (list === null) return took;
    for (let jump = 1; jump <= 20; jump += 1) {
      const from = performance.now();
      list.scrollTop = (list.scrollHeight * ((jump * 7) % 20)) / 20;
      // A task queued inside the second frame runs after the first one was painted.
      await new Promise((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 0))),
      );
      took.push(performance.now() - from);
    }
    return took;
  }, LIST);
}

async function frames(stage: Stage, page: Page, selector: string): Promise<FrameFigures> {
  const seconds = stage.sizes.frameSeconds;
  const load = paced(stage, seconds + 2);
  await pause(1_000);
  const figures = await measureFrames(stage.browser, page, selector, seconds);
  await load;
  return figures;
}

async function measurePage(stage: Stage): Promise<PageFigures> {
  const { session, running, page, sizes } = stage;
  const count = sizes.rows;
  session.log(`page: making ${count} rows`);
  const fill = { mode: "closed", connections: 16, count, seconds: 300 } as const;
  await session.generator.run({ ...upstreamAddress, ...fill, proxyPort: running.port });
  await untilStored(running, count);
  await page.goto(`${running.api.origin}/?token=${encodeURIComponent(running.api.token)}`);
  await page.waitForSelector(LIST, { timeout: DEADLINE_MS });
  const opened: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) opened.push(await openCapture(stage));
  session.log(`page: opened in ${opened.map(written).join(", ")} ms`);
  const delays = await measureDelays(stage);
  session.log(`page: feed delay p50 ${written(delays.p50)}, p99 ${written(delays.p99)} ms`);
  const loaded = await loadAllRows(page, count);
  const jumps = await measureJumps(page);
  session.log(`page: ${loaded} rows loaded, jump ${written(medianOf(jumps))} ms`);
  const own = await frames(stage, page, LIST);
  const plainPage = await openPlainList(page.context(), running.api.origin);
  await page.close();
  const plain = await frames(stage, plainPage, plainListSelector);
  return {
    feedDelayP99: delays.p99,
    paintMs: Math.max(medianOf(opened), medianOf(jumps)),
    scriptP95: own.scriptP95,
    frameP95: own.frameP95,
    plainFrameP95: plain.frameP95,
    table: tableOf({ opened, delays, loaded, jumps, own, plain, browser: stage.browser.version() }),
  };
}

function tableOf(found: {
  readonly opened: readonly number[];
  readonly delays: Delays;
  readonly loaded: number;
  readonly jumps: readonly number[];
  readonly own: FrameFigures;
  readonly plain: FrameFigures;
  readonly browser: string;
}): string {
  const { opened, delays, loaded, jumps, own, plain } = found;
  const spread = (of: readonly number[]): string =>
    `${written(medianOf(of))} (${written(Math.min(...of))}–${written(Math.max(...of))})`;
  return [
    `Chromium ${found.browser}, headless`,
    "",
    "| figure | Boshscope's page | plain windowed list |",
    "| --- | ---: | ---: |",
    `| proxy to page at ${RATE}/s, p50 / p99 ms (${delays.painted} of ${delays.rows} rows were on screen) | ${written(delays.p50)} / ${written(delays.p99)} | |`,
    `| open the capture until its newest row is painted, ms | ${spread(opened)} | |`,
    `| jump inside ${loaded} loaded rows until painted, ms | ${spread(jumps)} | |`,
    `| frame p50 / p95 ms while ${RATE} rows/s arrive and it scrolls | ${written(own.frameP50)} / ${written(own.frameP95)} | ${written(plain.frameP50)} / ${written(plain.frameP95)} |`,
    `| script per frame p50 / p95 ms | ${written(own.scriptP50)} / ${written(own.scriptP95)} | ${written(plain.scriptP50)} / ${written(plain.scriptP95)} |`,
    `| frames | ${own.frames} | ${plain.frames} |`,
  ].join("\n");
}

/** Starts Boshscope and Chromium, and measures the page. Throws when either can't be started. */
export async function runPage(session: Session): Promise<PageFigures> {
  const folder = join(session.folder, "page");
  mkdirSync(folder, { recursive: true });
  const running = await startBoshscope(folder);
  try {
    const browser = await chromium.launch({
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      // The benchmark often runs as root, where Chromium's sandbox refuses to start.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    });
    try {
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
      const page = await context.newPage();
      const sizes = session.options.quick
        ? { rows: 5_000, feedSeconds: 3, frameSeconds: 3 }
        : { rows: 100_000, feedSeconds: 20, frameSeconds: 15 };
      return await measurePage({ session, running, browser, page, sizes });
    } finally {
      await browser.close();
    }
  } finally {
    await running.stop();
  }
}
