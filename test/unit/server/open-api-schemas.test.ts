/** The hand-kept shapes: each can be read by a JSON Schema reader, and references only what exists. */
import { expect, test } from "vitest";
import { z } from "zod";
import { refTo, schemas } from "../../../src/server/open-api-schemas.ts";

const defined = JSON.parse(
  JSON.stringify(schemas).replaceAll("#/components/schemas/", "#/$defs/"),
) as Record<string, object>;

test.each(Object.keys(schemas))("%s is a schema that refuses what lacks its fields", (name) => {
  const checker = z.fromJSONSchema({ ...defined[name], $defs: defined } as never);
  expect(checker.safeParse({}).success).toBe(false);
});

test("references stand where they can be found", () => {
  expect(refTo("Health")).toEqual({ $ref: "#/components/schemas/Health" });
  const named = [...JSON.stringify(schemas).matchAll(/#\/components\/schemas\/(\w+)/g)];
  expect(named.length).toBeGreaterThan(5);
  for (const [, name] of named) expect(Object.keys(schemas)).toContain(name);
});
