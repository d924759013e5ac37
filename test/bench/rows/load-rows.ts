/** The rows that all candidates share. Each begins on a fresh process and, but for the held polls, warms it up first. */
import { setTimeout as pause } from "node:timers/promises";
import type { Load, LoadResult } from "../load-generator.ts";
import { medianOf } from "../numbers.ts";
import type { BenchOptions, RowId } from "../options.ts";
import {
  type MemorySample,
  processorSeconds,
  residentMegabytes,
  watchMemory,
} from "../process-figures.ts";
import { fileBytes, newHostPrefix, pollAddress, upstreamAddress } from "../upstream.ts";
import type { Outcome, Row, RowRun } from "./row.ts";

function loadOf(run: RowRun, load: Omit<Load, "proxyPort" | "port">): Promise<LoadResult> {
  const { host, port } = upstreamAddress;
  return run.generator.run({ host, ...load, port, proxyPort: run.running.port });
}

/** Why a load's figures can't stand, or null. */
function trouble(result: LoadResult): string | null {
  if (result.errors > 0) return `${result.errors} errors: ${result.firstError}`;
  if (result.badStatus > 0) return `${result.badStatus} answers: ${result.firstError}`;
  if (result.unanswered > 0) return `${result.unanswered} requests unanswered`;
  if (result.counted === 0) return "nothing was served";
  return null;
}

function warmUp(run: RowRun): Promise<LoadResult> {
  const seconds = run.options.quick ? 0.5 : 2;
  return loadOf(run, { mode: "closed", connections: 8, seconds });
}

function requestRow(id: RowId, connections: number): Row {
  return {
    id,
    title: `requests/s, ${connections} connection${connections > 1 ? "s" : ""}`,
    columns: [
      { key: "perSecond", heading: `req/s c${connections}`, better: "more" },
      { key: "p99", heading: `p99 ms c${connections}`, better: "less" },
      { key: "cpu", heading: `CPU µs/req c${connections}`, better: "less" },
    ],
    run: async (run) => {
      const warm = await warmUp(run);
      const before = processorSeconds(run.running.pids);
      const seconds = run.options.seconds;
      const warmup = run.options.quick ? 0.3 : 1;
      const result = await loadOf(run, { mode: "closed", connections, seconds, warmup });
      const used = processorSeconds(run.running.pids) - before;
      return {
        figures: {
          perSecond: result.perSecond,
          p99: result.p99 / 1000,
          cpu: result.served > 0 ? (used * 1e6) / result.served : Number.NaN,
        },
        served: warm.served + result.served,
        void: trouble(result),
      };
    },
  };
}

const latency: Row = {
  id: "latency",
  title: "added latency at 50 requests/s",
  columns: [
    { key: "addedP50", heading: "added p50 ms", better: "less" },
    { key: "addedP99", heading: "added p99 ms", better: "less" },
  ],
  run: async (run) => {
    const warm = await warmUp(run);
    const seconds = run.options.quick ? 2 : 10;
    const paced = { mode: "paced", connections: 4, rate: 50, seconds, warmup: 1 } as const;
    const result = await loadOf(run, paced);
    const p50 = result.p50 / 1000;
    const p99 = result.p99 / 1000;
    const base = run.direct ?? { p50, p99 };
    const figures = {
      p50,
      p99,
      addedP50: p50 - (base["p50"] ?? 0),
      addedP99: p99 - (base["p99"] ?? 0),
    };
    return { figures, served: warm.served + result.served, void: trouble(result) };
  },
};

const download: Row = {
  id: "download",
  title: "100 MB download",
  columns: [
    { key: "rate", heading: "100 MB, MB/s", better: "more" },
    { key: "growth", heading: "RSS growth MB", better: "less" },
  ],
  run: async (run) => {
    const warm = await warmUp(run);
    await pause(500);
    const before = residentMegabytes(run.running.pids);
    const memory = watchMemory(run.running.pids);
    const count = run.options.quick ? 1 : 4;
    const limits = { seconds: run.options.quick ? 20 : 60, drain: 0 };
    const load = { mode: "closed", connections: 1, path: "/file", count, ...limits } as const;
    const result = await loadOf(run, load);
    const growth = Math.max(...memory.stop().map(({ megabytes }) => megabytes)) - before;
    const rate = fileBytes / Math.max(1, result.p50);
    const slow = result.counted === 0 ? `not one whole file in ${limits.seconds} s` : null;
    // A candidate too slow for all files is measured by those it did.
    const wrong = result.errors + result.badStatus > 0 ? trouble(result) : null;
    return { figures: { rate, growth }, served: warm.served + result.served, void: slow ?? wrong };
  },
};

