/** strophe.js in a tab of Chromium, and its own log: what the browser told the library, and the library the page. */
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { waitFor } from "./boshscope-process.ts";
import { demoHost } from "./tls-fixtures.ts";

export const stropheVersions = ["1.2.16", "5"] as const;
export type StropheVersion = (typeof stropheVersions)[number];

/** Names of the log as the page writes them. */
export interface ClientEvent {
  /** Ms of the page's clock. */
  readonly at: number;
  readonly what:
    | "sent"
    | "resent"
    | "answered"
    | "failed"
    | "aborted"
    | "closed"
    | "status"
    | "tells"
    | "told"
    | "pings"
    | "ping answered"
    | "ping lost";
  readonly rid?: number;
  readonly isPoll?: boolean;
  readonly status?: string | number;
  readonly state?: string;
  /** The header that a rule adds. */
  readonly fault?: string | null;
}

interface PageClient {
  readonly log: readonly ClientEvent[];
  signIn(options: {
    readonly jid: string;
    readonly password: string;
    readonly wait: number;
    readonly service: string;
  }): void;
  tell(state: string): void;
  ping(withinMs: number): void;
}

declare global {
  interface Window {
    client: PageClient;
  }
}

const modules = new URL("../../node_modules/", import.meta.url);
const libraries: Readonly<Record<StropheVersion, URL>> = {
  "1.2.16": new URL("strophe-1.2.16/strophe.js", modules),
  "5": new URL("strophe.js/dist/strophe.umd.min.js", modules),
};
const page = readFileSync(new URL("strophe-page.js", import.meta.url), "utf8");

export interface ClientOptions {
  readonly version: StropheVersion;
  readonly agent: string;
  readonly password: string;
  /** BOSH wait, seconds. */
  readonly wait: number;
  readonly port: number;
  readonly transport: "bosh" | "websocket";
}

/** A busy machine takes its time to open a tab. */
const patienceMs = 90_000;

export class StropheClient implements AsyncDisposable {
  readonly agent: string;
  readonly #page: Page;
  #log: readonly ClientEvent[] = [];
  /** Events before it are over. */
  #from = 0;

  private constructor(tab: Page, agent: string) {
    this.#page = tab;
    this.agent = agent;
  }

  /** In a context of its own, so with connections of its own; resolves when it is signed in. */
  static async signIn(browser: Browser, options: ClientOptions): Promise<StropheClient> {
    const { version, agent, password, wait, port, transport } = options;
    const context = await browser.newContext();
    await context.addInitScript(readFileSync(libraries[version], "utf8"));
    await context.addInitScript(page);
    const tab = await context.newPage();
    tab.setDefaultNavigationTimeout(patienceMs);
    const client = new StropheClient(tab, agent);
    // An empty page of the server's own, for its origin.
    await tab.goto(`https://${demoHost}:${port}/tunnel/`);
    const origin = `${demoHost}:${port}`;
    const service =
      transport === "bosh" ? `https://${origin}/http-bind` : `wss://${origin}/xmpp-websocket`;
    const jid = `${agent}@${demoHost}/desktop`;
    await tab.evaluate((all) => window.client.signIn(all), { jid, password, wait, service });
    await client.sees("signed in", ({ status }) => status === "CONNECTED", patienceMs);
    return client;
  }

  /** What follows counts from now on; gives the page's time. */
  async begin(): Promise<number> {
    await this.#read();
    this.#from = this.#log.length;
    return await this.#page.evaluate(() => performance.now());
  }

  /** The first event since `begin` that fits. */
  async sees(
    what: string,
    fits: (event: ClientEvent) => boolean,
    withinMs = 40_000,
  ): Promise<ClientEvent> {
    let found: ClientEvent | undefined;
    await waitFor(
      async () => (found = (await this.since()).find(fits)) !== undefined,
      withinMs,
      () => `${what}: ${JSON.stringify(this.#log.slice(-12))}`,
    );
    if (found === undefined) throw new Error(what);
    return found;
  }

  async all(): Promise<readonly ClientEvent[]> {
    await this.#read();
    return this.#log;
  }

  async since(): Promise<readonly ClientEvent[]> {
    await this.#read();
    return this.#log.slice(this.#from);
  }

  /** A notification to itself. */
  async tell(state: string): Promise<void> {
    await this.#page.evaluate((text) => window.client.tell(text), state);
  }

  async ping(withinMs: number): Promise<void> {
    await this.#page.evaluate((ms) => window.client.ping(ms), withinMs);
  }

  async #read(): Promise<void> {
    this.#log = await this.#page.evaluate(() => [...window.client.log]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#page.context().close();
  }
}
