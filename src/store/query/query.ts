/** The filter language as a tree. What it means is in `fields.ts`; how it is written, in README.md. */

export type Operator = ":" | "=" | "!=" | "~" | ">" | "<" | ">=" | "<=";

export type Query =
  /** An empty filter: every row. Stands only alone. */
  | { readonly kind: "all" }
  /** Two or more. */
  | { readonly kind: "and"; readonly of: readonly Query[] }
  | { readonly kind: "or"; readonly of: readonly Query[] }
  | { readonly kind: "not"; readonly of: Query }
  /** Text looked for in URL, host, comment and event. */
  | { readonly kind: "word"; readonly text: string }
  | {
      readonly kind: "term";
      readonly key: string;
      readonly operator: Operator;
      readonly value: string;
    };
