/** Breaks the connection of one gadget on purpose, and expects it to come back. Needs a running Boshscope: see ../README.md. */
import { readFileSync } from "node:fs";
import { connectBoshscope, type SessionSummary } from "boshscope/client";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

const host = process.env["FINESSE_HOST"] ?? "fin1.demo.test";
const agent = process.env["FINESSE_AGENT"] ?? "1001002";
const password = process.env["FINESSE_PASSWORD"] ?? "Secret1!";
const boshscope = connectBoshscope({
  dataDir: process.env["BOSHSCOPE_DATA_DIR"] ?? ".boshscope-data/demo",
});
let browser: Browser;
let gadget: Page;

beforeAll(async () => {
  const { proxy } = await boshscope.setup();
  browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
    proxy: { server: `http://127.0.0.1:${proxy.port}` },
  });
  gadget = await openGadget();
});
afterEach(() => boshscope.faults.panic());
afterAll(() => browser.close());

/** The gadget's files come from this folder, as if the Finesse server had them: http-bind is then its own origin. */
async function openGadget(): Promise<Page> {
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  const strophe = "../../node_modules/strophe.js/dist/strophe.umd.min.js";
  await page.route(`https://${host}:7443/gadget/*`, (route) => {
    const name = new URL(route.request().url()).pathname.split("/").at(-1) ?? "";
    const file = new URL(name === "strophe.js" ? strophe : name, import.meta.url);
    const contentType = name.endsWith(".js") ? "text/javascript" : "text/html";
    return route.fulfill({ body: readFileSync(file), contentType });
  });
  await page.goto(`https://${host}:7443/gadget/gadget.html`);
  await page.evaluate(
    `keepConnected(${JSON.stringify({ jid: `${agent}@${host}/gadget`, password })})`,
  );
  await page.getByText("connected", { exact: true }).waitFor();
  return page;
}

/** Its new session may be asked for behind a poll that the server still holds, 30 s at most. */
const patienceMs = 45_000;

/** The gadget's own session, not that of the agent's desktop. */
const session = (): Promise<SessionSummary> =>
  boshscope.waitFor(
    async () =>
      (await boshscope.sessions()).find(
        ({ jid, phase, open }) => jid?.endsWith("/gadget") === true && phase === "open" && open > 0,
      ),
    patienceMs,
  );

test("one lost answer goes unnoticed: the poll is sent again", async () => {
  const before = await session();
  const { id } = await boshscope.faults.add({
    name: "One poll reset",
    match: { sid: before.sid ?? "", kind: "poll" },
    actions: [{ kind: "drop", leg: "request", how: "reset" }],
    times: 1,
    alsoWaiting: true,
    arm: true,
  });
  await boshscope.waitFor(async () => {
    const { rules } = await boshscope.faults.list();
    return rules.some((rule) => rule.id === id && rule.hits === 1);
  });
  const after = await boshscope.waitFor(async () => {
    const now = await session();
    return now.retransmissions > before.retransmissions && now;
  });
  expect(after.id).toBe(before.id);
  expect(await gadget.evaluate("states")).toEqual(["connected"]);
});

test("when the server has forgotten its session, the gadget makes a new one", async () => {
  const before = await session();
  await boshscope.faults.add({
    name: "Session forgotten",
    match: { sid: before.sid ?? "", kind: "poll" },
    actions: [{ kind: "answer", template: { kind: "invalid-sid" } }],
    alsoWaiting: true,
    arm: true,
  });
  const after = await boshscope.waitFor(async () => {
    const now = await session();
    return now.id !== before.id && now;
  }, patienceMs);
  expect(after.agent).toBe(agent);
  expect(await gadget.evaluate("states")).toEqual(["connected", "disconnected", "connected"]);
  // The verdict knows that it was done on purpose.
  const [finding] = await boshscope.findings();
  expect(finding?.side).toBe("fault-rule");
});
