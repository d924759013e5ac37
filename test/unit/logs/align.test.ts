import fc from "fast-check";
import { expect, it } from "vitest";
import { alignLogs, noReference, placeFacts } from "../../../src/logs/align.ts";
import { matchClocks } from "../../../src/logs/match-clocks.ts";
import { readLog, readSample } from "./read-log.ts";

const facts = (...names: readonly string[]) => names.flatMap((name) => readSample(name).facts);

it("takes Openfire's zone from Desktop-webservices, so that the article's example falls into place", () => {
  const all = facts(
    "openfire_debug.seed.quoted.log",
    "openfire_info.seed.quoted.log",
    "desktop_webservices.seed.quoted.log",
  );
  const placed = placeFacts(all, alignLogs(all));
  const at = (kind: string) => placed.find((fact) => fact.kind === kind)?.at ?? 0;
  expect(alignLogs(all)[0]).toMatchObject({ how: "webservices-zone", uncertaintyMs: 1000 });
  expect(at("session-idle-close")).toBe(Date.parse("2017-06-16T18:46:04Z"));
  expect(at("presence") - at("session-idle-close")).toBe(630);
  expect(at("logout-request") - at("session-idle-close")).toBe(60_633);
});

it("counts the lines that agree, and believes them against a zone that is wrong", () => {
  const all = facts("openfire_info.composed.log", "desktop_webservices.composed.log");
  expect(alignLogs(all)[0]).toMatchObject({ how: "webservices-zone", matches: 2 });
  const closes = [0, 1, 2, 3].map(
    (n) => `2019.01.11 10:0${n}:00 A session is closed for ${n}@a.b/desktop`,
  );
  const presences = [0, 1, 2, 3].map(
    (n) =>
      `Jan 11 2019 17:0${n}:00.300 +0100: %CCBU_x-6-PRESENCE_N: %[jid=${n}@a.b/desktop][presence_type=unavailable]: x`,
  );
  const wrong = [
    ...readLog("info.log", [closes.join("\n")]).facts,
    ...readLog("w.log", [presences.join("\n")]).facts,
  ];
  expect(alignLogs(wrong)[0]).toMatchObject({
    how: "matched",
    offsetMs: 6 * 3_600_000 + 300,
    matches: 4,
  });
});

it("takes the zone from a client log, or from SystemInfo, or says that it is not known", () => {
  const openfire = facts("openfire_debug.composed.log");
  const withClient = [...openfire, ...facts("clientlog.composed.log")];
  expect(alignLogs(withClient)[0]).toMatchObject({ how: "client-log-zone", offsetMs: 21_600_000 });
  const told = { ...noReference, timezoneOffset: -360, serverAheadMs: 250 };
  expect(alignLogs(openfire, told)[0]).toMatchObject({
    how: "systeminfo-zone",
    offsetMs: 21_600_000 - 250,
  });
  expect(alignLogs(openfire)).toMatchObject([{ how: "none", offsetMs: null }]);
  expect(placeFacts(openfire, alignLogs(openfire)).map(({ at }) => at)).toEqual(
    openfire.map(() => null),
  );
});

it("finds the offset from the end of exchanges that a capture saw", () => {
  const openfire = facts("openfire_debug.composed.log");
  const lastSeen = Date.parse("2019-01-11T23:56:50.770Z") + 40_000;
  const seen = [
    { key: "activity:f382a015", at: lastSeen },
    { key: "activity:f382a015", at: lastSeen - 3_000_000 },
    { key: "activity:other", at: lastSeen },
  ];
  const [aligned] = alignLogs(openfire, { ...noReference, seen });
  expect(aligned).toMatchObject({ how: "matched", matches: 3 });
  // Its clock is 40 s behind the capture's, and six hours west.
  expect(Math.abs((aligned?.offsetMs ?? 0) - (6 * 3_600_000 + 40_000))).toBeLessThanOrEqual(1000);
});

it("corrects a desktop's clock by the drift it measured", () => {
  const all = facts("clientlog_issue33.quoted.log");
  expect(alignLogs(all)).toMatchObject([
    { how: "drift", offsetMs: 491, uncertaintyMs: 7, matches: 1 },
  ]);
  const known = { ...noReference, clientAheadMs: 30, serverAheadMs: 521 };
  expect(alignLogs(all, known)[0]).toMatchObject({ how: "own-zone", offsetMs: -30 });
});

it("finds any offset of quarters of an hour among steady happenings", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -56, max: 56 }),
      fc.array(fc.integer({ min: 20, max: 40 }), { minLength: 5, maxLength: 60 }),
      (quarters, steps) => {
        let at = 1_500_000_000_000;
        const own = steps.map((step) => ({ key: "activity:a", at: (at += step * 1000) }));
        const other = own.map((mark) => ({ ...mark, at: mark.at + quarters * 900_000 }));
        const match = matchClocks(own, other);
        expect(match?.offsetMs).toBe(quarters * 900_000);
      },
    ),
  );
  expect(matchClocks([{ key: "a", at: 1 }], [{ key: "b", at: 1 }])).toBeNull();
});
