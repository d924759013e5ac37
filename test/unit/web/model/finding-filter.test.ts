import { describe, expect, test } from "vitest";
import { everything, matchesFinding } from "../../../../web/model/finding-filter.ts";
import { sampleFindings } from "../../../support/page-findings.ts";

const [frozen, network, touched] = sampleFindings(1_000_000, "en");

describe("which findings are shown", () => {
  test("all while nothing is asked for", () => {
    for (const finding of sampleFindings(1_000_000, "en"))
      expect(matchesFinding(finding, everything)).toBe(true);
  });

  test("by side and by severity", () => {
    if (frozen === undefined || network === undefined || touched === undefined) throw new Error();
    expect(matchesFinding(frozen, { ...everything, side: "client" })).toBe(true);
    expect(matchesFinding(network, { ...everything, side: "client" })).toBe(false);
    expect(matchesFinding(touched, { ...everything, severity: "warning" })).toBe(true);
    expect(matchesFinding(touched, { ...everything, severity: "disconnect" })).toBe(false);
  });

  test("by any of several agents, a part of the id being enough", () => {
    if (frozen === undefined || network === undefined) throw new Error();
    expect(matchesFinding(network, { ...everything, agent: " 1003 " })).toBe(true);
    expect(matchesFinding(frozen, { ...everything, agent: "1003" })).toBe(false);
  });
});
