/** Lane marks for tests. */
import fc from "fast-check";
import type { LaneMark } from "../../../../src/domain/timeline.ts";

export const markOf = (change: Partial<LaneMark> & { readonly number: number }): LaneMark => ({
  seq: change.number,
  agent: "1001",
  host: "fin1",
  port: 7443,
  sid: "s1",
  role: "poll",
  at: change.number * 1000,
  end: change.number * 1000 + 500,
  gapMs: null,
  state: "responded",
  status: 200,
  blame: null,
  event: null,
  notes: [],
  faults: [],
  ...change,
});

/** Marks of one lane in any order, some twice with another seq. */
export const anyMarks = fc.array(
  fc
    .record({
      number: fc.integer({ min: 1, max: 60 }),
      seq: fc.integer({ min: 1, max: 500 }),
      at: fc.integer({ min: 0, max: 100_000 }),
      length: fc.option(fc.integer({ min: 0, max: 40_000 })),
      sid: fc.constantFrom("s1", "s2", null),
      agent: fc.constantFrom("1001", "1002", null),
      state: fc.constantFrom("responded" as const, "failed" as const),
      notes: fc.subarray(["empty", "early-empty", "retransmission"]),
    })
    .map(({ length, at, state, ...rest }) =>
      markOf({
        ...rest,
        at,
        end: length === null ? null : at + length,
        state: length === null ? "pending" : state,
        status: length === null ? null : 200,
      }),
    ),
  { maxLength: 120 },
);
