/** What makes a shell complete our commands, options and values: scripts that are written from the table of commands. */
import { fail } from "../base/errors.ts";
import type { Command, Option } from "./command.ts";
import { optionsOf } from "./help.ts";

type Shell = "bash" | "zsh" | "fish" | "powershell";

/** Throws "config-invalid". */
export function completionFor(shell: string | undefined, commands: readonly Command[]): string {
  if (shell === undefined || !Object.hasOwn(writers, shell))
    throw fail("config-invalid", {
      problem: shell === undefined ? "No shell was named." : `There is no completion for ${shell}.`,
      remedy: `boshscope completion ${Object.keys(writers).join("|")}`,
    });
  return writers[shell as Shell](commands);
}

const writers: Readonly<Record<Shell, (commands: readonly Command[]) => string>> = {
  bash,
  zsh,
  fish,
  powershell,
};

const names = (commands: readonly Command[]): string => commands.map(({ name }) => name).join(" ");
const flagsOf = (command: Command): readonly string[] => [
  ...optionsOf(command).map(({ flag }) => flag),
  "--help",
];
const withChoices = (command: Command) =>
  optionsOf(command).filter(({ choices }) => choices !== undefined);
const isPlace = ({ value = "" }: Option): boolean => /FILE|DIR/.test(value);

/** First words that are ours: actions, or the commands that `help` tells about. */
function firstWords(command: Command, commands: readonly Command[]): readonly string[] {
  return command.name === "help" ? commands.map(({ name }) => name) : (command.actions ?? []);
}

/** What may follow each option that has a value, for a shell's `case` over "command --flag"; `reply` of null = a file's name. */
function valueCases(commands: readonly Command[], reply: (words: string | null) => string): string {
  return commands
    .flatMap((command) => {
      const byReply = Map.groupBy(
        optionsOf(command).filter(({ value }) => value !== undefined),
        (option) => option.choices?.join(" ") ?? (isPlace(option) ? null : ""),
      );
      return [...byReply].map(([words, options]) => {
        const patterns = options.flatMap(({ flag, short }) =>
          [flag, short]
            .filter((name) => name !== undefined)
            .map((name) => `"${command.name} ${name}"`),
        );
        return `    ${patterns.join("|")}) ${reply(words)} ;;`;
      });
    })
    .join("\n");
}

function bash(commands: readonly Command[]): string {
  const reply = (words: string | null): string =>
    words === ""
      ? "return"
      : words === null
        ? `COMPREPLY=($(compgen -f -- "$word")); return`
        : `COMPREPLY=($(compgen -W '${words}' -- "$word")); return`;
  const cases = commands.map((command) => {
    const first = firstWords(command, commands);
    const plain =
      first.length === 0
        ? `COMPREPLY=($(compgen -f -- "$word"))`
        : `[ "$COMP_CWORD" -eq 2 ] && COMPREPLY=($(compgen -W '${first.join(" ")}' -- "$word")) || COMPREPLY=($(compgen -f -- "$word"))`;
    return `    ${command.name}) if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '${flagsOf(command).join(" ")}' -- "$word")); else ${plain}; fi ;;`;
  });
  return `# Completion of boshscope for bash.
_boshscope() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W '${names(commands)}' -- "$word")); return; fi
  case "\${COMP_WORDS[1]} $before" in
${valueCases(commands, reply)}
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
}
complete -o filenames -F _boshscope boshscope
`;
}

