/**
 * Servers and clients that nobody here wrote, through a real Boshscope: prosody and ejabberd, each with three clients in a real browser. What
 * the browser counted must be what Boshscope shows.
 */
import { afterAll, describe, expect, test } from "vitest";
import type { ExchangeSummary } from "../../src/domain/exchange.ts";
import type { SessionSummary } from "../../src/domain/timeline.ts";
import {
  type BoshscopeProcess,
  startBoshscopeProcess,
  waitFor,
} from "../support/boshscope-process.ts";
import { launchChromium } from "../support/chromium.ts";
import {
  type ClientCount,
  type ClientName,
  clientNames,
  clientUrl,
  startClientPages,
} from "../support/client-pages.ts";
import { startEjabberd } from "../support/ejabberd.ts";
import { startProsody } from "../support/prosody.ts";
import { demoHost } from "../support/tls-fixtures.ts";

declare global {
  interface Window {
    state: string;
    counted(): ClientCount;
    open(): number;
    leave(): void;
  }
}

const agent = { name: "1001003", password: "Pl4nted!Secret" };
const servers = [
  ["prosody", startProsody],
  ["ejabberd", startEjabberd],
] as const;
const wait = 3;

interface Line {
  readonly server: string;
  readonly client: string;
  readonly browser: ClientCount;
  readonly shown: SessionSummary;
  readonly rows: readonly ExchangeSummary[];
}

const lines: Line[] = [];

/** Signs in, works, idles for two polls, signs out; gives what the browser counted. */
async function useClient(
  name: ClientName,
  boshscope: BoshscopeProcess,
  log: () => string,
): Promise<ClientCount> {
  await using agentBrowser = await launchChromium({
    proxyPort: boshscope.proxyPort,
    trust: boshscope.caPem,
  });
  const page = await agentBrowser.browser.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  const state = (wanted: string) =>
    waitFor(
      async () => (await page.evaluate(() => window.state)) === wanted,
      40_000,
      () => `${wanted}: ${said.join("\n")}\n${log()}\n${boshscope.output()}`,
    );
  await page.goto(clientUrl(name));
  await page.evaluate(
    (options) =>
      void (window as unknown as { signIn(all: typeof options): unknown }).signIn(options),
    {
      jid: `${agent.name}@${demoHost}/desktop`,
      password: agent.password,
      wait,
      service: `https://${demoHost}:7443/http-bind`,
    },
  );
  await state("worked");
  const worked = await page.evaluate(() => window.counted());
  let idle = worked;
  await waitFor(
    async () => {
      idle = await page.evaluate(() => window.counted());
      return idle.emptyAnswers >= worked.emptyAnswers + 2;
    },
    40_000,
    () => `two idle polls: ${JSON.stringify(idle)}\n${said.join("\n")}`,
  );
  await page.evaluate(() => window.leave());
  await state("offline again");
  return await page.evaluate(() => window.counted());
}

async function compare(server: string, client: ClientName, run: (typeof servers)[number][1]) {
  await using real = await run({ users: [agent] });
  await using pages = await startClientPages();
  await using boshscope = await startBoshscopeProcess([
    "--resolve",
    `${demoHost}:7443:127.0.0.1:${real.httpsPort}`,
    "--resolve",
    `${demoHost}:8445:127.0.0.1:${pages.port}`,
  ]);
  const browser = await useClient(client, boshscope, () => real.log());
  const rows = await boshscope.until(
    (all) => all.length === browser.requests && all.every(isOver),
    `sid:${browser.sid}`,
  );
  const { sessions } = await boshscope.get<{ sessions: SessionSummary[] }>("/sessions");
  const shown = sessions.find(({ sid }) => sid === browser.sid);
  expect(sessions).toHaveLength(1);
  if (shown === undefined) throw new Error(`no session ${browser.sid}`);
  lines.push({ server, client, browser, shown, rows });
  return { browser, shown, rows };
}

const isOver = ({ outcome }: ExchangeSummary): boolean => outcome.kind !== "pending";
const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

describe.each(servers)("%s", (server, start) => {
  test.each(clientNames)("%s: the browser's count is Boshscope's", async (client) => {
    const { browser, shown, rows } = await compare(server, client, start);
    expect(browser.requests).toBeGreaterThan(10);
    expect(browser.stanzasToClient).toBeGreaterThan(4);
    expect(ascending(rows.map(({ rid }) => rid ?? 0))).toEqual(ascending(browser.rids));
    expect({
      requests: shown.requests,
      rids: shown.rids,
      firstRid: shown.firstRid,
      lastRid: shown.lastRid,
      retransmissions: shown.retransmissions,
      stanzasToServer: shown.stanzasToServer,
      stanzasToClient: shown.stanzasToClient,
    }).toEqual({
      requests: browser.requests,
      rids: new Set(browser.rids).size,
      firstRid: Math.min(...browser.rids),
      lastRid: Math.max(...browser.rids),
      retransmissions: browser.requests - new Set(browser.rids).size,
      stanzasToServer: browser.stanzasToServer,
      stanzasToClient: browser.stanzasToClient,
    });
    expect(shown).toMatchObject({
      jid: `${agent.name}@${demoHost}/desktop`,
      agent: agent.name,
      phase: "terminated",
      joined: false,
      granted: { wait, requests: 2 },
    });
    expect(rows.filter(({ notes }) => notes.includes("empty"))).toHaveLength(browser.emptyAnswers);
  });
});

afterAll(() => {
  const head = "server    client             polls (all)  rids     empty answers  stanzas out/in";
  const text = lines.map(({ server, client, browser, shown, rows }) =>
    [
      server.padEnd(9),
      client.padEnd(18),
      `${browser.requests} = ${shown.requests}`.padEnd(12),
      `${new Set(browser.rids).size} = ${shown.rids}`.padEnd(8),
      `${browser.emptyAnswers} = ${rows.filter(({ notes }) => notes.includes("empty")).length}`.padEnd(
        14,
      ),
      `${browser.stanzasToServer}/${browser.stanzasToClient} = ${shown.stanzasToServer}/${shown.stanzasToClient}`,
    ].join(" "),
  );
  process.stdout.write(`browser = Boshscope\n${[head, ...text].join("\n")}\n`);
});
