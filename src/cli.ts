#!/usr/bin/env node
/** The command line: the only file that prints, opens windows, or ends the process. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { type App, startApp } from "./app.ts";
import { BoshscopeError, reasonOf } from "./base/errors.ts";
import { createLog, type Log } from "./base/log.ts";
import { launchBrowser } from "./browser/launch-browser.ts";
import { analyzeFailureCode, runAnalyze } from "./cli/analyze.ts";
import { browserLine } from "./cli/browser-line.ts";
import { runCapture } from "./cli/capture.ts";
import {
  browserCommand,
  type CommandName,
  commands,
  completionCommand,
  helpCommand,
  startCommand,
} from "./cli/commands.ts";
import { runCompare } from "./cli/compare.ts";
import { completionFor } from "./cli/completion.ts";
import { runExport } from "./cli/export.ts";
import { runFaults } from "./cli/faults.ts";
import { readFlags } from "./cli/flags.ts";
import { helpOf, manualPage, overview } from "./cli/help.ts";
import { runImport } from "./cli/import.ts";
import { runLogs } from "./cli/logs.ts";
import { runOpen } from "./cli/open.ts";
import { createProgress } from "./cli/progress.ts";
import { runRedact } from "./cli/redact.ts";
import { runReport } from "./cli/report.ts";
import { runScenario } from "./cli/scenario.ts";
import { keepHeapSmall } from "./cli/small-heap.ts";
import type { Surroundings } from "./cli/surroundings.ts";
import { runXmpp } from "./cli/xmpp.ts";
import { type Config, listSettings, nearest, readConfig } from "./config.ts";
import { findRunning } from "./data-folder.ts";
import { readDemoFlags, startDemoApp } from "./demo.ts";
import { playSummary, readPlayFlags, startPlayed } from "./play.ts";
import { version } from "./version.ts";

type Run = (argv: readonly string[]) => Promise<void>;

/** What carries each command out; what they are called and take stands in cli/commands.ts. */
const runs: Readonly<Record<CommandName, Run>> = {
  start,
  demo,
  playback,
  browser,
  capture,
  open,
  async import(argv) {
    keepHeapSmall();
    process.exitCode = await runImport(argv, { ...surroundings(), say: print, complain });
  },
  async export(argv) {
    keepHeapSmall();
    print(await runExport(argv, surroundings()));
  },
  async redact(argv) {
    keepHeapSmall();
    print(await runRedact(argv, surroundings()));
  },
  async analyze(argv) {
    const { text, exitCode } = await runAnalyze(argv, surroundings());
    print(text);
    process.exitCode = exitCode;
  },
  compare: async (argv) => print(await runCompare(argv, surroundings())),
  logs: async (argv) => print(await runLogs(argv, surroundings())),
  report: async (argv) => print(await runReport(argv, surroundings())),
  xmpp,
  scenario,
  faults: async (argv) => print(await runFaults(argv, process.env)),
  completion: async (argv) =>
    print(completionFor(readFlags(argv, completionCommand).words[0], commands)),
  help,
  version: async () => print(version),
};

async function main(argv: readonly string[]): Promise<void> {
  const [word = "help", ...rest] = argv;
  const name = synonyms[word] ?? word;
  const command = commandOf(name);
  if (rest.includes("--help") || rest.includes("-h")) print(helpOf(command));
  else await runs[command.name](rest);
}

const synonyms: Readonly<Record<string, CommandName>> = {
  "--help": "help",
  "-h": "help",
  "--version": "version",
  "-v": "version",
};

function commandOf(name: string): (typeof commands)[number] {
  const command = commands.find((one) => one.name === name);
  if (command !== undefined) return command;
  throw new BoshscopeError(
    "config-invalid",
    `There is no command ${name}.`,
    `Did you mean ${nearest(
      name,
      commands.map((one) => one.name),
    )}? boshscope help lists all.`,
  );
}

async function help(argv: readonly string[]): Promise<void> {
  const flags = readFlags(argv, helpCommand);
  const [name] = flags.words;
  if (flags.has("--man")) print(manualPage(commands));
  else print(name === undefined ? overview(commands) : helpOf(commandOf(name)));
}

