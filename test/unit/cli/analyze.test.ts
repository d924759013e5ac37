/** Captures and logs without a running program: what is printed, and the exit code. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runAnalyze } from "../../../src/cli/analyze.ts";
import type { StoredExchange } from "../../../src/domain/recording.ts";
import type { FindingView } from "../../../src/server/messages.ts";
import { atTerminal } from "../../support/surroundings.ts";
import { batch, exchange, startWall, temporaryWriter } from "../store/rows.ts";

const sample = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/samples/logs/${name}`, import.meta.url));

const analyzed = async (...argv: string[]) => {
  const { text, exitCode } = await runAnalyze([...argv, "--json"], atTerminal);
  return { ...(JSON.parse(text) as { findings: FindingView[] }), exitCode };
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
