import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExchangeSummary } from "../../../../src/domain/exchange.ts";
import { ageLevel, ageLimits, ageOf } from "../../../../web/model/pending-age.ts";

const kind = (
  role: ExchangeSummary["role"],
  waitMs: number | null = null,
  of: ExchangeSummary["kind"] = "http",
) => ({ kind: of, role, waitMs });

describe("how long a row may wait", () => {
  test("a poll is amber 2 s and red 5 s after the wait it was granted", () => {
    const limits = ageLimits(kind("poll", 60_000));
    expect(ageLevel(limits, 61_999)).toBe("calm");
    expect(ageLevel(limits, 62_000)).toBe("amber");
    expect(ageLevel(limits, 64_999)).toBe("amber");
    expect(ageLevel(limits, 65_000)).toBe("red");
  });

  test("without a known grant it is 32 and 35 s", () => {
    expect(ageLimits(kind("poll"))).toEqual({ amber: 32_000, red: 35_000 });
  });

  test("other requests are slow after 1 s and bad after 5 s", () => {
    for (const role of ["rest", "systeminfo", "other"] as const) {
      expect(ageLimits(kind(role, 30_000))).toEqual({ amber: 1000, red: 5000 });
    }
  });

  test("a WebSocket and a tunnel may stay open for ever", () => {
    expect(ageLimits(kind("websocket", null, "websocket"))).toBeNull();
    expect(ageLimits(kind("tunnel", null, "tunnel"))).toBeNull();
    expect(ageLevel(null, 1e9)).toBe("calm");
  });

  test("colour only ever gets worse with age", () => {
    const order = ["calm", "amber", "red"];
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), fc.nat(120_000), (first, more, wait) => {
        const limits = ageLimits(kind("poll", wait));
        const before = order.indexOf(ageLevel(limits, first));
        expect(order.indexOf(ageLevel(limits, first + more))).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  test("age counts from the last byte sent to the server, and is never negative", () => {
    const timing = {
      requestEnd: 40,
      serverConnected: null,
      serverTls: null,
      requestSent: 250,
      responseFirst: null,
      responseEnd: null,
      delivered: null,
      failed: null,
    };
    const row = { ...kind("poll"), at: "2026-11-22T10:00:00.000Z", timing };
    const began = Date.parse(row.at);
    expect(ageOf(row, began + 30_250)).toBe(30_000);
    expect(ageOf({ ...row, timing: { ...timing, requestSent: null } }, began + 1040)).toBe(1000);
    expect(ageOf(row, began - 5000)).toBe(0);
  });
});
