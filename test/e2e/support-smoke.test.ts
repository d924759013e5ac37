/** The stage itself: a real browser signs in to a real XMPP server over BOSH and holds its polls, without us and through the proxy alone. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { polled } from "../support/changes.ts";
import { launchChromium } from "../support/chromium.ts";
import { desktopUrl, startDesktopPage } from "../support/desktop-page.ts";
import { startProsody } from "../support/prosody.ts";
import { startBoshscope } from "../support/proxy-under-test.ts";
import { demoHost, trusted, untrusted } from "../support/tls-fixtures.ts";

declare global {
  interface Window {
    signIn(jid: string, password: string, wait: number, service: string): void;
    ping(to: string): Promise<unknown>;
  }
}

const agent = { name: "1001001", password: "s3cret" };
const waitSeconds = 2;

/** Where the names of the demo lead for a browser that uses no proxy. */
const leadTo = (ports: Readonly<Record<number, number>>): string =>
  `--host-resolver-rules=${Object.entries(ports)
    .map(([port, real]) => `MAP ${demoHost}:${port} 127.0.0.1:${real}`)
    .join(",")}`;

async function signIn(page: Page): Promise<void> {
  await page.goto(desktopUrl);
  await page.evaluate(
    ([jid, password, wait, service]) => window.signIn(jid, password, wait, service),
    [
      `${agent.name}@${demoHost}`,
      agent.password,
      waitSeconds,
      `https://${demoHost}:7443/http-bind`,
    ] as const,
  );
  await page.waitForFunction(() => document.getElementById("state")?.textContent === "CONNECTED");
}

/** How long the browser waited for each answer of http-bind, in ms. */
const holds = (page: Page): Promise<number[]> =>
  page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.endsWith("/http-bind"))
      .map(({ duration }) => duration),
  );

/** Two polls that the server held for their wait. */
async function heldPolls(page: Page): Promise<void> {
  const isHeld = (ms: number): boolean => ms > waitSeconds * 1000 - 500;
  await polled(
    async () => ((await holds(page)).filter(isHeld).length >= 2 ? true : undefined),
    "two held polls",
    20_000,
  );
}

test("a browser signs in and holds polls without a proxy", async () => {
  await using prosody = await startProsody({ users: [agent] });
  await using desktop = await startDesktopPage();
  await using chromium = await launchChromium({
    trust: trusted.ca,
    args: [leadTo({ 8445: desktop.port, 7443: prosody.httpsPort })],
  });
  const page = await chromium.browser.newPage();
  await signIn(page);
  await heldPolls(page);
  await page.evaluate((host) => window.ping(host), demoHost);
});

test("a browser that trusts somebody else does not load the page", async () => {
  await using desktop = await startDesktopPage();
  await using chromium = await launchChromium({
    trust: untrusted.ca,
    args: [leadTo({ 8445: desktop.port })],
  });
  const page = await chromium.browser.newPage();
  await expect(page.goto(desktopUrl)).rejects.toThrow("ERR_CERT_AUTHORITY_INVALID");
});

test("through the proxy alone a poll waits while the server is quiet, and is answered after", async () => {
  await using prosody = await startProsody({ users: [agent] });
  await using desktop = await startDesktopPage();
  await using proxy = await startBoshscope({
    [`${demoHost}:8445`]: desktop.port,
    [`${demoHost}:7443`]: prosody.httpsPort,
  });
  await using chromium = await launchChromium({ proxyPort: proxy.port, trust: proxy.ca });
  const page = await chromium.browser.newPage();
  await signIn(page);
  await heldPolls(page);
  prosody.suspend();
  const from = proxy.events.length;
  const answered = page.evaluate((host) => window.ping(host), demoHost);
  const asked = await proxy.event("request-head", ({ port }) => port === 7443, from);
  expect(Buffer.from(asked.bytes).toString("latin1")).toMatch(/^POST \/http-bind HTTP\/1\.1\r\n/);
  expect(proxy.events.slice(from).some(({ kind }) => kind === "response-head")).toBe(false);
  prosody.resume();
  await proxy.event("response-end", ({ exchange }) => exchange === asked.exchange, from);
  await answered;
});

test("a browser that does not trust our authority is named, with its alert", async () => {
  await using desktop = await startDesktopPage();
  await using proxy = await startBoshscope({ [`${demoHost}:8445`]: desktop.port });
  await using chromium = await launchChromium({ proxyPort: proxy.port, trust: untrusted.ca });
  const page = await chromium.browser.newPage();
  await expect(page.goto(desktopUrl)).rejects.toThrow("ERR_CERT_AUTHORITY_INVALID");
  // The browser also asks for hosts of its own accord.
  const row = await proxy.event("tunnel-opened", ({ host }) => host === demoHost);
  const failed = await proxy.event("exchange-failed", ({ exchange }) => exchange === row.exchange);
  // 46: certificate unknown, as Chromium says it.
  expect(failed).toMatchObject({
    phase: "tls",
    cause: "tls-untrusted",
    blame: "client",
    alert: 46,
  });
});
