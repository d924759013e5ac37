#!/usr/bin/env node
/** The command line: the only file that prints, opens windows, or ends the process. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type App, startApp } from "./app.ts";
import { BoshscopeError, reasonOf } from "./base/errors.ts";
import { createLog, type Log } from "./base/log.ts";
import { launchBrowser } from "./browser/launch-browser.ts";
import { runAnalyze } from "./cli/analyze.ts";
import { runCompare } from "./cli/compare.ts";
import { runExport } from "./cli/export.ts";
import { runFaults } from "./cli/faults.ts";
import { runImport } from "./cli/import.ts";
import { runLogs } from "./cli/logs.ts";
import { createProgress } from "./cli/progress.ts";
import { runReport } from "./cli/report.ts";
import { runScenario } from "./cli/scenario.ts";
import { runXmpp } from "./cli/xmpp.ts";
import { type Config, describeSettings, listSettings, nearest, readConfig } from "./config.ts";
import { findRunning } from "./data-folder.ts";
import { readDemoFlags, startDemoApp } from "./demo.ts";
import { playSummary, readPlayFlags, startPlayed } from "./play.ts";
import { version } from "./version.ts";

const commands: Readonly<
  Record<
    string,
    { readonly run: (argv: readonly string[]) => Promise<void>; readonly about: string }
  >
> = {
  start: { run: start, about: "start proxy and page (see the options below)" },
  demo: {
    run: demo,
    about:
      "[--agents N] [--speed N] [--control-port N] start with a simulated contact centre (and the options of start)",
  },
  playback: {
    run: playback,
    about:
      "CAPTURE|DATA_DIR [--session SID] [--capture ID] [--speed N] [--servers-only] [--password P] play a recorded session as the server (and the options of start)",
  },
  browser: {
    run: browser,
    about: "[URL] [--data-dir DIR] open a browser that uses the running proxy and trusts its CA",
  },
  import: {
    run: async (argv) => print(await runImport(argv, surroundings())),
    about:
      "FILE… [--password P] [--keylog KEYS] [--data-dir DIR] take in HAR, SAZ and .boshscope files, and packet captures",
  },
  export: {
    run: async (argv) => print(await runExport(argv, surroundings())),
    about:
      "--out FILE [--format har|saz|boshscope|pcapng] [--query FILTER] [--capture ID] [--redact-hosts | --no-redact] [--password P]; --file WIRE.pcapng --keys KEYS puts TLS keys into a packet capture",
  },
  analyze: {
    run: async (argv) => {
      const { text, exitCode } = await runAnalyze(argv, surroundings().log);
      print(text);
      process.exitCode = exitCode;
    },
    about:
      "CAPTURE|DATA_DIR|LOG… [--keylog KEYS] [--json] [--lang en|es] who broke what; exit code 0 nothing, 1 warning, 2 near miss, 3 disconnect",
  },
  compare: {
    run: async (argv) => print(await runCompare(argv, surroundings())),
    about:
      "CAPTURE|DATA_DIR[#N] CAPTURE|DATA_DIR[#N] [--query FILTER | --left-query F --right-query F] [--all] [--json] healthy against sick, or exchange N against N",
  },
  logs: {
    run: async (argv) => print(await runLogs(argv, surroundings().log)),
    about:
      "FILE… [--json] [--all] [--join DATA_DIR|CAPTURE_FILE] what server and client logs say (also zip, tar.gz)",
  },
  report: {
    run: async (argv) => print(await runReport(argv, surroundings())),
    about:
      "[--lang en|es] [--format html|md] [--out FILE] [--query FILTER] [--finding ID] [--capture ID] who broke what, for a case",
  },
  xmpp: {
    run: xmpp,
    about:
      "AGENT[@DOMAIN] [--server HOST[:PORT]] [--transport bosh|websocket|starttls|tls] [--command LINE]… [--watch] [--json] an XMPP console; or --agent ID [--watch]: an agent's own session",
  },
  scenario: {
    run: scenario,
    about:
      "list|show NAME|run NAME --agent ID [--host H] [--json] break the running one's traffic in a known way; exit code 0 as expected, 2 not, 3 nobody can tell",
  },
  faults: {
    run: async (argv) => print(await runFaults(argv, process.env)),
    about:
      "list|add RULE [--arm]|arm ID|disarm ID|remove ID|panic|export|import FILE [--json] fault rules of the running one",
  },
  help: { run: help, about: "this text" },
  version: { run: async () => print(version), about: "the version" },
};

async function main(argv: readonly string[]): Promise<void> {
  const [name = "help", ...rest] = argv;
  if (rest.includes("--help") || name === "--help" || name === "-h") return help();
  if (name === "--version" || name === "-v") return print(version);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    throw new BoshscopeError(
      "config-invalid",
      `There is no command ${name}.`,
      `Did you mean ${nearest(name, Object.keys(commands))}? boshscope help lists all.`,
    );
  }
  await command.run(rest);
}

async function scenario(argv: readonly string[]): Promise<void> {
  const controller = new AbortController();
  // A second Ctrl+C ends it as ever.
  process.once("SIGINT", () => controller.abort());
  const { signal } = controller;
  const { text, exitCode } = await runScenario(argv, { ...surroundings(), signal });
  print(text);
  process.exitCode = signal.aborted ? 130 : exitCode;
}

function surroundings() {
  const { isTTY } = process.stderr;
  return {
    env: process.env,
    log: createLog({ level: "info", format: isTTY ? "text" : "json" }),
    progress: createProgress(isTTY ? (text) => void process.stderr.write(text) : null),
    isTerminal: process.stdout.isTTY,
  };
}

async function start(argv: readonly string[]): Promise<void> {
  const printOnly = argv.includes("--print-config");
  const config = readConfig(
    argv.filter((word) => word !== "--print-config"),
    process.env,
  );
  if (printOnly) return printConfig(config);
  const log = createLog({ level: "info", format: logFormat(config) });
  const app = await startApp(config, log, timeScale(process.env));
  endOnSignals(app, log);
  greet(config, app);
  if (config.settings.open) openPage(app.page.url);
  if (config.settings.browser)
    await runBrowser(app.proxy, app.authority.certificatePem, "about:blank");
}

/** For tests before a simulator that runs faster than the clock; not an option of the program. */
function timeScale(env: NodeJS.ProcessEnv): number {
  const scale = Number(env["BOSHSCOPE_TIME_SCALE"] ?? 1);
  return scale >= 1 ? scale : 1;
}

