import { expect, test } from "vitest";
import { createScope } from "../../../src/intercept/scope.ts";

const rules = {
  decryptPorts: [7443, 8445],
  finesse: [
    { host: "fin1.ucce.local", ports: null },
    { host: "fin2.ucce.local", ports: [8443] },
  ],
};

test("Finesse's own ports are decrypted on any host, everything else stays a tunnel", () => {
  const scope = createScope(rules);
  expect(scope.decide({ host: "any.corp", port: 7443 }).intercept).toBe(true);
  expect(scope.decide({ host: "any.corp", port: 8445 }).intercept).toBe(true);
  expect(scope.decide({ host: "bank.example", port: 443 }).intercept).toBe(false);
});

test("443 is decrypted on named hosts, and on hosts learned by their Finesse ports", () => {
  const scope = createScope(rules);
  expect(scope.decide({ host: "fin1.ucce.local", port: 443 }).intercept).toBe(true);
  expect(scope.decide({ host: "fin3.ucce.local", port: 443 }).intercept).toBe(false);
  scope.decide({ host: "fin3.ucce.local", port: 7443 });
  expect(scope.decide({ host: "fin3.ucce.local", port: 443 }).intercept).toBe(true);
  expect(scope.hosts()).toEqual(["fin1.ucce.local", "fin2.ucce.local", "fin3.ucce.local"]);
});

test("ports given with a host replace the usual ones there", () => {
  const scope = createScope(rules);
  expect(scope.decide({ host: "fin2.ucce.local", port: 8443 }).intercept).toBe(true);
  expect(scope.decide({ host: "fin2.ucce.local", port: 443 }).intercept).toBe(false);
});

test("hosts learned from clients are bounded", () => {
  const scope = createScope({ decryptPorts: [7443], finesse: [] });
  for (let n = 0; n < 5000; n++) scope.decide({ host: `h${n}`, port: 7443 });
  expect(scope.hosts()).toHaveLength(1000);
});
