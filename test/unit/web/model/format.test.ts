import { describe, expect, test } from "vitest";
import {
  formatBytes,
  formatClock,
  formatDate,
  formatNumber,
  formatSpan,
  formatTime,
} from "../../../../web/model/format.ts";

describe("numbers and times", () => {
  test("bodies are grouped in thousands, as Fiddler shows them", () => {
    expect(formatNumber(1571, "en")).toBe("1,571");
    expect(formatNumber(1571, "es")).toBe("1.571");
    expect(formatNumber(-1, "en")).toBe("-1");
  });

  test("spans choose the unit that keeps three digits or so", () => {
    expect(formatSpan(0.42, "en")).toBe("0.4 ms");
    expect(formatSpan(14.2, "en")).toBe("14 ms");
    expect(formatSpan(30_012, "en")).toBe("30.01 s");
    expect(formatSpan(30_012, "es")).toBe("30,01 s");
    expect(formatSpan(242_000, "en")).toBe("4 min 02 s");
    expect(formatSpan(3_723_000, "en")).toBe("1 h 02 min");
  });

  test("a running clock is cut, not rounded: it must not show a second before it is over", () => {
    expect(formatClock(31_999, "en")).toBe("31.9 s");
    expect(formatClock(59_999, "en")).toBe("59.9 s");
    expect(formatClock(60_000, "en")).toBe("1 min 00 s");
  });

  test("bytes carry binary units", () => {
    expect(formatBytes(812, "en")).toBe("812 B");
    expect(formatBytes(1536, "en")).toBe("1.5 KiB");
    expect(formatBytes(41_231_872, "en")).toBe("39 MiB");
  });

  test("times are this machine's, to the millisecond; nonsense is empty", () => {
    const at = new Date(2026, 10, 22, 14, 3, 22, 117).toISOString();
    expect(formatTime(at)).toBe("14:03:22.117");
    expect(formatDate(at)).toBe("2026-11-22 14:03:22.117");
    expect(formatTime("never")).toBe("");
    expect(formatDate("never")).toBe("");
  });
});
