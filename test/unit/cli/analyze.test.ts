/** Captures and logs without a running program: what is printed, and the exit code. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { fail } from "../../../src/base/errors.ts";
import { analyzeFailureCode, runAnalyze } from "../../../src/cli/analyze.ts";
import type { StoredExchange } from "../../../src/domain/recording.ts";
import { exportCapture } from "../../../src/export-capture.ts";
import { ZipWriter } from "../../../src/interchange/zip/zip-writer.ts";
import type { FindingView } from "../../../src/server/messages.ts";
import { atTerminal } from "../../support/surroundings.ts";
import { captureOf, copy, temporaryFolder } from "../interchange/copies.ts";
import { batch, exchange, startWall, temporaryWriter } from "../store/rows.ts";

const sample = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/samples/logs/${name}`, import.meta.url));

const analyzed = async (...argv: string[]) => {
  const { text, exitCode } = await runAnalyze([...argv, "--json"], atTerminal);
  return { ...(JSON.parse(text) as { findings: FindingView[]; skipped: object[] }), exitCode };
};

test("the article's own example: last activity, idle close, forced logout 60 s later, reason 255", async () => {
  const logs = [
    "openfire_debug.seed.quoted.log",
    "openfire_info.seed.quoted.log",
    "desktop_webservices.seed.quoted.log",
  ].map(sample);
  const { findings, exitCode } = await analyzed(...logs);
  expect(exitCode).toBe(3);
  expect(findings).toMatchObject([{ side: "client", agent: "1001003", severity: "disconnect" }]);
  const [finding] = findings;
  expect(finding?.reasons.join(" ")).toContain("last activity 73.2 s before it closed");
  expect(finding?.evidence[0]).toBe("openfire_debug.seed.quoted.log:3");
  const [closed, logout] = finding?.consequences ?? [];
  expect(closed).toMatchObject({ kind: "session-closed", certainty: "seen" });
  expect(logout).toMatchObject({ kind: "forced-logout", certainty: "seen" });
  expect(logout?.what).toMatch(/reason 255, 60\.\d s after/);
  expect(Date.parse(logout?.at ?? "") - Date.parse(closed?.at ?? "")).toBeCloseTo(60_633, -2);
});

test("an idle close without a line about the last activity was silent for the threshold at least", async () => {
  const { findings } = await analyzed(sample("openfire_info.seed.quoted.log"));
  expect(findings[0]?.explanation).toContain("was not asked for 60 s");
});

test.each([
  ["openfire_debug.composed.log"],
  ["openfire_info.composed.log"],
  ["desktop_webservices.composed.log"],
  ["openfire_stock_variants.composed.log"],
  ["clientlog.composed.log"],
])("%s alone is read without failing", async (name) => {
  const { findings } = await analyzed(sample(name));
  for (const { evidence } of findings) expect(evidence.length).toBeGreaterThan(0);
});

const poll = (
  number: number,
  from: number,
  seconds: number,
  change: Partial<StoredExchange> = {},
) =>
  exchange(number, {
    atWall: startWall + from * 1000,
    sentWall: startWall + from * 1000,
    role: "poll",
    host: "fin1",
    port: 7443,
    sid: "f382a015",
    agent: "1001",
    waitMs: 30_000,
    holdMs: seconds * 1000,
    timing: {
      requestEnd: 0,
      serverConnected: null,
      serverTls: null,
      requestSent: 0,
      responseFirst: seconds * 1000,
      responseEnd: seconds * 1000,
      delivered: seconds * 1000,
      failed: null,
    },
    notes: ["empty"],
    ...change,
  });

test("a capture replayed gives the verdict it gave live, with its exit code", async () => {
  using store = temporaryWriter();
  const lost = poll(4, 190.1, 0.02, {
    notes: ["invalid-sid"],
    outcome: { kind: "responded", status: 404, reason: "Not Found" },
  });
  store.writer.commit(
    batch({ exchanges: [poll(1, 0, 30), poll(2, 30.02, 30), poll(3, 60.04, 30), lost] }),
  );
  store.writer.close();
  const { findings, exitCode } = await analyzed(store.path);
  expect(exitCode).toBe(3);
  expect(findings).toMatchObject([
    { cause: "F4", side: "client", severity: "disconnect", agent: "1001", open: false },
  ]);
  expect(findings[0]?.details.map(({ role }) => role)).toContain("consequence");
  const { text } = await runAnalyze([store.path, "--lang", "es"], atTerminal);
  expect(text).toContain("dejó de preguntar a fin1");
});

test("what is fine says so and ends with 0; what is not there is refused", async () => {
  using store = temporaryWriter();
  store.writer.commit(batch({ exchanges: [poll(1, 0, 30)] }));
  store.writer.close();
  expect(await runAnalyze([store.path], atTerminal)).toEqual({
    text: "Nothing was found.",
    exitCode: 0,
  });
  await expect(runAnalyze(["/nowhere.sqlite"], atTerminal)).rejects.toThrow(/no such file/);
  await expect(runAnalyze([], atTerminal)).rejects.toThrow("No capture and no log");
});

const inFolder = () => {
  const folder = temporaryFolder();
  return { ...folder, at: (name: string): string => join(folder.path, name) };
};

test("captures are told by their content, whatever they are called", async () => {
  await using capture = await captureOf([copy(1)]);
  using folder = inFolder();
  const order = { source: capture.path, captureId: null, query: "", redact: null, password: null };
  for (const [format, name] of [
    ["har", "page.txt"],
    ["saz", "fiddler.zip"],
    ["boshscope", "case.BOSHSCOPE"],
  ] as const) {
    const out = folder.at(name);
    await exportCapture({ ...order, out, format }, () => undefined);
    expect(await runAnalyze([out], atTerminal)).toEqual({
      text: "Nothing was found.",
      exitCode: 0,
    });
  }
});

test("an archive of logs is not taken for a SAZ", async () => {
  using folder = inFolder();
  const zip = folder.at("rtmt.zip");
  const log = readFileSync(sample("openfire_info.seed.quoted.log"));
  const writer = new ZipWriter({
    comment: "",
    password: null,
    random: (length) => Buffer.alloc(length),
  });
  const entry = writer.add("openfire/info.log", log, new Date(0));
  writeFileSync(zip, Buffer.concat([entry, ...writer.end()]));
  expect(await analyzed(zip)).toMatchObject({ exitCode: 3, skipped: [] });
});

test('what could not be read, or was not understood, is said, and is never "nothing found"', async () => {
  using folder = inFolder();
  writeFileSync(folder.at("empty.log"), "");
  writeFileSync(folder.at("poem.log"), "roses are red\nviolets are blue\n");
  writeFileSync(folder.at("other.har"), '{"no": "har"}');
  const refused = (...names: string[]) =>
    expect(runAnalyze(names.map(folder.at), atTerminal)).rejects;
  await refused("poem.log").toThrow("no line of it is in a form that is known");
  await refused("empty.log").toThrow("it is empty");
  await refused("other.har").toThrow("it has no log.entries");
  await refused("poem.log", "empty.log").toMatchObject({ code: "nothing-read" });

  using store = temporaryWriter();
  store.writer.commit(batch({ exchanges: [poll(1, 0, 30)] }));
  store.writer.close();
  const { text, exitCode } = await runAnalyze([store.path, folder.at("poem.log")], atTerminal);
  expect(exitCode).toBe(64);
  expect(text).toContain("poem.log: not read: ");
  const worse = await analyzed(sample("openfire_info.seed.quoted.log"), folder.at("poem.log"));
  expect(worse.exitCode).toBe(3);
  expect(worse.skipped).toMatchObject([{ file: folder.at("poem.log") }]);
});

test("a capture without an exchange says nothing about anybody", async () => {
  using folder = inFolder();
  writeFileSync(folder.at("empty.har"), '{"log": {"version": "1.2", "entries": []}}');
  await expect(runAnalyze([folder.at("empty.har")], atTerminal)).rejects.toThrow("no exchange");
});

test("the variable for a file's password is obeyed", async () => {
  await using capture = await captureOf([copy(1)]);
  using folder = inFolder();
  const out = folder.at("a.saz");
  const order = { source: capture.path, captureId: null, query: "", redact: null };
  await exportCapture({ ...order, out, format: "saz", password: "geheim" }, () => undefined);
  await expect(runAnalyze([out], atTerminal)).rejects.toMatchObject({ code: "password-needed" });
  const env = { BOSHSCOPE_FILE_PASSWORD: "geheim" };
  expect(await runAnalyze([out], { ...atTerminal, env })).toMatchObject({ exitCode: 0 });
});

test("a failure's exit code is none of a verdict's", () => {
  const program = fileURLToPath(new URL("../../../src/cli.ts", import.meta.url));
  const args = ["--disable-warning=ExperimentalWarning", program, "analyze"];
  expect(spawnSync(process.execPath, args).status).toBe(64);
  expect(spawnSync(process.execPath, [...args, "--nonsense"]).status).toBe(64);
  expect(analyzeFailureCode(fail("internal", { why: "x" }))).toBe(70);
  expect(analyzeFailureCode(new TypeError("x"))).toBe(70);
});
