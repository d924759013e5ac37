/** Runs in every test process, before its file. */
import fc from "fast-check";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    propertySeed: number;
  }
}

const runs = process.env["PROPERTY_RUNS"];
fc.configureGlobal({
  seed: inject("propertySeed"),
  ...(runs === undefined ? {} : { numRuns: Number(runs) }),
});