async function demo(argv: readonly string[]): Promise<void> {
  const flags = readDemoFlags(argv);
  const log = createLog({ level: "info", format: process.stderr.isTTY ? "text" : "json" });
  const { app, config, controlUrl, visitor } = await startDemoApp(flags, process.env, log);
  endOnSignals(app, log);
  greet(config, app);
  print(`
  Demo    ${flags.agents} simulated agents sign in to fin1.demo.test and fin2.demo.test through the proxy
          Their desktop, for a browser started with boshscope browser: https://fin1.demo.test:8445/desktop/
          Sign in there as ${visitor.id}, password ${visitor.password}, extension ${visitor.extension}
  Control ${controlUrl}   stops and starts the simulated services`);
  if (config.settings.open) openPage(app.page.url);
  if (config.settings.browser)
    await runBrowser(
      app.proxy,
      app.authority.certificatePem,
      "https://fin1.demo.test:8445/desktop/",
    );
}

/** A recording answers in the place of the servers. */
async function playback(argv: readonly string[]): Promise<void> {
  const { log } = surroundings();
  const played = await startPlayed(readPlayFlags(argv, process.env), process.env, log);
  const { app, config } = played;
  endOnSignals(app ?? played, log);
  if (app !== null) greet(config, app);
  print(playSummary(played));
  if (app !== null && config.settings.open) openPage(app.page.url);
  if (app !== null && config.settings.browser)
    await runBrowser(app.proxy, app.authority.certificatePem, "about:blank");
}

function logFormat({ settings }: Config): "text" | "json" {
  if (settings.logFormat !== "auto") return settings.logFormat;
  return process.stderr.isTTY ? "text" : "json";
}

