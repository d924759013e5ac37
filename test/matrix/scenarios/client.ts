/** The agent's PC and its browser (F4, F5, F6, F7, F8, F10), and Boshscope itself (F24). */

import type { Scenario } from "../contract.ts";
import type { ChromiumDesktop, TabEvent } from "../world/chromium-desktop.ts";
import { block } from "../world/firewall.ts";
import { pause } from "../world/pause.ts";
import { browserPids, rendererOf, signalAll, starve } from "../world/processes.ts";
import { firstOf } from "./moments.ts";
import { real, realStage, simulated, simulatedStage } from "./plans.ts";

const isBind = ({ kind, path }: TabEvent): boolean =>
  kind === "sent" && path.startsWith("/http-bind");

const nextBind = (desktop: ChromiumDesktop, since: number, withinMs: number): Promise<number> =>
  desktop.when("a request to http-bind", isBind, since, withinMs);

export const clientScenarios: readonly Scenario[] = [
  {
    name: "tab-frozen",
    cause: "F4",
    sides: ["client"],
    completes: "the frozen tab's first request after the thaw; its own record",
    plan: (random) => simulated(random, { parameters: { seconds: random.between(45, 150) } }),
    async play(world, { parameters }) {
      const stage = simulatedStage(world);
      const agent = world.random.of("1001001", "1001002");
      const frozen = Number(parameters["seconds"]);
      const faultAt = Date.now();
      await stage.simulator.call("freeze", [frozen * 1000], { agent });
      const completedAt = await stage.simulator.when(
        agent,
        ({ wall, kind }) =>
          wall >= faultAt + stage.ms(frozen) - 50 &&
          (kind === "request-sent" || kind === "request-resent" || kind === "rest-sent"),
        stage.ms(frozen + 60) + 5000,
      );
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-tab-frozen",
    cause: "F4",
    sides: ["client"],
    completes: "the frozen tab's first http-bind request after the thaw; Chromium's own record",
    plan: (random) =>
      real(random, {
        agents: [1, 3],
        parameters: {
          // Headless Chromium takes Page.setWebLifecycleState "frozen" and goes on.
          how: random.of("SIGSTOP", "busy"),
          seconds: random.between(22, 50),
        },
      }),
    async play(world, { parameters }) {
      const stage = realStage(world);
      const desktop = stage.desktop();
      const ms = Number(parameters["seconds"]) * 1000;
      const renderer = await rendererOf(stage, desktop);
      const faultAt = Date.now();
      if (parameters["how"] === "SIGSTOP") {
        process.kill(renderer, "SIGSTOP");
        await pause(ms);
        process.kill(renderer, "SIGCONT");
      } else {
        await desktop.page.evaluate((busy) => window.desktop.block(busy), ms);
        await pause(ms);
      }
      return { faultAt, completedAt: await nextBind(desktop, faultAt + ms - 200, 40_000) };
    },
  },
  {
    name: "tab-throttled",
    cause: "F5",
    sides: ["client"],
    completes:
      "the hidden tab has sent a second poll after its timers slowed to a minute; its own record",
    limitSeconds: 300,
    plan: (random) => simulated(random, { speed: random.of(2, 3, 4) }),
    async play(world) {
      const stage = simulatedStage(world);
      const agent = world.random.of("1001001", "1001002");
      const faultAt = Date.now();
      await stage.simulator.call("show", ["hidden-5min"], { agent });
      const sent = async (since: number): Promise<number> =>
        await stage.simulator.when(
          agent,
          ({ wall, kind }) =>
            wall >= since && (kind === "request-sent" || kind === "request-failed"),
          stage.ms(130) + 5000,
        );
      const first = await sent(faultAt + 50);
      return { faultAt, completedAt: await sent(first + 50) };
    },
  },
  {
    name: "pc-asleep",
    cause: "F6",
    sides: ["client"],
    completes: "a desktop's first request after the wake; its own record",
    needsRoot: true,
    limitSeconds: 240,
    plan: (random) =>
      simulated(random, {
        speed: random.of(2, 3, 4),
        parameters: { seconds: random.between(95, 180) },
        stage: { ownDesktops: true },
      }),
    async play(world, { parameters }) {
      const stage = simulatedStage(world);
      const open = block([stage.boshscope.proxyPort], "drop");
      const faultAt = Date.now();
      stage.desktops.child.kill("SIGSTOP");
      await pause(stage.ms(Number(parameters["seconds"])));
      open();
      stage.desktops.child.kill("SIGCONT");
      const awake = Date.now();
      const completedAt = await firstOf(stage, awake, 60, ({ kind }) => kind.endsWith("-sent"));
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-pc-asleep",
    cause: "F6",
    sides: ["client"],
    completes: "a tab's first request after the wake; Chromium's own record",
    needsRoot: true,
    limitSeconds: 240,
    plan: (random) =>
      real(random, {
        inactivity: 30,
        parameters: { seconds: random.between(40, 75), withBoshscope: random.chance(0.5) },
      }),
    async play(world, { parameters }) {
      const stage = realStage(world);
      const pids = await browserPids(stage);
      if (parameters["withBoshscope"] === true) pids.push(stage.boshscope.child.pid ?? 0);
      const ports =
        parameters["withBoshscope"] === true
          ? [stage.boshscope.proxyPort, stage.server.httpsPort, stage.webPort]
          : [stage.boshscope.proxyPort];
      const open = block(ports, "drop");
      const faultAt = Date.now();
      signalAll(pids, "SIGSTOP");
      await pause(Number(parameters["seconds"]) * 1000);
      open();
      signalAll(pids, "SIGCONT");
      const awake = Date.now();
      const completedAt = await Promise.any(
        stage.desktops.map((desktop) =>
          desktop.when(
            "a sign of life",
            ({ kind }) => kind === "sent" || kind === "failed",
            awake,
            60_000,
          ),
        ),
      );
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-cpu-starved",
    cause: "F7",
    sides: ["client"],
    completes: "the hogs are gone",
    needsRoot: true,
    alone: true,
    plan: (random) =>
      real(random, { parameters: { seconds: random.between(15, 40), hogs: random.between(1, 4) } }),
    async play(world, { parameters }) {
      const stage = realStage(world);
      const pids = [...(await browserPids(stage)), stage.boshscope.child.pid ?? 0];
      const faultAt = Date.now();
      const relieve = starve(pids, Number(parameters["hogs"]));
      await pause(Number(parameters["seconds"]) * 1000);
      relieve();
      return { faultAt, completedAt: Date.now() };
    },
  },
  {
    name: "real-gadget-storm",
    cause: "F8",
    sides: ["client"],
    completes:
      "the first poll that got through after the storm began more than 5 s late, or 10 s after an answered poll was not followed by another; Chromium's own record",
    limitSeconds: 240,
    plan: (random) =>
      real(random, {
        agents: [1, 2],
        parameters: {
          requests: random.between(40, 90),
          slowMs: random.between(2000, 5000),
        },
        stage: { web: "shared" },
      }),
    async play(world, { parameters }) {
      const stage = realStage(world);
      const desktop = stage.desktop();
      stage.misbehaviour.slowMs = Number(parameters["slowMs"]);
      const faultAt = Date.now();
      await desktop.page.evaluate((requests) => {
        window.desktop.storm({ requests, everyMs: 20, chewMs: 0, hosts: [""] });
      }, Number(parameters["requests"]));
      const answered = await desktop.when(
        "an answered poll",
        ({ kind, path }) => kind === "answered" && path.startsWith("/http-bind"),
        faultAt + 1000,
        60_000,
      );
      await pause(10_000);
      return { faultAt, completedAt: answered + 10_000 };
    },
  },
  {
    name: "real-gadget-busy",
    cause: "F8",
    sides: ["client"],
    completes: "the first poll after the gadget's answers were chewed; Chromium's own record",
    plan: (random) =>
      real(random, {
        agents: [1, 2],
        // Several answers are there at once, so that the page is busy for longer than a silence that counts.
        parameters: { requests: random.between(20, 30), chewMs: random.between(1500, 2200) },
        stage: { web: "lock-out" },
      }),
    async play(world, { parameters }) {
      const stage = realStage(world);
      const desktop = stage.desktop();
      stage.misbehaviour.slowMs = 300;
      const faultAt = Date.now();
      await desktop.page.evaluate(
        ([requests, chewMs]) => {
          window.desktop.storm({ requests, everyMs: 15, chewMs, hosts: [""] });
        },
        [Number(parameters["requests"]), Number(parameters["chewMs"])] as const,
      );
      const chewedMs = Number(parameters["requests"]) * Number(parameters["chewMs"]);
      await pause(chewedMs);
      return { faultAt, completedAt: await nextBind(desktop, faultAt + chewedMs - 3000, 60_000) };
    },
  },
  {
    name: "ca-not-trusted",
    cause: "F10",
    sides: ["client", "configuration"],
    completes: "a desktop's first request fails; its own record",
    plan: (random) => simulated(random, { agents: [1, 3], stage: { distrust: true, later: true } }),
    async play(world) {
      const stage = simulatedStage(world);
      const faultAt = Date.now();
      for (const agent of stage.agents) await stage.startDesktop(agent);
      const completedAt = await firstOf(stage, faultAt, 40, ({ kind }) => kind === "rest-failed");
      return { faultAt, completedAt };
    },
  },
  {
    name: "real-ca-not-trusted",
    cause: "F10",
    sides: ["client", "configuration"],
    completes: "the browser refuses the page; Chromium's own record",
    plan: (random) => real(random, { agents: [1, 1], stage: { distrust: true, later: true } }),
    async play(world) {
      const stage = realStage(world);
      const faultAt = Date.now();
      const desktop = await stage.createDesktop("1001001");
      const refused = await desktop.open().then(
        () => false,
        () => true,
      );
      if (!refused) throw new Error("the page was loaded without trust");
      return { faultAt, completedAt: Date.now() };
    },
  },
  {
    name: "real-boshscope-stopped",
    cause: "F24",
    sides: ["boshscope"],
    completes: "Boshscope runs again; when it was told to",
    plan: (random) => real(random, { parameters: { seconds: random.between(6, 25) } }),
    async play(world, { parameters }) {
      const stage = realStage(world);
      const faultAt = Date.now();
      stage.boshscope.child.kill("SIGSTOP");
      await pause(Number(parameters["seconds"]) * 1000);
      stage.boshscope.child.kill("SIGCONT");
      return { faultAt, completedAt: Date.now() };
    },
  },
  {
    name: "boshscope-stopped",
    cause: "F24",
    sides: ["boshscope"],
    completes: "Boshscope runs again; when it was told to",
    plan: (random) =>
      simulated(random, { speed: 1, parameters: { seconds: random.between(6, 25) } }),
    async play(world, { parameters }) {
      const stage = simulatedStage(world);
      const faultAt = Date.now();
      stage.boshscope.child.kill("SIGSTOP");
      await pause(Number(parameters["seconds"]) * 1000);
      stage.boshscope.child.kill("SIGCONT");
      return { faultAt, completedAt: Date.now() };
    },
  },
];

/** Another tab of the same window comes to the front. */
export async function hide(desktop: ChromiumDesktop): Promise<void> {
  const other = await desktop.context.newPage();
  await other.bringToFront();
}
