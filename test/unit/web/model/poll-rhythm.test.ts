import { describe, expect, test } from "vitest";
import { type Poll, rhythmOf, standsOut } from "../../../../web/model/poll-rhythm.ts";

const poll = (second: number, change: Partial<Poll> = {}): Poll => ({
  at: new Date(second * 1000).toISOString(),
  sid: "s1",
  rid: 1000 + second / 30,
  holdMs: 30_000,
  thinkGapMs: 14,
  outcome: { kind: "responded", status: 200, reason: "OK" },
  notes: ["empty"],
  ...change,
});
const healthy = rhythmOf([0, 30, 60, 90].map((second) => poll(second)));
const sick = rhythmOf([
  poll(150, { thinkGapMs: 64_000, rid: 1007, notes: ["retransmission"] }),
  poll(0),
  poll(30, { outcome: { kind: "responded", status: 404, reason: "Invalid SID" } }),
]);

describe("the rhythm of polls", () => {
  test("is the same in any order, by nearest rank", () => {
    expect(healthy).toMatchObject({
      polls: 4,
      sessions: 1,
      spanMs: 90_000,
      cadenceMs: 30_000,
      holdMedianMs: 30_000,
      gapMaxMs: 14,
      empties: 4,
      ridsMissing: 0,
    });
    expect(sick).toMatchObject({
      spanMs: 150_000,
      gapMaxMs: 64_000,
      longGaps: 1,
      failures: 1,
      retransmissions: 1,
      ridsMissing: 5,
    });
  });

  test("rids are counted for each session apart", () => {
    const two = rhythmOf([poll(0), poll(30), poll(60, { sid: "s2", rid: 900_000 })]);
    expect(two).toMatchObject({ sessions: 2, ridsMissing: 0 });
  });

  test("of no polls there is nothing to measure", () => {
    expect(rhythmOf([])).toMatchObject({ polls: 0, spanMs: null, gapMaxMs: null, ridsMissing: 0 });
  });

  test("the sick side stands out, what is neither good nor bad does not, nor does noise", () => {
    expect(standsOut("gapMaxMs", healthy, sick)).toBe("right");
    expect(standsOut("ridsMissing", sick, healthy)).toBe("left");
    expect(standsOut("polls", healthy, sick)).toBeNull();
    expect(standsOut("gapMaxMs", rhythmOf([]), sick)).toBeNull();
    const jittery = { ...healthy, gapMaxMs: 600 };
    expect(standsOut("gapMaxMs", healthy, jittery)).toBeNull();
  });
});
