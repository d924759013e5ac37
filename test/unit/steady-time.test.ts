import { expect, test } from "vitest";
import { SteadyTime } from "../../src/steady-time.ts";

/** A clock that shows these, ms. */
const shown = (mono: number, wall: number) => ({
  at: [mono, wall] as [number, number],
  mono(): number {
    return this.at[0];
  },
  wall(): number {
    return this.at[1];
  },
});

/** Set back by 600 s, a quarter of a second before it is looked at again. */
function setBack() {
  const clock = shown(1000, 2_000_000);
  const time = new SteadyTime(clock);
  clock.at = [1250, 1_400_250];
  return { time, clock, now: time.now() };
}

test("time goes on where the clock was set back, and the clock's time is found again", () => {
  const { time, now } = setBack();
  expect(now).toBe(2_000_250);
  expect(time.wall(now + 60_000)).toBe(1_460_250);
  expect(time.wall(1_999_000)).toBe(1_999_000);
});

test("what was stamped before keeps its time, whatever the clock shows now", () => {
  const { time } = setBack();
  // Both clocks have shown it: it would be yet to come by the later one.
  expect(time.shiftOf(1_999_900)).toBe(0);
  expect(time.shiftOf(1_300_000)).toBe(0);
  // Begun before, ended after, counted on from its beginning.
  expect(time.shiftOf(1_990_000, 2_000_200)).toBe(0);
  expect(time.shiftOf(1_400_100, 1_400_200)).toBe(600_000);
});

test("set forward it is followed, and back from there time goes on", () => {
  const clock = shown(1000, 2_000_000);
  const time = new SteadyTime(clock);
  clock.at = [1250, 88_400_250];
  expect(time.now()).toBe(88_400_250);
  expect(time.isPlain).toBe(true);
  clock.at = [1500, 2_000_500];
  expect(time.now()).toBe(88_400_500);
  expect(time.wall(88_401_500)).toBe(2_001_500);
});

test("neither a small correction nor a clock that lags counts as set back", () => {
  const clock = shown(1000, 2_000_000);
  const time = new SteadyTime(clock);
  clock.at = [1250, 1_999_000];
  expect(time.now()).toBe(1_999_000);
  clock.at = [61_000, 1_999_000];
  expect(time.now()).toBe(1_999_000);
  expect(time.isPlain).toBe(true);
});
