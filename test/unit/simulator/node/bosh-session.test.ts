/** A BOSH session under any order of requests, stanzas and time: whatever happens, the window and the answers hold. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { BoshSession } from "../../../../src/simulator/node/bosh-session.ts";
import { defaultNodeSettings } from "../../../../src/simulator/node/node-settings.ts";
import type { ScaledTime, Timer } from "../../../../src/simulator/scaled-time.ts";

/** Time that the test turns. */
class HandTime implements ScaledTime {
  readonly speed = 1;
  private at = 0;
  private readonly due = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): number {
    return this.at;
  }

  wall(): number {
    return this.at;
  }

  after(ms: number, run: () => void): Timer {
    const entry = { at: this.at + ms, run };
    this.due.add(entry);
    return { cancel: () => this.due.delete(entry) };
  }

  pass(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const [next] = [...this.due]
        .filter(({ at }) => at <= end)
        .sort((one, other) => one.at - other.at);
      if (next === undefined) break;
      this.due.delete(next);
      this.at = next.at;
      next.run();
    }
    this.at = end;
  }
}

type Step =
  | { readonly kind: "request"; readonly ahead: number; readonly empty: boolean }
  | { readonly kind: "stanza" }
  | { readonly kind: "time"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("request" as const),
      ahead: fc.constantFrom(1, 1, 1, 1, 2, 0, -1),
      empty: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("stanza" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("time" as const), ms: fc.nat({ max: 40_000 }) }),
  },
);

test("every request is answered once, stanzas arrive once and in order, the window is kept", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, stock) => {
      const time = new HandTime();
      const delivered: number[] = [];
      const acted: number[] = [];
      const answers: number[] = [];
      let closed = false;
      const session = new BoshSession({
        sid: "a",
        rid: 100,
        wait: 30,
        hold: 1,
        secure: true,
        modern: true,
        settings: { ...defaultNodeSettings, emptyBody: stock ? "stock51" : "cisco57" },
        time,
        whenAwake: (run) => run(),
        onClosed: () => {
          closed = true;
        },
      });
      const seenBodies = new Map<number, string>();
      let stanzas = 0;
      let highest = 100;
      let lastAnswered = 100;
      const request = (rid: number, empty: boolean): void => {
        const index = answers.push(0) - 1;
        const condition = session.accept(
          { rid, empty, secure: true, act: () => acted.push(rid), directAnswer: null },
          (body) => {
            answers[index] = (answers[index] ?? 0) + 1;
            const isRepeat = seenBodies.get(rid) === body;
            seenBodies.set(rid, body);
            if (isRepeat) return;
            for (const [, number] of body.matchAll(/<s n='(\d+)'\/>/g))
              delivered.push(Number(number));
          },
        );
        if (condition !== null) answers[index] = (answers[index] ?? 0) + 1;
        else highest = Math.max(highest, rid);
      };
      for (const next of steps) {
        if (closed) break;
        if (next.kind === "time") time.pass(next.ms);
        else if (next.kind === "stanza") session.send(`<s n='${stanzas++}'/>`);
        else request(highest + next.ahead, next.empty);
        const truth = session.truth();
        expect(truth.open.length).toBeLessThanOrEqual(2);
        expect(truth.rid ?? 0).toBeGreaterThanOrEqual(lastAnswered);
        lastAnswered = truth.rid ?? 0;
      }
      session.close("the end");
      time.pass(100_000);
      expect(answers.every((count) => count === 1)).toBe(true);
      expect(delivered).toEqual(delivered.map((_, index) => index));
      expect(acted).toEqual([...acted].sort((one, other) => one - other));
    }),
    { numRuns: 500 },
  );
});

test("a request whose turn has not come waits beyond its time for the one that is missing, and is no sign of life then", () => {
  const time = new HandTime();
  const answered: number[] = [];
  const session = new BoshSession({
    sid: "a",
    rid: 100,
    wait: 30,
    hold: 1,
    secure: true,
    modern: true,
    settings: defaultNodeSettings,
    time,
    whenAwake: (run) => run(),
    onClosed: () => undefined,
  });
  const request = (rid: number) =>
    session.accept(
      { rid, empty: rid === 101, secure: true, act: () => undefined, directAnswer: null },
      () => answered.push(rid),
    );
  time.pass(10_000);
  expect(request(102)).toBeNull();
  time.pass(40_000);
  expect(answered).toEqual([]);
  expect(time.now() - session.lastActivity()).toBe(10_000);
  expect(request(101)).toBeNull();
  expect(answered).toEqual([101, 102]);
});
