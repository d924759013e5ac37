/** Words as three shells read them: whatever is in the text, it is one argument and nothing of it is run. */

/** Between single quotes bash reads nothing; control characters need the form with a dollar. */
export function bashWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  // oxlint-disable-next-line no-control-regex
  if (!/[\u0000-\u001f\u007f]/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text.replace(
    // oxlint-disable-next-line no-control-regex
    /[\\'\u0000-\u001f\u007f]/g,
    (char) =>
      char === "\\" || char === "'"
        ? `\\${char}`
        : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `$'${escaped}'`;
}

/**
 * cmd.exe reads the line first (^ escapes, % expands variables even between quotes), then the program's start-up code reads quotes and
 * backslashes. So: quotes and backslashes for the program, then ^ before everything that cmd might read. `%` can't be escaped on a command
 * line, but a ^ inside the name keeps a variable from being found. A line end would end the command: it becomes a blank.
 */
export function cmdWord(text: string): string {
  const oneLine = text.replace(/[\r\n]+/g, " ");
  if (/^[\w@+=:,./-]+$/.test(oneLine)) return oneLine;
  const forProgram = oneLine.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1");
  return `^"${forProgram.replace(/[\^&|<>()!%"]/g, "^$&")}^"`;
}

/** Between single quotes PowerShell reads nothing but the quote, of which it knows several. */
export const powerShellWord = (text: string): string =>
  `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, "$&$&")}'`;
