/** The session itself: forgotten, taken over, confused (F18, F19, F22). */

import { demoPassword } from "../../../src/simulator/start-demo.ts";
import type { Scenario } from "../contract.ts";
import { firstOf } from "./moments.ts";
import { real, realStage, simulated, simulatedStage } from "./plans.ts";

export const sessionScenarios: readonly Scenario[] = [
  {
    name: "session-ended",
    cause: "F18",
    sides: ["server"],
    completes: "the agent's next request is answered 404; the desktop's own record",
    plan: (random) => simulated(random),
    async play(world) {
      const stage = simulatedStage(world);
      const agent = world.random.of("1001001", "1001002");
      const faultAt = Date.now();
      await stage.simulator.call("kick", [agent]);
      const completedAt = await stage.desktops.when(
        agent,
        ({ wall, kind }) =>
          wall >= faultAt && (kind === "request-failed" || kind === "disconnected"),
        stage.ms(60) + 5000,
      );
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-session-ended",
    cause: "F18",
    sides: ["server"],
    completes: "the tab's connection is over; what the page printed",
    // ejabberd ends a session only with the words of a second sign-in (conflict).
    plan: (random) => real(random, { world: "prosody" }),
    async play(world) {
      const stage = realStage(world);
      const faultAt = Date.now();
      const desktop = stage.desktop();
      await stage.server.endSession(desktop.agent, "desktop");
      const completedAt = await desktop.when(
        "the banner",
        ({ what }) => what.startsWith("banner"),
        faultAt,
        40_000,
      );
      return { faultAt, completedAt };
    },
  },
  {
    name: "signed-in-twice",
    cause: "F19",
    sides: ["client"],
    completes:
      "the second desktop is connected, so that the first has been told of the conflict; its own record",
    plan: (random) => simulated(random),
    async play(world, { wait }) {
      const stage = simulatedStage(world);
      const agent = world.random.of("1001001", "1001002");
      const faultAt = Date.now();
      await stage.simulator.startDesktop({
        kind: "strophe",
        transport: "bosh",
        agent,
        password: demoPassword,
        proxy: { host: "127.0.0.1", port: stage.boshscope.proxyPort },
        ca: stage.boshscope.caPem,
        wait,
      } as never);
      const completedAt = await stage.simulator.when(
        agent,
        ({ kind }) => kind === "connected",
        30_000,
      );
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-signed-in-twice",
    cause: "F19",
    sides: ["client"],
    completes: "the first tab is told of the conflict; what the page printed",
    plan: (random) => real(random),
    async play(world) {
      const stage = realStage(world);
      const first = stage.desktop();
      const faultAt = Date.now();
      await stage.openDesktop(first.agent);
      const completedAt = await first.when(
        "the conflict",
        ({ what }) => what === "status CONFLICT" || what.startsWith("banner"),
        faultAt,
        40_000,
      );
      return { faultAt, completedAt };
    },
  },
  {
    name: "rids-duplicated",
    cause: "F22",
    sides: ["network", "server"],
    completes: "the first desktop's session is ended for a rid; its own record",
    plan: (random) =>
      simulated(random, {
        agents: [1, 3],
        parameters: { duplicate: random.of("old", "ahead") },
        stage: { front: "duplicating" },
      }),
    async play(world, { parameters }) {
      const stage = simulatedStage(world);
      const faultAt = Date.now();
      stage.misbehaviour.duplicates = parameters["duplicate"] === "old" ? "old" : "ahead";
      const completedAt = await firstOf(stage, faultAt, 60, ({ kind }) => kind === "disconnected");
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-rids-duplicated",
    cause: "F22",
    // Something in the page sends more than strophe.js does, so that Boshscope sees it.
    sides: ["client", "network"],
    completes: "a tab's connection is over; what the page printed",
    // Prosody waits for the ids between, and nothing is lost.
    plan: (random) => real(random, { world: "ejabberd", agents: [1, 2] }),
    async play(world) {
      const stage = realStage(world);
      const faultAt = Date.now();
      await stage.desktop().repeatAhead();
      const completedAt = await Promise.any(
        stage.desktops.map((desktop) =>
          desktop.when("the banner", ({ what }) => what.startsWith("banner"), faultAt, 60_000),
        ),
      );
      return { faultAt, completedAt };
    },
  },
];
