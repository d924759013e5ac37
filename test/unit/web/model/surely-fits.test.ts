import { expect, test } from "vitest";
import { surelyFits } from "../../../../web/model/surely-fits.ts";

test("short texts fit, long ones and wide glyphs do not for sure", () => {
  expect(surelyFits("", 0)).toBe(true);
  expect(surelyFits("1,861,121", 80)).toBe(true);
  expect(surelyFits("HTTPS", 60)).toBe(true);
  expect(surelyFits("fin1.ucce.example.com", 144)).toBe(false);
  expect(surelyFits("mmmmm", 60)).toBe(false);
  expect(surelyFits("読み込み", 60)).toBe(false);
});

test("what fits goes on fitting when a character is taken away", () => {
  const text = "NOT_READY → TALKING, Dialog 16804377 ALERTING";
  for (let px = 0; px < 600; px += 7)
    for (let length = 1; length <= text.length; length += 1)
      if (surelyFits(text.slice(0, length), px))
        expect(surelyFits(text.slice(0, length - 1), px)).toBe(true);
});
