/** `boshscope xmpp`: an XMPP client for the Notification Service, typed at or scripted; or an agent's own session, looked at. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline/promises";
import { ReadStream } from "node:tty";
import { systemClock } from "../base/clock.ts";
import { fail } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { readConfig } from "../config.ts";
import { parseDuration } from "../config-values.ts";
import { filePins, type PinStore } from "../intercept/pins.ts";
import { Subscribed } from "../xmpp-client/subscribed.ts";
import { XmppSession } from "../xmpp-client/xmpp-session.ts";
import { xmppNetwork } from "../xmpp-network.ts";
import type { Command } from "./command.ts";
import { type ReadFlags, readFlags } from "./flags.ts";
import { readPassword } from "./read-password.ts";
import { watchAgent } from "./xmpp-agent.ts";
import { XmppLines } from "./xmpp-lines.ts";
import { xmppOrder, xmppUsage } from "./xmpp-order.ts";
import { jsonOutput, textOutput, type XmppOutput } from "./xmpp-output.ts";

export const xmppCommand = {
  name: "xmpp",
  words: "AGENT[@DOMAIN]",
  about: "An XMPP console: sign in as an agent, list and subscribe nodes, send stanzas, watch.",
  more: [
    "The password is asked for, or comes from the variable BOSHSCOPE_XMPP_PASSWORD. With --agent nobody signs in: an agent's own session is shown, out of the running Boshscope.",
  ],
  options: [
    { flag: "--server", value: "HOST[:PORT]", about: "Server; left out = the agent's domain." },
    {
      flag: "--transport",
      value: "TRANSPORT",
      choices: ["bosh", "websocket", "starttls", "tls"],
      about: "How to connect [bosh].",
    },
    { flag: "--path", value: "PATH", about: "Path of BOSH or WebSocket." },
    { flag: "--domain", value: "DOMAIN", about: "XMPP domain, when it is not the server's name." },
    { flag: "--resource", value: "NAME", about: "Any but desktop, which is the agent's own." },
    { flag: "--pubsub", value: "JID", about: "The pubsub service." },
    { flag: "--command", value: "LINE", about: "A line of the console; may be repeated." },
    { flag: "--filter", value: "TEXT", about: "Only stanzas that match." },
    { flag: "--watch", about: "Go on showing what comes." },
    { flag: "--for", value: "TIME", about: "With --watch: end after this long, such as 90s." },
    { flag: "--agent", value: "ID", about: "Look at this agent's own session, read-only." },
    { flag: "--password-stdin", about: "The password is the first line of the input." },
    { flag: "--allow-plaintext", about: "Send the password over a connection without TLS." },
    { flag: "--json", about: "A line of JSON for each stanza and answer." },
  ],
  settings: ["--data-dir", "--server-certs", "--resolve", "--upstream"],
  examples: ["boshscope xmpp 1001003@fin1.example.com --command nodes"],
} as const satisfies Command;

type XmppFlags = ReadFlags<(typeof xmppCommand)["options"][number]["flag"]>;

const passwordVariable = "BOSHSCOPE_XMPP_PASSWORD";

export interface XmppSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly input: NodeJS.ReadableStream;
  readonly print: (text: string) => void;
  /** Beside the output: questions. */
  readonly ask: (text: string) => void;
  /** Ctrl+C. */
  readonly signal: AbortSignal;
}

/** The exit code: 0, or 1 when a command went wrong. Throws what keeps it from signing in. */
export async function runXmpp(argv: readonly string[], around: XmppSurroundings): Promise<number> {
  if (argv.some((word) => word === "--password" || word.startsWith("--password=")))
    throw fail("config-invalid", {
      problem: "A password on the command line can be read by every user of this machine.",
      remedy: `Type it when asked, set ${passwordVariable}, or give it as the first line with --password-stdin.`,
    });
  const flags = readFlags(argv, xmppCommand);
  const screen = new Screen(around.print);
  const print = (text: string): void => screen.print(text);
  const output = flags.has("--json") ? jsonOutput(print) : textOutput(print);
  const agent = flags.value("--agent");
  if (agent !== null) {
    await watchAgent({ agent, ...agentFlags(flags, around) }, output);
    return 0;
  }
  const lines = new InputLines(around.input);
  const password = await passwordFor(flags, around, lines);
  return await useConsole(flags, { ...around, screen, lines, password }, output);
}

function agentFlags(flags: XmppFlags, { env, signal }: XmppSurroundings) {
  if (flags.words.length > 0)
    throw fail("config-invalid", {
      problem: "An agent's own session (--agent) is only looked at: nobody signs in.",
      remedy: xmppUsage,
    });
  const watchMs = flags.has("--watch") ? watchFor(flags) : null;
  const { dataDir } = readConfig(flags.rest, env).settings;
  return { filter: flags.value("--filter") ?? "", watchMs, dataDir, signal };
}

function watchFor(flags: XmppFlags): number {
  const text = flags.value("--for");
  return text === null ? Number.POSITIVE_INFINITY : parseDuration(text);
}

