import { expect, test } from "vitest";
import { en } from "../../../../web/i18n/en.ts";
import { differs } from "../../../../web/model/compare-exchanges.ts";
import { exchangeFacts, exchangeTiming } from "../../../../web/model/compare-facts.ts";
import { detailOf, sampleExchanges } from "../../../support/page-rows.ts";

const [first, second] = sampleExchanges(1_000_000_000_000)
  .filter(({ summary }) => summary.role === "poll" && summary.outcome.kind === "responded")
  .map(detailOf);

test("an exchange does not differ from itself", () => {
  if (first === undefined) throw new Error("no sample");
  expect(exchangeFacts(first, first, en, "en").filter(differs)).toEqual([]);
  expect(exchangeTiming(first, first, en, "en").filter(differs)).toEqual([]);
});

test("two polls differ in their rid, and say so in the page's words", () => {
  if (first === undefined || second === undefined) throw new Error("no sample");
  const rid = exchangeFacts(first, second, en, "en").find(
    ({ name }) => name === en.compare.fact.rid,
  );
  expect(rid).toEqual({
    name: "rid",
    left: String(first.rid),
    right: String(second.rid),
  });
  const marks = exchangeTiming(first, second, en, "en").map(({ name }) => name);
  expect(marks).toContain(en.compare.fact.responseFirst);
  expect(marks).not.toContain(en.compare.fact.failed);
});
