/** Declares one row of the transparency table as a test, and prints the table when its file is through. */
import { afterAll, expect, test } from "vitest";
import { boshscopeTo } from "../support/proxy-under-test.ts";
import { type Script, type StartProxy, traceDifferences } from "../support/same-trace.ts";

interface Row {
  readonly name: string;
  readonly ms: number;
  readonly differences: number | null;
}

const rows: Row[] = [];

async function run(name: string, script: Script, start: StartProxy): Promise<void> {
  const began = performance.now();
  let found: string[] | null = null;
  try {
    found = await traceDifferences(script, start);
  } finally {
    rows.push({ name, ms: performance.now() - began, differences: found?.length ?? null });
  }
  expect(found).toEqual([]);
}

/** The script must leave the same trace at both ends, direct and through the proxy. */
export function row(name: string, script: Script): void {
  test(name, () => run(name, script, boshscopeTo));
}

/** The same through a proxy of its own kind. */
export const rowThrough =
  (start: StartProxy) =>
  (name: string, script: Script): void => {
    test(name, () => run(name, script, start));
  };

/** A row that takes its time; such rows of one file run side by side. */
export function longRow(name: string, script: Script): void {
  test.concurrent(name, () => run(name, script, boshscopeTo));
}

export function printTable(): void {
  afterAll(() => {
    const lines = rows.map(({ name, ms, differences }) => {
      const verdict = differences === null ? "broken" : differences === 0 ? "same" : "DIFFERS";
      return `  ${verdict.padEnd(8)} ${ms.toFixed(0).padStart(6)} ms  ${name}`;
    });
    process.stdout.write(`direct against proxied, both ends:\n${lines.join("\n")}\n`);
  });
}
