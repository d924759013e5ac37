/** Findings by the API and by the feed, in the reader's language. */
import { expect, test } from "vitest";
import type { FindingList, FindingView } from "../../../src/server/messages.ts";
import { aFinding } from "../../support/a-finding.ts";
import { startTestServer } from "./started-server.ts";

test("findings are listed latest first, in sentences of the language asked for", async () => {
  await using bench = await startTestServer();
  const later = aFinding({ id: "cap1-f2", at: "2026-03-01T11:00:00.000Z" });
  bench.capture.setFindings([aFinding(), later]);
  const english: FindingList = (await bench.ask("/api/findings")).value;
  const spanish: FindingList = (await bench.ask("/api/findings?lang=es")).value;
  const one: FindingView = (await bench.ask("/api/findings/cap1-f1")).value;
  expect(english.findings.map(({ id }) => id)).toEqual(["cap1-f2", "cap1-f1"]);
  expect(one.title).toBe("Agent 1001001: the desktop's tab stopped asking fin1 for 31 s");
  expect(one.evidence).toEqual(["cap1-7"]);
  expect(one.details).toMatchObject([{ exchange: "cap1-7", role: "trigger" }]);
  expect(spanish.findings[0]?.title).toContain("dejó de preguntar");
  expect((await bench.ask("/api/findings/cap1-f9")).status).toBe(404);
  expect((await bench.ask("/api/findings?lang=fr")).status).toBe(400);
});

test("the feed tells findings to those who name a language, at first all, then what changes", async () => {
  await using bench = await startTestServer();
  bench.capture.setFindings([aFinding()]);
  const reader = await bench.feed("?lang=es");
  const mute = await bench.feed();
  const all = await reader.until((message) => message.kind === "findings");
  bench.capture.setFindings([aFinding({ id: "cap1-f2" })]);
  const changed = await reader.until(
    (message) => message.kind === "findings" && message.findings[0]?.id === "cap1-f2",
  );
  expect(all).toMatchObject({
    findings: [{ id: "cap1-f1", advice: [expect.stringContaining("pestañas")] }],
  });
  expect(changed).toMatchObject({ findings: [{ id: "cap1-f2" }] });
  bench.capture.commit({ number: 1 });
  await mute.until((message) => message.kind === "rows");
  expect(mute.messages.some(({ kind }) => kind === "findings")).toBe(false);
});
