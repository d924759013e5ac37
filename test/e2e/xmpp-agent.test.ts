/**
 * The console beside agents at work on the simulated pair: it sees their own sessions, both ways, signs in beside them without disturbing
 * them, and does both in the page too.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import type { StanzaPage } from "../../src/domain/xmpp-console.ts";
import { demoAgents } from "../../src/simulator/start-demo.ts";
import { waitFor } from "../support/boshscope-process.ts";
import { startWatchedPair } from "../support/watched-pair.ts";
import { runXmppCommand } from "../support/xmpp-command.ts";

const screenshots = new URL("screenshots/", import.meta.url).pathname;

test("agents' own sessions are shown both ways, and stay as they are while the console is signed in", async () => {
  await using bench = await startWatchedPair(2, 10);
  const running = JSON.parse(readFileSync(join(bench.dataDir, "boshscope.json"), "utf8")) as {
    url: string;
    token: string;
    pagePort: number;
  };
  const [onBosh, onSocket] = demoAgents(2);
  if (onBosh === undefined || onSocket === undefined) throw new Error("no agents");
  const dataDir = ["--data-dir", bench.dataDir];
  const before = bench.pair.truth().filter(({ state }) => state === "open");

  for (const agent of [onBosh.id, onSocket.id]) {
    const watch = agent === onSocket.id ? ["--watch", "--for", "2s"] : [];
    const seen = await runXmppCommand(["--agent", agent, ...watch, ...dataDir]);
    const kinds = new Set(seen.stanzas.map(({ direction, stanza }) => `${direction} ${stanza}`));
    expect([...kinds]).toEqual(expect.arrayContaining(["out iq", "in iq", "out presence"]));
    expect(seen.stanzas.some(({ node }) => node === `/finesse/api/User/${agent}`)).toBe(true);
    expect(seen.stanzas.every(({ exchange }) => exchange !== null)).toBe(true);
    expect(new Set(seen.stanzas.map(({ key }) => key)).size).toBe(seen.stanzas.length);
  }

  const resolve = bench.pair.resolveFlags.flatMap((flag) => ["--resolve", flag]);
  const words = [`${onBosh.id}@fin1.demo.test`, ...dataDir, ...resolve];
  const listed = await runXmppCommand([...words, "--command", "nodes"], {
    password: onBosh.password,
  });
  const nodes = listed.answers[0]?.nodes?.map(({ node }) => node) ?? [];
  expect(nodes).toEqual(
    expect.arrayContaining([
      "/finesse/api/SystemInfo",
      `/finesse/api/User/${onBosh.id}`,
      `/finesse/api/User/${onBosh.id}/Dialogs`,
    ]),
  );
  const still = bench.pair.truth().filter(({ state }) => state === "open");
  expect(still.map(({ sid }) => sid)).toEqual(before.map(({ sid }) => sid));

  // What follows is told without a gap or a repetition worth the name: keys never come twice.
  const page = async (after: string | null): Promise<StanzaPage> => {
    const query = after === null ? "" : `?after=${after}`;
    const path = `http://127.0.0.1:${running.pagePort}/api/xmpp/agents/${onSocket.id}/stanzas${query}`;
    const answer = await fetch(path, { headers: { authorization: `Bearer ${running.token}` } });
    return (await answer.json()) as StanzaPage;
  };
  let last = await page(null);
  const keys = last.stanzas.map(({ key }) => key);
  await waitFor(async () => {
    last = await page(last.next);
    keys.push(...last.stanzas.map(({ key }) => key));
    return keys.length > 0 && last.stanzas.length > 0;
  }, 20_000);
  expect(new Set(keys).size).toBe(keys.length);

  await usePage(running.url, onBosh, nodes.length);
}, 120_000);

/** Signs in on the XMPP screen, lists the nodes, and looks at the agent's own session. */
async function usePage(
  url: string,
  agent: { readonly id: string; readonly password: string },
  nodes: number,
): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  const viewer = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const view = await viewer.newPage({ viewport: { width: 1400, height: 760 } });
    const problems: string[] = [];
    view.on("pageerror", (error) => problems.push(error.message));
    view.on("console", (message) => {
      if (message.type() === "error" && /Content Security/.test(message.text()))
        problems.push(message.text());
    });
    await view.goto(url);
    await view.getByTestId("screen-xmpp").click();
    await view.getByTestId("xmpp-agent").fill(agent.id);
    await view.getByTestId("xmpp-server").fill("fin1.demo.test");
    await view.screenshot({ path: `${screenshots}xmpp-sign-in.png` });
    await view.getByTestId("xmpp-password").fill("wrong");
    await view.getByTestId("xmpp-password").press("Enter");
    await view.getByTestId("xmpp-refusal").waitFor();
    expect(await view.getByTestId("xmpp-password").inputValue()).toBe("");
    await view.getByTestId("xmpp-password").fill(agent.password);
    await view.getByTestId("xmpp-password").press("Enter");
    await view.getByTestId("xmpp-command").fill("nodes");
    await view.getByTestId("xmpp-command").press("Enter");
    await view.getByTestId("xmpp-node-list").waitFor();
    expect(await view.getByTestId("xmpp-node-list").locator("li").count()).toBe(nodes);
    await view.getByTestId("xmpp-stanzas").locator("tr").nth(1).click();
    await view.screenshot({ path: `${screenshots}xmpp-console.png` });
    await view.getByTestId("xmpp-sign-out").click();
    await view.getByTestId("xmpp-agent").waitFor();
    await view.getByTestId("xmpp-source").selectOption(`a ${agent.id}`);
    await view.getByTestId("xmpp-filter").waitFor();
    await view.keyboard.press("Control+f");
    await view.locator("[data-testid=xmpp-filter]:focus").fill("kind:message");
    const row = view.getByTestId("xmpp-stanzas").locator("tbody tr").last();
    await row.click();
    await view.getByTestId("xmpp-stanzas").locator(".xmpp-open").waitFor();
    await view.emulateMedia({ colorScheme: "dark" });
    await view.screenshot({ path: `${screenshots}xmpp-agent.png` });
    await view.getByTestId("xmpp-stanzas").getByRole("link").last().click();
    await view.getByTestId("tab-panel").waitFor();
    expect(problems).toEqual([]);
  } finally {
    await viewer.close();
  }
}
