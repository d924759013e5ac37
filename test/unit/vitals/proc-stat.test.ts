import fc from "fast-check";
import { expect, it } from "vitest";
import { addressesOf, networkChange } from "../../../src/vitals/network-changes.ts";
import { readCpuTimes, readProcessStat } from "../../../src/vitals/proc-stat.ts";

it("reads the time of all cores, waiting for the disk as idle", () => {
  const text = "cpu  100 20 30 800 50 6 4 10 90 0\ncpu0 1 2 3\n";
  expect(readCpuTimes(text)).toEqual({ busy: 170, total: 1020 });
  expect(readCpuTimes("cpu0 1 2 3")).toBeNull();
});

it("reads a process whose name has blanks and brackets", () => {
  const stat = `42 (Web (Content) x) T 7 42 42 0 -1 4194304 1 2 3 4 250 50 0 0 20 0 9 0 1 2 300 4`;
  expect(readProcessStat(stat)).toEqual({
    parent: 7,
    isStopped: true,
    isGone: false,
    cpuMs: 3000,
    pages: 300,
  });
});

it("makes nothing of any other text", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      readCpuTimes(text);
      readProcessStat(text);
    }),
  );
  expect(readProcessStat("")).toBeNull();
  expect(readProcessStat("1 (a) S 2")).toBeNull();
});

it("tells which addresses came and went", () => {
  const entry = (address: string, internal = false) => ({
    address,
    internal,
    family: "IPv4" as const,
    netmask: "255.0.0.0",
    mac: "00:00:00:00:00:00",
    cidr: null,
  });
  const before = addressesOf({ lo: [entry("127.0.0.1", true)], wlan0: [entry("10.1.2.3")] });
  const after = addressesOf({ lo: [entry("127.0.0.1", true)], eth0: [entry("10.9.9.9")] });
  expect(networkChange(before, after)).toBe("lost wlan0 10.1.2.3; gained eth0 10.9.9.9");
  expect(networkChange(before, before)).toBeNull();
});
