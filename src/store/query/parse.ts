/** Reads the filter language into a tree. Total: any text gives a tree or a problem, within bounds on length and depth. Pure. */
import { fail } from "../../base/errors.ts";
import { termProblem } from "./check-term.ts";
import type { Query } from "./query.ts";
import { type QueryProblem, type Token, tokensOf } from "./tokens.ts";

/** SQLite refuses expressions deeper than 1000; a filter somebody typed is far below these. */
const maxLength = 4000;
const maxDepth = 50;
const maxTerms = 200;

/** Throws query-invalid, with the place and, for a mistyped key, the nearest one. */
export function parseQuery(text: string): Query {
  const read = readQuery(text);
  if (!("why" in read)) return read;
  const { position, why } = read;
  const rest = text.slice(position, position + 30);
  throw fail("query-invalid", { at: rest, why: `${why} (position ${position + 1})` });
}

/** The tree, or the first problem. */
export function readQuery(text: string): Query | QueryProblem {
  if (text.length > maxLength) {
    return { position: maxLength, why: `it is longer than ${maxLength} characters` };
  }
  const tokens = tokensOf(text);
  if ("why" in tokens) return tokens;
  if (tokens.length === 0) return { kind: "all" };
  const terms = tokens.filter((token) => token.kind === "term" || token.kind === "word");
  if (terms.length > maxTerms) {
    return { position: terms[maxTerms]?.position ?? 0, why: `it has more than ${maxTerms} terms` };
  }
  return new Parser(tokens, text.length).read();
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  read(): Query | QueryProblem {
    const query = this.#readOr();
    if ("why" in query) return query;
    const left = this.#token;
    return left === undefined ? query : this.#problem("this ) closes nothing");
  }

  get #token(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #problem(why: string): QueryProblem {
    return { position: this.#token?.position ?? this.#end, why };
  }

  #readOr(): Query | QueryProblem {
    const of: Query[] = [];
    for (;;) {
      const query = this.#readAnd();
      if ("why" in query) return query;
      of.push(query);
      if (this.#token?.kind !== "or") return joined("or", of);
      this.#at += 1;
    }
  }

  #readAnd(): Query | QueryProblem {
    const of: Query[] = [];
    for (;;) {
      const query = this.#readNot();
      if ("why" in query) return query;
      of.push(query);
      const next = this.#token?.kind;
      if (next === "and") this.#at += 1;
      else if (next === undefined || next === ")" || next === "or") return joined("and", of);
    }
  }

  #readNot(): Query | QueryProblem {
    if (this.#token?.kind !== "not") return this.#readOne();
    if (this.#depth >= maxDepth) return this.#problem("it is nested too deep");
    this.#at += 1;
    this.#depth += 1;
    const of = this.#readNot();
    this.#depth -= 1;
    return "why" in of ? of : { kind: "not", of };
  }

  #readOne(): Query | QueryProblem {
    const token = this.#token;
    if (token?.kind === "(") return this.#readGroup();
    if (token?.kind === "word") {
      this.#at += 1;
      return { kind: "word", text: token.text };
    }
    if (token?.kind === "term") return this.#readTerm(token);
    return this.#problem("a word or key:value is missing here");
  }

  #readGroup(): Query | QueryProblem {
    if (this.#depth >= maxDepth) return this.#problem("it is nested too deep");
    const opened = this.#problem("this ( is never closed");
    this.#at += 1;
    this.#depth += 1;
    const query = this.#readOr();
    this.#depth -= 1;
    if ("why" in query) return query;
    if (this.#token?.kind !== ")") return opened;
    this.#at += 1;
    return query;
  }

  #readTerm(token: Token & { readonly kind: "term" }): Query | QueryProblem {
    const { key, operator } = token;
    const of: Query[] = [];
    for (const value of token.values) {
      const why = termProblem(key, operator, value.text);
      if (why !== null) return { position: value.position, why };
      of.push({ kind: "term", key, operator, value: value.text });
    }
    this.#at += 1;
    // key!=(a|b) reads as "neither": with "any of" it would be true of everything.
    return joined(operator === "!=" ? "and" : "or", of);
  }
}

function joined(kind: "and" | "or", of: readonly Query[]): Query {
  const [first, second] = of;
  return first !== undefined && second === undefined ? first : { kind, of };
}