function zsh(commands: readonly Command[]): string {
  const reply = (words: string | null): string =>
    words === null ? "_files; return" : words === "" ? "return" : `compadd -- ${words}; return`;
  const quoted = (text: string): string => text.replaceAll("'", "'\\''");
  const described = (entries: readonly (readonly [string, string])[]): string =>
    entries.map(([name, about]) => `'${name}:${quoted(about.replaceAll(":", "\\:"))}'`).join(" ");
  const cases = commands.map((command) => {
    const options = described([
      ...optionsOf(command).map(({ flag, about }) => [flag, about] as const),
      ["--help", "All about this command."],
    ]);
    const first = firstWords(command, commands);
    const plain =
      first.length === 0
        ? "_files"
        : `if (( CURRENT == 3 )); then compadd -- ${first.join(" ")}; else _files; fi`;
    return `    ${command.name}) if [[ $PREFIX == -* ]]; then list=(${options}); _describe option list; else ${plain}; fi ;;`;
  });
  return `#compdef boshscope
# Completion of boshscope for zsh.
_boshscope() {
  local -a list
  if (( CURRENT == 2 )); then
    list=(${described(commands.map(({ name, about }) => [name, about] as const))})
    _describe command list
    return
  fi
  case "$words[2] $words[CURRENT-1]" in
${valueCases(commands, reply)}
  esac
  case "$words[2]" in
${cases.join("\n")}
  esac
}
compdef _boshscope boshscope
`;
}

function fish(commands: readonly Command[]): string {
  const quoted = (text: string): string =>
    `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const line = (condition: string, rest: string): string =>
    `complete -c boshscope -n ${quoted(condition)} ${rest}`;
  const lines = commands.flatMap((command) => {
    const { name, about } = command;
    const within = `__fish_seen_subcommand_from ${name}`;
    const first = firstWords(command, commands);
    return [
      line("__fish_use_subcommand", `-f -a ${name} -d ${quoted(about)}`),
      ...(first.length === 0 ? [] : [line(within, `-f -a ${quoted(first.join(" "))}`)]),
      ...optionsOf(command).map((option) => line(within, fishOption(option, quoted))),
      line(within, `-l help -d 'All about this command.'`),
    ];
  });
  return `# Completion of boshscope for fish.\n${lines.join("\n")}\n`;
}

function fishOption(option: Option, quoted: (text: string) => string): string {
  const { flag, short, value, choices, about } = option;
  const letter = short === undefined ? "" : ` -s ${short.slice(1)}`;
  const values =
    choices !== undefined
      ? ` -x -a ${quoted(choices.join(" "))}`
      : value === undefined
        ? ""
        : isPlace(option)
          ? " -r -F"
          : " -x";
  return `-l ${flag.slice(2)}${letter}${values} -d ${quoted(about)}`;
}

function powershell(commands: readonly Command[]): string {
  const list = (words: readonly string[]): string =>
    words.map((word) => `'${word.replaceAll("'", "''")}'`).join(", ");
  const options = commands.map((command) => `    '${command.name}' = @(${list(flagsOf(command))})`);
  const first = commands
    .filter((command) => firstWords(command, commands).length > 0)
    .map((command) => `    '${command.name}' = @(${list(firstWords(command, commands))})`);
  const choices = commands.flatMap((command) =>
    withChoices(command).map(
      ({ flag, choices: words = [] }) => `    '${command.name} ${flag}' = @(${list(words)})`,
    ),
  );
  return `# Completion of boshscope for PowerShell.
Register-ArgumentCompleter -Native -CommandName boshscope -ScriptBlock {
  param($word, $line, $cursor)
  $options = @{
${options.join("\n")}
  }
  $first = @{
${first.join("\n")}
  }
  $choices = @{
${choices.join("\n")}
  }
  $words = @($line.CommandElements | ForEach-Object { $_.ToString() })
  $command = if ($words.Count -gt 1) { $words[1] } else { '' }
  $typed = if ($word) { 1 } else { 0 }
  $before = $words[$words.Count - 1 - $typed]
  $at = $words.Count - $typed
  $found = if ($at -eq 1) { @(${list(commands.map(({ name }) => name))}) }
    elseif ($choices.ContainsKey("$command $before")) { $choices["$command $before"] }
    elseif ($word -like '-*') { $options[$command] }
    elseif ($at -eq 2 -and $first.ContainsKey($command)) { $first[$command] }
    else { @() }
  $found | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
