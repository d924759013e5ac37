/** Walks JSON as it is written: every string with its place and the key it stands under. Nothing is re-serialised. */

export interface JsonString {
  /** Decoded. */
  readonly text: string;
  /** Offsets of the raw text, without quotes; of the whole token for a number. */
  readonly start: number;
  readonly end: number;
  readonly role: "key" | "string" | "number";
  /** Nearest key above, or "". */
  readonly key: string;
  /** The key under which the object around stands, or "". */
  readonly parent: string;
  /** The object or list it stands in; null for a text that is one string. */
  readonly place: JsonPlace | null;
  /** Position in a list; 0 in an object. */
  readonly index: number;
}

/** One object or list: the same for all that stands in it. */
export interface JsonPlace {
  readonly isList: boolean;
  /** Nearest key above it, or "". */
  readonly key: string;
  readonly above: JsonPlace | null;
}

export interface JsonScan {
  /** Offset where the text ended too early, or null when it is whole. Everything before has been visited. */
  readonly cutAt: number | null;
}

const maxDepth = 256;
/** What servers put before JSON so that it can't be run as a script; the gadget container does. */
const armour =
  /^\s*(?:\)\]\}'[,;]?|(?:while\s?\(1\)|for\s?\(;;\))\s?;|throw [^{["]{0,64}|\/\*)?\s*/;
/** A script that calls a function with JSON, as servers answer pages of other origins: `callback({…});` */
export const jsonCall =
  /^\s*(?:\/\*\*\/\s*)?(?:typeof [\w$.]{1,128} === 'function' && )?[\w$.]{1,128}\s?\(\s*(?=[{[])/;
const blanks = /[ \t\r\n]*/y;
const scalar = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;

/** Calls `visit` for keys, strings and numbers in order; null when this is not JSON (or nested too deep). */
export function scanJson(text: string, visit: (found: JsonString) => void): JsonScan | null {
  const call = jsonCall.exec(text)?.[0];
  const start = (call ?? armour.exec(text)?.[0] ?? "").length;
  const first = text[start];
  if (first !== "{" && first !== "[" && first !== '"') return null;
  const scan = new Scan(text, start, call !== undefined, visit);
  while (scan.step()) {
    // Each step takes one token.
  }
  // A single string that never ends is not the start of anything.
  return scan.wrong || scan.cutAt === start ? null : { cutAt: scan.cutAt };
}

interface Frame {
  readonly isArray: boolean;
  readonly parent: string;
  readonly place: JsonPlace;
  key: string;
  index: number;
}

class Scan {
  wrong = false;
  cutAt: number | null = null;
  private readonly text: string;
  private readonly isCall: boolean;
  private readonly visit: (found: JsonString) => void;
  private readonly stack: Frame[] = [];
  private at: number;
  private expects: "value" | "first" | "key" | "after" = "value";

  constructor(text: string, at: number, isCall: boolean, visit: (found: JsonString) => void) {
    this.text = text;
    this.isCall = isCall;
    this.at = at;
    this.visit = visit;
  }

  step(): boolean {
    blanks.lastIndex = this.at;
    blanks.test(this.text);
    this.at = blanks.lastIndex;
    const char = this.text[this.at];
    if (char === undefined) return this.ended();
    if (this.expects === "after") return this.after(char);
    if (this.expects === "key") return this.key(char);
    if (this.expects === "first" && (char === "]" || char === "}")) return this.close(char);
    return this.top()?.isArray === false && this.expects === "first"
      ? this.key(char)
      : this.value(char);
  }

  private top(): Frame | undefined {
    return this.stack.at(-1);
  }

  private ended(): boolean {
    // Lines of JSON may follow each other; between them nothing is open.
    if (this.stack.length > 0 || this.expects !== "after") this.cutAt = this.at;
    return false;
  }

  private fail(): boolean {
    this.wrong = true;
    return false;
  }

  private after(char: string): boolean {
    const frame = this.top();
    if (frame === undefined && this.isCall && ");".includes(char)) {
      this.at += 1;
      return true;
    }
    if (frame === undefined) {
      this.expects = "value";
      return "{[".includes(char) ? true : this.fail();
    }
    if (char !== ",") return this.close(char);
    this.at += 1;
    if (frame.isArray) frame.index += 1;
    this.expects = frame.isArray ? "value" : "key";
    return true;
  }

  private close(char: string): boolean {
    const frame = this.stack.pop();
    if (frame === undefined || char !== (frame.isArray ? "]" : "}")) return this.fail();
    this.at += 1;
    this.expects = "after";
    return true;
  }

  private value(char: string): boolean {
    if (char === "{" || char === "[") {
      if (this.stack.length >= maxDepth) return this.fail();
      this.push(char === "[");
      this.at += 1;
      this.expects = "first";
      return true;
    }
    this.expects = "after";
    return char === '"' ? this.string("string") : this.scalar();
  }

  private push(isArray: boolean): void {
    const frame = this.top();
    const key = frame?.key ?? "";
    const place = { isList: isArray, key, above: frame?.place ?? null };
    this.stack.push({
      isArray,
      parent: isArray ? (frame?.parent ?? "") : key,
      place,
      key,
      index: 0,
    });
  }

  private found(text: string, start: number, end: number, role: JsonString["role"]): void {
    const frame = this.top();
    const { key = "", parent = "", place = null, index = 0 } = frame ?? {};
    this.visit({ text, start, end, role, key, parent, place, index });
  }

  private scalar(): boolean {
    scalar.lastIndex = this.at;
    const found = scalar.exec(this.text)?.[0];
    if (found === undefined) {
      // A cut may leave "tru".
      if (!/^(?:[a-z]{1,4}|-)$/.test(this.text.slice(this.at, this.at + 6))) return this.fail();
      this.cutAt = this.at;
      return false;
    }
    const end = this.at + found.length;
    if (/^[-0-9]/.test(found)) {
      this.found(found, this.at, end, "number");
    }
    this.at = end;
    return true;
  }

  private key(char: string): boolean {
    if (char !== '"') return this.fail();
    if (!this.string("key")) return false;
    blanks.lastIndex = this.at;
    blanks.test(this.text);
    this.at = blanks.lastIndex;
    const colon = this.text[this.at];
    if (colon === undefined) {
      this.cutAt = this.at;
      return false;
    }
    if (colon !== ":") return this.fail();
    this.at += 1;
    this.expects = "value";
    return true;
  }

  private string(role: "key" | "string"): boolean {
    const start = this.at + 1;
    const end = endOfString(this.text, start);
    if (end === -1) {
      this.cutAt = this.at;
      return false;
    }
    const text = unescapeJson(this.text.slice(start, end));
    const frame = this.top();
    if (role === "key" && frame !== undefined) frame.key = text;
    this.found(text, start, end, role);
    this.at = end + 1;
    return true;
  }
}

/** Offset of the closing quote, or -1. Looks at each backslash once. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let before = quote;
    while (before > start && text[before - 1] === "\\") before -= 1;
    if ((quote - before) % 2 === 0) return quote;
  }
  return -1;
}

const short: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

export function unescapeJson(raw: string): string {
  if (!raw.includes("\\")) return raw;
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_, hex?: string, char?: string) =>
    hex === undefined
      ? (short[char ?? ""] ?? char ?? "")
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
