/** Findings stay with their capture, and the minutes around them stay in the file whatever its bounds. */
import { expect, test } from "vitest";
import { silentLog } from "../../../src/base/log.ts";
import { openReader } from "../../../src/store/open-reader.ts";
import { aFinding } from "../../support/a-finding.ts";
import { batch, exchange, startWall, summariesOf, temporaryWriter } from "./rows.ts";

test("a finding told again replaces itself; they are read oldest first", async () => {
  using store = temporaryWriter();
  const later = aFinding({ id: "cap1-f1", at: "2026-03-01T11:00:00.000Z" });
  store.writer.saveFindings([later, aFinding({ id: "cap1-f2" })]);
  store.writer.saveFindings([{ ...later, confidence: 0.9 }]);
  const reader = openReader(store.path, {
    captureId: () => store.writer.captureId,
    log: silentLog,
  });
  const findings = await reader.storedFindings();
  await reader.close();
  expect(findings.map(({ id, confidence }) => [id, confidence])).toEqual([
    ["cap1-f2", 0.76],
    ["cap1-f1", 0.9],
  ]);
});

test("traffic within two minutes of a finding outlives its age", () => {
  using store = temporaryWriter();
  const minute = 60_000;
  const rows = [0, 4, 5, 6, 10].map((minutes, at) =>
    exchange(at + 1, { atWall: startWall + minutes * minute }),
  );
  store.writer.commit(batch({ exchanges: rows }));
  const at = new Date(startWall + 5 * minute).toISOString();
  store.writer.saveFindings([aFinding({ at, foundAt: at, revisedAt: at })]);
  store.writer.prune({ maxBytes: 1e12, maxAgeMs: minute, nowWall: startWall + 3_600_000 });
  const kept = summariesOf(store.writer.summaries(0, store.writer.seq)).map(({ number }) => number);
  expect(kept.toSorted((a, b) => a - b)).toEqual([2, 3, 4]);
});
