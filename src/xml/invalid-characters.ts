/**
 * Finds the characters that XML 1.0 forbids. Some Finesse releases let one through to the Notification Service, whose parser
 * dies of it, so one such character in one agent's traffic can take down all agents.
 */

export interface InvalidCharacter {
  /** Offset in the text; of the `&` for a reference. */
  readonly at: number;
  /** Code point, or lone surrogate. */
  readonly code: number;
}

const enough = 5;
/** Also written as references, since `&#x8;` is as forbidden as the character; `&amp;#x8;` is one inside escaped XML. */
const suspicious =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\uD800-\uDFFF]|&(?:amp;)?#(x0{0,6}[0-9a-f]{1,6}|0{0,6}[0-9]{1,7});/gi;

/** The first few forbidden characters and references, in order. Linear. */
export function findInvalidXmlChars(text: string): readonly InvalidCharacter[] {
  const found: InvalidCharacter[] = [];
  suspicious.lastIndex = 0;
  for (let match = suspicious.exec(text); match !== null; match = suspicious.exec(text)) {
    const at = match.index;
    const reference = match[1];
    if (reference !== undefined) {
      const code = codeOfReference(reference);
      if (!isXmlChar(code)) found.push({ at, code });
    } else {
      const code = text.codePointAt(at) ?? 0;
      if (code > 0xff_ff) suspicious.lastIndex = at + 2;
      else found.push({ at, code });
    }
    if (found.length === enough) break;
  }
  suspicious.lastIndex = 0;
  return found;
}

function codeOfReference(reference: string): number {
  return reference[0] === "x" || reference[0] === "X"
    ? Number.parseInt(reference.slice(1), 16)
    : Number.parseInt(reference, 10);
}

/** The `Char` production of XML 1.0. */
function isXmlChar(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return (
    code <= 0xd7_ff ||
    (code >= 0xe0_00 && code <= 0xff_fd) ||
    (code >= 0x1_00_00 && code <= 0x10_ff_ff)
  );
}
