/** The rhythm of SystemInfo: the measured one, failover and back, missed beats, and any other. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Heartbeat, HeartbeatObservation } from "../../../src/finesse/heartbeat.ts";
import {
  beat,
  heartbeatDeadline,
  noHeartbeat,
  waitForBeat,
} from "../../../src/finesse/heartbeat.ts";
import { traceRows } from "../bosh/samples.ts";

function beats(times: readonly number[]): [Heartbeat, HeartbeatObservation[]] {
  let heartbeat = noHeartbeat;
  const all: HeartbeatObservation[] = [];
  for (const at of times) {
    const [next, observations] = beat(heartbeat, at);
    heartbeat = next;
    all.push(...observations);
  }
  return [heartbeat, all];
}

const every = (period: number, count: number, start = 0) =>
  Array.from({ length: count }, (_, index) => start + index * period);

test("the measured desktop is in order, within 6 ms", () => {
  const rows = traceRows("traces/systeminfo_nocache.seed.quoted.csv");
  const [heartbeat, observations] = beats(rows.map((row) => Number(row["nocache_ms"])));
  expect(heartbeat).toMatchObject({
    cadence: "normal",
    beats: 4,
    intervals: [60_006, 60_000, 60_002],
    jitterMs: 6,
    missed: 0,
  });
  expect(observations).toEqual([{ kind: "cadence-changed", from: "unknown", to: "normal" }]);
});

test.each([
  [20_000, "failover"],
  [5000, "phone-agent"],
  [33_000, "irregular"],
] as const)("every %d ms is %s", (period, cadence) => {
  expect(beats(every(period, 6))[0].cadence).toBe(cadence);
});

test("into failover and back, two intervals each", () => {
  const [heartbeat, observations] = beats([
    ...every(60_000, 3),
    140_000,
    160_000,
    180_000,
    240_000,
    300_000,
  ]);
  expect(observations).toEqual([
    { kind: "cadence-changed", from: "unknown", to: "normal" },
    { kind: "cadence-changed", from: "normal", to: "failover" },
    { kind: "cadence-changed", from: "failover", to: "normal" },
  ]);
  expect(heartbeat.cadence).toBe("normal");
});

test("one call in between is no failover", () => {
  const [heartbeat, observations] = beats([0, 60_000, 80_000, 120_000, 180_000]);
  expect(heartbeat.cadence).toBe("normal");
  expect(observations).toHaveLength(1);
});

test("a missing beat is told when it is due, once, and counted when the next comes", () => {
  const [heartbeat] = beats(every(60_000, 3));
  expect(heartbeatDeadline(heartbeat)).toBe(185_000);
  expect(waitForBeat(heartbeat, 184_999)).toEqual([heartbeat, []]);
  const [told, observations] = waitForBeat(heartbeat, 185_000);
  expect(observations).toEqual([{ kind: "beat-missing", sinceMs: 65_000 }]);
  expect(heartbeatDeadline(told)).toBeNull();
  const [later, late] = beat(told, 300_000);
  expect(late).toEqual([{ kind: "beat-late", intervalMs: 180_000, missed: 2 }]);
  expect(later).toMatchObject({ cadence: "normal", missed: 2, missingTold: false });
});

test("nothing is missed before a rhythm is known", () => {
  expect(heartbeatDeadline(noHeartbeat)).toBeNull();
  expect(heartbeatDeadline(beats([5])[0])).toBeNull();
  expect(waitForBeat(noHeartbeat, 1e9)).toEqual([noHeartbeat, []]);
});

test("stays bounded and never goes back, whatever comes", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 500_000 }), { maxLength: 60 }), (times) => {
      let heartbeat = noHeartbeat;
      for (const at of times) {
        const before = heartbeat;
        [heartbeat] = beat(heartbeat, at);
        expect(heartbeat.intervals.length).toBeLessThanOrEqual(8);
        expect(heartbeat.lastAt ?? 0).toBeGreaterThanOrEqual(before.lastAt ?? -5);
        expect(heartbeat.missed).toBeGreaterThanOrEqual(before.missed);
        const due = heartbeatDeadline(heartbeat);
        if (due === null) continue;
        expect(waitForBeat(heartbeat, due)[1]).toHaveLength(1);
        expect(heartbeatDeadline(waitForBeat(heartbeat, due)[0])).toBeNull();
      }
    }),
  );
});
