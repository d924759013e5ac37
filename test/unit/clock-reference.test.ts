import { expect, it } from "vitest";
import { clockReference, sessionsIn } from "../../src/clock-reference.ts";
import type { ExchangeSummary } from "../../src/domain/exchange.ts";
import { MemoryRecorder, type RowChange } from "../support/memory-recorder.ts";
import { readSample } from "./logs/read-log.ts";

const start = Date.parse("2019-01-11T17:58:00.000Z");

/** A capture whose rows are these, whatever is asked; `is:systeminfo` gives those alone. */
async function capture(rows: readonly RowChange[], body: string) {
  const memory = new MemoryRecorder();
  memory.commit(...rows);
  const all = JSON.parse(
    (await memory.exchanges({ limit: 100, since: 0 })).rows,
  ) as ExchangeSummary[];
  return {
    exchanges: async ({ query = "" }: { readonly query?: string }) => {
      const isInfo = query.includes("systeminfo");
      const wanted = all.filter(({ role }) => (role === "systeminfo") === isInfo);
      return { rows: JSON.stringify(wanted), count: wanted.length, next: 0, more: false };
    },
    body: async () => ({ bytes: new TextEncoder().encode(body), contentType: "application/xml" }),
  };
}

const timing = (responseEnd: number) => ({
  requestEnd: 0,
  serverConnected: null,
  serverTls: null,
  requestSent: 0,
  responseFirst: responseEnd,
  responseEnd,
  delivered: responseEnd,
  failed: null,
});

it("reads the server's zone and both clocks from SystemInfo", async () => {
  const info = `<SystemInfo><currentTimestamp>2019-01-11T17:58:02.010Z</currentTimestamp><timezoneOffset>-360</timezoneOffset></SystemInfo>`;
  const row = (number: number, notes: ExchangeSummary["notes"] = []): RowChange => ({
    number,
    role: "systeminfo",
    at: new Date(start).toISOString(),
    path: `/finesse/api/SystemInfo?nocache=${start + 300}`,
    timing: timing(20),
    notes,
  });
  expect(await clockReference(await capture([row(1)], info), [])).toEqual({
    timezoneOffset: -360,
    serverAheadMs: 2000,
    clientAheadMs: 300,
    seen: [],
  });
  const probes = await clockReference(await capture([row(1, ["probe"])], info), []);
  expect(probes).toMatchObject({ timezoneOffset: null, serverAheadMs: null, clientAheadMs: null });
});

it("marks the end of exchanges that silence followed, and sessions the server did not know", async () => {
  const poll = (number: number, offset: number, end: number, status = 200): RowChange => ({
    number,
    role: "poll",
    at: new Date(start + offset).toISOString(),
    timing: timing(end),
    outcome: { kind: "responded", status, reason: "" },
  });
  const rows = [poll(1, 0, 30_000), poll(2, 30_015, 30_000), poll(3, 90_000, 10, 404)];
  const { seen } = await clockReference(await capture(rows, ""), ["a1"]);
  expect(seen).toEqual([
    { key: "activity:a1", at: start + 60_015 },
    { key: "invalid-sid:a1", at: start + 90_010 },
  ]);
});

it("looks up each session of the logs once", () => {
  expect(sessionsIn(readSample("openfire_debug.composed.log").facts)).toEqual([
    "f382a015",
    "9c21b7e0",
  ]);
});
