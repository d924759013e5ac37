/** A copy to share of files of every format, which still had their secrets: what is planted is gone from it, and the report says so. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runRedact } from "../../../src/cli/redact.ts";
import { exportCapture, exportFormats } from "../../../src/export-capture.ts";
import type { ShareReport } from "../../../src/interchange/sharing/share-report.ts";
import { atTerminal } from "../../support/surroundings.ts";
import { captureOf, temporaryFolder } from "../interchange/copies.ts";
import { allCopies, allPlanted, leaksIn, textOf } from "../interchange/leaks.ts";

test.each(exportFormats)(
  "%s with secrets in it: the copy has none",
  { timeout: 60_000 },
  async (format) => {
    using folder = temporaryFolder();
    await using capture = await captureOf(allCopies(), { keepSecrets: true });
    const plain = join(folder.path, `plain.${format}`);
    const order = { source: capture.path, captureId: null, query: "", password: null } as const;
    await exportCapture({ ...order, out: plain, format, redact: null }, () => undefined);
    expect(leaksIn(await textOf(plain), allPlanted).length).toBeGreaterThan(
      allPlanted.length * 0.8,
    );

    const copy = join(folder.path, `copy.${format}`);
    const answer = await runRedact([plain, "-o", copy, "--json"], atTerminal);
    expect(leaksIn(await textOf(copy), allPlanted)).toEqual([]);
    const report = JSON.parse(answer) as ShareReport & { format: string };
    expect(report).toMatchObject({ format, secrets: "at-export" });
    // Packets know only what goes over a wire: halves of messages that a test made up are not.
    if (format !== "pcapng") expect(report.exchanges).toBe(capture.folded.exchanges);
    expect(report.secretMarkers.distinct).toBeGreaterThanOrEqual(40);
    expect(report.replaced["agent"]?.distinct).toBeGreaterThanOrEqual(2);
  },
);

test("without --out it only tells what would be replaced", async () => {
  using folder = temporaryFolder();
  await using capture = await captureOf(allCopies());
  const text = await runRedact([capture.path], atTerminal);
  expect(text).toContain("nothing was written");
  expect(text).toMatch(/agents and other user names: \d+/);
  expect(text).toContain("Not replaced:");
  const out = join(folder.path, "a.har");
  await runRedact([capture.path, "-o", out], atTerminal);
  expect(existsSync(out)).toBe(true);
  await expect(runRedact([capture.path, "-o", out], atTerminal)).rejects.toThrow("--force");
  await expect(runRedact([], atTerminal)).rejects.toThrow("No file was named");
});
