/** A desktop's session is recorded through Boshscope, exported, and played back as the server: another desktop and strophe.js sign in to it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { ExchangeSummary, WebSocketFrame } from "../../src/domain/exchange.ts";
import type { SessionSummary } from "../../src/domain/timeline.ts";
import type { Desktop } from "../../src/simulator/desktop/desktop.ts";
import type { DesktopOptions } from "../../src/simulator/desktop/desktop-options.ts";
import { startDesktop } from "../../src/simulator/desktop/start-desktop.ts";
import { type FinessePair, startFinessePair } from "../../src/simulator/finesse-pair.ts";
import { readXml } from "../../src/xml/read-xml.ts";
import { elementsIn } from "../../src/xml/tree.ts";
import {
  type BoshscopeProcess,
  startBoshscopeProcess,
  waitFor,
} from "../support/boshscope-process.ts";
import { launchChromium } from "../support/chromium.ts";

const agent = "1001001";
let recordings = 0;
const folder = mkdtempSync(join(tmpdir(), "boshscope-playback-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Kind = Pick<DesktopOptions, "kind" | "transport">;

function openDesktop(kind: Kind, { proxyPort, caPem }: BoshscopeProcess): Desktop {
  return startDesktop({
    ...kind,
    agent,
    password: "Secret1!",
    extension: "10001",
    proxy: { host: "127.0.0.1", port: proxyPort },
    ca: caPem,
    nodes: ["fin1.demo.test", "fin2.demo.test"],
    wait: 2,
  } as DesktopOptions);
}

const said = (desktop: Desktop, boshscope: BoshscopeProcess) => (): string =>
  `${JSON.stringify(desktop.state())} ${JSON.stringify(desktop.log.events.slice(-8))}\n${boshscope.output()}`;

async function until(desktop: Desktop, boshscope: BoshscopeProcess, state: string): Promise<void> {
  await waitFor(() => desktop.state().agentState === state, 30_000, said(desktop, boshscope));
}

/** A call comes by the recording's clock: the recording leaves a slow machine time to be ready for it. */
async function aPause(): Promise<void> {
  const from = performance.now();
  await waitFor(() => performance.now() - from > 3000, 10_000);
}

/** Ends the work day. */
async function signOut(desktop: Desktop, boshscope: BoshscopeProcess): Promise<void> {
  desktop.signOut();
  const isOut = (): boolean => desktop.state().phase === "signed-out";
  await waitFor(isOut, 20_000, said(desktop, boshscope));
  await boshscope.until(
    (rows) => rows.every(({ outcome }) => outcome.kind !== "pending"),
    "is:poll",
  );
  desktop.close();
}

interface Trace {
  readonly toServer: readonly string[];
  readonly toClient: readonly string[];
}

/** Stanzas of the one session, in order; what is drawn anew for each session has no part in it, nor have pings, which keep to the client's clock. */
async function traceOf(boshscope: BoshscopeProcess): Promise<Trace> {
  const { sessions } = await boshscope.get<{ sessions: SessionSummary[] }>("/sessions");
  expect(sessions).toHaveLength(1);
  const sid = sessions[0]?.sid ?? "";
  const rows = (await boshscope.exchanges(`sid:${sid}`)).toSorted(
    (a, b) => (a.rid ?? 0) - (b.rid ?? 0),
  );
  const texts =
    sessions[0]?.transport === "websocket"
      ? await frameTexts(boshscope, rows[0]?.id ?? "")
      : await bodyTexts(boshscope, rows);
  // Empty results answer pings.
  const isSteady = (text: string): boolean =>
    !/:ping|<close |^<iq [^>]*type="result"[^>]*\/>$/.test(text);
  const trace = (side: keyof Trace): readonly string[] =>
    texts[side].map((text) => steady(text, sid)).filter(isSteady);
  return { toServer: trace("toServer"), toClient: trace("toClient") };
}

async function bodyTexts(
  boshscope: BoshscopeProcess,
  rows: readonly ExchangeSummary[],
): Promise<Trace> {
  const stanzas = async (side: "request" | "response"): Promise<string[]> => {
    const texts: string[] = [];
    for (const { id } of rows) {
      const text = Buffer.from(await boshscope.raw(`/exchanges/${id}/${side}-body`)).toString();
      const document = readXml(text);
      if (document.kind === "unparseable") throw new Error(text);
      for (const { start, end } of elementsIn(document.root)) texts.push(text.slice(start, end));
    }
    return texts;
  };
  return { toServer: await stanzas("request"), toClient: await stanzas("response") };
}

async function frameTexts(boshscope: BoshscopeProcess, id: string): Promise<Trace> {
  const { frames } = await boshscope.get<{ frames: readonly WebSocketFrame[] }>(
    `/exchanges/${id}/frames?limit=5000`,
  );
  const of = (side: WebSocketFrame["from"]): string[] =>
    frames.flatMap(({ from, text }) => (from === side && text !== null ? [text] : []));
  return { toServer: of("client"), toClient: of("server") };
}

