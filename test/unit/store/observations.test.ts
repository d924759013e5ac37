import fc from "fast-check";
import { expect, test } from "vitest";
import { silentLog } from "../../../src/base/log.ts";
import type { StoredObservation } from "../../../src/domain/recording.ts";
import type { VitalsSample } from "../../../src/domain/vitals.ts";
import { openReader } from "../../../src/store/open-reader.ts";
import { packVitals, unpackVitals } from "../../../src/store/vitals-block.ts";
import { batch, startWall, TurnedClock, temporaryWriter } from "./rows.ts";

const sampleAt = (at: number, change: Partial<VitalsSample> = {}): VitalsSample => ({
  at,
  mono: at / 2,
  loopLagMs: 1.5,
  wallJumpMs: -3,
  lateMs: 0,
  systemCpu: 0.25,
  ownCpu: null,
  freeMemory: 1024 * 5,
  totalMemory: 1024 * 9,
  ownMemory: 1024 * 2,
  browser: { pids: 3, cpu: 1.25, memory: 1024 * 7, stopped: 1 },
  network: null,
  ...change,
});

const line = (
  first: number | null,
  change: Partial<StoredObservation> = {},
): StoredObservation => ({
  kind: "log",
  first,
  last: first,
  agent: null,
  file: "debug.log",
  data: JSON.stringify({ first }),
  ...change,
});

test("samples come back as they were, by time and by pages", async () => {
  using store = temporaryWriter();
  const samples = Array.from({ length: 65 }, (_, index) => sampleAt(startWall + index * 1000));
  store.writer.saveVitals(samples.slice(0, 23));
  store.writer.saveVitals(samples.slice(23));
  const reader = openReader(store.path, { captureId: () => "c0ffee", log: silentLog });
  expect(await reader.vitals({ limit: 100 })).toEqual({ samples, more: false });
  const some = { from: startWall + 15_500, to: startWall + 30_000, limit: 100 };
  expect((await reader.vitals(some)).samples).toEqual(samples.slice(16, 31));
  expect(await reader.vitals({ limit: 5, from: startWall + 19_000 })).toEqual({
    samples: samples.slice(19, 24),
    more: true,
  });
  await reader.close();
});

test("what the queue cost is kept where the system told it", () => {
  const told = sampleAt(startWall, { queuedMs: 12.5 });
  expect(unpackVitals(packVitals([told, sampleAt(startWall + 1000)]))).toEqual([
    told,
    sampleAt(startWall + 1000),
  ]);
});

test("packing keeps what a sample says, memory to the kilobyte", () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 4 });
  fc.assert(
    fc.property(value, fc.nat(), fc.option(fc.string()), (cpu, memory, network) => {
      const one = sampleAt(startWall, { systemCpu: cpu, freeMemory: memory, network });
      const [back] = unpackVitals(packVitals([one]));
      expect(back).toEqual({ ...one, freeMemory: Math.round(memory / 1024) * 1024 });
    }),
  );
  const bare = sampleAt(startWall, { browser: null, network: "lost eth0 10.0.0.1" });
  expect(unpackVitals(packVitals([bare]))).toEqual([bare]);
  expect(packVitals([bare]).length).toBeLessThan(120);
});

test("log lines are read by agent and time, those of no agent for every one; a file read again replaces itself", async () => {
  using store = temporaryWriter();
  const { writer } = store;
  writer.observe([line(300, { agent: "1" }), line(100), line(null), line(200, { agent: "2" })]);
  const reader = openReader(store.path, { captureId: () => "c0ffee", log: silentLog });
  const firsts = async (query: Parameters<typeof reader.observations>[0]) =>
    (JSON.parse((await reader.observations(query)).rows) as { first: number | null }[]).map(
      ({ first }) => first,
    );
  expect(await firsts({ kind: "log", limit: 10 })).toEqual([100, 200, 300, null]);
  expect(await firsts({ kind: "log", limit: 10, agent: "1" })).toEqual([100, 300, null]);
  expect(await firsts({ kind: "log", limit: 10, from: 150, to: 250 })).toEqual([200]);
  const page = await reader.observations({ kind: "log", limit: 3 });
  expect(page).toMatchObject({ count: 3, next: 3, more: true });
  expect(await firsts({ kind: "log", limit: 3, after: page.next })).toEqual([null]);
  writer.observe([line(7), line(8, { file: "info.log" })], ["debug.log"]);
  expect(await firsts({ kind: "log", limit: 10 })).toEqual([7, 8]);
  await reader.close();
});

test("vitals go with the rows around them, loaded logs stay with their capture", async () => {
  const clock = new TurnedClock();
  using store = temporaryWriter(clock);
  const { writer } = store;
  writer.saveVitals([sampleAt(startWall), sampleAt(startWall + 100_000)]);
  writer.saveVitals([sampleAt(startWall + 200_000)]);
  writer.observe([line(startWall), line(startWall, { kind: "log-file" })]);
  writer.commit(batch({}));
  clock.now = startWall + 250_000;
  writer.prune({ maxBytes: 1e9, maxAgeMs: 100_000, nowWall: clock.now });
  const reader = openReader(store.path, { captureId: () => "c0ffee", log: silentLog });
  expect((await reader.vitals({ limit: 10 })).samples).toHaveLength(1);
  expect((await reader.observations({ kind: "log", limit: 10 })).count).toBe(1);
  await reader.close();
  writer.startCapture("next");
  clock.now += 1000;
  writer.prune({ maxBytes: 1e9, maxAgeMs: 100_000, nowWall: clock.now });
  const later = openReader(store.path, { captureId: () => "c0ffee", log: silentLog });
  expect((await later.captures()).map(({ id }) => id)).toContain("c0ffee");
  await later.close();
});
