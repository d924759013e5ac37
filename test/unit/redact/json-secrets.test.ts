/** The shapes in which JSON puts a secret's name beside its value. */
import { describe, expect, test } from "vitest";
import { cpuTime } from "../../support/cpu-time.ts";
import { markerFor, readBody } from "./read.ts";

const secret = "Secr3t!x";
const marker = markerFor(secret);

describe("a value goes with the name that stands", () => {
  test.each([
    ["before it, with more between", '{"name":"password","type":"hidden","value":"*"}'],
    ["after it", '{"value":"*","name":"password"}'],
    ["before a list", '{"name":"token","value":["*","*"]}'],
    ["in another order in each", '[{"name":"a","value":"b"},{"value":"*","id":1,"name":"pin"}]'],
    ["above an object", '{"password":{"old":"*","new":"*"}}'],
    ["above a map", '{"passwords":{"a":"*","b":{"c":"*"}}}'],
    ["above a group", '{"credentials":{"pin":"*"}}'],
    ["first in a pair", '[["password","*"],["X-Api-Key","*"]]'],
  ])("%s", (_, text) => {
    expect(readBody(text.replaceAll("*", secret), "application/json")).toBe(
      text.replaceAll("*", marker),
    );
  });

  test("before a header's value, which keeps what a header keeps", () => {
    const basic = Buffer.from(`bob:${secret}`).toString("base64");
    expect(
      readBody(`[{"name":"Authorization","value":"Basic ${basic}"}]`, "application/json"),
    ).toBe(`[{"name":"Authorization","value":"Basic bob:${marker}"}]`);
  });
});

test.each([
  '{"name":"state","value":"READY"}',
  '{"name":"password","type":"hidden","label":"Word"}',
  '{"credentials":{"username":"bob","loginId":"1001","extension":"10005","domain":"demo.test"}}',
  '{"token":{"type":"Bearer","expires_at":"2026-01-01","scope":"read"}}',
  '{"password":{"label":"Your word","minLength":8,"required":true}}',
  '{"grant_types":["password","refresh_token"],"fields":["token","state"]}',
  '[["password","token","state"],["user","bob"]]',
  '[["state","READY"],["reason","25"]]',
  '{"https://fin1:8445/desktop/sso/token":{"body":"Invalid user.","rc":401}}',
])("%s stays", (text) => {
  expect(readBody(text, "application/json")).toBe(text);
});

test.each(['{"password":', '[["pin","', '{"name":"pin","value":{'])(
  "a megabyte of %j takes bounded time",
  (piece) => {
    const deep = piece.repeat(200);
    const filling = '"aa","bb",'.repeat(100_000);
    const text = `${deep}[${filling}`;
    expect(cpuTime(() => readBody(text, "text/plain"))).toBeLessThan(2000);
  },
);
