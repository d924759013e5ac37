/**
 * The same faults made by Boshscope's own fault rules: each scenario of its catalogue, against simulated desktops and, where it does not take
 * minutes, real parts. Whatever a rule breaks must be told as a rule's doing; that the client, the network or the server is blamed as well is wrong.
 */
import { scenarios as catalogue } from "../../../src/faults/scenarios/catalogue.ts";
import type { Scenario as FaultScenario } from "../../../src/faults/scenarios/scenario.ts";
import type { FaultsState, ScenarioRun } from "../../../src/server/messages.ts";
import { waitFor } from "../../support/boshscope-process.ts";
import type { Played, Scenario } from "../contract.ts";
import { host } from "../world/chromium-desktop.ts";
import { pause } from "../world/pause.ts";
import type { World } from "../world/world.ts";
import { real, simulated } from "./plans.ts";

/** With real servers time goes at its own speed. */
const realOnes = new Set([
  "conflict",
  "invalid-session",
  "poll-lost",
  "tab-frozen-45s",
  "notification-service-stopped",
  "tomcat-down",
  "cti-out-of-service",
]);

/** Late, but sooner than JabberWerx's patience of 35 s, or one request in twenty: where nothing breaks, nothing need be said. */
const harmless = new Set(["answer-after-31s", "answer-after-34s", "lossy-network"]);

async function playRule(fault: FaultScenario, world: World): Promise<Played> {
  const { boshscope, stage } = world;
  const agent = stage.agents[0] ?? "";
  const target = fault.needs === "agent" ? { agent } : { host };
  const faultAt = Date.now();
  const { id } = await boshscope.post<ScenarioRun>(`/scenarios/${fault.name}/run?lang=en`, target);
  const speed = world.kind === "simulator" ? world.stage.speed : 1;
  await waitFor(
    async () => {
      const { runs } = await boshscope.get<FaultsState>("/faults?lang=en");
      return runs.some((run) => run.id === id && run.triggeredAt !== null);
    },
    90_000 / speed + 5000,
    () => "the rules touched nothing",
  );
  await pause(fault.lastsMs / speed);
  return { faultAt, completedAt: Date.now() };
}

const common = (fault: FaultScenario): Omit<Scenario, "name" | "plan"> => ({
  cause: "F25",
  sides: ["fault-rule"],
  completes: "the scenario's time is over; its own clock, from its first touch on",
  limitSeconds: 330,
  play: (world) => playRule(fault, world),
});

/** Strophe's desktops ping every 10 s: no connection of theirs is ever silent for 25 s. */
const kinds: Readonly<Record<string, string>> = { "firewall-ages-25s": "jabberwerx" };

const parameters = (fault: FaultScenario) => ({
  rules: fault.name,
  mayBeHarmless: harmless.has(fault.name),
  ...(fault.name in kinds ? { kind: kinds[fault.name] } : {}),
});

export const ruleScenarios: readonly Scenario[] = catalogue.flatMap((fault) => [
  {
    ...common(fault),
    name: `rule-${fault.name}`,
    plan: (random) =>
      simulated(random, { speed: random.of(2, 3, 4), parameters: parameters(fault) }),
  },
  ...(realOnes.has(fault.name)
    ? [
        {
          ...common(fault),
          name: `real-rule-${fault.name}`,
          plan: (random) => real(random, { parameters: parameters(fault) }),
        } satisfies Scenario,
      ]
    : []),
]);
