/** The diagnosis in the recorder's thread: what time it believes to be when that thread was late itself. */
import { expect, test } from "vitest";
import type { Outcome } from "../../src/domain/exchange.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { LiveDiagnosis } from "../../src/live-diagnosis.ts";
import { batch, exchange, startWall, TurnedClock } from "./store/rows.ts";

const pending: Outcome = { kind: "pending" };
const answered: Outcome = { kind: "responded", status: 200, reason: "OK" };

/** A request to 8445 as far as it has come; answered after 100 ms if at all. */
const asked = (outcome: Outcome) =>
  batch({
    exchanges: [
      exchange(1, {
        atWall: startWall,
        sentWall: startWall,
        role: "rest",
        host: "fin1",
        port: 8445,
        agent: "1001",
        outcome,
        holdMs: outcome.kind === "pending" ? null : 100,
        timing: {
          requestEnd: 0,
          serverConnected: null,
          serverTls: null,
          requestSent: 0,
          responseFirst: outcome.kind === "pending" ? null : 100,
          responseEnd: outcome.kind === "pending" ? null : 100,
          delivered: null,
          failed: null,
        },
      }),
    ],
  });

/** The thread stands still for 12 s while an answer waits to be read, or none does; what is found in the 20 s after. */
function foundAfterStall(answer: Outcome): readonly string[] {
  const clock = new TurnedClock();
  const diagnosis = new LiveDiagnosis({ writer: { captureId: "cap1" }, clock, timeScale: 1 });
  const found: string[] = [];
  const tick = (): void => {
    for (const { cause } of diagnosis.tick().findings) found.push(cause);
  };
  diagnosis.saved(asked(pending));
  tick();
  clock.now += 12_000;
  tick();
  diagnosis.saved(asked(answer));
  for (let ms = 0; ms < 20_000; ms += 250) {
    clock.now += 250;
    tick();
  }
  return found;
}

test("an answer that came while the thread stood still is read before time is said to have passed", () => {
  expect(foundAfterStall(answered)).toEqual([]);
});

test("an answer that did not come is missed all the same", () => {
  expect(foundAfterStall(pending)).toContain("F14");
});

/** The clock of a PC that somebody sets. */
class SetClock extends TurnedClock {
  set = 0;
  override wall(): number {
    return this.now + this.set;
  }
}

const secondOf = (iso: string | undefined): number => (Date.parse(iso ?? "") - startWall) / 1000;

/** A bench whose client polls; times in seconds since the start, as the monotonic clock has them. */
class PollBench {
  readonly clock = new SetClock();
  readonly diagnosis = new LiveDiagnosis({
    writer: { captureId: "cap1" },
    clock: this.clock,
    timeScale: 1,
  });
  readonly findings = new Map<string, Finding>();
  firstAt: number | null = null;
  #number = 1;

  get #seconds(): number {
    return (this.clock.now - startWall) / 1000;
  }

  until(seconds: number): void {
    while (this.#seconds < seconds) {
      this.clock.now += 250;
      for (const finding of this.diagnosis.tick().findings) {
        this.firstAt ??= this.#seconds;
        this.findings.set(finding.id, finding);
      }
    }
  }

  /** A poll that begins now; tells how to end it. */
  poll(): (outcome: Outcome) => void {
    const number = this.#number++;
    const [atWall, begun] = [this.clock.wall(), this.clock.now];
    const tell = (outcome: Outcome): void => {
      const took = this.clock.now - begun;
      const isPending = outcome.kind === "pending";
      const isFailed = outcome.kind === "failed";
      const row = exchange(number, {
        atWall,
        sentWall: atWall,
        role: "poll",
        host: "fin1",
        port: 7443,
        agent: "1001",
        sid: "aa",
        waitMs: 30_000,
        outcome,
        holdMs: isPending || isFailed ? null : took,
        timing: {
          requestEnd: 0,
          serverConnected: null,
          serverTls: null,
          requestSent: 0,
          responseFirst: isPending || isFailed ? null : took,
          responseEnd: isPending || isFailed ? null : took,
          delivered: null,
          failed: isFailed ? took : null,
        },
      });
      this.diagnosis.saved(batch({ exchanges: [row] }));
    };
    tell(pending);
    return tell;
  }

  polls(until: number): void {
    while (this.#seconds + 30 <= until) {
      const end = this.poll();
      this.until(this.#seconds + 30);
      end(answered);
    }
  }
}

const refused: Outcome = {
  kind: "failed",
  phase: "connect",
  cause: "refused",
  blame: "server",
  status: null,
  alert: null,
  detail: "",
};

/** A clock that is set by so many seconds while a poll is held, which is then answered. */
function setInTheMiddle(seconds: number): PollBench {
  const bench = new PollBench();
  bench.polls(30);
  const end = bench.poll();
  bench.until(45);
  bench.clock.set = seconds * 1000;
  bench.until(60);
  end(answered);
  return bench;
}

test.each([0, -600, -86_400])(
  "a clock set by %i s delays no finding, and its time is the clock's",
  (set) => {
    const bench = setInTheMiddle(set);
    for (let at = 60; at < 65; at++) {
      bench.poll()(refused);
      bench.until(at + 1);
    }
    bench.until(80);
    expect(bench.firstAt).toBeLessThan(70);
    const [finding] = bench.findings.values();
    expect(finding?.cause).toBe("F11");
    expect(secondOf(finding?.at)).toBeCloseTo(60 + set, 0);
  },
);

test.each([0, -600])("nor hides that polls stop (set by %i s)", (set) => {
  const bench = setInTheMiddle(set);
  bench.until(90);
  expect(bench.firstAt).toBeLessThan(75);
  const [finding, another] = bench.findings.values();
  expect(another).toBeUndefined();
  expect(finding).toMatchObject({
    side: "client",
    title: { values: { seconds: expect.any(Number) } },
  });
  expect(Number(finding?.title.values["seconds"])).toBeLessThan(31);
});

test("a clock that was a day ahead for a moment delays nothing either", () => {
  const bench = new PollBench();
  bench.until(1);
  bench.clock.set = 86_400_000;
  bench.until(1.25);
  bench.clock.set = 0;
  bench.until(2);
  for (let at = 2; at < 10; at++) {
    bench.poll()(refused);
    bench.until(at + 1);
  }
  expect(bench.firstAt).toBeLessThan(10);
  const [finding] = bench.findings.values();
  expect(secondOf(finding?.at)).toBeCloseTo(2, 0);
});
