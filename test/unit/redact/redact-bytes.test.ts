/** Bodies that are no UTF-8 lose their secrets and nothing else, or are not kept. */
import { describe, expect, test } from "vitest";
import { redactBytes } from "../../../src/redact/redact-bytes.ts";
import { knowing, markerFor, newRedactor } from "./read.ts";

const secret = "Winter,2024!x";
const marker = markerFor(secret);

function redacted(
  bytes: Buffer,
  contentType: string | null,
  path = "/x",
  redactor = newRedactor(),
) {
  const view = { contentType, path, side: "request" } as const;
  const once = redactBytes(bytes, view, redactor);
  if (once === null) return null;
  expect(redactBytes(once.bytes, view, redactor)).toEqual({ bytes: once.bytes, replaced: false });
  return Buffer.from(once.bytes);
}

const bytes = (text: string): Buffer =>
  Buffer.concat(
    text
      .split(/(‹[^›]*›)/)
      .map((piece, at) => Buffer.from(piece, at % 2 === 1 ? "utf8" : "latin1")),
  );

describe("one byte a character", () => {
  test.each([
    ["text/xml; charset=iso-8859-1", "<a><name>Jos\u00e9</name><password>*</password></a>"],
    ["application/json", '{"name":"Jos\u00e9","password":"*"}'],
    ["text/plain; charset=windows-1252", "Jos\u00e9 \u0080 \u009b\npassword='*'"],
    [null, '{"name":"Jos\u00e9","password":"*"}'],
    ["application/octet-stream", "<a>\u00e9<password>*</password></a>"],
    [
      "multipart/form-data; boundary=b",
      '--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n*\r\n--b\r\nContent-Disposition: form-data; name="f"\r\nContent-Type: image/png\r\n\r\n\u0089PNG\r\n\u001a\0\u00ff\u0080\r\n--b--\r\n',
    ],
  ])("%s: %s", (type, text) => {
    expect(redacted(bytes(text.replace("*", secret)), type)).toEqual(
      bytes(text.replace("*", marker)),
    );
  });

  test("a form", () => {
    const form = (value: string) => bytes(`name=Jos\u00e9&password=${value}`);
    expect(redacted(form("Winter.2024"), "application/x-www-form-urlencoded")).toEqual(
      form(markerFor("Winter.2024").replace(" ", "+")),
    );
  });

  test("what has characters then that are no byte is not kept", () => {
    expect(redacted(bytes('{"a":"\u00e9","b":"\\u20ac token=abcdef12"}'), "application/json")).toBe(
      null,
    );
  });
});

describe("UTF-16", () => {
  const xml = (value: string) => `<a><name>José €</name><password>${value}</password></a>`;
  test.each([
    ["little end first", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["big end first", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ["without mark", (text: string) => Buffer.from(text, "utf16le")],
  ])("%s", (_, encode) => {
    expect(redacted(encode(xml(secret)), "text/xml; charset=utf-16")).toEqual(encode(xml(marker)));
    expect(redacted(encode(`{"password":"${secret}"}`), "application/json")).toEqual(
      encode(`{"password":"${marker}"}`),
    );
  });
});

describe("what can't be read", () => {
  const noise = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0xff, 0xfe, 0x9c]);

  test("is not kept when it should be text", () => {
    for (const type of ["text/xml", "application/json", "multipart/form-data; boundary=b"])
      expect(redacted(noise, type)).toBe(null);
    expect(redacted(noise, null, "/finesse/api/User/1")).toBe(null);
    const wide = Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]);
    expect(redacted(wide, "text/plain")).toBe(null);
  });

  test("stays when it is a picture or an archive, unless a known secret is in it", () => {
    const redactor = knowing(secret);
    const told = Buffer.concat([noise, Buffer.from(secret), noise]);
    for (const type of ["image/png", "application/zip", "application/octet-stream", null]) {
      expect(redacted(noise, type, "/x", redactor)).toEqual(noise);
      expect(redacted(told, type, "/x", redactor)).toBe(null);
    }
  });
});

test("a body of UTF-8 that was cut in a character keeps that part of it", () => {
  const body = Buffer.from("user=Jos\u00e9 password=Winter.2024 \u20ac").subarray(0, -1);
  const kept = redacted(body, "text/plain");
  expect(kept?.subarray(-2)).toEqual(body.subarray(-2));
  expect(kept?.toString()).not.toContain("Winter");
});
