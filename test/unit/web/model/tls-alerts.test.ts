import { expect, test } from "vitest";
import { alertMeaning, alertName } from "../../../../web/model/tls-alerts.ts";

test("the alerts by which browsers refuse an unknown root are told from others", () => {
  expect([42, 46, 48].map(alertMeaning)).toEqual(["untrusted", "untrusted", "untrusted"]);
  expect(alertMeaning(45)).toBe("certificate");
  expect(alertMeaning(70)).toBe("version");
  expect(alertMeaning(90)).toBe("given-up");
  expect(alertMeaning(null)).toBe("other");
  expect(alertMeaning(51)).toBe("other");
});

test("numbers carry their name in RFC 8446", () => {
  expect(alertName(46)).toBe("46 (certificate_unknown)");
  expect(alertName(200)).toBe("200");
});
