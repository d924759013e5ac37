import { expect, test } from "vitest";
import { charsetOf, decodeBody, readingsOf } from "../../../../web/model/body-text.ts";

test("text is read by the charset named, and by UTF-8 when it is unknown", () => {
  const latin = Uint8Array.of(0x4d, 0xe9);
  expect(decodeBody(latin, "text/html;charset=ISO-8859-1")).toBe("Mé");
  expect(decodeBody(new TextEncoder().encode("Mé"), 'text/xml; charset="UTF-8"')).toBe("Mé");
  expect(decodeBody(new TextEncoder().encode("Mé"), "text/xml; charset=klingon")).toBe("Mé");
  expect(decodeBody(latin, null)).toBe("M\ufffd");
  expect(charsetOf("text/xml")).toBe("utf-8");
});

test("the type says how a body may be read", () => {
  expect(readingsOf("text/xml;charset=utf-8")).toEqual(["xml"]);
  expect(readingsOf("application/vnd.x+json")).toEqual(["json"]);
  expect(readingsOf("application/x-www-form-urlencoded")).toEqual(["form"]);
  expect(readingsOf("image/png")).toEqual([]);
  expect(readingsOf(null)).toEqual(["xml", "json"]);
});