function surroundings(): Surroundings {
  const { isTTY } = process.stderr;
  return {
    env: process.env,
    log: createLog({ level: "info", format: isTTY ? "text" : "json" }),
    progress: createProgress(isTTY ? (text) => void process.stderr.write(text) : null),
    isTerminal: process.stdout.isTTY,
  };
}

async function start(argv: readonly string[]): Promise<void> {
  const flags = readFlags(argv, startCommand);
  const config = readConfig(flags.rest, process.env);
  if (flags.has("--print-config")) return printConfig(config);
  const log = createLog({ level: "info", format: logFormat(config) });
  const app = await startApp(config, log, timeScale(process.env));
  endOnSignals(() => app.close(), log);
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
  endOnSignals(() => app.close(), log);
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
  endOnSignals(() => (app ?? played).close(), log);
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

function greet(config: Config, app: App): void {
  const { settings } = config;
  print(`Boshscope ${version}

  Proxy   ${app.proxy.host}:${app.proxy.port}   set this as the browser's HTTP and HTTPS proxy
  Page    ${app.page.url}
  CA      ${app.authority.path}
          SHA-256 ${app.authority.fingerprint256}
          Trust it in the browser (certs/README.md tells how, and how to remove it), or run: ${browserLine(config)}
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

function endOnSignals(close: () => Promise<void>, log: Log): void {
  isRecording = true;
  onFirstSignal((signal) => {
    log.info("stopping", { signal });
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        complain(error);
        process.exit(1);
      },
    );
  });
}

/**
 * A second Ctrl+C means: now. A second SIGTERM or SIGHUP does not: one sent to a group comes from its sender and from the process that started
 * this one.
 */
function onFirstSignal(end: (signal: NodeJS.Signals) => void): void {
  let ending = false;
  const hear = (signal: NodeJS.Signals): void => {
    if (ending && signal === "SIGINT") process.exit(130);
    if (ending) return;
    ending = true;
    end(signal);
  };
  for (const signal of endSignals) process.removeListener(signal, quit).on(signal, hear);
}

/** The command goes on until it is told to end, whether anybody reads what it prints or not. */
let isRecording = false;
const endSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What is only passing through goes with the process, which a signal's own way to end it would not see to. */
function quit(signal: NodeJS.Signals): void {
  process.exit(128 + constants.signals[signal]);
}

async function capture(argv: readonly string[]): Promise<void> {
  const { promise: asked, resolve } = Promise.withResolvers<string>();
  isRecording = true;
  onFirstSignal(resolve);
  const around = { ...surroundings(), say: print, asked, timeScale: timeScale(process.env) };
  print(await runCapture(argv, around));
  // Keep-alive connections of the page's readers would hold the process.
  process.exit(0);
}

async function open(argv: readonly string[]): Promise<void> {
  const around = surroundings();
  const { text, view, shows } = await runOpen(argv, around);
  print(text);
  if (view === null) return;
  endOnSignals(() => view.close(), around.log);
  if (shows) openPage(view.page.url);
}

async function scenario(argv: readonly string[]): Promise<void> {
  const controller = new AbortController();
  // A second Ctrl+C ends it as ever.
  process.removeListener("SIGINT", quit).once("SIGINT", () => {
    controller.abort();
    process.on("SIGINT", quit);
  });
  const { signal } = controller;
  const { text, exitCode } = await runScenario(argv, { ...surroundings(), signal });
  print(text);
  process.exitCode = signal.aborted ? 130 : exitCode;
}

async function browser(argv: readonly string[]): Promise<void> {
  const { words, rest } = readFlags(argv, browserCommand);
  const url = words[0] ?? "about:blank";
  const { settings } = readConfig(rest, process.env);
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
  onFirstSignal(() => stop.abort());
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

/** Whoever read it has seen enough; a recording goes on all the same. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") {
    if (!isRecording) process.exit();
    return;
  }
  process.stderr.write(`What was to be printed can't be written: ${reasonOf(error)}\n`);
  process.exit(1);
});
for (const signal of endSignals) process.on(signal, quit);
main(process.argv.slice(2)).catch((error: unknown) => {
  complain(error);
  process.exit(process.argv[2] === "analyze" ? analyzeFailureCode(error) : 1);
});
