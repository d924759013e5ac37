/** Every way a simulated node can fail, through the whole program: the verdict names it, its side and all whom it hit; what is well is left alone. */
import { expect, test } from "vitest";

import { runAnalyze } from "../../src/cli/analyze.ts";
import type { CauseCode } from "../../src/domain/finding.ts";
import type { FindingView } from "../../src/server/messages.ts";
import { atTerminal } from "../support/surroundings.ts";
import { startWatchedPair, type WatchedPair } from "../support/watched-pair.ts";

const speed = 20;
const limitMs = 90_000;

const failures: readonly (readonly [string, CauseCode, (watched: WatchedPair) => unknown])[] = [
  ["the Notification Service is stopped", "F11", ({ pair }) => pair.publisher.stopNotification()],
  ["… crashes", "F12", ({ pair }) => pair.publisher.stopNotification("crash")],
  ["… hangs", "F12", ({ pair }) => pair.publisher.hangNotification()],
  [
    "… falls over a forbidden character",
    "F13",
    ({ pair }) => pair.publisher.publishInvalidCharacter("1001001"),
  ],
  ["Tomcat is stopped", "F14", ({ pair }) => pair.publisher.stopTomcat()],
  ["CTI is lost", "F15", ({ pair }) => pair.publisher.setCti(false)],
  ["one session is dropped", "F18", ({ pair }) => pair.publisher.kick("1001001")],
];

test.each(failures)("%s: %s", { timeout: limitMs }, async (_name, cause, fail) => {
  await using watched = await startWatchedPair(3, speed);
  expect(await watched.findings()).toEqual([]);
  await fail(watched);
  const finding = await watched.found((one) => one.cause === cause);
  expect(finding).toMatchObject({ side: "server", host: "fin1.demo.test" });
  expect(finding.evidence.length).toBeGreaterThan(0);
  expect((await watched.findings()).map((one) => one.cause)).toEqual([cause]);
  if (cause === "F18") expect(finding.agents).toEqual(["1001001"]);
});

test("a tab that froze is the client's, live and when the capture is read again", {
  timeout: limitMs,
}, async () => {
  await using watched = await startWatchedPair(3, speed);
  watched.demo.desktops.find(({ agent }) => agent === "1001001")?.freeze(180_000);
  const finding = await watched.found(
    ({ side, agent }) => side === "client" && agent === "1001001",
  );
  const lost = await watched.found(({ severity }) => severity === "disconnect");
  // On a machine without CPU to spare it can't be told from a starved one.
  expect(["F4", "F7"].includes(finding.cause) ? [] : finding.reasons).toEqual([]);
  expect(lost.id).toBe(finding.id);
  expect(lost.consequences.map(({ kind }) => kind)).toContain("forced-logout");
  const { text, exitCode } = await runAnalyze(
    [watched.dataDir, "--json", "--time-scale", `${speed}`],
    atTerminal,
  );
  const { findings } = JSON.parse(text) as { findings: FindingView[] };
  expect(exitCode).toBe(3);
  expect(findings).toMatchObject([{ side: "client", agent: "1001001" }]);
});

test("calls, hold releases, a hidden tab, a sign-out and a closed tab are no findings", {
  timeout: limitMs,
}, async () => {
  await using watched = await startWatchedPair(6, speed);
  const { pair, demo } = watched;
  const [hidden, leaver, closer] = demo.desktops;
  hidden?.show("hidden");
  for (const id of ["1001004", "1001005", "1001006"]) pair.center.offerCall(id, "5551002");
  leaver?.signOut();
  closer?.close();
  // Four minutes of a shift.
  await new Promise((resolve) => pair.time.after(240_000, () => resolve(null)));
  expect((await watched.findings()).map(({ title, reasons }) => [title, reasons])).toEqual([]);
});
