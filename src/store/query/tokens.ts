/** Cuts a filter's text into tokens. Total: any text gives tokens or a problem with its position. Pure. */
import { keyProblem } from "./check-term.ts";
import type { Operator } from "./query.ts";

/** Where and why a filter can't be read. */
export interface QueryProblem {
  /** Offset into the text. */
  readonly position: number;
  readonly why: string;
}

export type Token =
  | { readonly kind: "(" | ")" | "or" | "and" | "not"; readonly position: number }
  | { readonly kind: "word"; readonly position: number; readonly text: string }
  | {
      readonly kind: "term";
      readonly position: number;
      readonly key: string;
      readonly operator: Operator;
      /** More than one when written `key:(a|b)`: any of them. */
      readonly values: readonly Value[];
    };

interface Value {
  readonly position: number;
  readonly text: string;
}

const blank = /\s*/y;
const bare = /[^\s()|]+/y;
const quoted = /"((?:[^"\\]|\\[\s\S])*)"/y;
const keyAndOperator = /([A-Za-z][A-Za-z-]*)(!=|>=|<=|[:=~<>])/y;
const keywords = new Set(["or", "and", "not"]);

class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Takes what matches here, or nothing. */
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match) this.at = pattern.lastIndex;
    return match;
  }

  get next(): string {
    return this.text[this.at] ?? "";
  }
}

/** All tokens, or the first problem. */
export function tokensOf(text: string): readonly Token[] | QueryProblem {
  const scanner = new Scanner(text);
  const tokens: Token[] = [];
  for (;;) {
    scanner.take(blank);
    if (scanner.next === "") return tokens;
    const token = readToken(scanner);
    if ("why" in token) return token;
    tokens.push(token);
  }
}

function readToken(scanner: Scanner): Token | QueryProblem {
  const position = scanner.at;
  const { next } = scanner;
  if (next === "(" || next === ")") {
    scanner.at += 1;
    return { kind: next, position };
  }
  if (next === "|") {
    scanner.at += 1;
    return { kind: "or", position };
  }
  if (next === "-" && /^-[^\s)|]/.test(scanner.text.slice(position, position + 2))) {
    scanner.at += 1;
    return { kind: "not", position };
  }
  if (next === '"') return readWord(scanner);
  return readTerm(scanner) ?? readWord(scanner);
}

/** null = no term begins here. */
function readTerm(scanner: Scanner): Token | QueryProblem | null {
  const position = scanner.at;
  const match = scanner.take(keyAndOperator);
  if (!match) return null;
  const key = (match[1] ?? "").toLowerCase();
  const operator = (match[2] ?? ":") as Operator;
  const why = keyProblem(key);
  if (why !== null) {
    // A pasted address, https://…: a text to look for.
    const isAddress = operator === ":" && scanner.text.startsWith("//", scanner.at);
    scanner.at = position;
    return isAddress ? null : { position, why };
  }
  const values = scanner.next === "(" ? readGroup(scanner) : readOne(scanner);
  return "why" in values ? values : { kind: "term", position, key, operator, values };
}

function readOne(scanner: Scanner): readonly Value[] | QueryProblem {
  const value = readValue(scanner);
  return "why" in value ? value : [value];
}

/** `(a|b|c)`, or with blanks or "or" between. */
function readGroup(scanner: Scanner): readonly Value[] | QueryProblem {
  const position = scanner.at;
  scanner.at += 1;
  const values: Value[] = [];
  for (;;) {
    scanner.take(/[\s|]*/y);
    if (scanner.next === "") return { position, why: "this ( is never closed" };
    if (scanner.next === ")") break;
    if (scanner.next === "(") return { position: scanner.at, why: "a list of values holds no (" };
    const value = readValue(scanner);
    if ("why" in value) return value;
    if (value.text.toLowerCase() !== "or") values.push(value);
  }
  scanner.at += 1;
  return values.length === 0 ? { position, why: "this list of values is empty" } : values;
}

function readValue(scanner: Scanner): Value | QueryProblem {
  const position = scanner.at;
  if (scanner.next !== '"') return { position, text: scanner.take(bare)?.[0] ?? "" };
  const match = scanner.take(quoted);
  if (!match) return { position, why: 'this " is never closed' };
  return { position, text: (match[1] ?? "").replaceAll(/\\([\s\S])/g, "$1") };
}

function readWord(scanner: Scanner): Token | QueryProblem {
  const isQuoted = scanner.next === '"';
  const value = readValue(scanner);
  if ("why" in value) return value;
  const { position, text } = value;
  const keyword = text.toLowerCase();
  if (!isQuoted && keywords.has(keyword)) {
    return { kind: keyword as "or" | "and" | "not", position };
  }
  if (text === "") return { position, why: "there is nothing between the quotes" };
  return { kind: "word", position, text };
}
