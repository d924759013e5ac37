/** Finesse itself, its clocks and its doors (F9, F14, F15, F20, F23). */
import { systemInfoUpdate } from "../../../src/simulator/node/system-info.ts";
import type { Scenario } from "../contract.ts";
import { pause } from "../world/pause.ts";
import type { RealStage } from "../world/real-stage.ts";
import { firstOf } from "./moments.ts";
import { real, realStage, simulated, simulatedStage } from "./plans.ts";

const someSkew = (random: {
  between(a: number, b: number): number;
  chance(p: number): boolean;
}): number => random.between(70, 900) * 1000 * (random.chance(0.5) ? 1 : -1);

const isSystemInfo = (path: unknown): boolean =>
  typeof path === "string" && path.includes("SystemInfo");

/** The first REST request of any tab since that fits. */
function restOf(
  stage: RealStage,
  since: number,
  withinMs: number,
  fits: (event: { readonly kind: string; readonly path: string; readonly what: string }) => boolean,
): Promise<number> {
  return Promise.any(
    stage.desktops.map((desktop) =>
      desktop.when(
        "a REST answer",
        (event) => event.path.startsWith("/finesse") && fits(event),
        since,
        withinMs,
      ),
    ),
  );
}

export const finesseScenarios: readonly Scenario[] = [
  {
    name: "tomcat-stopped",
    cause: "F14",
    sides: ["server"],
    completes:
      "a desktop's request to 8445 fails after it was told that finesse is away; its own record",
    plan: (random) => simulated(random, { parameters: { how: random.of("stop", "crash") } }),
    async play(world, { parameters }) {
      const stage = simulatedStage(world);
      const faultAt = Date.now();
      await stage.simulator.call("stopTomcat", [parameters["how"]]);
      const completedAt = await firstOf(stage, faultAt, 60, ({ kind }) => kind === "rest-failed");
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-tomcat-stopped",
    cause: "F14",
    sides: ["server"],
    completes:
      "a tab's request to 8445 fails after it was told that finesse is away; Chromium's own record",
    plan: (random) => real(random, { parameters: { how: random.of("stop", "crash") } }),
    async play(world, { parameters }) {
      const stage = realStage(world);
      const faultAt = Date.now();
      await stage.simulator.call("stopTomcat", [parameters["how"]]);
      for (const agent of stage.agents) await stage.finesse?.present(agent, false);
      const completedAt = await restOf(stage, faultAt, 30_000, ({ kind }) => kind === "failed");
      return { faultAt, completedAt };
    },
  },
  {
    name: "cti-lost",
    cause: "F15",
    sides: ["server"],
    completes: "a desktop shows the banner for OUT_OF_SERVICE; its own record",
    plan: (random) => simulated(random),
    async play(world) {
      const stage = simulatedStage(world);
      const faultAt = Date.now();
      await stage.simulator.call("setCti", [false]);
      const completedAt = await firstOf(stage, faultAt, 60, ({ kind }) => kind === "banner-shown");
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-cti-lost",
    cause: "F15",
    sides: ["server"],
    completes:
      "a tab's SystemInfo has been answered after OUT_OF_SERVICE was published; Chromium's own record",
    plan: (random) => real(random),
    async play(world) {
      const stage = realStage(world);
      const faultAt = Date.now();
      await stage.simulator.call("setCti", [false]);
      const { node, source } = systemInfoUpdate(false);
      const text = `<Update><data><systemInfo><status>OUT_OF_SERVICE</status><uri>${source}</uri></systemInfo></data><event>PUT</event><requestId></requestId><source>${source}</source></Update>`;
      for (const agent of stage.agents) await stage.finesse?.publish(agent, node, text);
      const completedAt = await restOf(
        stage,
        faultAt,
        30_000,
        ({ kind, path }) => kind === "answered" && isSystemInfo(path),
      );
      return { faultAt, completedAt };
    },
  },
  {
    name: "server-clock-wrong",
    cause: "F9",
    // The server's clock is wrong, and so is the configuration of its time source.
    sides: ["server", "configuration"],
    completes:
      "the second SystemInfo with the wrong time has been answered; a desktop's own record",
    limitSeconds: 240,
    plan: (random) => simulated(random, { parameters: { skewMs: someSkew(random) } }),
    async play(world, { parameters }) {
      const stage = simulatedStage(world);
      const faultAt = Date.now();
      await stage.simulator.call("setSkew", [parameters["skewMs"]]);
      const answered = (since: number): Promise<number> =>
        firstOf(
          stage,
          since,
          70,
          ({ kind, path }) => kind === "rest-answered" && isSystemInfo(path),
        );
      const first = await answered(faultAt);
      return { faultAt, completedAt: await answered(first + 100) };
    },
  },
  {
    name: "real-client-clock-wrong",
    cause: "F9",
    // The PC's clock is wrong: what it says of itself in nocache=.
    sides: ["client", "configuration"],
    completes: "the second SystemInfo with the wrong time has been answered; Chromium's own record",
    limitSeconds: 200,
    plan: (random) =>
      real(random, {
        agents: [1, 1],
        parameters: { clientSkewMs: someSkew(random) },
        stage: { later: true },
      }),
    async play(world) {
      const stage = realStage(world);
      const faultAt = Date.now();
      await stage.signIn();
      const answered = (since: number): Promise<number> =>
        restOf(stage, since, 90_000, ({ kind, path }) => kind === "answered" && isSystemInfo(path));
      const first = await answered(faultAt);
      return { faultAt, completedAt: await answered(first + 100) };
    },
  },
  {
    name: "wrong-password",
    cause: "F20",
    sides: ["configuration"],
    completes: "a desktop is refused (SASL failure); its own record",
    plan: (random) =>
      simulated(random, { agents: [1, 3], stage: { later: true, password: "wr0ng" } }),
    async play(world) {
      const stage = simulatedStage(world);
      const faultAt = Date.now();
      for (const agent of stage.agents) await stage.startDesktop(agent);
      const completedAt = await firstOf(stage, faultAt, 60, ({ kind }) => kind === "disconnected");
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-wrong-password",
    cause: "F20",
    sides: ["configuration"],
    completes: "a tab is told AUTHFAIL; what the page printed",
    plan: (random) => real(random, { agents: [1, 2], stage: { later: true, password: "wr0ng" } }),
    async play(world) {
      const stage = realStage(world);
      const faultAt = Date.now();
      for (const agent of stage.agents) await stage.openDesktop(agent);
      const completedAt = await stage
        .desktop()
        .when("AUTHFAIL", ({ what }) => what === "status AUTHFAIL", faultAt, 30_000);
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-password-expired",
    cause: "F20",
    sides: ["configuration"],
    completes: "a second REST request has been answered 401; Chromium's own record",
    plan: (random) => real(random, { agents: [1, 2] }),
    async play(world) {
      const stage = realStage(world);
      const faultAt = Date.now();
      const { page } = stage.desktop();
      await page.evaluate(() => window.desktop.setPassword("expired"));
      await page.evaluate(() => window.desktop.user());
      await pause(world.random.between(1, 4) * 1000);
      await page.evaluate(() => window.desktop.user());
      return { faultAt, completedAt: Date.now() };
    },
  },
  {
    name: "real-locked-out",
    cause: "F23",
    // Who configured the guard, or the device that carries it out.
    sides: ["configuration", "network", "server"],
    completes: "a second request has been answered 418; Chromium's own record",
    plan: (random) => real(random, { agents: [1, 2], stage: { web: "shared" } }),
    async play(world) {
      const stage = realStage(world);
      const faultAt = Date.now();
      stage.misbehaviour.lockedOut = true;
      const answered = (since: number): Promise<number> =>
        Promise.any(
          stage.desktops.map((desktop) =>
            desktop.when(
              "418",
              ({ kind, what }) => kind === "answered" && what === "418",
              since,
              40_000,
            ),
          ),
        );
      const first = await answered(faultAt);
      return { faultAt, completedAt: await answered(first + 1) };
    },
  },
];
