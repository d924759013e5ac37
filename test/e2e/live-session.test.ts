/** The main job: a real browser signs in to a real BOSH server through Boshscope, and its page shows what happens. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { startBoshscopeProcess, waitFor } from "../support/boshscope-process.ts";
import { launchChromium } from "../support/chromium.ts";
import { desktopUrl, startDesktopPage } from "../support/desktop-page.ts";
import { startProsody } from "../support/prosody.ts";
import { demoHost } from "../support/tls-fixtures.ts";

declare global {
  interface Window {
    counts: { requests: number; answers: number; stanzas: number; statuses: string[] };
    signIn(jid: string, password: string, wait: number, service: string): void;
    ping(to: string): Promise<unknown>;
  }
}

const screenshots = new URL("screenshots/", import.meta.url).pathname;
const agent = { name: "1001003", password: "Pl4nted!Secret" };

test("answered polls, a held poll with its clock, a lost poll in red", async () => {
  mkdirSync(screenshots, { recursive: true });
  await using prosody = await startProsody({ users: [agent] });
  await using desktop = await startDesktopPage();
  await using boshscope = await startBoshscopeProcess([
    "--resolve",
    `${demoHost}:7443:127.0.0.1:${prosody.httpsPort}`,
    "--resolve",
    `${demoHost}:8445:127.0.0.1:${desktop.port}`,
  ]);
  await using agentBrowser = await launchChromium({
    proxyPort: boshscope.proxyPort,
    trust: boshscope.caPem,
  });
  const page = await agentBrowser.browser.newPage();
  await page.goto(desktopUrl);
  const wait = 3;
  await page.evaluate(
    ([jid, password, seconds, service]) => window.signIn(jid, password, seconds, service),
    [
      `${agent.name}@${demoHost}/desktop`,
      agent.password,
      wait,
      `https://${demoHost}:7443/http-bind`,
    ] as const,
  );
  await waitFor(
    async () => (await page.textContent("#state")) === "CONNECTED",
    20_000,
    () => boshscope.output(),
  );
  await page.evaluate((host) => window.ping(host), demoHost);

  const viewer = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const view = await viewer.newPage({ viewport: { width: 1400, height: 760 } });
  const problems: string[] = [];
  view.on("pageerror", (error) => problems.push(error.message));
  await view.goto(boshscope.url);
  const polls = await boshscope.until(
    (rows) => rows.some(isIdleAnswer) && rows.some(isHeld),
    "is:poll",
    20_000,
  );
  expect(polls.find(({ sid }) => sid !== null && sid.length > 8)?.waitMs ?? wait * 1000).toBe(
    wait * 1000,
  );

  prosody.suspend();
  const lost = (await boshscope.until((rows) => rows.some(isHeld), "is:poll")).find(isHeld);
  const row = view.getByTestId(`row-${lost?.id}`);
  await row.waitFor();
  // Red from the granted wait + 5 s.
  await waitFor(async () => /overdue|closed|reset/.test((await row.textContent()) ?? ""), 20_000);
  await view.screenshot({ path: `${screenshots}live-session.png` });
  const text = (await row.textContent()) ?? "";
  expect(text).toContain("-1");
  prosody.resume();

  const answered = await boshscope.exchanges("is:poll is:responded");
  const seen = await page.evaluate(() => window.counts);
  expect(seen.statuses).toContain("CONNECTED");
  expect(answered.length).toBeGreaterThanOrEqual(5);
  // The API lists by latest change, and a row changes again when its agent becomes known.
  const inOrder = polls.toSorted((one, other) => one.number - other.number);
  const rids = inOrder.map(({ rid }) => rid ?? 0).filter((rid) => rid > 0);
  expect(rids).toEqual(rids.map((_, index) => (rids[0] ?? 0) + index));
  expect(problems).toEqual([]);
  const kept = readdirSync(boshscope.dataDir)
    .filter((name) => name.startsWith("capture"))
    .map((name) => readFileSync(join(boshscope.dataDir, name), "latin1"))
    .join("");
  // Looked for as a word, so that a failure does not print the file.
  expect(kept.includes(`${agent.name}:`)).toBe(true);
  const leaked = passwordForms().filter((form) => (kept + boshscope.output()).includes(form));
  expect(leaked).toEqual([]);
  await viewer.close();
  expect(await boshscope.stop()).toBe(0);
});

/** As Strophe sends it (RFC 4616, with authorization identity), and as it is typed. */
function passwordForms(): string[] {
  const sasl = `${agent.name}@${demoHost}\0${agent.name}\0${agent.password}`;
  return [
    agent.password,
    Buffer.from(sasl).toString("base64"),
    Buffer.from(agent.password).toString("base64").slice(0, 16),
  ];
}

/** A poll that the server held for its wait and answered empty. */
const isIdleAnswer = ({
  outcome,
  holdMs,
}: {
  outcome: { kind: string };
  holdMs: number | null;
}): boolean => outcome.kind === "responded" && (holdMs ?? 0) > 2500;
const isHeld = ({ outcome }: { outcome: { kind: string } }): boolean => outcome.kind === "pending";
