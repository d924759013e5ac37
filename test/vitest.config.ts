/** One runner, several projects: what a folder under test/ holds decides what it may take (see test/README.md). */
import { defineConfig } from "vitest/config";
import { propertySeed } from "./support/property-seed.ts";

const provide = { propertySeed: propertySeed() };

const project = (name: string, timeoutMs: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    pool: "forks" as const,
    setupFiles: ["test/support/seed-properties.ts"],
    provide,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
  },
});

/** As others run them: against a demo that is there, with the package's own name. */
const examples = {
  test: {
    name: "examples",
    include: ["examples/**/*.test.ts"],
    pool: "forks" as const,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ["test/support/demo-for-examples.ts"],
    alias: {
      "boshscope/client": new URL("../src/client/connect-boshscope.ts", import.meta.url).pathname,
    },
  },
};

export default defineConfig({
  test: {
    reporters: ["default"],
    projects: [
      project("unit", 20_000),
      project("wire", 60_000),
      project("transparency", 150_000),
      project("regressions", 60_000),
      project("e2e", 180_000),
      project("matrix", 150_000),
      examples,
    ],
  },
});
