/** Chromium's own DevTools open our HAR: their front end is served by Chromium's debugging port and driven like any page. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { expect, test } from "vitest";
import { exportCapture } from "../../src/export-capture.ts";
import { captureOf, temporaryFolder } from "../unit/interchange/copies.ts";
import { allShapes, shapeNames } from "../unit/interchange/shapes.ts";

interface Target {
  readonly id: string;
  readonly url: string;
}

/** The DevTools of an empty tab, as a page. */
async function openDevTools(context: BrowserContext, profile: string): Promise<Page> {
  const watched = await context.newPage();
  await watched.goto("data:text/html,watched");
  const [port] = readFileSync(join(profile, "DevToolsActivePort"), "utf8").split("\n");
  const answer = await fetch(`http://127.0.0.1:${port}/json`);
  const target = ((await answer.json()) as Target[]).find(({ url }) => url.startsWith("data:"));
  expect(target).toBeDefined();
  const page = await context.newPage();
  const socket = `127.0.0.1:${port}/devtools/page/${target?.id}`;
  await page.goto(`http://127.0.0.1:${port}/devtools/devtools_app.html?ws=${socket}&panel=network`);
  return page;
}

interface Shown {
  readonly name: string;
  readonly status: string;
  readonly time: string;
}

async function shownBy(devTools: Page, har: string): Promise<Shown[]> {
  const chosen = devTools.waitForEvent("filechooser");
  await devTools.getByRole("button", { name: /Import HAR/ }).click();
  await (await chosen).setFiles(har);
  const rows = devTools.locator("tbody tr.data-grid-data-grid-node");
  await rows.nth(shapeNames.length - 1).waitFor();
  const cells = await rows.evaluateAll((all) =>
    all.map((row) => ({
      name: row.querySelector<HTMLElement>(".name-column")?.innerText ?? "",
      status: row.querySelector<HTMLElement>(".status-column")?.innerText ?? "",
      time: row.querySelector<HTMLElement>(".time-column")?.innerText ?? "",
    })),
  );
  return cells.map(({ name, status, time }) => ({
    name: name.trim(),
    status: status.trim(),
    // A narrow space stands before the unit.
    time: time.replace(/\s/gu, " ").trim(),
  }));
}

test("our HAR in DevTools: every exchange has its row, also one without an answer", async () => {
  using folder = temporaryFolder();
  await using original = await captureOf(allShapes());
  const out = join(folder.path, "shapes.har");
  const whole = {
    format: "har",
    captureId: null,
    query: "",
    redact: null,
    password: null,
  } as const;
  await exportCapture({ source: original.path, out, ...whole }, () => undefined);
  const profile = join(folder.path, "profile");
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--remote-debugging-port=0",
      "--remote-allow-origins=*",
    ],
  });
  try {
    const shown = await shownBy(await openDevTools(context, profile), out);
    const byShape = new Map(shown.map((row, index) => [shapeNames[index], row]));
    expect(shown).toHaveLength(shapeNames.length);
    expect(byShape.get("answered")).toMatchObject({ name: "1001003", status: "200" });
    // DevTools have no word for it: what has no status is "Finished".
    expect(byShape.get("pending")).toEqual({
      name: "http-bind/",
      status: "Finished",
      time: "17.00 s",
    });
    expect(byShape.get("aborted by the client")).toMatchObject({
      status: "Finished",
      time: "8.00 s",
    });
    expect(byShape.get("cut in the middle of the body")).toMatchObject({ status: "200" });
    expect(byShape.get("WebSocket")).toMatchObject({ name: "ws/", status: "101" });
    expect(byShape.get("0 bytes")).toMatchObject({ status: "204" });
    expect(byShape.get("tunnel")).toMatchObject({ name: "cuic1.demo.test", status: "200" });
  } finally {
    await context.close();
  }
});
