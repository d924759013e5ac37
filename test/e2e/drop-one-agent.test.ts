/**
 * A person makes one agent's session drop by one click, and watches the desktop's banner and the lanes; the others notice nothing. Each step leaves a
 * screenshot. Over a WebSocket, as a desktop gives that up at once; Strophe takes up to two minutes over long polls.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { expect, test } from "vitest";
import type { SessionSummary } from "../../src/domain/timeline.ts";
import type { FaultsState, FindingList, SessionList } from "../../src/server/messages.ts";
import {
  type BoshscopeProcess,
  startBoshscopeProcess,
  waitFor,
} from "../support/boshscope-process.ts";
import { launchChromium } from "../support/chromium.ts";

const folder =
  process.env["BOSHSCOPE_SCREENSHOTS"] ?? new URL("screenshots/", import.meta.url).pathname;
const others = ["1001001", "1001002", "1001003", "1001004", "1001005"];
/** The one whom the demo keeps free for a person. */
const agent = "1001006";
const scenario = "notification-service-stopped";
const banner = /Lost connection to fin1\.demo\.test/;

test("one click drops one agent's session: banner, lanes, run log, panic key", async () => {
  mkdirSync(folder, { recursive: true });
  await using demo = await startBoshscopeProcess(["--agents", `${others.length}`], {
    command: "demo",
  });
  await using browser = await launchChromium({ proxyPort: demo.proxyPort, trust: demo.caPem });
  await untilSignedIn(demo, others);
  const desktop = await signIn(
    await browser.browser.newPage({ viewport: { width: 900, height: 520 } }),
  );
  await using viewer = await openViewer(demo);
  const { view, problems } = viewer;
  const shoot = (page: Page, name: string) =>
    page.screenshot({ path: join(folder, `${name}.png`) });
  await waitFor(async () => (await sessionOf(demo, agent))?.phase === "open", 20_000);
  const before = await sessionsOf(demo);
  await view.getByTestId(`agent-${agent}`).waitFor();
  await shoot(view, "drop-1-live-before");
  await shoot(desktop, "drop-2-desktop-before");

  await view.getByTestId("screen-faults").click();
  await view.getByLabel("Agent", { exact: true }).fill(agent);
  const card = view.getByTestId(`scenario-${scenario}`);
  await card.scrollIntoViewIfNeeded();
  const button = view.getByTestId(`run-${scenario}-agent`);
  await button.hover();
  await shoot(view, "drop-3-scenario");
  await button.click();

  await view.getByTestId("screen-live").click();
  await view.getByTestId("fault-banner").waitFor();
  await shoot(view, "drop-4-armed");
  await desktop.getByRole("alert").filter({ hasText: banner }).waitFor({ timeout: 20_000 });
  await shoot(desktop, "drop-5-desktop-banner");
  await waitFor(async () => (await touched(demo)) > 0, 5000);
  await shoot(view, "drop-6-lanes");

  await view.getByTestId("screen-faults").click();
  const log = view.getByTestId("run-log-run1");
  await log.getByRole("cell", { name: "as expected" }).first().waitFor({ timeout: 20_000 });
  await log.scrollIntoViewIfNeeded();
  await shoot(view, "drop-7-run-log");
  await view.keyboard.press("Control+Shift+X");
  await view.getByTestId("fault-banner").waitFor({ state: "detached" });
  await desktop.getByRole("alert").waitFor({ state: "hidden", timeout: 45_000 });
  await waitFor(async () => (await sessionOf(demo, agent))?.phase === "open", 10_000);
  await shoot(desktop, "drop-8-desktop-after");
  // Its rules are disarmed and all was seen: the run is over before its time.
  await log.getByText("went as expected").waitFor({ timeout: 20_000 });
  await shoot(view, "drop-9-run-over");
  await view.getByTestId("screen-live").click();
  await shoot(view, "drop-10-live-after-panic");

  const after = await sessionsOf(demo);
  for (const other of others) expect(standing(after, other)).toEqual(standing(before, other));
  const { findings } = await demo.get<FindingList>("/findings?lang=en");
  expect(findings.filter(({ agents }) => agents.some((one) => others.includes(one)))).toEqual([]);
  const ours = findings.find(({ agents }) => agents.includes(agent));
  expect([ours?.side, ours?.agents]).toEqual(["fault-rule", [agent]]);
  expect(problems).toEqual([]);
}, 240_000);

async function openViewer({ url }: BoshscopeProcess) {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const view = await browser.newPage({ viewport: { width: 1400, height: 800 } });
  const problems: string[] = [];
  view.on("pageerror", (error) => problems.push(error.message));
  await view.goto(url);
  return { view, problems, [Symbol.asyncDispose]: () => browser.close() };
}

async function signIn(page: Page): Promise<Page> {
  await page.goto("https://fin1.demo.test:8445/desktop/?transport=websocket");
  await page.getByLabel("Agent ID").fill(agent);
  await page.getByLabel("Password").fill("Secret1!");
  await page.getByLabel("Extension").fill("10006");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  return page;
}

const sessionsOf = async (demo: BoshscopeProcess): Promise<readonly SessionSummary[]> =>
  (await demo.get<SessionList>("/sessions")).sessions;

const sessionOf = async (demo: BoshscopeProcess, who: string) =>
  (await sessionsOf(demo)).findLast((session) => session.agent === who);

const untilSignedIn = (demo: BoshscopeProcess, agents: readonly string[]): Promise<void> =>
  waitFor(async () => {
    const sessions = await sessionsOf(demo);
    return agents.every((who) =>
      sessions.some(({ agent, phase }) => agent === who && phase === "open"),
    );
  }, 30_000);

/** All sessions the agent ever had, and how they stand. */
const standing = (sessions: readonly SessionSummary[], who: string) =>
  sessions
    .filter((session) => session.agent === who)
    .map(({ id, phase, failures, retransmissions }) => ({ id, phase, failures, retransmissions }));

const touched = async (demo: BoshscopeProcess): Promise<number> =>
  (await demo.get<FaultsState>("/faults")).rules.reduce((sum, { hits }) => sum + hits, 0);
