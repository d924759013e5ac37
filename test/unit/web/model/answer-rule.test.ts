import { expect, test } from "vitest";
import type { ExchangeDetail } from "../../../../src/domain/exchange.ts";
import { answerRule } from "../../../../web/model/answer-rule.ts";

const shown = (change: Partial<ExchangeDetail>): ExchangeDetail =>
  ({
    id: "cap1-7",
    host: "fin1.demo.test",
    port: 7443,
    method: "POST",
    path: "/http-bind/",
    agent: "1001",
    role: "poll",
    event: "notification User READY",
    ...change,
  }) as ExchangeDetail;

test("a notification takes the next one's place, so that the server sees every rid", () => {
  expect(answerRule(shown({}), "again")).toEqual({
    name: "again",
    match: { host: "fin1.demo.test", port: 7443, agent: "1001", kind: "notification" },
    actions: [{ kind: "answer", template: { kind: "recorded", exchange: "cap1-7" } }],
    times: 1,
    expiresAfterMs: null,
    alsoWaiting: false,
    arm: true,
  });
});

test("any other answer is for the next request of the same method and path, whatever its query", () => {
  const rest = { role: "rest", port: 8445, method: "GET", event: null } as const;
  const path = "/finesse/api/User/1001?nocache=1";
  expect(answerRule(shown({ ...rest, path, agent: null }), "x").match).toEqual({
    host: "fin1.demo.test",
    port: 8445,
    method: "GET",
    path: "/finesse/api/User/1001?*",
  });
  expect(answerRule(shown({ ...rest, path: "/a" }), "x").match).toMatchObject({ path: "/a" });
  expect(answerRule(shown({ event: "empty" }), "x").match).toMatchObject({ kind: "poll" });
});
