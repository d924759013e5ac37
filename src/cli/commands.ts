/** All commands there are, in the order in which help lists them. */
import { analyzeCommand } from "./analyze.ts";
import { captureCommand } from "./capture.ts";
import { type Command, passwordOption } from "./command.ts";
import { compareCommand } from "./compare.ts";
import { exportCommand } from "./export.ts";
import { faultsCommand } from "./faults.ts";
import { importCommand } from "./import.ts";
import { logsCommand } from "./logs.ts";
import { openCommand } from "./open.ts";
import { redactCommand } from "./redact.ts";
import { reportCommand } from "./report.ts";
import { scenarioCommand } from "./scenario.ts";
import { xmppCommand } from "./xmpp.ts";

export const startCommand = {
  name: "start",
  words: "",
  about: "Start proxy and page.",
  more: [
    "Each option can also be given as a BOSHSCOPE_… variable (--data-dir as BOSHSCOPE_DATA_DIR) or in the JSON file that --config names; an option wins over a variable, and a variable over the file.",
  ],
  options: [
    {
      flag: "--print-config",
      about: "Show every setting with its value and where it came from, then end.",
    },
  ],
  settings: "all",
  examples: ["boshscope start --finesse fin1.example.com --browser"],
} as const satisfies Command;

export const demoCommand = {
  name: "demo",
  words: "",
  about: "Start with a simulated contact centre, for those who have no Finesse at hand.",
  options: [
    { flag: "--agents", value: "N", about: "Simulated agents, 1 to 2000 [6]." },
    { flag: "--speed", value: "N", about: "Simulated seconds in a real one, 1 to 2000 [1]." },
    {
      flag: "--control-port",
      value: "PORT",
      about: "Port of the page that stops and starts the simulated services [0: any].",
    },
  ],
  settings: "all",
  examples: ["boshscope demo --agents 20 --speed 5"],
} as const satisfies Command;

export const playbackCommand = {
  name: "playback",
  words: "CAPTURE|DATA_DIR",
  about: "Play a recorded session as the server, under the original host names.",
  more: [
    "Takes HAR, SAZ and .boshscope files. The proxy leads the recorded hosts to what is played; without --servers-only it starts as with start, and takes the same options.",
  ],
  options: [
    { flag: "--session", value: "SID", about: "Only the session with this BOSH sid." },
    {
      flag: "--capture",
      value: "ID",
      about: "Which capture of a file with several [the newest that has exchanges].",
    },
    { flag: "--speed", value: "N", about: "Recorded seconds in a real one, up to 1000 [1]." },
    { flag: "--servers-only", about: "The servers alone, without proxy and page." },
    passwordOption,
  ],
  settings: "all",
  examples: ["boshscope playback case.har --speed 5"],
} as const satisfies Command;

export const browserCommand = {
  name: "browser",
  words: "[URL]",
  about: "Open a browser that uses the running proxy and trusts its CA, with a throw-away profile.",
  options: [],
  settings: ["--data-dir", "--certs-dir"],
  examples: ["boshscope browser https://fin1.example.com:8445/desktop"],
} as const satisfies Command;

export const completionCommand = {
  name: "completion",
  words: "SHELL",
  actions: ["bash", "zsh", "fish", "powershell"],
  about: "Print what makes a shell complete commands, options and their values.",
  more: [
    'bash: eval "$(boshscope completion bash)" in ~/.bashrc. zsh: the same in ~/.zshrc, after compinit. fish: boshscope completion fish > ~/.config/fish/completions/boshscope.fish. PowerShell: boshscope completion powershell | Out-String | Invoke-Expression in $PROFILE.',
  ],
  options: [],
  settings: [],
  examples: ['eval "$(boshscope completion bash)"'],
} as const satisfies Command;

export const helpCommand = {
  name: "help",
  words: "[COMMAND]",
  about: "List the commands, or tell all about one.",
  options: [{ flag: "--man", about: "Print the manual page (boshscope help --man | man -l -)." }],
  settings: [],
  examples: ["boshscope help export"],
} as const satisfies Command;

const versionCommand = {
  name: "version",
  words: "",
  about: "Print the version.",
  options: [],
  settings: [],
  examples: [],
} as const satisfies Command;

export const commands = [
  startCommand,
  demoCommand,
  playbackCommand,
  browserCommand,
  captureCommand,
  openCommand,
  importCommand,
  exportCommand,
  redactCommand,
  analyzeCommand,
  compareCommand,
  logsCommand,
  reportCommand,
  xmppCommand,
  scenarioCommand,
  faultsCommand,
  completionCommand,
  helpCommand,
  versionCommand,
] as const satisfies readonly Command[];

export type CommandName = (typeof commands)[number]["name"];
