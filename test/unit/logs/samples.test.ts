import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import type { LogFact } from "../../../src/logs/log-fact.ts";
import { readSample } from "./read-log.ts";

const folder = new URL("../../fixtures/samples/logs/", import.meta.url);

/** Kind by kind, in the order of the lines, as the manifest and the reference describe each sample. */
const kinds: Readonly<Record<string, readonly LogFact["kind"][]>> = {
  "clientlog.composed.log": ["drift", "drift", "connection-status", "connection-status"],
  "clientlog.seed.quoted.log": ["drift"],
  "clientlog_issue33.quoted.log": ["connection-status", "drift"],
  "desktop_webservices.composed.log": [
    "presence",
    "unsubscribe",
    "presence-monitor",
    "forced-logout-due",
    "logout-request",
    "cti-event",
  ],
  "desktop_webservices.seed.quoted.log": [
    "presence",
    "unsubscribe",
    "presence-monitor",
    "presence-monitor",
    "forced-logout-due",
    "logout-request",
    "cti-event",
  ],
  "openfire_debug.composed.log": [
    ...Array.from({ length: 8 }, () => "session-active" as const),
    "offline-store",
  ],
  "openfire_debug.seed.quoted.log": [
    ...Array.from({ length: 4 }, () => "session-active" as const),
    "offline-store",
  ],
  "openfire_info.composed.log": [
    "service-started",
    "session-idle-close",
    "session-closed",
    "service-stopped",
  ],
  "openfire_info.seed.quoted.log": ["session-idle-close", "session-closed"],
  "openfire_stock_variants.composed.log": [
    "session-active",
    "session-idle-close",
    "invalid-sid",
    "rid-window",
    "rid-window",
    "overactivity",
    "session-active",
    "session-idle-close",
  ],
};

it("knows every sample", () => {
  expect(Object.keys(kinds).toSorted()).toEqual(readdirSync(folder).toSorted());
});

it.each(Object.entries(kinds))("reads each line of %s", (name, expected) => {
  const { facts, report } = readSample(name);
  expect(facts.map(({ kind }) => kind)).toEqual(expected);
  expect(facts.map(({ line }) => line)).toEqual(expected.map((_, index) => index + 1));
  expect(report).toMatchObject({ unknown: 0, other: 0, continued: 0, facts: expected.length });
  expect(report.source).toBe(/webservices|client|openfire/.exec(name)?.[0]);
});

it("reads session, agent and idle time of Finesse's Openfire, cut lines too", () => {
  const { facts } = readSample("openfire_debug.seed.quoted.log");
  expect(facts.slice(0, 4).map(({ values }) => values["ms"])).toEqual([0, 13_230, 43_230, 63_231]);
  expect(new Set(facts.slice(0, 4).map(({ sid }) => sid))).toEqual(new Set(["f382a015"]));
  expect(new Set(facts.slice(0, 4).map(({ agent }) => agent))).toEqual(new Set(["1001003"]));
  expect(facts[0]).toMatchObject({ at: null, local: Date.UTC(2017, 5, 17, 0, 14, 34) });
  const [close] = readSample("openfire_info.seed.quoted.log").facts;
  expect(close).toMatchObject({ sid: "f382a015", values: { threshold: 60 } });
});

it("reads what stock Openfire of several releases writes", () => {
  const { facts } = readSample("openfire_stock_variants.composed.log");
  expect(facts[2]).toMatchObject({ sid: "f382a015", values: { address: "10.10.10.211" } });
  expect(facts[4]?.values).toEqual({ rid: 2_861_121_880, highest: 2_861_121_878 });
  expect(facts[6]).toMatchObject({
    sid: "4bg0uv6wvk",
    values: { ms: 31_004, address: "10.10.10.211", rid: 2_861_121_877 },
  });
});

it("reads who was logged out and why from Desktop-webservices", () => {
  const { facts } = readSample("desktop_webservices.composed.log");
  expect(facts[0]).toMatchObject({
    at: Date.UTC(2019, 0, 11, 23, 58, 4, 630),
    local: Date.UTC(2019, 0, 11, 17, 58, 4, 630),
    jid: "1001003@fin1.ucce.local/desktop",
    values: { state: "unavailable" },
  });
  expect(facts[4]).toMatchObject({
    agent: "1001003",
    values: { reason: 255, force: 1, state: "LOGOUT" },
  });
  expect(facts[5]?.values).toMatchObject({ reason: 255, state: "LOGOUT" });
});

it("reads drift and round trip from client logs, and the drift of a cut line from its two times", () => {
  const [, drift] = readSample("clientlog_issue33.quoted.log").facts;
  expect(drift?.values).toMatchObject({ driftMs: 491, roundTripMs: 14, serverZone: 0 });
  const [cut] = readSample("clientlog.seed.quoted.log").facts;
  expect(cut?.values).toMatchObject({ driftMs: -9, serverZone: -360 });
});
