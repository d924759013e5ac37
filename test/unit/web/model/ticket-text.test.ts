import { expect, test } from "vitest";
import { en } from "../../../../web/i18n/en.ts";
import { es } from "../../../../web/i18n/es.ts";
import { linesOf, ticketText } from "../../../../web/model/ticket-text.ts";
import { sampleFindings } from "../../../support/page-findings.ts";

test("the text says everything the finding says, in its language", () => {
  for (const [language, words] of [
    ["en", en],
    ["es", es],
  ] as const) {
    for (const finding of sampleFindings(1_000_000, language)) {
      const text = ticketText(finding, words);
      expect(text.startsWith(finding.title)).toBe(true);
      const said = [
        words.findings.side[finding.side],
        finding.cause,
        ...linesOf(finding.explanation),
        ...finding.reasons,
        ...finding.before,
        ...finding.advice,
        ...finding.wouldSettle,
        ...finding.details.map(({ exchange }) => exchange),
        ...finding.consequences.map(({ what }) => what),
        ...finding.revisions.map(({ why }) => why),
      ];
      for (const part of said) expect(text).toContain(part);
    }
  }
});

test("parts with nothing in them are left out", () => {
  const [finding] = sampleFindings(1_000_000, "en");
  if (finding === undefined) throw new Error();
  const text = ticketText({ ...finding, revisions: [], before: [], sid: null }, en);
  expect(text).not.toContain(en.findings.revisions);
  expect(text).not.toContain(en.findings.before);
  expect(text).not.toContain("null");
});
