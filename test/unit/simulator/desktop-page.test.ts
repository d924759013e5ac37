/** The desktop page in a real Chromium behind Boshscope, with strophe.js as npm has it: over both ports and both transports. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FinessePair, startFinessePair } from "../../../src/simulator/finesse-pair.ts";
import { polled } from "../../support/changes.ts";
import { launchChromium, type TestBrowser } from "../../support/chromium.ts";
import { type RecordingProxy, startBoshscope } from "../../support/proxy-under-test.ts";

const user = "1001001";
const password = "Secret1!";
let pair: FinessePair;
let proxy: RecordingProxy;
let chromium: TestBrowser;

beforeAll(async () => {
  pair = await startFinessePair({ agents: [{ id: user, password }] });
  const route = pair.resolve.map(({ host, port, realPort }) => [`${host}:${port}`, realPort]);
  proxy = await startBoshscope(Object.fromEntries(route));
  chromium = await launchChromium({ proxyPort: proxy.port, trust: proxy.ca });
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await pair.close();
});

async function openPage(query = ""): Promise<Page> {
  const page = await (await chromium.browser.newContext()).newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(`https://fin1.demo.test:8445/desktop/${query}`);
  return page;
}

async function signIn(query: string): Promise<Page> {
  const page = await openPage(query);
  await page.getByLabel("Agent ID").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByLabel("Extension").fill("10001");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  return page;
}

const openSessions = () => pair.truth().filter(({ state }) => state === "open");

test.each([
  ["BOSH on 7443", "", "bosh"],
  ["a WebSocket on 8445", "?notification=8445&transport=websocket", "websocket"],
])("an agent works over %s", async (_name, query, transport) => {
  const page = await signIn(query);
  await page.getByText("NOT_READY", { exact: true }).waitFor();
  expect(openSessions()).toMatchObject([{ transport, agent: user }]);
  await page.getByLabel("State").selectOption("READY");
  await page.getByText("READY", { exact: true }).waitFor();
  expect(pair.center.agent(user)?.state).toBe("READY");

  pair.center.offerCall(user, "5551002");
  await page.getByText("5551002: ALERTING").waitFor();
  await page.getByRole("button", { name: "ANSWER" }).click();
  await page.getByText("5551002: ACTIVE").waitFor();
  await page.getByRole("button", { name: "DROP" }).click();
  await page.getByText("5551002").waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Sign out" }).click();
  await polled(() => (openSessions().length === 0 ? true : undefined), "the session's end");
  await polled(
    () => (pair.center.agent(user)?.state === "LOGOUT" ? true : undefined),
    "the agent's logout",
  );
  await page.context().close();
});

test("the red banner shows when the node goes out of service", async () => {
  const page = await signIn("");
  await page.getByText("NOT_READY", { exact: true }).waitFor();
  pair.publisher.setCti(false);
  const banner = page.getByRole("alert");
  await banner.waitFor();
  expect(await banner.textContent()).toBe(
    "Lost connection to fin1.demo.test. Please wait for a reachable Finesse Server...",
  );
  pair.publisher.setCti(true);
  await page.context().close();
});

test("a wrong password is said", async () => {
  const page = await openPage();
  await page.getByLabel("Agent ID").fill(user);
  await page.getByLabel("Password").fill("wrong");
  await page.getByLabel("Extension").fill("10001");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Wrong agent ID or password.").waitFor();
});
