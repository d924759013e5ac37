/** The whole program beside a simulated server: what it samples and reads is kept, and given back by its API. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { type App, startApp } from "../../src/app.ts";
import { silentLog } from "../../src/base/log.ts";
import { readConfig } from "../../src/config.ts";
import type { LogsLoaded } from "../../src/domain/log-report.ts";
import type { LogFileList, LogList, VitalsList } from "../../src/server/messages.ts";

const token = "correct-horse-battery";
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function start(): Promise<App> {
  const folder = mkdtempSync(join(tmpdir(), "boshscope-observing-"));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const flags = ["--proxy-port", "0", "--page-port", "0", "--data-dir", folder, "--token", token];
  const app = await startApp(readConfig(flags, {}), silentLog);
  closers.push(() => app.close());
  return app;
}

async function ask<Answer>(
  app: App,
  path: string,
  body?: Uint8Array<ArrayBuffer>,
): Promise<Answer> {
  const url = `http://127.0.0.1:${app.page.port}${path}`;
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { "content-type": "application/octet-stream" }),
  };
  const answer = await fetch(
    url,
    body === undefined ? { headers } : { method: "POST", headers, body },
  );
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Answer;
}

it("samples this PC each second and keeps it with the capture", async () => {
  const app = await start();
  await expect
    .poll(async () => (await ask<VitalsList>(app, "/api/vitals")).samples.length, {
      timeout: 15_000,
      interval: 500,
    })
    .toBeGreaterThanOrEqual(10);
  const { samples } = await ask<VitalsList>(app, "/api/vitals");
  const gaps = samples.slice(1).map(({ mono }, index) => mono - (samples[index]?.mono ?? 0));
  for (const gap of gaps) expect(gap).toBeGreaterThan(900);
  expect(samples[0]?.totalMemory).toBeGreaterThan(1e8);
}, 20_000);

it("takes in logs, puts them on one clock, and replaces a file that is loaded again", async () => {
  const app = await start();
  const sample = (name: string) =>
    new Uint8Array(readFileSync(new URL(`../fixtures/samples/logs/${name}`, import.meta.url)));
  const name = "desktop_webservices.composed.log";
  for (let times = 0; times < 2; times++) {
    const loaded = await ask<LogsLoaded>(app, `/api/logs?name=${name}`, sample(name));
    expect(loaded).toMatchObject({ facts: 6, leftOut: 0, skipped: [], files: [{ file: name }] });
  }
  const { facts } = await ask<LogList>(app, "/api/logs?agent=1001003");
  expect(facts).toHaveLength(6);
  expect(facts[4]).toMatchObject({ kind: "logout-request", values: { reason: 255 } });
  const { files } = await ask<LogFileList>(app, "/api/log-files");
  expect(files).toMatchObject([{ file: name, alignments: [{ how: "own-zone" }] }]);
  const broken = await ask<LogsLoaded>(
    app,
    "/api/logs?name=x.7z",
    Buffer.from("7z\u00bc\u00af\u0027\u001c", "latin1"),
  );
  expect(broken.skipped).toMatchObject([{ file: "x.7z" }]);
}, 20_000);
