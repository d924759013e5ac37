/** How settings of each kind are checked; what is wrong is said by what is wanted. */
import { z } from "zod";
import { reasonOf } from "./base/errors.ts";
import { parseBytes, parseDuration } from "./config-values.ts";

/** A string read by `parse`, whose error becomes the setting's. */
export function written<T>(parse: (text: string) => T) {
  return z.string().transform(by(parse));
}

type Refuse = { addIssue(issue: { readonly code: "custom"; readonly message: string }): void };

const by =
  <In, T>(parse: (value: In) => T) =>
  (value: In, context: Refuse): T => {
    try {
      return parse(value);
    } catch (error) {
      context.addIssue({ code: "custom", message: reasonOf(error) });
      return z.NEVER;
    }
  };

/** In the file of settings it may be a number, else it is a text. */
function numberOr(parse: (text: string) => number) {
  const parseAny = (value: number | string): number => parse(String(value));
  return z
    .union([z.number(), z.string()], { error: "it is a number or a text" })
    .transform(by(parseAny));
}

export const port = numberOr((text) => {
  const value = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 65_535) return value;
  throw new Error(`"${text}" is not a port, which is a whole number from 0 to 65535`);
});
export const bytes = numberOr(parseBytes);
/** A number alone is ms in the file, and seconds where it is typed. */
export const duration = z
  .union([z.number(), z.string()], { error: "it is a number or a text" })
  .transform(
    by((value) => {
      if (typeof value === "string") return parseDuration(value);
      if (value > 0) return value;
      throw new Error(`${value} is not a time in ms`);
    }),
  );
export const yes = z.union(
  [
    z.boolean(),
    z
      .enum(["true", "1", "yes", "false", "0", "no"])
      .transform((word) => ["true", "1", "yes"].includes(word)),
  ],
  { error: "it is yes or no" },
);
