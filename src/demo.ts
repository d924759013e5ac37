/** Boshscope with a simulated contact centre: for those who have no Finesse at hand. */
import { join } from "node:path";
import { type App, startApp } from "./app.ts";
import { fail } from "./base/errors.ts";
import type { Log } from "./base/log.ts";
import { demoCommand } from "./cli/commands.ts";
import { readFlags } from "./cli/flags.ts";
import { type Config, readConfig } from "./config.ts";
import { desktopLogs } from "./demo-observations.ts";
import { startControlPage } from "./simulator/control-page.ts";
import { type FinessePair, startFinessePair } from "./simulator/finesse-pair.ts";
import { demoAgents, demoVisitor, startDemo } from "./simulator/start-demo.ts";

export interface DemoFlags {
  readonly agents: number;
  /** Simulated seconds in one real one. */
  readonly speed: number;
  /** Port of the page that stops and starts the simulated services; 0 is any free one. */
  readonly controlPort: number;
  readonly rest: readonly string[];
}

type NumberFlag = "--agents" | "--speed" | "--control-port";
const limits: Readonly<Record<NumberFlag, readonly [low: number, high: number, usual: number]>> = {
  "--agents": [1, 2000, 6],
  "--speed": [1, 2000, 1],
  "--control-port": [0, 65_535, 0],
};

/** --agents, --speed and --control-port; the rest are settings of `start`. Throws "config-invalid". */
export function readDemoFlags(argv: readonly string[]): DemoFlags {
  const flags = readFlags(argv, demoCommand);
  const number = (name: NumberFlag): number => {
    const [low, high, usual] = limits[name];
    const given = flags.value(name);
    if (given === null) return usual;
    const value = given.trim() === "" ? Number.NaN : Number(given);
    if (value >= low && value <= high) return value;
    throw fail("config-invalid", {
      problem: `${name} is a number from ${low} to ${high}.`,
      remedy: `Example: ${name} 10`,
    });
  };
  return {
    agents: Math.floor(number("--agents")),
    speed: number("--speed"),
    controlPort: Math.floor(number("--control-port")),
    rest: flags.rest,
  };
}

export interface DemoApp {
  readonly app: App;
  readonly config: Config;
  readonly controlUrl: string;
  /** What the person at the demo signs in with. */
  readonly visitor: ReturnType<typeof demoVisitor>;
}

/** A pair of simulated servers, the proxy in front of them, and desktops that sign in through it. */
export async function startDemoApp(
  flags: DemoFlags,
  env: NodeJS.ProcessEnv,
  log: Log,
): Promise<DemoApp> {
  const visitor = demoVisitor(flags.agents);
  const agents = [...demoAgents(flags.agents), visitor];
  const pair = await startFinessePair({ agents, speed: flags.speed });
  const config = demoConfig(readConfig(flags.rest, env), pair.resolve);
  const control = await startControlPage(pair, flags.controlPort);
  const simulated = pair.resolve.map(({ host }) => host);
  const app = await startApp(config, log, flags.speed, simulated);
  const { host, port } = app.proxy;
  const demo = await startDemo({
    agents: flags.agents,
    proxy: { host, port },
    ca: app.authority.certificatePem,
    speed: flags.speed,
    pair,
  });
  app.faults.addSource(desktopLogs(() => demo.desktops));
  const close = async (): Promise<void> => {
    await demo.close();
    await control.close();
    await pair.close();
    await app.close();
  };
  return { app: { ...app, close }, config, controlUrl: control.url, visitor };
}

/** The demo's servers are new at each run, so that there is nothing to pin, and its captures stay apart from real ones. */
function demoConfig(config: Config, resolve: FinessePair["resolve"]): Config {
  const { settings, origins } = config;
  const rules = resolve.map(({ host, port, address, realPort }) => ({
    from: `${host}:${port}`,
    address,
    port: realPort,
  }));
  const dataDir =
    origins["dataDir"] === "default" ? join(settings.dataDir, "demo") : settings.dataDir;
  return {
    origins,
    settings: {
      ...settings,
      dataDir,
      serverCerts: "off",
      resolve: [...settings.resolve, ...rules],
    },
  };
}
