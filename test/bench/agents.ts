/**
 * npm run bench:agents: many simulated agents sign in through one Boshscope and work for minutes, while its page is open. Prints what was
 * lost (by the desktops' own word), loop lag, memory minute by minute, and the page's frames. Options: --agents N --minutes N.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright-core";
import type { AgentSummary, SessionSummary } from "../../src/domain/timeline.ts";
import type { Health } from "../../src/server/messages.ts";
import { type BoshscopeProcess, startBoshscopeProcess } from "../support/boshscope-process.ts";
import { percentileOf, written } from "./numbers.ts";
import { openPlainList, plainListSelector } from "./open-plain-list.ts";
import { type FrameFigures, measureFrames } from "./page-frames.ts";
import { residentMegabytes } from "./process-figures.ts";

const { values } = parseArgs({
  options: {
    agents: { type: "string", default: "2000" },
    minutes: { type: "string", default: "5" },
  },
});
const agents = Number(values.agents);
const minutes = Number(values.minutes);

interface DesktopState {
  readonly agent: string;
  readonly phase: string;
}

/** The simulator in its own process: its work must not count as the proxy's. */
class Simulator {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #next = 1;
  ready: Promise<{ resolveFlags: string[] }>;

  constructor() {
    this.#child = fork("src/simulator/simulator-process.ts", [JSON.stringify({ agents })], {
      execArgv: ["--disable-warning=ExperimentalWarning", "--max-old-space-size=6000"],
    });
    this.ready = once(this.#child, "message").then(
      ([message]) => message as { resolveFlags: string[] },
    );
    this.#child.on("message", (message: { id?: number; result?: unknown; error?: string }) => {
      if (message.error !== undefined) console.error("simulator:", message.error);
      if (message.id !== undefined) this.#waiting.get(message.id)?.(message.result);
    });
  }

  call(call: string, ...args: readonly unknown[]): Promise<unknown> {
    const id = this.#next++;
    const answered = new Promise((resolve) => this.#waiting.set(id, resolve));
    this.#child.send({ id, call, args });
    return answered;
  }

  async close(): Promise<void> {
    this.#child.send({ id: 0, call: "close" });
    await once(this.#child, "exit");
  }
}

interface Sample {
  readonly second: number;
  readonly lagP99: number;
  readonly rss: number;
  readonly health: Health;
}

async function sample(boshscope: BoshscopeProcess, startedAt: number): Promise<Sample> {
  const health = await boshscope.get<Health>("/health");
  return {
    second: Math.round((Date.now() - startedAt) / 1000),
    lagP99: health.loopLagMs.p99,
    rss: residentMegabytes([boshscope.child.pid ?? 0]),
    health,
  };
}

async function untilSignedIn(simulator: Simulator): Promise<number> {
  const startedAt = Date.now();
  for (;;) {
    const states = (await simulator.call("desktopStates")) as DesktopState[];
    const active = states.filter(({ phase }) => phase === "active").length;
    if (active === agents) return Date.now() - startedAt;
    if (Date.now() - startedAt > 240_000) throw new Error(`only ${active} of ${agents} signed in`);
    await pause(2000);
  }
}

interface PageFigures {
  readonly own: FrameFigures;
  readonly plain: FrameFigures;
}

/** Resolves when the page has asked for nothing for two seconds. */
function quietOf(page: Page): () => Promise<void> {
  let lastAt = Date.now();
  page.on("request", () => (lastAt = Date.now()));
  return async () => {
    while (Date.now() - lastAt < 2000) await pause(250);
  };
}

async function measurePage(url: string): Promise<PageFigures> {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
    const page = await context.newPage();
    const quiet = quietOf(page);
    await page.goto(url);
    await page.getByTestId("lanes-canvas").waitFor();
    // The plain list begins when it has all rows, so this page must have them too.
    await quiet();
    const own = await measureFrames(browser, page, "[data-testid=list]", 20);
    await page.screenshot({ path: "test/bench/results/agents.png" });
    const list = await openPlainList(context, new URL(url).origin);
    await page.close();
    return { own, plain: await measureFrames(browser, list, plainListSelector, 20) };
  } finally {
    await browser.close();
  }
}

