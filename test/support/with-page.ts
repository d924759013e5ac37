/** Opens the page in Chromium against made-up traffic. Call `withPage` inside tests: one browser serves a whole file. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { type PageFixture, startPageFixture } from "./page-fixture.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
});
afterAll(() => browser.close());

interface Opened {
  readonly page: Page;
  readonly fixture: PageFixture;
  /** Errors of the console and of scripts: refused styles and scripts are among them. */
  readonly problems: string[];
}

export async function withPage(
  use: (opened: Opened) => Promise<void>,
  options: Parameters<typeof startPageFixture>[0] = {},
  context: BrowserContextOptions = {},
): Promise<void> {
  const { fixture, url } = await startPageFixture(options);
  await using _fixture = fixture;
  const opened = await browser.newContext({
    viewport: { width: 1400, height: 800 },
    locale: "en-US",
    ...context,
  });
  try {
    const page = await opened.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    await page.goto(url);
    await page.locator("[data-testid=feed-state][data-state=live]").waitFor();
    await use({ page, fixture, problems });
  } finally {
    await opened.close();
  }
}
