/** What stands in headers that are no credentials by their name. */
import { describe, expect, test } from "vitest";
import { cpuTime } from "../../support/cpu-time.ts";
import { markerFor, newRedactor, readHeader } from "./read.ts";

const secret = "Secr3t-x9y8z7";
const marker = markerFor(secret);
const plus = marker.replace(" ", "+");

describe("a URL without scheme has its query read, whatever the header", () => {
  test.each([
    ["Refresh", "0; url=/cb?code=*&a=b"],
    ["X-Original-URL", "/cb?code=*"],
    ["X-Rewrite-Url", "/a/b?x=1&access_token=*"],
    ["Link", "</cb?ticket=*>; rel=next"],
    ["Destination", "/a?st=*"],
    ["X-Forwarded-Uri", "cb?key=*#top"],
  ])("%s: %s", (name, value) => {
    expect(readHeader(name, value.replace("*", secret))).toBe(value.replace("*", plus));
  });

  test("what merely holds a question mark stays", () => {
    for (const value of [
      "really? yes",
      "/finesse/api/User/1001?nocache=1492185680998&id=5",
      "a?b=c",
    ])
      expect(readHeader("X-Some", value)).toBe(value);
  });
});

test.each([
  ["Origin", `https://u:${secret}@h`, `https://u:${plus}@h`],
  ["User-Agent", `App/1.0 (token=${secret})`, `App/1.0 (token=${plus})`],
  [
    "Content-Type",
    `text/xml; token=${secret}; charset=UTF-8`,
    `text/xml; token=${plus}; charset=UTF-8`,
  ],
  ["X-Access-Key", secret, marker],
  ["X-Pwd", secret, marker],
  ["Ocp-Apim-Subscription-Key", secret, marker],
  [
    "WWW-Authenticate",
    `Negotiate oYH1${secret}==, Basic realm="x"`,
    `Negotiate ${markerFor(`oYH1${secret}==`)}, Basic realm="x"`,
  ],
  ["WWW-Authenticate", `Basic realm="x", NTLM ${secret}`, `Basic realm="x", NTLM ${marker}`],
])("%s: %s", (name, value, expected) => {
  expect(readHeader(name, value)).toBe(expected);
  expect(readHeader(name, expected)).toBe(expected);
});

test("what every browser and server sends stays", () => {
  const head = [
    "GET /finesse/api/User/1001 HTTP/1.1",
    "Host: fin1.demo.test:8445",
    "Connection: keep-alive",
    'sec-ch-ua: "Chromium";v="120", "Not?A_Brand";v="8"',
    "Origin: https://fin1.demo.test:8445",
    "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language: en-US,en;q=0.5",
    "Cache-Control: private, no-cache, max-age=0",
    "Vary: Origin, Authorization, Cookie",
    "Access-Control-Allow-Headers: Authorization, X-Auth-Token, Content-Type",
    "Content-Type: multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
    "Strict-Transport-Security: max-age=31536000; includeSubDomains",
    'WWW-Authenticate: Negotiate, NTLM, Basic realm="Finesse"',
    "Server: Apache-Coyote/1.1",
    "Pass-Through: yes",
    "",
    "",
  ].join("\r\n");
  expect(newRedactor().head(head)).toEqual({ text: head, replaced: false });
});

test.each(["?", "?a=", "/a?b= ", ", ntlm ", "ntlm \t "])(
  "a megabyte of %j takes bounded time",
  (piece) => {
    const text = piece.repeat(Math.ceil((1024 * 1024) / piece.length));
    for (const name of ["X-Some", "WWW-Authenticate", "Origin"])
      expect(cpuTime(() => readHeader(name, text))).toBeLessThan(2000);
  },
);
