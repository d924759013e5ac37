/** The Notification Service stops, crashes, hangs; the node restarts; a character XML forbids (F11, F12, F13, F17). */
import type { Scenario } from "../contract.ts";
import { pause } from "../world/pause.ts";
import { allDesktopsFail, allTabsFail, firstOf, firstTabFails } from "./moments.ts";
import { real, realStage, simulated, simulatedStage } from "./plans.ts";

const allFailed =
  "every desktop has had a request to 7443 fail; each client's own record, wall time of the last of them";

export const serviceScenarios: readonly Scenario[] = [
  {
    name: "service-stopped",
    cause: "F11",
    sides: ["server"],
    completes: allFailed,
    plan: (random) => simulated(random),
    async play(world) {
      const stage = simulatedStage(world);
      const faultAt = Date.now();
      await stage.simulator.call("stopNotification", ["stop"]);
      return { faultAt, completedAt: await allDesktopsFail(stage, faultAt) };
    },
  },
  {
    name: "service-crashed",
    cause: "F12",
    sides: ["server"],
    completes: allFailed,
    plan: (random) => simulated(random),
    async play(world) {
      const stage = simulatedStage(world);
      const faultAt = Date.now();
      await stage.simulator.call("stopNotification", ["crash"]);
      return { faultAt, completedAt: await allDesktopsFail(stage, faultAt) };
    },
  },
  {
    name: "service-hung",
    cause: "F12",
    sides: ["server"],
    completes: "the first client gives up a poll that is overdue; its own record",
    plan: (random) => simulated(random),
    async play(world) {
      const stage = simulatedStage(world);
      const faultAt = Date.now();
      await stage.simulator.call("hangNotification");
      const completedAt = await firstOf(
        stage,
        faultAt,
        75,
        ({ kind }) => kind === "request-aborted",
      );
      return { faultAt, completedAt };
    },
  },
  {
    name: "invalid-character",
    cause: "F13",
    sides: ["server"],
    completes: allFailed,
    plan: (random) => simulated(random),
    async play(world) {
      const stage = simulatedStage(world);
      const faultAt = Date.now();
      await stage.simulator.call("publishInvalidCharacter", [
        world.random.of("1001001", "1001002"),
      ]);
      return { faultAt, completedAt: await allDesktopsFail(stage, faultAt) };
    },
  },
  {
    name: "node-restarted",
    cause: "F17",
    sides: ["server"],
    completes: "a desktop has had requests to both 7443 and 8445 fail; its own record",
    plan: (random) =>
      simulated(random, {
        parameters: {
          how: random.of("stop", "crash"),
          downSeconds: random.between(20, 60),
        },
      }),
    async play(world, { parameters }) {
      const stage = simulatedStage(world);
      const faultAt = Date.now();
      const how = parameters["how"];
      await Promise.all([
        stage.simulator.call("stopNotification", [how]),
        stage.simulator.call("stopTomcat", [how]),
      ]);
      const back = pause(stage.ms(Number(parameters["downSeconds"]))).then(() =>
        Promise.all([
          stage.simulator.call("startTomcat"),
          stage.simulator.call("startNotification"),
        ]),
      );
      const [rest, bind] = await Promise.all([
        firstOf(stage, faultAt, 80, ({ kind }) => kind === "rest-failed"),
        firstOf(stage, faultAt, 80, ({ kind }) => kind === "request-failed"),
      ]);
      await back;
      return { faultAt, completedAt: Math.max(rest, bind) };
    },
  },
  {
    name: "real-service-stopped",
    cause: "F11",
    sides: ["server"],
    completes: "a tab's request to 7443 fails after SIGTERM; Chromium's own record",
    plan: (random) => real(random),
    async play(world) {
      const stage = realStage(world);
      const faultAt = Date.now();
      await Promise.all([stage.server.stop(), stage.tellNotification(false)]);
      return { faultAt, completedAt: await firstTabFails(stage, faultAt, 30_000) };
    },
  },
  {
    name: "real-service-killed",
    cause: "F12",
    sides: ["server"],
    completes: "every tab has had a request to 7443 fail after SIGKILL; Chromium's own record",
    plan: (random) => real(random),
    async play(world) {
      const stage = realStage(world);
      const faultAt = Date.now();
      await Promise.all([stage.server.kill(), stage.tellNotification(false)]);
      return { faultAt, completedAt: await allTabsFail(stage, faultAt, 30_000) };
    },
  },
  {
    name: "real-service-suspended",
    cause: "F12",
    sides: ["server"],
    completes: "a tab gives up a poll after SIGSTOP of the server; Chromium's own record",
    plan: (random) => real(random),
    async play(world) {
      const stage = realStage(world);
      const faultAt = Date.now();
      stage.server.suspend();
      const completedAt = await firstTabFails(stage, faultAt, 45_000);
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-node-restarted",
    cause: "F17",
    sides: ["server"],
    completes: "a tab has had requests to both 7443 and 8445 fail; Chromium's own record",
    plan: (random) => real(random, { parameters: { downSeconds: random.between(12, 30) } }),
    async play(world, { parameters }) {
      const stage = realStage(world);
      const faultAt = Date.now();
      await Promise.all([
        stage.server.kill(),
        stage.tellNotification(false),
        stage.simulator.call("stopTomcat", ["crash"]),
      ]);
      const back = pause(Number(parameters["downSeconds"]) * 1000).then(async () => {
        await stage.server.start();
        await stage.tellNotification(true);
        await stage.simulator.call("startTomcat");
      });
      const bind = await firstTabFails(stage, faultAt, 60_000);
      // An agent who does something while the node is away; the page itself asks once a minute only.
      await stage.desktop().page.evaluate(() => window.desktop.user().catch(() => 0));
      const rest = await Promise.any(
        stage.desktops.map((desktop) =>
          desktop.when(
            "a failed REST request",
            ({ kind, path }) => kind === "failed" && path.startsWith("/finesse"),
            faultAt,
            60_000,
          ),
        ),
      );
      await back;
      return { faultAt, completedAt: Math.max(bind, rest) };
    },
  },
];
