/** Finds in an advice what is to be typed: commands stand between backticks. */

export interface AdvicePart {
  readonly kind: "text" | "command";
  readonly text: string;
}

/** In order; an unclosed backtick is text. */
export function adviceParts(advice: string): readonly AdvicePart[] {
  const parts: AdvicePart[] = [];
  let from = 0;
  for (const match of advice.matchAll(/`([^`]+)`/g)) {
    if (match.index > from) parts.push({ kind: "text", text: advice.slice(from, match.index) });
    parts.push({ kind: "command", text: match[1] ?? "" });
    from = match.index + match[0].length;
  }
  if (from < advice.length) parts.push({ kind: "text", text: advice.slice(from) });
  return parts;
}
