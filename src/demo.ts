/** Boshscope with a simulated contact centre: for those who have no Finesse at hand. */
import { join } from "node:path";
import { type App, startApp } from "./app.ts";
import { fail } from "./base/errors.ts";
import type { Log } from "./base/log.ts";
import { type Config, readConfig } from "./config.ts";
import { desktopLogs } from "./demo-observations.ts";
import { type FinessePair, startFinessePair } from "./simulator/finesse-pair.ts";
import { demoAgents, startDemo } from "./simulator/start-demo.ts";

export interface DemoFlags {
  readonly agents: number;
  /** Simulated seconds in one real one. */
  readonly speed: number;
  readonly rest: readonly string[];
}

/** Takes --agents and --speed out of the words; the rest are those of `start`. */
export function readDemoFlags(argv: readonly string[]): DemoFlags {
  const rest: string[] = [];
  const numbers = { "--agents": 6, "--speed": 1 };
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word !== "--agents" && word !== "--speed") {
      rest.push(word);
      continue;
    }
    const value = Number(argv[++at]);
    if (!(value >= 1 && value <= 2000)) {
      throw fail("config-invalid", {
        problem: `${word} is a number from 1 to 2000.`,
        remedy: `Example: ${word} 10`,
      });
    }
    numbers[word] = value;
  }
  return { agents: Math.floor(numbers["--agents"]), speed: numbers["--speed"], rest };
}

/** A pair of simulated servers, the proxy in front of them, and desktops that sign in through it. */
export async function startDemoApp(
  flags: DemoFlags,
  env: NodeJS.ProcessEnv,
  log: Log,
): Promise<{ app: App; config: Config }> {
  const pair = await startFinessePair({ agents: demoAgents(flags.agents), speed: flags.speed });
  const config = demoConfig(readConfig(flags.rest, env), pair.resolve);
  const app = await startApp(config, log, flags.speed);
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
    await pair.close();
    await app.close();
  };
  return { app: { ...app, close }, config };
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
