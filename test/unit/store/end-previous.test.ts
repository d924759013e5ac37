/** What is said, at the next start, of rows that a killed process left open. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { silentLog } from "../../../src/base/log.ts";
import { openReader } from "../../../src/store/open-reader.ts";
import { openWriter } from "../../../src/store/open-writer.ts";
import {
  batch,
  connection,
  exchange,
  pending,
  startWall,
  summariesOf,
  TurnedClock,
  temporaryFolder,
} from "./rows.ts";

/** The file as a kill -9 leaves it: nobody closed the capture or wrote the WAL back. */
function leaveBehind(folder: string): string {
  const clock = new TurnedClock();
  const path = join(folder, "first.sqlite");
  const writer = openWriter(path, { captureId: "a1", name: "first", clock, secretsKept: true });
  const waiting = pending(1);
  writer.commit(
    batch({
      exchanges: [
        waiting,
        pending(2, { timing: { ...waiting.timing, requestEnd: null } }),
        pending(3, { timing: { ...waiting.timing, responseFirst: 9 } }),
        pending(4, { kind: "websocket", timing: { ...waiting.timing, responseFirst: 9 } }),
        exchange(5),
      ],
      connections: [
        connection(1),
        connection(2, { timing: { serverConnected: 1, serverTls: 2, clientTls: null } }),
        connection(3, { endedAt: new Date(startWall).toISOString() }),
      ],
    }),
  );
  clock.now += 12_000;
  writer.commit(batch({ exchanges: [exchange(6)] }));
  const copy = join(folder, "copy.sqlite");
  for (const end of ["", "-wal"]) copyFileSync(path + end, copy + end);
  writer.close();
  return copy;
}

test("open rows fail as capture-ended, connections are cut off, and the capture ends when it last wrote", async () => {
  using folder = temporaryFolder();
  const path = leaveBehind(folder.path);
  const clock = new TurnedClock();
  clock.now += 86_400_000;
  const writer = openWriter(path, { captureId: "b2", name: "second", clock, secretsKept: false });
  const reader = openReader(path, { captureId: () => "a1", log: silentLog });
  const rows = summariesOf((await reader.exchanges({ since: 9, limit: 50 })).rows);
  const connections = await reader.connections({ since: 9, limit: 50 });
  const captures = await reader.captures();
  const totals = await reader.totals();
  await reader.close();
  expect(rows.map(({ number, outcome, timing }) => [number, outcome, timing.failed])).toEqual(
    (["headers", "request", "body", "frames"] as const).map((phase, at) => [
      at + 1,
      {
        kind: "failed",
        phase,
        cause: "capture-ended",
        blame: "boshscope",
        status: null,
        alert: null,
        detail: "Boshscope stopped while this was open.",
      },
      12_000 - (at + 1),
    ]),
  );
  expect(connections).toMatchObject([
    { id: 1, endedAt: null, failure: { phase: "request", cause: "capture-ended" } },
    { id: 2, endedAt: null, failure: { phase: "tls", cause: "capture-ended" } },
  ]);
  expect(captures).toMatchObject([
    { id: "b2", endedAt: null },
    { id: "a1", endedAt: new Date(startWall + 12_000).toISOString(), secretsKept: true },
  ]);
  expect(totals).toMatchObject({ exchanges: 6, pending: 0 });
  expect(writer.seq).toBe(15);
  writer.close();
});

test("what was cleared can't be brought back by another process", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "capture.sqlite");
  const options = { captureId: "a1", name: "t", clock: new TurnedClock(), secretsKept: false };
  const first = openWriter(path, options);
  first.commit(batch({ exchanges: [exchange(1)] }));
  first.clear();
  first.close();
  const second = openWriter(path, options);
  second.undoClear();
  expect(second.summaries(0, 100)).toBe("[]");
  expect(second.prune({ maxBytes: 1e9, maxAgeMs: 1e12, nowWall: startWall })).toBe(1);
  second.close();
});
