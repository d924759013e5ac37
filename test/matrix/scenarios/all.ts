/** Every scenario of the matrix. F16 and F21 cannot be told from others on the wire, and SSO has no stage here. */
import type { Scenario } from "../contract.ts";
import { ruleScenarios } from "./by-rules.ts";
import { clientScenarios } from "./client.ts";
import { finesseScenarios } from "./finesse.ts";
import { healthyScenarios } from "./healthy.ts";
import { networkScenarios } from "./network.ts";
import { serviceScenarios } from "./service.ts";
import { sessionScenarios } from "./session.ts";

export const scenarios: readonly Scenario[] = [
  ...serviceScenarios,
  ...networkScenarios,
  ...finesseScenarios,
  ...sessionScenarios,
  ...clientScenarios,
  ...healthyScenarios,
];

export function findScenario(name: string): Scenario {
  const found = [...scenarios, ...ruleScenarios].find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`there is no scenario ${name}`);
  return found;
}
