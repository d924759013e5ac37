/** SystemInfo, whole and short, the drift it tells, and other small readers. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readApiErrors } from "../../../src/finesse/api-errors.ts";
import { readClientLog } from "../../../src/finesse/client-log.ts";
import { driftLabel, driftOf } from "../../../src/finesse/drift.ts";
import { timeOf } from "../../../src/finesse/fields.ts";
import { readSystemInfo } from "../../../src/finesse/system-info.ts";
import { sample } from "../bosh/samples.ts";

describe("readSystemInfo", () => {
  test("reads the short ones", () => {
    expect(
      readSystemInfo(sample("rest/01_systeminfo_timestamponly_166.conjecture.xml")),
    ).toMatchObject({
      currentTimestamp: 1_492_185_680_998,
      timezoneOffset: 330,
      status: null,
      authMode: null,
    });
    expect(readSystemInfo(sample("rest/02_systeminfo_232.conjecture.xml"))).toMatchObject({
      currentTimestamp: Date.UTC(2019, 0, 11, 23, 57, 14, 123),
      authMode: "NON_SSO",
      timezoneOffset: -360,
    });
  });

  test.each([
    ["03_systeminfo_full_in_service", "IN_SERVICE"],
    ["04_systeminfo_full_out_of_service", "OUT_OF_SERVICE"],
  ])("reads %s", (name, status) => {
    expect(readSystemInfo(sample(`rest/${name}.composed.xml`))).toEqual({
      kind: "system-info",
      currentTimestamp: Date.UTC(2019, 0, 11, 23, 56, 30, 118),
      status,
      statusReason: null,
      deploymentType: "UCCE",
      ctiHeartbeat: "success",
      lastCtiHeartbeat: null,
      authMode: "NON_SSO",
      timezoneOffset: -360,
      primaryHost: "fin1.ucce.local",
      secondaryHost: "fin2.ucce.local",
      xmppDomain: "fin1.ucce.local",
      pubsubDomain: "pubsub.fin1.ucce.local",
      ctiMode: null,
      finesseMode: null,
    });
  });

  test("refuses what is none", () => {
    expect(readSystemInfo(sample("rest/07_apierrors_503.composed.xml"))).toMatchObject({
      kind: "unparseable",
      reason: "the root is <ApiErrors>, not <systeminfo>",
    });
    expect(readSystemInfo("")).toMatchObject({ kind: "unparseable" });
  });
});

describe("driftOf", () => {
  test("gives what a desktop's own log line says", () => {
    // The client log of the samples: Client 08.879, round trip 14, Drift 491.
    const at = (seconds: number) => Date.UTC(2017, 10, 15, 9, 56) + seconds * 1000;
    const marks = {
      nocache: at(8.872),
      tReqWall: at(8.872),
      tRespWall: at(8.886),
      currentTimestamp: at(9.37),
    };
    expect(driftOf(marks)).toEqual({
      driftMs: 491,
      rttMs: 14,
      clientVsProxyMs: 0,
      serverVsProxyMs: 491,
    });
    expect(driftLabel(driftOf(marks))).toBe("drift +491 ms");
    expect(driftLabel(driftOf({ ...marks, currentTimestamp: at(8.8) }))).toBe("drift -79 ms");
    expect(sample("logs/clientlog_issue33.quoted.log")).toContain("Drift: 491ms");
  });

  test("says nothing without one of the clocks", () => {
    const marks = { nocache: null, tReqWall: 1000, tRespWall: 1014, currentTimestamp: 1100 };
    expect(driftOf(marks)).toMatchObject({ driftMs: null, serverVsProxyMs: 93 });
    expect(driftLabel(driftOf(marks))).toBeNull();
    expect(driftOf({ ...marks, nocache: 900, currentTimestamp: null })).toMatchObject({
      driftMs: null,
      clientVsProxyMs: -100,
      serverVsProxyMs: null,
    });
  });

  test("two skewed clocks and any latency: half the round trip is the largest error", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -90_000, max: 90_000 }),
        fc.integer({ min: -90_000, max: 90_000 }),
        fc.nat(3000),
        fc.nat(3000),
        (client, server, there, back) => {
          const { driftMs, clientVsProxyMs } = driftOf({
            nocache: 1e12 + client,
            tReqWall: 1e12,
            tRespWall: 1e12 + there + back,
            currentTimestamp: 1e12 + there + server,
          });
          expect(Math.abs((driftMs ?? 0) - (server - client))).toBeLessThanOrEqual(
            (there + back) / 2,
          );
          expect(clientVsProxyMs).toBe(client);
        },
      ),
    );
  });
});

test("reads why a request was refused", () => {
  expect(readApiErrors(sample("rest/07_apierrors_503.composed.xml"))).toEqual({
    kind: "api-errors",
    errors: [{ type: "Service Unavailable", message: "SERVER_OUT_OF_SERVICE", data: null }],
  });
});

test("reads a client's log", () => {
  expect(readClientLog(sample("rest/08_clientlog_post_req.composed.xml"))).toMatchObject({
    kind: "client-log",
    userAgent: "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:64.0) Gecko/20100101 Firefox/64.0",
    lines: [expect.stringMatching(/^2019-01-11T12:24:14\.586 -05:00: .*Drift: -9 ms/)],
  });
  expect(readClientLog("<ClientLog><logData>a&#10;&#10;b</logData></ClientLog>")).toMatchObject({
    userAgent: null,
    lines: ["a", "b"],
  });
  expect(readClientLog("<ClientLog><logData>Mozilla/5")).toMatchObject({ kind: "unparseable" });
});

test.each([
  ["2019-01-11T23:56:54.783Z", Date.UTC(2019, 0, 11, 23, 56, 54, 783)],
  ["2019-01-11T23:56:54Z", Date.UTC(2019, 0, 11, 23, 56, 54)],
  ["2019-01-11T18:56:54.000-0500", Date.UTC(2019, 0, 11, 23, 56, 54)],
  ["2019-13-11T23:56:54Z", null],
  ["11 Jan 2019", null],
  [null, null],
])("the time %s", (text, ms) => {
  expect(timeOf(text)).toBe(ms);
});