const connections: Row = {
  id: "connections",
  title: "new TLS connections/s, 16 at a time",
  columns: [{ key: "perSecond", heading: "new conn/s", better: "more" }],
  run: async (run) => {
    const warm = await warmUp(run);
    const seconds = run.options.seconds;
    const load = { mode: "connections", connections: 16, seconds, warmup: 0.5 } as const;
    const result = await loadOf(run, load);
    const figures = { perSecond: result.perSecond };
    return { figures, served: warm.served + result.served, void: trouble(result) };
  },
};

const hosts: Row = {
  id: "hosts",
  title: "first connection to a new host, to the end of its first answer",
  columns: [
    { key: "p50", heading: "new host p50 ms", better: "less" },
    { key: "max", heading: "new host max ms", better: "less" },
  ],
  run: async (run) => {
    const warm = await warmUp(run);
    const count = run.options.quick ? 5 : 40;
    const rate = { rate: 10, seconds: 150, count } as const;
    const result = await loadOf(run, {
      mode: "hosts",
      hostPrefix: newHostPrefix,
      firstHost: 1,
      ...rate,
    });
    const figures = { p50: result.p50 / 1000, max: result.max / 1000 };
    return { figures, served: warm.served + result.served, void: trouble(result) };
  },
};

/** Polls held at once, their ramp per second, and how long the server holds each. */
export function holdSizes(options: BenchOptions): { count: number; rate: number; holdMs: number } {
  return options.quick
    ? { count: 200, rate: 150, holdMs: 4_000 }
    : { count: 2_000, rate: 150, holdMs: 30_000 };
}

/** Memory while all polls are held: from 1 s after the last one was sent until the first one is answered. */
function heldMegabytes(
  samples: readonly MemorySample[],
  sentAt: number,
  answeredAt: number,
): number {
  const held = samples.filter(({ at }) => at >= sentAt + 1_000 && at <= answeredAt);
  // A candidate so slow that polls end before all are sent never holds them all: then its most counts.
  if (held.length === 0) return Math.max(...samples.map(({ megabytes }) => megabytes));
  return medianOf(held.map(({ megabytes }) => megabytes));
}

async function runHold(run: RowRun): Promise<Outcome> {
  const { running, generator, options } = run;
  const { count, rate, holdMs } = holdSizes(options);
  await pause(1_000);
  const idle = residentMegabytes(running.pids);
  await running.loopLag();
  let sentAt = Number.NaN;
  let lagWhileRamping = Number.NaN;
  const memory = watchMemory(running.pids);
  const firstAnswer = Date.now() + holdMs;
  const load = { ...pollAddress, mode: "hold", path: "/http-bind/", count, rate } as const;
  const limit = { seconds: count / rate + holdMs / 1000 + 20, drain: 0 };
  const result = await generator.run({ ...load, ...limit, proxyPort: running.port }, () => {
    sentAt = Date.now();
    void running.loopLag().then((lag) => {
      lagWhileRamping = lag?.p99 ?? Number.NaN;
    });
  });
  const samples = memory.stop();
  const lag = await running.loopLag();
  const rss = heldMegabytes(samples, sentAt, firstAnswer);
  return {
    figures: {
      completed: result.served - result.badStatus,
      rss,
      perPoll: ((rss - idle) * 1e6) / 1024 / count,
      lag: Math.max(lag?.p99 ?? Number.NaN, lagWhileRamping),
    },
    served: result.served,
    void: Number.isNaN(sentAt) ? "not every poll could be sent" : null,
  };
}

const hold: Row = {
  id: "hold",
  title: "2,000 polls held 30 s, 150/s ramp",
  columns: [
    { key: "completed", heading: "polls completed", better: "more" },
    { key: "rss", heading: "RSS held MB", better: "less" },
    { key: "perPoll", heading: "KiB/poll", better: "less" },
    { key: "lag", heading: "loop lag p99 ms", better: "less" },
  ],
  run: runHold,
};

export const loadRows: readonly Row[] = [
  requestRow("c1", 1),
  requestRow("c32", 32),
  requestRow("c256", 256),
  latency,
  download,
  connections,
  hosts,
  hold,
];
