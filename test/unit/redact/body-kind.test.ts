/** What a body is read as when its type says something else. */
import { describe, expect, test } from "vitest";
import { bodyKind } from "../../../src/redact/body-kind.ts";
import { markerFor, readBody } from "./read.ts";

const secret = "Secret,word!";
const marker = markerFor(secret);

describe("JSON and XML are read as such, whatever their type says", () => {
  test.each([
    ["text/javascript", '{"access_token":"~"}'],
    ["text/javascript", 'cb({"password":"~"})'],
    ["application/javascript", '/**/ typeof cb === \'function\' && cb([{"password":"~"}]);'],
    ["text/plain", 'a.b$c ({"password":"~"});\n'],
    ["image/x-icon", '{"password":"~"}'],
    ["image/png", "<a><password>~</password></a>"],
    ["text/css", "<a><password>~</password></a>"],
    ["image/svg+xml", '<svg><password value="~"/></svg>'],
    ["text/html", '{"password":"~","user":"bob"}'],
    ["text/html", '[{"password":"~"}'],
  ])("%s: %s", (type, text) => {
    expect(readBody(text.replace("~", secret), type)).toBe(text.replace("~", marker));
  });
});

describe("what only begins like it is read as what its type says", () => {
  test.each([
    ["application/javascript", '["a"].forEach(function(token) { token = a ? b=c : "password"; });'],
    ["application/javascript", 'define({ password: token, user: "bob" });'],
    ["text/css", "[hidden] { color: red }"],
    ["image/png", "{\u0001\u0002 password=a"],
    ["text/html", "[see] the page"],
  ])("%s: %s", (type, text) => {
    expect(readBody(text, type)).toBe(text);
  });

  test("a form stays a form", () => {
    const form = {
      contentType: "application/x-www-form-urlencoded",
      path: "/",
      side: "request",
    } as const;
    expect(bodyKind({ ...form, text: "a(b=1" })).toMatchObject({ kind: "form", isCertain: true });
  });
});

describe("strings in code", () => {
  const code = "application/javascript";

  test.each([
    'var c = { "access_token":"*", user:"bob" };',
    "const password = '*';",
    'x.apiKey="*",y=1;',
    "login({user:'bob',pass:'*'})",
  ])("%s: a secret goes", (text) => {
    const literal = "S3cret,word!";
    expect(readBody(text.replace("*", literal), code)).toBe(text.replace("*", markerFor(literal)));
  });

  test.each([
    'var t = {password:"Enter your password", token:"string", secret:"{0}"};',
    'input.type = isShown ? "text" : "password"; token = tokens[i + 1];',
    'xsrfCookieName:"XSRF-TOKEN",xsrfHeaderName:"X-XSRF-TOKEN",cookie:"a.b.c"',
    "if (pass === 'first') auth = f(a1b2c3d4);",
  ])("%s: all stays", (text) => {
    expect(readBody(text, code)).toBe(text);
  });
});
