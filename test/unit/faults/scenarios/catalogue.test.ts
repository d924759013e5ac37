import { describe, expect, test } from "vitest";
import { readRule } from "../../../../src/faults/read-rule.ts";
import { scenarios } from "../../../../src/faults/scenarios/catalogue.ts";

const target = { agent: "1001003", host: "fin1.demo.test", sid: "f382a015", lastRid: 7 };
const targets = [
  target,
  { ...target, agent: null, sid: null, lastRid: null },
  { ...target, host: null },
];

describe("the catalogue", () => {
  test("names every cause of the failure catalogue that a proxy can play", () => {
    expect(scenarios.map(({ name }) => name)).toEqual([
      "firewall-blocks-7443",
      "firewall-ages-25s",
      ...[31, 34, 36, 61, 91].map((s) => `answer-after-${s}s`),
      "poll-lost",
      "lossy-network",
      ...[45, 75, 120].map((s) => `tab-frozen-${s}s`),
      "pc-asleep",
      "notification-service-stopped",
      "notification-service-hung",
      "notification-service-restarted",
      "tomcat-down",
      "cti-out-of-service",
      "publisher-dead",
      "invalid-session",
      "conflict",
    ]);
  });

  test.each(scenarios.map((one) => [one.name, one] as const))(
    "%s: its rules can be armed",
    (_name, one) => {
      for (const to of targets) {
        const rules = one.rules(to);
        expect(rules.length).toBeGreaterThan(0);
        for (const { begins: _begins, ...rule } of rules)
          expect(readRule(rule, "r1")).toMatchObject({ kind: "rule" });
      }
    },
  );

  test.each(scenarios.map((one) => [one.name, one] as const))(
    "%s: says in both languages what will be seen, and when",
    (_name, { steps, title, description }) => {
      expect(title.en).not.toBe(title.es);
      expect(description.en.length * description.es.length).toBeGreaterThan(1000);
      expect(steps.length).toBeGreaterThan(0);
      for (const { within, what } of steps) {
        expect(what.en).not.toBe("");
        expect(what.es).not.toBe("");
        const windows = Object.values(within);
        expect(windows.length).toBeGreaterThan(0);
        for (const [from, until] of windows) expect(until).toBeGreaterThan(from);
      }
    },
  );

  test("an agent's scenario touches that agent only", () => {
    for (const { needs, rules, name } of scenarios.filter((one) => one.needs === "agent")) {
      const matches = rules({ ...target, host: null }).map(({ match }) => match);
      expect(matches.length).toBeGreaterThan(0);
      for (const { agent, sid } of matches)
        expect([needs, name, agent === target.agent || sid === target.sid]).toContain(true);
    }
  });
});