async function watch(boshscope: BoshscopeProcess): Promise<Sample[]> {
  // The lag of the last seconds of signing in is in the first window.
  await pause(15_000);
  const startedAt = Date.now();
  const samples: Sample[] = [];
  while (Date.now() - startedAt < minutes * 60_000) {
    samples.push(await sample(boshscope, startedAt));
    await pause(5000);
  }
  return samples;
}

async function lossesOf(boshscope: BoshscopeProcess, simulator: Simulator) {
  const states = (await simulator.call("desktopStates")) as DesktopState[];
  const { sessions } = await boshscope.get<{ sessions: SessionSummary[] }>("/sessions");
  const { agents: seen } = await boshscope.get<{ agents: AgentSummary[] }>("/agents");
  const alive = sessions.filter(({ phase }) => phase === "open");
  return {
    "desktops not active": states.filter(({ phase }) => phase !== "active").length,
    "agents shown": seen.length,
    "sessions open": alive.length,
    "sessions in all": sessions.length,
    "polls failed": sessions.reduce((sum, { failures }) => sum + failures, 0),
    retransmissions: sessions.reduce((sum, one) => sum + one.retransmissions, 0),
    "requests of all sessions": sessions.reduce((sum, { requests }) => sum + requests, 0),
  };
}

const framesOf = (name: string, figures: FrameFigures): Record<string, string> => ({
  [`${name}: script per frame p95 by the clock, by processor time; frame p95, ms`]: [
    figures.scriptP95,
    figures.cpuP95,
    figures.frameP95,
  ]
    .map(written)
    .join(", "),
});

function report(samples: readonly Sample[], facts: Readonly<Record<string, unknown>>): string {
  const lag = samples.map(({ lagP99 }) => lagP99);
  const minute = (index: number) =>
    samples.filter(({ second }) => Math.floor(second / 60) === index);
  const memory = Array.from({ length: minutes }, (_, index) => {
    const rss = minute(index).map((one) => one.rss);
    return `| resident MB, minute ${index + 1} | ${written(Math.max(...rss))} |`;
  });
  const last = samples.at(-1)?.health;
  const rows = [
    `| agents | ${agents} |`,
    `| loop lag p99 of 10 s windows, ms: median, p99, worst | ${[percentileOf(lag, 50), percentileOf(lag, 99), Math.max(...lag)].map(written).join(", ")} |`,
    `| samples of the lag, of them over 50 ms | ${lag.length}, ${lag.filter((ms) => ms > 50).length} |`,
    ...memory,
    `| exchanges, not kept, pending | ${last?.exchanges}, ${last?.notKept}, ${last?.pending} |`,
    ...Object.entries(facts).map(([name, value]) => `| ${name} | ${String(value)} |`),
  ];
  return ["| | |", "|---|---|", ...rows].join("\n");
}

const simulator = new Simulator();
const { resolveFlags } = await simulator.ready;
const boshscope = await startBoshscopeProcess([
  "--server-certs",
  "off",
  ...resolveFlags.flatMap((flag) => ["--resolve", flag]),
]);
await simulator.call("startDemo", {
  agents,
  proxy: { host: "127.0.0.1", port: boshscope.proxyPort },
  ca: boshscope.caPem,
});
const signInMs = await untilSignedIn(simulator);
console.error(`signed in after ${Math.round(signInMs / 1000)} s; watching ${minutes} min`);
const samples = await watch(boshscope);
const losses = await lossesOf(boshscope, simulator);
console.error(report(samples, losses));
const frames = await measurePage(boshscope.url);
const table = report(samples, {
  "all signed in after, s": Math.round(signInMs / 1000),
  ...losses,
  ...framesOf("page", frames.own),
  ...framesOf("plain windowed list", frames.plain),
});
console.log(table);
mkdirSync(join(import.meta.dirname, "results"), { recursive: true });
writeFileSync(join(import.meta.dirname, "results", "agents.md"), `${table}\n`);
await boshscope.stop();
await simulator.close();