/** Lines of an input that is no terminal, each once; null = no more. */
class InputLines {
  readonly isTerminal: boolean;
  readonly #input: NodeJS.ReadableStream;
  #lines: AsyncIterator<string> | null = null;

  constructor(input: NodeJS.ReadableStream) {
    this.#input = input;
    this.isTerminal = input instanceof ReadStream;
  }

  async next(): Promise<string | null> {
    this.#lines ??= createInterface({ input: this.#input })[Symbol.asyncIterator]();
    const { value, done } = await this.#lines.next();
    return done === true ? null : value;
  }
}

async function passwordFor(
  flags: XmppFlags,
  { env, input, ask }: XmppSurroundings,
  lines: InputLines,
): Promise<string> {
  if (flags.has("--password-stdin")) return (await lines.next()) ?? "";
  const given = env[passwordVariable];
  if (given !== undefined && given !== "") return given;
  if (input instanceof ReadStream) {
    const { user, domain } = xmppOrder(flags);
    return await readPassword(input, ask, `Password of ${user}@${domain}: `);
  }
  throw fail("config-invalid", {
    problem: "There is no password, and no terminal to ask for one.",
    remedy: `Set ${passwordVariable}, or give it as the first line with --password-stdin.`,
  });
}

/** Prints above the line that is being typed. */
class Screen {
  prompt: Interface | null = null;
  readonly #print: (text: string) => void;

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  print(text: string): void {
    this.#print(this.prompt === null ? text : `\r\u001b[K${text}`);
    this.prompt?.prompt(true);
  }
}

interface Use extends XmppSurroundings {
  readonly screen: Screen;
  readonly lines: InputLines;
  readonly password: string;
}

async function useConsole(flags: XmppFlags, use: Use, output: XmppOutput): Promise<number> {
  const order = xmppOrder(flags);
  const { settings } = readConfig(flags.rest, use.env);
  const network = xmppNetwork(settings, ownPins(settings.dataDir, use.log));
  const options = { id: "console", network, clock: systemClock };
  const session = await XmppSession.signIn(order, use.password, options);
  const console = { session, subscribed: new Subscribed() };
  const commands = flags.all("--command");
  const isTyped = use.lines.isTerminal && commands.length === 0 && !flags.has("--watch");
  const watching = flags.has("--watch") ? "all" : isTyped ? "events" : "none";
  const filter = flags.value("--filter") ?? "";
  const reader = new XmppLines(console, output, { watching, filter, signal: use.signal });
  output.session(session.info());
  session.onStanza((stanza) => reader.heard(stanza));
  if (isTyped) await typed(reader, session, use);
  else await scripted(reader, session, { flags, commands, use });
  await console.subscribed.endAll(session);
  const broke = session.info().state === "ended";
  await session.signOut();
  output.ended(session.info());
  return reader.failures > 0 || broke ? 1 : 0;
}

async function typed(reader: XmppLines, session: XmppSession, use: Use): Promise<void> {
  const prompt = createInterface({ input: use.input, output: process.stdout, terminal: true });
  prompt.setPrompt(`${session.jid}> `);
  const { signal, screen } = use;
  screen.prompt = prompt;
  prompt.once("close", () => {
    screen.prompt = null;
  });
  signal.addEventListener("abort", () => prompt.close());
  prompt.on("SIGINT", () => prompt.close());
  void session.ended.then(() => prompt.close());
  prompt.prompt();
  for await (const line of prompt) {
    if (!(await reader.run(line))) break;
    prompt.prompt();
  }
  prompt.close();
}

async function scripted(
  reader: XmppLines,
  session: XmppSession,
  { flags, commands, use }: { flags: ReadFlags; commands: readonly string[]; use: Use },
): Promise<void> {
  const isOver = (): boolean => use.signal.aborted || session.info().state === "ended";
  for (const line of commands) {
    if (isOver() || !(await reader.run(line))) return;
  }
  const readsLines = !use.lines.isTerminal && commands.length === 0;
  for (let line = readsLines ? await use.lines.next() : null; line !== null; ) {
    if (isOver() || !(await reader.run(line))) return;
    line = await use.lines.next();
  }
  if (!flags.has("--watch") || isOver()) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const ms = watchFor(flags);
  const timer = Number.isFinite(ms) ? setTimeout(resolve, ms) : undefined;
  use.signal.addEventListener("abort", () => resolve(), { once: true });
  await Promise.race([promise, session.ended]);
  clearTimeout(timer);
}

/** What the proxy has pinned counts here too; what is first seen here is kept beside, as a running proxy owns its file. */
function ownPins(dataDir: string, log: Log): PinStore {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const proxys = filePins(join(dataDir, "pins.json"), log);
  const own = filePins(join(dataDir, "xmpp-pins.json"), log, 0);
  return {
    get: (endpoint) => proxys.get(endpoint) ?? own.get(endpoint),
    set: (endpoint, pin) => own.set(endpoint, pin),
  };
}
