/** The diagnosis in the recorder's thread: what time it believes to be when that thread was late itself. */
import { expect, test } from "vitest";
import type { Outcome } from "../../src/domain/exchange.ts";
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