function greet({ settings }: Config, app: App): void {
  print(`Boshscope ${version}

  Proxy   ${app.proxy.host}:${app.proxy.port}   set this as the browser's HTTP and HTTPS proxy
  Page    ${app.page.url}
  CA      ${app.authority.path}
          SHA-256 ${app.authority.fingerprint256}
          Trust it in the browser (certs/README.md tells how, and how to remove it), or run: boshscope browser
  Data    ${settings.dataDir}

  Ctrl+C stops.`);
  if (!/^(127\.|::1$|localhost$)/.test(settings.host)) {
    print(
      `\n  WARNING: ${settings.host} can be reached by others. Whoever can connect may use this proxy and its CA.`,
    );
  }
  if (settings.keepSecrets)
    print(
      "\n  WARNING: --keep-secrets: passwords and tokens are stored readable. Do not share this capture.",
    );
  if (settings.keylog !== undefined)
    print(
      `\n  WARNING: TLS keys are written to ${settings.keylog}: whoever has it and a packet capture reads everything, passwords too. Delete it when you are done.`,
    );
}

function endOnSignals(app: Pick<App, "close">, log: Log): void {
  let ending = false;
  const end = (signal: string): void => {
    // A second Ctrl+C means: now.
    if (ending) process.exit(130);
    ending = true;
    log.info("stopping", { signal });
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        complain(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", end).on("SIGTERM", end);
}

async function browser(argv: readonly string[]): Promise<void> {
  const url =
    argv.find((word, index) => !word.startsWith("-") && !argv[index - 1]?.startsWith("--")) ??
    "about:blank";
  const { settings } = readConfig(
    argv.filter((word) => word !== url),
    process.env,
  );
  const running = findRunning(settings.dataDir);
  if (running === null) {
    throw new BoshscopeError(
      "config-invalid",
      `No Boshscope is running on ${settings.dataDir}.`,
      "Run boshscope start first, or boshscope start --browser.",
    );
  }
  const caPem = readFileSync(join(settings.certsDir, "boshscope-ca.pem"), "utf8");
  await runBrowser({ host: running.host, port: running.proxyPort }, caPem, url);
}

async function runBrowser(
  proxy: { host: string; port: number },
  caPem: string,
  url: string,
): Promise<void> {
  const launched = await launchBrowser({
    proxyHost: proxy.host,
    proxyPort: proxy.port,
    caPem,
    url,
  });
  print(`\n  Browser ${launched.name} (throw-away profile, uses the proxy, trusts the CA)`);
  await launched.closed;
}

/** Ctrl+C ends it as quit does: signed out, subscriptions taken back. */
async function xmpp(argv: readonly string[]): Promise<void> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort()).once("SIGTERM", () => stop.abort());
  process.exitCode = await runXmpp(argv, {
    ...surroundings(),
    input: process.stdin,
    print,
    ask: (text) => void process.stderr.write(text),
    signal: stop.signal,
  });
  // An input that is still open would keep the process alive.
  process.stdin.destroy();
}

function openPage(url: string): void {
  const [command, ...args] =
    process.platform === "darwin"
      ? ["open", url]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", "", url]
        : ["xdg-open", url];
  const child = spawn(command ?? "xdg-open", args, { stdio: "ignore", detached: true });
  child.on("error", () => print(`  The page could not be opened by itself; open ${url}`));
  child.unref();
}

async function help(): Promise<void> {
  const rows = describeSettings().map(
    ({ flag, fallback, meaning }) =>
      `  ${flag.padEnd(22)} ${meaning}${fallback === "" || fallback === "[]" ? "" : ` [${fallback}]`}`,
  );
  const list = Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(22)} ${about}`);
  print(`Boshscope ${version}: an intercepting proxy for the Cisco Finesse desktop

Usage: boshscope COMMAND [OPTIONS]

${list.join("\n")}

Options of start (each also as BOSHSCOPE_… variable and in a JSON file given by --config FILE):
${rows.join("\n")}
  --print-config         Show every setting with its value and where it came from, then end.`);
}

function printConfig(config: Config): void {
  for (const { name, value, origin } of listSettings(config))
    print(`${name.padEnd(14)} ${value.padEnd(40)} ${origin}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function complain(error: unknown): void {
  if (error instanceof BoshscopeError && error.code !== "internal")
    process.stderr.write(`${error.message}\n${error.remedy}\n`);
  else
    process.stderr.write(
      `Something inside Boshscope failed: ${error instanceof Error ? error.stack : reasonOf(error)}\nPlease report it with these lines.\n`,
    );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  complain(error);
  process.exit(1);
});
