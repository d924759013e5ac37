import { expect, test } from "vitest";
import { apiPath, readError } from "../../../../web/feed/api.ts";

test("addresses are relative to the page, and leave out what is not given", () => {
  expect(apiPath("exchanges", { before: 12, limit: 500, q: "" })).toBe(
    "api/exchanges?before=12&limit=500",
  );
  expect(apiPath("exchanges", { q: "host:a&b c" })).toBe("api/exchanges?q=host%3Aa%26b+c");
  expect(apiPath("config")).toBe("api/config");
});

test("errors of the server are told from anything else that may answer", () => {
  const error = { code: "query-invalid", message: "m", remedy: "r" };
  expect(readError(JSON.stringify({ error }))).toEqual(error);
  for (const text of ["", "<html>", "{}", '{"error":null}', '{"error":{}}', "[]"]) {
    expect(readError(text)).toBeNull();
  }
});
