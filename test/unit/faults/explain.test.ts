import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explain } from "../../../src/faults/explain.ts";
import { anyRule } from "./any-rule.ts";
import { ruleWith } from "./some-rule.ts";

describe("explain", () => {
  const rule = ruleWith({
    match: { kind: "poll", agent: "1001003", host: "fin1.demo.test", port: 7443, nth: 2 },
    actions: [
      { kind: "delay-until", ageMs: 36_000 },
      { kind: "drop", leg: "response", how: "reset" },
    ],
    times: 3,
    expiresAfterMs: 120_000,
    alsoWaiting: true,
  });

  test("reads as sentences, in English", () => {
    expect(explain(rule, "en")).toBe(
      "The 2nd poll of agent 1001003 to fin1.demo.test on port 7443: keeps the answer back until the request is 36 s old, then drops the answer and resets the connection (RST). 3 times. Ends 2 min after arming. Also what waits when it is armed.",
    );
  });

  test("and in Spanish", () => {
    expect(explain(rule, "es")).toBe(
      "El 2.º sondeo del agente 1001003 hacia fin1.demo.test en el puerto 7443: retiene la respuesta hasta que la petición tenga 36 s, luego pierde la respuesta y corta la conexión (RST). 3 veces. Termina 2 min después de armarla. También lo que espera al armarla.",
    );
  });

  test("every rule has a sentence in both, without holes", () => {
    fc.assert(
      fc.property(anyRule, fc.constantFrom("en" as const, "es" as const), (any, language) => {
        const sentence = explain({ ...any, match: { ...any.match } }, language);
        expect(sentence).not.toMatch(/undefined|null|NaN/);
        expect(sentence.length).toBeGreaterThan(10);
      }),
    );
  });
});
