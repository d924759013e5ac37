/** Help for people, from the table of commands: the overview, one command, and the manual page. */
import { describeSettings } from "../config.ts";
import { version } from "../version.ts";
import type { Command, Option } from "./command.ts";

const width = 100;
const left = 34;

export const oneLine =
  "an intercepting proxy for the Cisco Finesse desktop: every BOSH poll, and who broke the connection";

/** All options of a command, its settings among them. */
export function optionsOf({ options, settings, defaults = {} }: Command): readonly Option[] {
  const shared = describeSettings()
    .filter(({ flag }) => settings === "all" || settings.includes(flag))
    .map(({ fallback, about, ...rest }) => {
      const otherwise = defaults[rest.flag] ?? fallback;
      return { ...rest, about: otherwise === "" ? about : `${about} [${otherwise}]` };
    });
  const config: readonly Option[] =
    shared.length === 0
      ? []
      : [
          {
            flag: "--config",
            value: "FILE",
            about: "JSON file with settings by their names, as --print-config lists them.",
          },
        ];
  return [...options, ...shared, ...config];
}

export function overview(commands: readonly Command[]): string {
  const rows = commands.map(({ name, about }) => row(name, about, 14));
  return [
    `Boshscope ${version}: ${oneLine}.`,
    "",
    "Usage: boshscope COMMAND [OPTIONS]",
    "",
    ...rows,
    "",
    "boshscope help COMMAND (or COMMAND --help) tells all about one; boshscope help start lists the settings.",
  ].join("\n");
}

function usageOf(command: Command): string {
  const options = optionsOf(command).length === 0 ? "" : "[OPTIONS]";
  return ["boshscope", command.name, command.words, options]
    .filter((part) => part !== "")
    .join(" ");
}

export function helpOf(command: Command): string {
  const { about, more = [], actions, examples } = command;
  const options = optionsOf(command).map((option) => row(writtenOf(option), textOf(option), left));
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ["", title, ...lines];
  return [
    ...wrapped(`Usage: ${usageOf(command)}`, width),
    "",
    ...wrapped(about, width),
    ...more.flatMap((text) => ["", ...wrapped(text, width)]),
    ...(actions === undefined ? [] : ["", `One of: ${actions.join(", ")}`]),
    ...section("Options:", options),
    ...section(
      "Examples:",
      examples.map((line) => `  ${line}`),
    ),
  ].join("\n");
}

/** `-o, --out FILE`. */
const writtenOf = ({ flag, short, value }: Option): string =>
  `${short === undefined ? "" : `${short}, `}${flag}${value === undefined ? "" : ` ${value}`}`;

const textOf = ({ about, choices }: Option): string =>
  choices === undefined || choices.every((choice) => about.includes(choice))
    ? about
    : `${about} (${choices.join(", ")})`;

function row(name: string, about: string, column: number): string {
  const lines = wrapped(about, width - column);
  const indent = " ".repeat(column);
  const head = `  ${name}`;
  if (head.length > column - 2) return [head, ...lines.map((line) => indent + line)].join("\n");
  return [
    head.padEnd(column) + (lines[0] ?? ""),
    ...lines.slice(1).map((line) => indent + line),
  ].join("\n");
}

function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > most) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line];
}

/** roff, for `man -l -`. */
export function manualPage(commands: readonly Command[]): string {
  const request = (name: string, text: string): string => `.${name} ${text}`;
  const body = commands.flatMap((command) => [
    request("SS", bold(usageOf(command))),
    roff(command.about),
    ...(command.more ?? []).flatMap((text) => [".PP", roff(text)]),
    ...(command.settings === "all"
      ? [".PP", "Takes the settings below, too."]
      : optionsOf({ ...command, options: [] }).flatMap(entry)),
    ...command.options.flatMap(entry),
    ...command.examples.flatMap((line) => [".PP", ".nf", roff(line), ".fi"]),
  ]);
  return [
    `.TH BOSHSCOPE 1 "" "Boshscope ${version}"`,
    ".SH NAME",
    roff(`boshscope - ${oneLine}`),
    ".SH SYNOPSIS",
    `${bold("boshscope")} COMMAND [OPTIONS]`,
    ".SH COMMANDS",
    ...body,
    ".SH SETTINGS",
    ...optionsOf({
      name: "",
      words: "",
      about: "",
      options: [],
      settings: "all",
      examples: [],
    }).flatMap(entry),
    "",
  ].join("\n");
}

const entry = (option: Option): string[] => [".TP", bold(writtenOf(option)), roff(textOf(option))];

const bold = (text: string): string => `\\fB${roff(text)}\\fR`;

/** A line that begins with a dot or an apostrophe would be a request. */
const roff = (text: string): string =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^(?=[.'])/, "\\&");
