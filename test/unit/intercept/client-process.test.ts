import { afterEach, expect, test } from "vitest";
import {
  type ClientProcess,
  createProcessLookup,
  type ProcessLookup,
} from "../../../src/intercept/client-process.ts";
import { queryKey, type Scan } from "../../../src/intercept/client-process-formats.ts";

const open: ProcessLookup[] = [];
const create = (scan: Scan, intervalMs = 5): ProcessLookup => {
  const lookup = createProcessLookup({ scan, intervalMs });
  open.push(lookup);
  return lookup;
};

afterEach(() => {
  for (const lookup of open.splice(0)) lookup.close();
});

test("everyone waiting is answered by one scan", async () => {
  let scans = 0;
  const lookup = create((queries) => {
    scans += 1;
    return Promise.resolve(
      new Map(queries.map((query) => [queryKey(query), { pid: query.localPort, name: "x" }])),
    );
  });
  const answers = await Promise.all(
    Array.from({ length: 3000 }, (_, at) => lookup.lookup(at + 1, 8888)),
  );
  expect(scans).toBe(1);
  expect(answers.map((answer) => answer?.pid)).toEqual(answers.map((_, at) => at + 1));
});

test("scans are a second apart", async () => {
  const at: number[] = [];
  const lookup = create(() => {
    at.push(performance.now());
    return Promise.resolve(new Map());
  });
  await lookup.lookup(1, 8888);
  await lookup.lookup(2, 8888);
  const [first = 0, second = 0] = at;
  expect(second - first).toBeGreaterThanOrEqual(990);
});

test("lookups during a scan wait for the next one", async () => {
  const batches: number[][] = [];
  const release: (() => void)[] = [];
  const lookup = create(async (queries) => {
    batches.push(queries.map(({ localPort }) => localPort));
    await new Promise<void>((resolve) => release.push(resolve));
    return new Map<string, ClientProcess>();
  });
  const first = lookup.lookup(1, 8888);
  await expect.poll(() => batches.length).toBe(1);
  const second = lookup.lookup(2, 8888);
  release[0]?.();
  expect(await first).toBeNull();
  await expect.poll(() => batches.length, { timeout: 3000 }).toBe(2);
  release[1]?.();
  expect(await second).toBeNull();
  expect(batches).toEqual([[1], [2]]);
});

test("a scan that fails means not known, and the next one is tried", async () => {
  let scans = 0;
  const lookup = create((queries) => {
    scans += 1;
    if (scans === 1) return Promise.reject(new Error("lsof: not found"));
    return Promise.resolve(
      new Map(queries.map((query) => [queryKey(query), { pid: 5, name: "x" }])),
    );
  });
  expect(await lookup.lookup(1, 8888)).toBeNull();
  expect(await lookup.lookup(1, 8888)).toEqual({ pid: 5, name: "x" });
});

test("closing answers null to whoever waits and to whoever asks later", async () => {
  const lookup = create(() => Promise.reject(new Error("must not scan")), 60_000);
  const waiting = lookup.lookup(1, 8888);
  lookup.close();
  expect(await waiting).toBeNull();
  expect(await lookup.lookup(2, 8888)).toBeNull();
});

test("a system without a way to ask answers null", async () => {
  const lookup = createProcessLookup({ platform: "aix", intervalMs: 1 });
  open.push(lookup);
  expect(await lookup.lookup(1, 8888)).toBeNull();
});
