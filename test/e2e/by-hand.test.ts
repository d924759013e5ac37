/** In the page, before a live server: a poll is not sent again but in a session of its own; a request is composed; captures are compared. */
import { mkdirSync } from "node:fs";
import { chromium, type Page } from "playwright-core";
import { expect, test } from "vitest";
import type { ExchangeSummary } from "../../src/domain/exchange.ts";
import type { AgentSummary } from "../../src/domain/timeline.ts";
import type { Desktop } from "../../src/simulator/desktop/desktop.ts";
import { startDesktop } from "../../src/simulator/desktop/start-desktop.ts";
import { startFinessePair } from "../../src/simulator/finesse-pair.ts";
import {
  type BoshscopeProcess,
  startBoshscopeProcess,
  waitFor,
} from "../support/boshscope-process.ts";

const screenshots = new URL("screenshots/", import.meta.url).pathname;
const agent = "1001001";

const replayed = ({ notes }: ExchangeSummary): boolean => notes.includes("replayed");

/** A poll of the agent's: refused with the reason, then sent in a session of its own. */
async function sendPollAgain(view: Page, boshscope: BoshscopeProcess): Promise<void> {
  const polls = await boshscope.until(
    (rows) => rows.some(({ notes }) => notes.includes("empty")),
    "is:poll",
  );
  const poll = polls.find(({ notes }) => notes.includes("empty"));
  await view.getByTestId(`row-${poll?.id}`).click();
  await view.getByTestId("replay").click();
  await view.getByTestId("send-replay").click();
  const refusal = view.getByTestId("replay-refused");
  await refusal.waitFor();
  expect(await refusal.textContent()).toContain("can end the agent's session");
  await view.screenshot({ path: `${screenshots}replay-refused.png` });
  expect((await boshscope.exchanges()).some(replayed)).toBe(false);
  await view.getByTestId("own-session").click();
  const made = await boshscope.until(
    (rows) => rows.some((row) => replayed(row) && row.notes.includes("terminate")),
    "is:poll",
    30_000,
  );
  const [created, ...rest] = made.filter(replayed);
  expect(created?.sid).not.toBe(poll?.sid);
  expect(new Set(rest.map(({ sid }) => sid))).toEqual(new Set([created?.sid]));
}

async function composeRequest(view: Page, boshscope: BoshscopeProcess): Promise<void> {
  const path = `/finesse/api/User/${agent}`;
  const [own] = await boshscope.until((rows) => rows.length > 0, `is:rest method:GET path~${path}`);
  await view.getByTestId("compose").click();
  await view.getByTestId("compose-url").fill(`https://fin1.demo.test:8445${path}`);
  await view.getByTestId("compose-credentialsOf").fill("");
  await view.getByTestId("send-composed").click();
  const isDone = ({ outcome }: ExchangeSummary): boolean => outcome.kind === "responded";
  const one = await boshscope.until(
    (rows) => rows.some((row) => replayed(row) && isDone(row)),
    "is:rest",
  );
  expect(one.find(replayed)?.outcome).toMatchObject({ status: 401 });
  await view.getByTestId("compose").click();
  await view.getByTestId("compose-url").fill(`https://fin1.demo.test:8445${path}`);
  await view.getByTestId("compose-credentialsOf").fill(own?.id ?? "");
  await view.screenshot({ path: `${screenshots}compose.png` });
  await view.getByTestId("send-composed").click();
  const two = await boshscope.until(
    (rows) => rows.filter((row) => replayed(row) && isDone(row)).length === 2,
    "is:rest",
  );
  expect(two.findLast(replayed)?.outcome).toMatchObject({ status: 200 });
}

/** The notification of READY takes the place of the next answer: the desktop, not ready by now, hears READY again, and its session goes on. */
async function answerAgain(
  view: Page,
  boshscope: BoshscopeProcess,
  desktop: Desktop,
): Promise<void> {
  const isReady = ({ event }: ExchangeSummary): boolean => /(?:→|User) READY/.test(event ?? "");
  const polls = await boshscope.until((rows) => rows.some(isReady), "is:poll");
  const ready = polls.findLast(isReady);
  const hears = (state: string): Promise<void> =>
    waitFor(
      () => desktop.state().agentState === state,
      15_000,
      () => JSON.stringify(desktop.state()),
    );
  desktop.requestState("NOT_READY");
  await hears("NOT_READY");
  await view.getByTestId(`row-${ready?.id}`).click();
  await view.getByTestId("replay").click();
  await view.getByTestId("answer-again").click();
  await hears("READY");
  const { rules } = await boshscope.get<{ rules: { hits: number; armed: boolean }[] }>("/faults");
  expect(rules).toMatchObject([{ hits: 1, armed: false }]);
}

async function compareCaptures(view: Page): Promise<void> {
  await view.getByTestId("compare-captures-open").click();
  const dialog = view.getByTestId("compare-captures");
  await dialog.getByText("From poll to poll, median").waitFor();
  await view.screenshot({ path: `${screenshots}compare-captures.png` });
  expect(await dialog.textContent()).toContain("REST answered after, median");
}

test("requests by hand, and captures side by side", async () => {
  mkdirSync(screenshots, { recursive: true });
  await using pair = await startFinessePair({ agents: [{ id: agent, password: "Secret1!" }] });
  await using boshscope = await startBoshscopeProcess([
    ...pair.resolveFlags.flatMap((flag) => ["--resolve", flag]),
    "--server-certs",
    "off",
  ]);
  const desktop = startDesktop({
    kind: "jabberwerx",
    transport: "bosh",
    agent,
    password: "Secret1!",
    proxy: { host: "127.0.0.1", port: boshscope.proxyPort },
    ca: boshscope.caPem,
    nodes: ["fin1.demo.test", "fin2.demo.test"],
    wait: 2,
  });
  await waitFor(
    () => desktop.state().agentState === "READY",
    20_000,
    () => JSON.stringify(desktop.state()),
  );
  const viewer = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const view = await viewer.newPage({ viewport: { width: 1400, height: 900 } });
    const problems: string[] = [];
    view.on("pageerror", (error) => problems.push(error.message));
    await view.goto(boshscope.url);
    await sendPollAgain(view, boshscope);
    await composeRequest(view, boshscope);
    await answerAgain(view, boshscope, desktop);
    await compareCaptures(view);
    expect(problems).toEqual([]);
    // The agent's own session never noticed, nor does the agent's story tell of another.
    const { agents } = await boshscope.get<{ agents: AgentSummary[] }>("/agents");
    expect(agents[0]?.sessions).toHaveLength(1);
    expect(agents[0]?.story.map(({ kind }) => kind)).not.toContain("reconnected");
    expect(desktop.log.events.filter(({ kind }) => kind === "disconnected")).toEqual([]);
    expect(desktop.state()).toMatchObject({ connected: true, agentState: "READY" });
    const own = pair.truth().filter(({ closedBecause }) => closedBecause !== null);
    expect(own).toHaveLength(1);
  } finally {
    await viewer.close();
    desktop.close();
  }
}, 90_000);
