/** JSON with line breaks, token by token: numbers keep every digit, which parsing and printing would not. */

export type IndentedJson =
  | { readonly kind: "indented"; readonly text: string }
  | { readonly kind: "unparseable"; readonly at: number | null; readonly reason: string };

const token = /\s+|"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gy;

/** Total: what is no JSON comes back as unparseable, with the offset where the engine names one. */
export function indentJson(source: string): IndentedJson {
  try {
    JSON.parse(source);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const at = /position (\d+)/.exec(reason)?.[1];
    return { kind: "unparseable", at: at === undefined ? null : Number(at), reason };
  }
  return { kind: "indented", text: indentTokens(source) };
}

function indentTokens(source: string): string {
  const tokens = (source.match(token) ?? []).filter((part) => part.trim() !== "");
  let depth = 0;
  let text = "";
  tokens.forEach((part, index) => {
    const before = tokens[index - 1] ?? "";
    const closes = part === "}" || part === "]";
    const opened = before === "{" || before === "[";
    if (closes) depth -= 1;
    if (closes ? !opened : opened || before === ",") text += `\n${"  ".repeat(depth)}`;
    text += part === ":" ? ": " : part;
    if (part === "{" || part === "[") depth += 1;
  });
  return text;
}
