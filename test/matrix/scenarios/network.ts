/** Firewalls, ageing, loss (F1, F2, F3). */

import { waitFor } from "../../support/boshscope-process.ts";
import type { Scenario } from "../contract.ts";
import { block } from "../world/firewall.ts";
import { pause } from "../world/pause.ts";
import { publisher } from "../world/simulated-stage.ts";
import { firstOf, firstTabFails } from "./moments.ts";
import { real, realStage, simulated, simulatedStage } from "./plans.ts";

/** A blocked connection says nothing: after that long it counts as unanswered. */
const unansweredMs = 10_000;
const how = (value: unknown): "drop" | "reset" => (value === "drop" ? "drop" : "reset");
const rstOrDrop =
  "reset: a desktop's request to 7443 fails; drop: 10 s after a desktop first had to connect to the blocked 7443";

export const networkScenarios: readonly Scenario[] = [
  {
    name: "port-blocked",
    cause: "F1",
    sides: ["network"],
    completes: rstOrDrop,
    needsRoot: true,
    plan: (random) =>
      simulated(random, {
        agents: [1, 3],
        parameters: { block: random.of("drop", "reset") },
        stage: { later: true },
      }),
    async play(world, { parameters }) {
      const stage = simulatedStage(world);
      const kind = how(parameters["block"]);
      block([stage.simulator.port(publisher, 7443)], kind);
      const faultAt = Date.now();
      for (const agent of stage.agents) await stage.startDesktop(agent);
      const asked = await firstOf(
        stage,
        faultAt,
        30,
        ({ kind: what, path }) => what === "rest-sent" && `${path}`.includes("/tunnel/"),
      );
      if (kind === "drop") await pause(asked + unansweredMs - Date.now());
      const completedAt =
        kind === "drop"
          ? asked + unansweredMs
          : await firstOf(stage, faultAt, 40, ({ kind: what }) => what.endsWith("-failed"));
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-port-blocked",
    cause: "F1",
    sides: ["network"],
    completes: rstOrDrop,
    needsRoot: true,
    plan: (random) =>
      real(random, {
        agents: [1, 2],
        parameters: { block: random.of("drop", "reset"), when: random.of("sign-in", "working") },
        stage: { later: true },
      }),
    async play(world, { parameters }) {
      const stage = realStage(world);
      const kind = how(parameters["block"]);
      const isWorking = parameters["when"] === "working";
      if (isWorking) await stage.signIn();
      block([stage.server.httpsPort], kind);
      const faultAt = Date.now();
      if (!isWorking) {
        for (const agent of stage.agents) await (await stage.createDesktop(agent)).open();
      }
      const asked = isWorking
        ? await firstTabFails(stage, faultAt, 40_000)
        : await stage
            .desktop()
            .when("a request to 7443", ({ port }) => port === "7443", faultAt, 10_000);
      if (kind === "drop") await pause(asked + unansweredMs - Date.now());
      const completedAt =
        kind === "drop" ? asked + unansweredMs : await firstTabFails(stage, faultAt, 20_000);
      return { faultAt, completedAt };
    },
  },
  {
    name: "connections-aged",
    cause: "F2",
    sides: ["network"],
    completes: "the relay has ended a third connection at its constant age; the relay's own record",
    limitSeconds: 200,
    plan: (random) =>
      simulated(random, {
        agents: [1, 3],
        parameters: { ageSeconds: random.between(11, 26), end: random.of("fin", "reset") },
        stage: { relay: true },
      }),
    async play(world, { parameters }) {
      const stage = simulatedStage(world);
      const { relay } = stage;
      if (relay === null) throw new Error("no relay");
      const faultAt = Date.now();
      relay.age({
        afterMs: stage.ms(Number(parameters["ageSeconds"])),
        how: parameters["end"] === "fin" ? "fin" : "reset",
      });
      await waitFor(() => relay.ended.length >= thirdOfEach(stage.agents.length), 120_000);
      return { faultAt, completedAt: relay.ended.at(-1) ?? 0 };
    },
  },
  {
    name: "real-connections-aged",
    cause: "F2",
    sides: ["network"],
    completes: "the relay has ended a third connection at its constant age; the relay's own record",
    limitSeconds: 200,
    plan: (random) =>
      real(random, {
        agents: [1, 2],
        wait: random.between(15, 25),
        parameters: { ageSeconds: random.between(6, 13), end: random.of("fin", "reset") },
        stage: { relay: true },
      }),
    async play(world, { parameters }) {
      const stage = realStage(world);
      const { relay } = stage;
      if (relay === null) throw new Error("no relay");
      const faultAt = Date.now();
      relay.age({
        afterMs: Number(parameters["ageSeconds"]) * 1000,
        how: parameters["end"] === "fin" ? "fin" : "reset",
      });
      await waitFor(() => relay.ended.length >= thirdOfEach(stage.agents.length), 120_000);
      return { faultAt, completedAt: relay.ended.at(-1) ?? 0 };
    },
  },
  {
    name: "network-lost",
    cause: "F3",
    sides: ["network"],
    completes: "the first client gives up a poll that is overdue; its own record",
    needsRoot: true,
    plan: (random) => simulated(random, { parameters: { seconds: random.between(50, 120) } }),
    async play(world, { parameters }) {
      const stage = simulatedStage(world);
      const open = block(
        [stage.simulator.port(publisher, 7443), stage.simulator.port(publisher, 8445)],
        "drop",
      );
      const faultAt = Date.now();
      const back = pause(stage.ms(Number(parameters["seconds"]))).then(open);
      const completedAt = await firstOf(
        stage,
        faultAt,
        75,
        ({ kind }) => kind === "request-aborted",
      );
      await back;
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-network-lost",
    cause: "F3",
    sides: ["network"],
    completes: "a tab gives up a poll; Chromium's own record",
    needsRoot: true,
    plan: (random) =>
      real(random, {
        parameters: {
          seconds: random.between(25, 50),
          loss: random.of(1, 1, 0.95),
        },
      }),
    async play(world, { parameters }) {
      const stage = realStage(world);
      const loss = Number(parameters["loss"]);
      const open = block([stage.server.httpsPort, stage.webPort], loss === 1 ? "drop" : { loss });
      const faultAt = Date.now();
      const back = pause(Number(parameters["seconds"]) * 1000).then(open);
      const completedAt = await firstTabFails(stage, faultAt, 60_000);
      await back;
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-port-throttled",
    cause: "F2",
    sides: ["network"],
    completes: "a tab gives up a second poll whose answer trickles; Chromium's own record",
    plan: (random) =>
      real(random, {
        agents: [1, 2],
        parameters: { bytesPerSecond: random.between(2, 8) },
        stage: { relay: true },
      }),
    async play(world, { parameters }) {
      const stage = realStage(world);
      const { relay } = stage;
      if (relay === null) throw new Error("no relay");
      const faultAt = Date.now();
      relay.drip(Number(parameters["bytesPerSecond"]));
      const first = await firstTabFails(stage, faultAt, 60_000);
      const completedAt = await firstTabFails(stage, first + 500, 60_000);
      return { faultAt, completedAt };
    },
  },
];

const thirdOfEach = (agents: number): number => 2 + agents;
