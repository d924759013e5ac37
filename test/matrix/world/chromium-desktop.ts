/** One agent's tab in Chromium, and what Chromium itself says of its requests (by the DevTools protocol, not by the page). */
import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, Page, Request } from "playwright-core";
import { waitFor } from "../../support/boshscope-process.ts";

export interface TabEvent {
  /** Wall ms when it was told. */
  readonly at: number;
  readonly kind: "sent" | "answered" | "failed" | "page";
  readonly path: string;
  readonly port: string;
  /** Status, error text, or what the page printed. */
  readonly what: string;
}

export interface DesktopSettings {
  readonly agent: string;
  readonly password: string;
  readonly wait: number;
  readonly version: "5.0.0" | "1.2.16";
  readonly port: number;
  readonly skewMs: number;
}

export const host = "fin1.demo.test";
const modules = new URL("../../../node_modules/", import.meta.url);
const stropheFiles = {
  "5.0.0": new URL("strophe.js/dist/strophe.umd.min.js", modules),
  "1.2.16": new URL("strophe-1.2.16/strophe.js", modules),
};
const script = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");

export class ChromiumDesktop {
  readonly page: Page;
  readonly agent: string;
  readonly events: TabEvent[] = [];
  readonly settings: DesktopSettings;
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page, settings: DesktopSettings) {
    this.#context = context;
    this.page = page;
    this.agent = settings.agent;
    this.settings = settings;
    page.on("request", (request) => this.#note("sent", request, request.method()));
    page.on("requestfailed", (request) =>
      this.#note("failed", request, request.failure()?.errorText ?? ""),
    );
    page.on("response", (response) =>
      this.#note("answered", response.request(), `${response.status()}`),
    );
    page.on("console", (message) => {
      if (!message.text().startsWith("desktop ")) return;
      const what = message.text().slice("desktop ".length);
      this.events.push({ at: Date.now(), kind: "page", path: "", port: "", what });
    });
  }

  /** A tab of a context (so a process) of its own, or of the given one. */
  static async create(
    browser: Browser,
    settings: DesktopSettings,
    shared?: BrowserContext,
  ): Promise<ChromiumDesktop> {
    const context = shared ?? (await browser.newContext());
    return new ChromiumDesktop(context, await context.newPage(), settings);
  }

  /** Loads the page and lets it sign in; resolves when the tunnel frame has loaded. */
  async open(): Promise<void> {
    const { page, settings } = this;
    // The node's own page gives the origin; the scripts are ours.
    await page.goto(`https://${host}:8445/desktop/`);
    await page.addScriptTag({ content: script("desktop-script.js") });
    const service = `https://${host}:${settings.port}/http-bind`;
    await page.evaluate((options) => window.desktop.open(options), {
      ...settings,
      jid: `${settings.agent}@${host}/desktop`,
      service,
      tunnel: `https://${host}:${settings.port}/tunnel/`,
    });
  }

  /** Puts strophe.js into the tunnel frame, which then connects. */
  async startTunnel(): Promise<void> {
    let found = this.page.frames()[1];
    await waitFor(
      () => {
        found = this.page.frames().find((frame) => frame.url().endsWith("/tunnel/"));
        return found !== undefined;
      },
      20_000,
      () => "no tunnel frame",
    );
    await found?.waitForLoadState();
    await found?.addScriptTag({
      content: readFileSync(stropheFiles[this.settings.version], "utf8"),
    });
    await found?.addScriptTag({ content: script("tunnel-script.js") });
  }

  /** From now on the tunnel frame sends each poll once more, with a request id far ahead. */
  async repeatAhead(): Promise<void> {
    const tunnel = this.page.frames().find((frame) => frame.url().endsWith("/tunnel/"));
    // A script of the page: DOM methods are taken off their prototype on purpose.
    await tunnel?.addScriptTag({
      content: `{
        const { open, send } = XMLHttpRequest.prototype;
        XMLHttpRequest.prototype.send = function repeat(body) {
          send.call(this, body);
          const text = String(body).replace(
            /\\brid=(["'])(\\d+)\\1/,
            (_, quote, rid) => "rid=" + quote + (Number(rid) + 9) + quote,
          );
          const again = new XMLHttpRequest();
          open.call(again, "POST", "/http-bind", true);
          again.setRequestHeader("content-type", "text/xml; charset=utf-8");
          send.call(again, text);
        };
      }`,
    });
  }

  /** Wall ms of the first event since that fits. */
  async when(
    what: string,
    fits: (event: TabEvent) => boolean,
    since: number,
    withinMs: number,
  ): Promise<number> {
    let found: TabEvent | undefined;
    await waitFor(
      () => {
        found = this.events.find((event) => event.at >= since && fits(event));
        return found !== undefined;
      },
      withinMs,
      () => `${what} of ${this.agent}: ${JSON.stringify(this.events.slice(-6))}`,
    );
    return found?.at ?? 0;
  }

  /** The first poll that failed (aborted, reset, refused) since. */
  pollFailed(since: number, withinMs: number): Promise<number> {
    return this.when(
      "a failed poll",
      ({ kind, path }) => kind === "failed" && path.startsWith("/http-bind"),
      since,
      withinMs,
    );
  }

  connected(since: number, withinMs = 30_000): Promise<number> {
    return this.when("connected", ({ what }) => what === "status CONNECTED", since, withinMs);
  }

  get context(): BrowserContext {
    return this.#context;
  }

  #note(kind: TabEvent["kind"], request: Request, what: string): void {
    const url = URL.parse(request.url());
    if (url === null) return;
    const path = url.pathname + url.search;
    this.events.push({ at: Date.now(), kind, path, port: url.port, what });
  }
}

declare global {
  interface Window {
    desktop: {
      open(options: object): void;
      ping(): void;
      attach(data: object): void;
      connect(): void;
      putState(name: string): Promise<number>;
      setPassword(password: string): void;
      user(): Promise<number>;
      block(ms: number): void;
      storm(options: object): void;
    };
  }
}
