/** Debian's Chromium with a home of its own, whose certificate store trusts our CA. Certificate errors are not ignored. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { prepareNssHome } from "../../src/browser/nss-profile.ts";

export interface TestBrowser extends AsyncDisposable {
  readonly browser: Browser;
}

/** As root there is no sandbox; the rest keeps Chromium from calling its own services on a closed network. */
const quietArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const unthrottled = [
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

export async function launchChromium(options: {
  readonly proxyPort?: number;
  /** PEM to trust; none = only what Chromium ships. */
  readonly trust?: string;
  readonly args?: readonly string[];
  /** Hidden tabs are throttled as on a person's desk; the test's driver would switch that off. */
  readonly throttling?: boolean;
}): Promise<TestBrowser> {
  const folder = mkdtempSync(join(tmpdir(), "boshscope-chromium-"));
  const home =
    options.trust === undefined ? { HOME: folder } : await prepareNssHome(folder, options.trust);
  const proxy =
    options.proxyPort === undefined
      ? {}
      : {
          proxy: {
            server: `http://127.0.0.1:${options.proxyPort}`,
            // Chromium's own calls home would fail through the proxy, again and again.
            bypass: ".googleapis.com,.google.com,.gvt1.com",
          },
        };
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [...quietArguments, ...(options.args ?? [])],
    ...(options.throttling === true ? { ignoreDefaultArgs: unthrottled } : {}),
    env: { ...process.env, ...home },
    ...proxy,
  });
  return {
    browser,
    async [Symbol.asyncDispose]() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
