/** The token and the cookie: what lets in, and what does not. */
import { describe, expect, test } from "vitest";
import { createAccess } from "../../../src/server/access.ts";

const access = createAccess("s3cret token", 8889);
const pair = access.cookie.split(";")[0] ?? "";

describe("access", () => {
  test.each([
    ["Bearer s3cret", false],
    ["Bearer", false],
    ["Basic s3cret", false],
    ["", false],
  ])("Authorization %j admits: %j", (authorization, admitted) => {
    expect(access.admits({ authorization })).toBe(admitted);
  });

  test("a bearer of the token gets in, in any case of the scheme's name", () => {
    const plain = createAccess("T", 1);
    expect(plain.admits({ authorization: "Bearer T" })).toBe(true);
    expect(plain.admits({ authorization: "bearer T" })).toBe(true);
    expect(plain.admits({ authorization: "Bearer t" })).toBe(false);
    expect(plain.admits({ authorization: "Bearer TT" })).toBe(false);
  });

  test("the cookie lets in, also among others and after a stale one of the same name", () => {
    const name = pair.split("=")[0] ?? "";
    expect(access.admits({ cookie: pair })).toBe(true);
    expect(access.admits({ cookie: `a=1; ${name}=old; ${pair}; b=2` })).toBe(true);
    expect(access.admits({ cookie: `${name}=old` })).toBe(false);
    expect(access.admits({ cookie: `x${pair}` })).toBe(false);
  });

  test("a wrong bearer is not helped by a right cookie", () => {
    expect(access.admits({ authorization: "Bearer no", cookie: pair })).toBe(false);
  });

  test("the cookie is out of reach of scripts and other sites, and is not the token", () => {
    expect(access.cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(access.cookie).not.toContain("s3cret");
    expect(access.isToken(pair.split("=")[1] ?? "")).toBe(false);
  });

  test("two instances on one host do not share a cookie", () => {
    const other = createAccess("s3cret token", 8890);
    expect(other.admits({ cookie: pair })).toBe(false);
    expect(createAccess("another", 8889).admits({ cookie: pair })).toBe(false);
  });
});
