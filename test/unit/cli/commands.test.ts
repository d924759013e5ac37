/** The table of commands: all are in it, and help, completion, the man page and the README tell all of it. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Command } from "../../../src/cli/command.ts";
import { commands, startCommand } from "../../../src/cli/commands.ts";
import { completionFor } from "../../../src/cli/completion.ts";
import { readFlags } from "../../../src/cli/flags.ts";
import { helpOf, manualPage, optionsOf, overview } from "../../../src/cli/help.ts";
import { openCommand } from "../../../src/cli/open.ts";
import { readDemoFlags } from "../../../src/demo.ts";

const all: readonly Command[] = commands;
const folder = new URL("../../../src/cli/", import.meta.url);

test("every command that a file describes is in the table", () => {
  const described = readdirSync(folder).flatMap((file) =>
    [
      ...readFileSync(new URL(file, folder), "utf8").matchAll(/Command = \{\n\s+name: "(\w+)"/g),
    ].map(([, name]) => name),
  );
  expect(described.length).toBeGreaterThan(8);
  expect(new Set(described)).toEqual(new Set(all.map(({ name }) => name)));
});

test("help tells every command and option, and each in a sentence", () => {
  for (const command of all) {
    expect(overview(all)).toContain(`  ${command.name} `);
    expect(command.about).toMatch(/^[A-Z].*\.$/);
    const text = helpOf(command);
    for (const { flag, about } of optionsOf(command)) {
      expect(text).toContain(flag);
      expect(about).toMatch(/^[A-Z].{9}/);
    }
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  }
});

test("the man page has every command and option, and nothing that man would not take", () => {
  const page = manualPage(all);
  for (const command of all) {
    expect(page).toContain(`boshscope ${command.name}`);
    for (const { flag } of command.options) expect(page).toContain(flag.replaceAll("-", "\\-"));
  }
  for (const line of page.split("\n"))
    expect(line).toMatch(/^(?:\.(?:TH|SH|SS|TP|PP|nf|fi)\b|[^.'])|^$/);
});

test("a default that is not start's is told as it is", () => {
  expect(helpOf(openCommand)).toMatch(/--page-port PORT.*\[any free one\]/);
  expect(helpOf(openCommand)).not.toContain("8889");
});

test("the README names every option", () => {
  const readme = readFileSync(new URL("../../README.md", folder), "utf8");
  const flags = new Set(all.flatMap((command) => optionsOf(command).map(({ flag }) => flag)));
  // A switch that is on is told by its --no-… form.
  const missing = [...flags].filter(
    (flag) => !readme.includes(flag) && !readme.includes(`--no-${flag.slice(2)}`),
  );
  expect(missing).toEqual([]);
});

test("the README names every command", () => {
  const readme = readFileSync(new URL("../../README.md", folder), "utf8");
  const missing = all.filter(({ name }) => !readme.includes(`boshscope ${name}`));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

const shells = ["bash", "zsh", "fish", "powershell"];

test.each(shells)("completion of %s knows every command, option and value", (shell) => {
  const script = completionFor(shell, all);
  for (const command of all) {
    expect(script).toContain(command.name);
    for (const { flag, choices = [] } of optionsOf(command)) {
      expect(script).toContain(shell === "fish" ? `-l ${flag.slice(2)}` : flag);
      for (const choice of choices) expect(script).toContain(choice);
    }
  }
});

/** What bash itself makes of it, with the cursor behind the last word. */
function completedByBash(...words: readonly string[]): string[] {
  const line = ["boshscope", ...words];
  const quoted = line.map((word) => `'${word}'`).join(" ");
  const script = `${completionFor("bash", all)}
COMP_WORDS=(${quoted}); COMP_CWORD=${line.length - 1}; _boshscope; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((word) => word !== "");
}

test("bash completes commands, options, values and files", () => {
  expect(completedByBash("ex")).toEqual(["export"]);
  expect(completedByBash("export", "--form")).toEqual(["--format"]);
  expect(completedByBash("export", "--format", "")).toEqual(["har", "saz", "native", "pcapng"]);
  expect(completedByBash("help", "ver")).toEqual(["version"]);
  expect(completedByBash("completion", "z")).toEqual(["zsh"]);
  expect(completedByBash("import", "package.js")).toEqual(["package.json"]);
  expect(completedByBash("start", "--server-certs", "p")).toEqual(["pin"]);
  expect(completedByBash("start", "--proxy-port", "")).toEqual([]);
});

test("flags are read by the table", () => {
  const command = {
    name: "try",
    words: "ONE [TWO]",
    about: "",
    options: [
      { flag: "--out", short: "-o", value: "FILE", about: "" },
      { flag: "--kind", value: "KIND", choices: ["one", "two"], about: "" },
      { flag: "--loud", about: "" },
    ],
    settings: ["--data-dir", "--probes"],
    examples: [],
  } as const satisfies Command;
  const read = (...argv: string[]) => readFlags(argv, command);
  const flags = read("a", "-o", "x", "--kind=two", "--loud", "--no-probes", "--data-dir", "d", "b");
  expect(flags.words).toEqual(["a", "b"]);
  expect([flags.value("--out"), flags.value("--kind"), flags.has("--loud")]).toEqual([
    "x",
    "two",
    true,
  ]);
  expect(read("-o", "x", "--out=y").all("--out")).toEqual(["x", "y"]);
  expect(flags.rest).toEqual(["--no-probes", "--data-dir", "d"]);
  expect(() => read("--kind", "three")).toThrow('one or two, not "three"');
  expect(() => read("--lod")).toThrow("no option --lod of try");
  expect(() => read("-x")).toThrow("no option -x of try");
  expect(() => read("--out")).toThrow("--out needs a value");
  expect(() => read("--out", "--loud")).toThrow("--out needs a value");
  expect(read("--out=--loud").value("--out")).toBe("--loud");
  expect(() => read("--loud=yes")).toThrow("takes no value");
  expect(() => read("a", "b", "c")).toThrow('try does not know what to do with "c"');
  expect(() => read("--proxy-port", "1")).toThrow("no option --proxy-port");
});

test("words that a command has no use for are told, and where npm takes options", () => {
  expect(() => readFlags(["fin1.example.com"], startCommand)).toThrow(
    expect.objectContaining({
      remedy: expect.stringContaining("npm start -- ") as string,
    }) as Error,
  );
  for (const command of commands) {
    const words = Array.from({ length: 9 }, (_, index) => `word${index}`);
    const takesMany = command.words.includes("…");
    if (takesMany) expect(readFlags(words, command).words).toHaveLength(9);
    else expect(() => readFlags(words, command)).toThrow("does not know what to do with");
  }
});

test("a demo's flags are its own and those of start", () => {
  expect(readDemoFlags(["--agents", "9", "--proxy-port", "0", "--open"])).toEqual({
    agents: 9,
    speed: 1,
    controlPort: 0,
    rest: ["--proxy-port", "0", "--open"],
  });
  expect(() => readDemoFlags(["--agents", "0"])).toThrow("from 1 to 2000");
});
