/**
 * Turns a tree into an SQL condition over `exchanges e`. What somebody typed is always a bound parameter, never part of the SQL.
 * Each leaf is IS TRUE, so that "not" means "not", also of what is unknown.
 */
import type { SQLInputValue } from "node:sqlite";
import { unreachable } from "../../base/errors.ts";
import { type Field, fields, type Part, wordColumns } from "./fields.ts";
import type { Operator, Query } from "./query.ts";
import { readSpan, type Span } from "./values.ts";

export interface Condition {
  readonly sql: string;
  /** For the `?` of `sql`, in order. */
  readonly parameters: readonly SQLInputValue[];
  /** True when a row may begin or cease to match as time passes. */
  readonly ages: boolean;
}

type Compiled = readonly [sql: string, parameters: readonly SQLInputValue[]];

/** `nowWall` is what ages are measured against. The tree must come from `parseQuery`. */
export function compileQuery(query: Query, nowWall: number): Condition {
  const [sql, parameters] = compiled(query);
  const pieces = sql.split(":now");
  if (pieces.length === 1) return { sql, parameters, ages: false };
  return { ...bindNow(pieces, parameters, nowWall), ages: true };
}

/** Puts the moment among the other parameters, wherever the SQL names it. */
function bindNow(
  pieces: readonly string[],
  parameters: readonly SQLInputValue[],
  nowWall: number,
): { sql: string; parameters: SQLInputValue[] } {
  const bound: SQLInputValue[] = [];
  let used = 0;
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) bound.push(nowWall);
    const count = piece.split("?").length - 1;
    bound.push(...parameters.slice(used, used + count));
    used += count;
  }
  return { sql: pieces.join("?"), parameters: bound };
}

function compiled(query: Query): Compiled {
  switch (query.kind) {
    case "all":
      return ["1", []];
    case "word":
      return anyContains(wordColumns, query.text);
    case "term":
      return compileTerm(query.key, query.operator, query.value);
    case "not": {
      const [sql, parameters] = compiled(query.of);
      return [`NOT ${sql}`, parameters];
    }
    case "and":
      return combined(query.of.map(compiled), " AND ");
    case "or":
      return combined(query.of.map(compiled), " OR ");
    default:
      return unreachable(query);
  }
}

function compileTerm(key: string, operator: Operator, value: string): Compiled {
  const field = fields[key];
  if (field === undefined) return ["0", []];
  const [sql, parameters] = compileField(field, operator, value);
  return [operator === "!=" ? `(NOT (${sql}) IS TRUE)` : `((${sql}) IS TRUE)`, parameters];
}

/** `!=` compiles as `=`; the caller negates. */
function compileField(field: Field, operator: Operator, value: string): Compiled {
  const isContained = operator === ":" || operator === "~";
  switch (field.kind) {
    case "text":
      return isContained ? contains(field.sql, value) : equals(field.sql, value);
    case "list": {
      const [test, parameters] = isContained ? contains("value", value) : equals("value", value);
      return [`EXISTS (SELECT 1 FROM json_each(${field.sql}) WHERE ${test})`, parameters];
    }
    case "flag":
      return [field.flags[value.toLowerCase()] ?? "0", []];
    case "content":
      return combined(
        contentTests(field.parts).map((test) => [test, [lower(value)]]),
        " OR ",
      );
    case "number":
      return compileNumber(field, operator, value);
    default:
      return unreachable(field);
  }
}

function compileNumber(
  field: Field & { readonly kind: "number" },
  operator: Operator,
  value: string,
): Compiled {
  if (value === "-" && field.absent !== undefined) return [field.absent, []];
  const span = readSpan(value, operator, field.unit);
  return span === null ? ["0", []] : within(field.sql, span);
}

function within(sql: string, span: Span): Compiled {
  const tests: Compiled[] = [];
  if (span.from !== null) tests.push([`(${sql}) ${span.fromIncluded ? ">=" : ">"} ?`, [span.from]]);
  if (span.to !== null) tests.push([`(${sql}) ${span.toIncluded ? "<=" : "<"} ?`, [span.to]]);
  return combined(tests, " AND ");
}

/** Each has one parameter. Bodies are UTF-8 in BLOBs, so their bytes are read as text. */
function contentTests(parts: readonly Part[]): string[] {
  return parts.map((part) => {
    if (part.table === "messages") {
      return `EXISTS (SELECT 1 FROM messages m WHERE m.key = e.key AND ${containsTest(part.sql)})`;
    }
    const side = { client: "AND f.from_client = 1", server: "AND f.from_client = 0" };
    return `e.kind = 'websocket' AND EXISTS (SELECT 1 FROM frames f WHERE f.exchange = e.key
      ${part.from === null ? "" : side[part.from]} AND ${containsTest("CAST(f.body AS TEXT)")})`;
  });
}

const anyContains = (columns: readonly string[], text: string): Compiled => {
  const [sql, parameters] = combined(
    columns.map((column) => contains(column, text)),
    " OR ",
  );
  return [`(${sql} IS TRUE)`, parameters];
};

/** SQLite's lower() knows ASCII alone; both sides must fold alike. */
const containsTest = (sql: string): string => `instr(lower(${sql}), ?) > 0`;
const contains = (sql: string, text: string): Compiled => [containsTest(sql), [lower(text)]];

/** An empty value asks for rows that have none. */
const equals = (sql: string, text: string): Compiled =>
  text === "" ? [`coalesce(${sql}, '') = ''`, []] : [`lower(${sql}) = ?`, [lower(text)]];

const lower = (text: string): string =>
  text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());

function combined(parts: readonly Compiled[], operator: " AND " | " OR "): Compiled {
  return [
    `(${parts.map(([sql]) => sql).join(operator)})`,
    parts.flatMap(([, parameters]) => parameters),
  ];
}
