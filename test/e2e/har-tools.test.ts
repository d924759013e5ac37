/** HAR with a tool nobody here wrote: Playwright records the same traffic as Boshscope, and replays Boshscope's file without a server. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { BrowserContext } from "playwright-core";
import { expect, test } from "vitest";
import { silentLog } from "../../src/base/log.ts";
import { importFile } from "../../src/capture-folder.ts";
import { openReader } from "../../src/store/open-reader.ts";
import { startBoshscopeProcess } from "../support/boshscope-process.ts";
import { launchChromium } from "../support/chromium.ts";

/** Plain HTTP is recorded on the ports where Finesse speaks it. */
const host = "http://fin.demo.test:7071";
const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const pageText = `<!doctype html><meta charset="utf-8"><title>Añil</title><img id="i" src="/picture.png"><pre id="out"></pre><script>
(async () => {
  const texts = [];
  texts.push(await (await fetch("/packed")).text());
  texts.push(await (await fetch("/form", { method: "POST", body: "a=1&b=ñ" })).text());
  texts.push(String((await fetch("/empty")).status));
  texts.push(await (await fetch("/missing")).text());
  await document.getElementById("i").decode();
  document.getElementById("out").textContent = texts.join("|");
  document.title = "done";
})();
</script>`;
const expected = "ñandú ñandú ñandú |you sent a=1&b=ñ|204|not here";

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer | string;
  readonly packed?: true;
}
const text = "text/plain; charset=utf-8";
const answers: Readonly<Record<string, (sent: string) => Answer>> = {
  "/": () => ({ status: 200, type: "text/html; charset=utf-8", body: pageText }),
  "/packed": () => ({ status: 200, type: text, body: gzipSync("ñandú ".repeat(3)), packed: true }),
  "/picture.png": () => ({ status: 200, type: "image/png", body: picture }),
  "/form": (sent) => ({ status: 200, type: text, body: `you sent ${sent}` }),
  "/empty": () => ({ status: 204, type: text, body: "" }),
};
const missing = (): Answer => ({ status: 404, type: "text/plain", body: "not here" });

async function startSite(): Promise<Server> {
  const server = createServer((request, response) => {
    let sent = "";
    request.setEncoding("utf8").on("data", (part: string) => (sent += part));
    request.on("end", () => {
      const { status, type, body, packed } = (answers[request.url ?? ""] ?? missing)(sent);
      const coding = packed === true ? { "Content-Encoding": "gzip" } : {};
      response.writeHead(status, { "Content-Type": type, ...coding }).end(body);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function shownBy(context: BrowserContext): Promise<string> {
  const page = await context.newPage();
  await page.goto(`${host}/`);
  await page.waitForFunction("document.title === 'done'");
  const text = await page.locator("#out").innerText();
  expect(await page.evaluate("document.getElementById('i').naturalWidth")).toBe(1);
  await context.close();
  return text;
}

interface Row {
  readonly method: string;
  readonly path: string;
  readonly status: number | string;
  readonly body: string;
}

/** Method, path, status and body of everything in a capture file. */
async function rowsOf(path: string, captureId: string): Promise<Row[]> {
  const reader = openReader(path, { captureId: () => captureId, log: silentLog });
  try {
    const page = await reader.exchanges({ since: 0, limit: 100, captureId });
    const rows = JSON.parse(page.rows) as {
      id: string;
      method: string;
      url: string;
      outcome: { kind: string; status?: number };
    }[];
    const told = await Promise.all(
      rows.map(async ({ id, method, url, outcome }) => {
        const body = await reader.body(id, "response");
        return {
          method,
          path: new URL(url).pathname,
          status: outcome.status ?? outcome.kind,
          body: Buffer.from(body?.bytes ?? []).toString("base64"),
        };
      }),
    );
    return told
      .filter(({ path: of }) => of !== "/favicon.ico")
      .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  } finally {
    await reader.close();
  }
}

test("Playwright's own HAR says the same as ours, and it replays ours with no server there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "boshscope-har-tools-"));
  const site = await startSite();
  const { port } = site.address() as AddressInfo;
  try {
    const [theirs, ours] = [join(folder, "playwright.har"), join(folder, "boshscope.har")];
    await using boshscope = await startBoshscopeProcess([
      "--resolve",
      `fin.demo.test:7071:127.0.0.1:${port}`,
    ]);
    {
      await using chromium = await launchChromium({ proxyPort: boshscope.proxyPort });
      const context = await chromium.browser.newContext({
        recordHar: { path: theirs, mode: "full" },
      });
      expect(await shownBy(context)).toBe(expected);
    }
    await boshscope.until(
      (rows) => rows.length >= 6 && rows.every(({ outcome }) => outcome.kind !== "pending"),
      "host:fin.demo.test",
    );
    writeFileSync(ours, await boshscope.raw("/export.har?redact=no&q=host:fin.demo.test"));
    site.close();
    site.closeAllConnections();

    const rows = await Promise.all(
      [theirs, ours].map(async (path) => {
        const imported = await importFile(path, {
          folder,
          password: null,
          keys: null,
          keepSecrets: false,
          bodyLimit: 1_000_000,
          onProgress: () => undefined,
        });
        return rowsOf(imported.path, imported.captureId);
      }),
    );
    expect(rows[0]).toEqual(rows[1]);
    expect(rows[1]?.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
      "GET / 200",
      "GET /empty 204",
      "POST /form 200",
      "GET /missing 404",
      "GET /packed 200",
      "GET /picture.png 200",
    ]);

    await using alone = await launchChromium({});
    const context = await alone.browser.newContext();
    await context.routeFromHAR(ours, { notFound: "abort" });
    expect(await shownBy(context)).toBe(expected);
  } finally {
    site.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
