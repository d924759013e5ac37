/** kill -9 at any moment: everything that was reported as committed is in the file, and the file opens. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { silentLog } from "../../../src/base/log.ts";
import { openReader } from "../../../src/store/open-reader.ts";
import { openWriter } from "../../../src/store/open-writer.ts";
import { summariesOf, TurnedClock, temporaryFolder } from "./rows.ts";

const rounds = 12;

/** Kills the process once it has reported that many commits, and returns its last complete report. */
async function commitUntilKilled(path: string, captureId: string, reports: number) {
  const script = join(import.meta.dirname, "committing-process.ts");
  const child = spawn(process.execPath, [script, path, captureId], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    said += text;
    if (said.split("\n").length > reports) child.kill("SIGKILL");
  });
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
  const last = said.slice(0, said.lastIndexOf("\n")).split("\n").at(-1) ?? "";
  const [seq, number] = last.split(" ").map(Number);
  return { seq: seq ?? 0, number: number ?? 0 };
}

test(`everything reported is there after each of ${rounds} kills`, {
  timeout: 60_000,
}, async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "capture.sqlite");
  let previous = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const captureId = `round${round}`;
    const reports = 1 + Math.floor(Math.random() * 120);
    const reported = await commitUntilKilled(path, captureId, reports);
    expect(reported.seq, "no seq is given twice").toBeGreaterThan(previous);
    const writer = openWriter(path, {
      captureId: `check${round}`,
      name: "check",
      clock: new TurnedClock(),
      secretsKept: false,
    });
    expect(writer.seq).toBeGreaterThanOrEqual(reported.seq);
    previous = writer.seq;
    const reader = openReader(path, { captureId: () => captureId, log: silentLog });
    const page = await reader.exchanges({ before: reported.number + 1, limit: 100_000 });
    const last = await reader.exchange(`${captureId}-${reported.number}`);
    await reader.close();
    writer.close();
    const rows = summariesOf(page.rows);
    expect(rows.map((row) => row.number)).toEqual(
      Array.from({ length: reported.number }, (_, at) => reported.number - at),
    );
    expect(rows.filter((row) => row.outcome.kind === "pending")).toEqual([]);
    const answered = rows.filter((row) => row.number <= reported.number - 20);
    expect(answered.filter((row) => row.outcome.kind !== "responded")).toEqual([]);
    expect(last?.request?.startLine).toBe("POST /http-bind/ HTTP/1.1");
  }
});
