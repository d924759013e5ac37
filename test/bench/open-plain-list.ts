/** The yardstick for the page's frames: the plainest windowed list that can be written, on the same rows and the same feed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";

export const plainListSelector = "#list";

const types: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript" };

/** It is served under Boshscope's own `origin`, so that it may use the same API and feed. */
export async function openPlainList(context: BrowserContext, origin: string): Promise<Page> {
  const page = await context.newPage();
  await page.route("**/plain-list/*", (route) => {
    const name = new URL(route.request().url()).pathname.split("/").at(-1) ?? "";
    return route.fulfill({
      body: readFileSync(join(import.meta.dirname, "plain-list", name)),
      contentType: types[name.split(".").at(-1) ?? ""] ?? "text/plain",
    });
  });
  await page.goto(`${origin}/plain-list/index.html`);
  await page.waitForSelector("body[data-ready]", { timeout: 120_000 });
  return page;
}