const steady = (text: string, sid: string): string =>
  text
    .replaceAll(sid, "SID")
    .replaceAll(/(<open [^>]*\bid=)(["'])[^"']*\2/g, "$1$2ID$2")
    .replaceAll(/(<iq [^>]*\bid=)(["'])[^"']*\2/g, "$1$2ID$2")
    .replaceAll(/requestId&gt;[\w-]+&lt;/g, "requestId&gt;ID&lt;")
    .replaceAll(/‹secret \w+›/g, "SECRET");

interface Recorded<T> {
  readonly result: T;
  readonly trace: Trace;
  readonly files: Files;
}

/** What one agent does with a simulated contact centre, and the exports of it. */
async function recordWith<T>(
  work: (boshscope: BoshscopeProcess, pair: FinessePair) => Promise<T>,
): Promise<Recorded<T>> {
  await using pair = await startFinessePair({
    agents: [{ id: agent, password: "Secret1!", extension: "10001" }],
  });
  await using boshscope = await startBoshscopeProcess([
    ...pair.resolveFlags.flatMap((flag) => ["--resolve", flag]),
    "--server-certs",
    "off",
  ]);
  const result = await work(boshscope, pair);
  const name = join(folder, String(++recordings));
  const files = { har: `${name}.har`, saz: `${name}.saz` };
  writeFileSync(files.har, await boshscope.raw("/export.har?redact=no"));
  writeFileSync(files.saz, await boshscope.raw("/export.saz?redact=no"));
  return { result, trace: await traceOf(boshscope), files };
}

interface Files {
  readonly har: string;
  readonly saz: string;
}

const played = (file: string): Promise<BoshscopeProcess> =>
  startBoshscopeProcess([], { command: ["playback", file] });

const kinds = [
  { kind: "jabberwerx", transport: "bosh" },
  { kind: "strophe", transport: "websocket" },
] as const;

test.concurrent.each(kinds)(
  "a desktop ($kind, $transport) that signs in to the recording sees the same stanzas in the same order",
  async (kind) => {
    const { trace, files } = await recordWith(async (boshscope, pair) => {
      const desktop = openDesktop(kind, boshscope);
      await until(desktop, boshscope, "READY");
      await aPause();
      pair.center.offerCall(agent, "5551234");
      await until(desktop, boshscope, "TALKING");
      await signOut(desktop, boshscope);
    });
    expect(trace.toClient.length).toBeGreaterThan(12);
    await using boshscope = await played(files.har);
    const desktop = openDesktop(kind, boshscope);
    await until(desktop, boshscope, "TALKING");
    await signOut(desktop, boshscope);
    expect(await traceOf(boshscope)).toEqual(trace);
    // It asked its own REST requests, and knew their outcomes by its own ids.
    const confirmed = desktop.log.events.filter((event) => event.kind === "state-confirmed");
    expect(confirmed).toHaveLength(4);
    expect(boshscope.output()).not.toContain("playback.unanswered");
  },
  120_000,
);

/** Signs in at the demo's page with strophe.js, goes ready, takes a call, signs out. Gives the events that the page showed. */
async function workInBrowser(
  boshscope: BoshscopeProcess,
  ring: () => Promise<void>,
): Promise<string[]> {
  await using chromium = await launchChromium({
    proxyPort: boshscope.proxyPort,
    trust: boshscope.caPem,
  });
  const page = await chromium.browser.newPage();
  await page.goto("https://fin1.demo.test:8445/desktop/");
  await page.fill("#agent", agent);
  await page.fill("#password", "Secret1!");
  await page.fill("#extension", "10001");
  await page.click("#sign-in button");
  const state = (wanted: string): Promise<void> =>
    waitFor(
      async () => (await page.textContent("#current")) === wanted,
      20_000,
      () => `${wanted}\n${boshscope.output()}`,
    );
  await state("NOT_READY");
  await page.selectOption("#state", "READY");
  await state("READY");
  await ring();
  await page.click("#calls button");
  await state("TALKING");
  // Before signing out: what comes with the session's end is shown or not, as the page happens to be quick.
  const events = await page.locator("#events li").allTextContents();
  await page.click("#sign-out");
  const isOver = (notes: readonly string[]): boolean => notes.includes("terminate");
  await boshscope.until((rows) => rows.some(({ notes }) => isOver(notes)), "is:poll", 10_000);
  await boshscope.until(
    (rows) => rows.every(({ outcome }) => outcome.kind !== "pending"),
    "is:poll",
  );
  return events.filter((text) => /P(?:U|OS)T/.test(text));
}

test.concurrent("a browser signs in to the recording of one: page, strophe.js and all, under the original names", async () => {
  const recorded = await recordWith(async (boshscope, pair) => {
    const events = await workInBrowser(boshscope, async () => {
      await aPause();
      pair.center.offerCall(agent, "5551234");
    });
    return events.length;
  });
  await using boshscope = await played(recorded.files.saz);
  const events = await workInBrowser(boshscope, async () => undefined);
  expect(events).toHaveLength(recorded.result);
  expect(await traceOf(boshscope)).toEqual(recorded.trace);
  expect(recorded.trace.toClient.length).toBeGreaterThan(10);
}, 120_000);
