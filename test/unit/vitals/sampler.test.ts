import { networkInterfaces } from "node:os";
import { afterEach, expect, it } from "vitest";
import type { BrowserProcesses } from "../../../src/vitals/browser-processes.ts";
import { VitalsSampler } from "../../../src/vitals/sampler.ts";

const browser: BrowserProcesses = { setPids() {}, sample: () => null, close() {} };
const open: VitalsSampler[] = [];
afterEach(() => {
  for (const sampler of open.splice(0)) sampler.close();
});

/** A sampler whose clocks stand where they are put. */
function samplerAt(clocks: { mono: number; wall: number }, interfaces = networkInterfaces) {
  const clock = { mono: () => clocks.mono, wall: () => clocks.wall };
  const sampler = new VitalsSampler({ clock, browser, platform: process.platform, interfaces });
  open.push(sampler);
  return sampler;
}

it("tells a late tick from a clock that was set, and sleep by either", () => {
  const clocks = { mono: 1000, wall: 1_700_000_000_000 };
  const sampler = samplerAt(clocks);
  const after = (mono: number, wall: number) => {
    clocks.mono += mono;
    clocks.wall += wall;
    const { lateMs, wallJumpMs } = sampler.sample();
    return { lateMs, wallJumpMs };
  };
  expect(after(1000, 1000)).toEqual({ lateMs: 0, wallJumpMs: 0 });
  // Stopped or starved: both clocks went on.
  expect(after(31_000, 31_000)).toEqual({ lateMs: 30_000, wallJumpMs: 0 });
  // Linux asleep: its monotonic clock stands still.
  expect(after(1000, 3_601_000)).toEqual({ lateMs: 0, wallJumpMs: 3_600_000 });
  // Set back by hand.
  expect(after(1000, -59_000)).toEqual({ lateMs: 0, wallJumpMs: -60_000 });
  expect(after(1001.26, 1001)).toEqual({ lateMs: 1.3, wallJumpMs: -0.3 });
});

it.runIf(process.platform === "linux")("knows how long it waited for a processor", () => {
  const sampler = samplerAt({ mono: 0, wall: 0 });
  const { queuedMs } = sampler.sample();
  expect(queuedMs).toBeGreaterThanOrEqual(0);
  expect(queuedMs).toBeLessThan(60_000);
});

it("tells a change of network once", () => {
  let name = "wlan0";
  const entry = {
    address: "10.1.2.3",
    internal: false,
    family: "IPv4" as const,
    netmask: "255.0.0.0",
    mac: "00:00:00:00:00:00",
    cidr: null,
  };
  const sampler = samplerAt({ mono: 0, wall: 0 }, () => ({ [name]: [entry] }));
  expect(sampler.sample().network).toBeNull();
  name = "eth0";
  expect(sampler.sample().network).toBe("lost wlan0 10.1.2.3; gained eth0 10.1.2.3");
  expect(sampler.sample().network).toBeNull();
});

it("sees its own event loop held up, also while it is", () => {
  const sampler = samplerAt({ mono: 0, wall: 0 });
  sampler.sample();
  const until = performance.now() + 300;
  while (performance.now() < until);
  const { loopLagMs, freeMemory, totalMemory, ownMemory } = sampler.sample();
  expect(loopLagMs).toBeGreaterThan(200);
  expect(loopLagMs).toBeLessThan(3000);
  expect(freeMemory).toBeLessThan(totalMemory);
  expect(ownMemory).toBeGreaterThan(1e7);
});
