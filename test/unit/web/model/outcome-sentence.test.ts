import { describe, expect, test } from "vitest";
import type { ExchangeSummary, FailureCause, Outcome } from "../../../../src/domain/exchange.ts";
import { en } from "../../../../web/i18n/en.ts";
import { es } from "../../../../web/i18n/es.ts";
import { failureSentence, outcomeSentence } from "../../../../web/model/outcome-sentence.ts";
import { makeExchange } from "../../../support/page-rows.ts";

const began = Date.parse("2026-11-22T10:00:00.000Z");
const row = (options: Parameters<typeof makeExchange>[3]): ExchangeSummary =>
  makeExchange(1, began, 0, { timing: { requestSent: 0, responseFirst: null }, ...options })
    .summary;
const failed = (cause: FailureCause): Extract<Outcome, { kind: "failed" }> => ({
  kind: "failed",
  phase: "headers",
  cause,
  blame: "server",
  status: null,
  alert: null,
  detail: "",
});

describe("the outcome in a sentence", () => {
  test("a poll within its wait is called normal, later overdue, then probably lost", () => {
    const poll = row({ role: "poll", waitMs: 30_000, outcome: { kind: "pending" } });
    expect(outcomeSentence(poll, began + 12_300, en, "en")).toBe(
      "Waiting for the answer for 12.3 s. The server may hold this poll for 30.0 s: nothing is wrong so far.",
    );
    expect(outcomeSentence(poll, began + 32_000, en, "en")).toContain("overdue");
    expect(outcomeSentence(poll, began + 35_000, en, "en")).toContain("probably lost");
    expect(outcomeSentence(poll, began + 12_300, es, "es")).toContain("12,3 s");
  });

  test("an assumed wait is named as one", () => {
    const poll = row({ role: "poll", outcome: { kind: "pending" } });
    expect(outcomeSentence(poll, began + 1000, en, "en")).toContain(en.summary.assumedWait);
  });

  test("an answer names its status and how long it was held", () => {
    const answered = row({ holdMs: 30_012 });
    expect(outcomeSentence(answered, began, en, "en")).toBe("Answered 200 OK after 30.01 s.");
  });

  test("a failure names who, what and during which phase", () => {
    expect(failureSentence(failed("reset"), en)).toBe(
      "The server reset the connection (TCP RST), while the answer was awaited.",
    );
    expect(failureSentence({ ...failed("reset"), status: 200, phase: "body" }, en)).toContain(
      "status 200",
    );
  });

  test("every cause has words of its own in both languages", () => {
    for (const words of [en, es]) {
      const causes = Object.keys(words.wire.cause) as FailureCause[];
      const sentences = new Set(causes.map((cause) => failureSentence(failed(cause), words)));
      expect(sentences.size).toBe(causes.length);
    }
  });
});
