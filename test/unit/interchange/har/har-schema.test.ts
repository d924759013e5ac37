/** Our HARs against the JSON schema of HAR 1.2 that other tools are checked with (the package har-schema: nobody here wrote it). */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import harSchemas from "har-schema";
import { expect, test } from "vitest";
import { exportCapture } from "../../../../src/export-capture.ts";
import { captureOf, temporaryFolder } from "../copies.ts";
import { peopleCopies } from "../planted-capture.ts";
import { allShapes, shapeNames } from "../shapes.ts";

const load = createRequire(import.meta.url);

/** What is wrong with it, in the validator's words. */
function problemsOf(har: unknown): string[] {
  // The schema has words of an older draft (`optional`, `min`) that mean nothing.
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addMetaSchema(load("ajv/dist/refs/json-schema-draft-06.json") as object);
  for (const schema of Object.values(harSchemas)) ajv.addSchema(schema);
  const validate = ajv.getSchema("har.json#");
  if (validate === undefined) throw new Error("the schema is not there");
  if (validate(har) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

for (const redact of [null, { hosts: true }]) {
  test(`exchanges of every shape make a valid HAR ${redact === null ? "as they are" : "when redacted"}`, async () => {
    using folder = temporaryFolder();
    const shapes = allShapes();
    await using capture = await captureOf([...shapes, ...peopleCopies(shapes.length + 1)]);
    const out = join(folder.path, "a.har");
    const order = { source: capture.path, out, format: "har", captureId: null, query: "" } as const;
    await exportCapture({ ...order, redact, password: null }, () => undefined);
    const har = JSON.parse(readFileSync(out, "utf8")) as {
      log: { entries: { response: object }[] };
    };
    expect(har.log.entries.length).toBeGreaterThan(shapeNames.length);
    expect(problemsOf(har)).toEqual([]);
    // It would be seen.
    const [first] = har.log.entries;
    if (first !== undefined) first.response = {};
    expect(problemsOf(har).join()).toContain("must have required property 'status'");
  });
}
