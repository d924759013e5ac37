/** From the command line alone: recorded until SIGTERM, redacted, judged, taken in again, and at last shown in a page. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { waitFor } from "../support/boshscope-process.ts";
import { launchChromium } from "../support/chromium.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

type Line = Readonly<Record<string, unknown>>;

interface Started {
  readonly child: ChildProcess;
  /** Lines of its standard output, as JSON. */
  readonly lines: () => Line[];
  readonly error: () => string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

function boshscope(...argv: readonly string[]): Started {
  const child = spawn(process.execPath, ["scripts/boshscope.mjs", ...argv], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (text) => (output += String(text)));
  child.stderr.on("data", (text) => (errors += String(text)));
  return {
    child,
    lines: () =>
      output
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Line),
    error: () => errors,
    ended: once(child, "close").then(([code]) => code as number | null),
  };
}

async function done(...argv: readonly string[]): Promise<{ code: number | null; line: Line }> {
  const started = boshscope(...argv);
  const code = await started.ended;
  const [line] = started.lines();
  if (line === undefined) throw new Error(`${argv.join(" ")}: ${code} ${started.error()}`);
  return { code, line };
}

/** Polls as a desktop sends them, by way of the proxy; the last of them is never answered. */
async function startPolls(proxyPort: number): Promise<{ close(): void }> {
  const send = (rid: number, url: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const sent = request(
        {
          host: "127.0.0.1",
          port: proxyPort,
          method: "POST",
          path: url,
          headers: { "content-type": "text/xml" },
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (part: string) => (text += part));
          response.on("end", () => resolve(text));
        },
      );
      sent.on("error", reject);
      sent.end(`<body rid='${rid}' sid='f382a015' xmlns='http://jabber.org/protocol/httpbind'/>`);
      closers.push(() => sent.destroy());
    });
  const closers: (() => void)[] = [];
  const url = "http://fin1.demo.test:7071/http-bind/";
  for (const rid of [7, 8]) expect(await send(rid, url)).toContain("<body");
  send(9, url).catch(() => undefined);
  return { close: () => closers.forEach((close) => close()) };
}

async function health(started: Line): Promise<{ pending: number }> {
  const { port, url } = started["page"] as { port: number; url: string };
  const token = new URL(url).searchParams.get("token") ?? "";
  const answer = await fetch(`http://127.0.0.1:${port}/api/health`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return (await answer.json()) as { pending: number };
}

/** More than closing takes, less than the commands after it. */
const closingMs = 1500;

test("capture, redact, analyze, import and open", async () => {
  const folder = mkdtempSync(join(tmpdir(), "boshscope-headless-"));
  let asked = 0;
  const server = createServer((_request, response) => {
    asked++;
    if (asked < 3)
      response
        .writeHead(200, { "Content-Type": "text/xml" })
        .end("<body xmlns='http://jabber.org/protocol/httpbind'/>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const [data, saz, copy] = ["data", "shift.saz", "copy.boshscope"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const ports = ["--no-probes", "--proxy-port", "0", "--page-port", "0", "--data-dir", data];
  const recorder = boshscope(
    "capture",
    "--out",
    saz,
    ...ports,
    "--resolve",
    `fin1.demo.test:7071:127.0.0.1:${port}`,
  );
  try {
    await waitFor(
      () => recorder.lines().length > 0 || recorder.child.exitCode !== null,
      30_000,
      recorder.error,
    );
    const [started = {}] = recorder.lines();
    expect(started).toMatchObject({
      state: "recording",
      captureId: expect.stringMatching(/^c/) as string,
    });
    const { port: proxyPort } = started["proxy"] as { port: number };
    const polls = await startPolls(proxyPort);
    await waitFor(() => asked === 3, 10_000);
    const heldSince = performance.now();
    await waitFor(async () => (await health(started)).pending === 1, 10_000);
    const heldUntil = performance.now() - heldSince;
    recorder.child.kill("SIGTERM");
    expect(await recorder.ended).toBe(0);
    polls.close();
    expect(recorder.lines()[1]).toMatchObject({
      state: "written",
      format: "saz",
      exchanges: 3,
      redacted: true,
    });

    const redacted = await done(
      "redact",
      saz,
      "--out",
      copy,
      "--format",
      "native",
      "--redact-hosts",
    );
    expect(redacted).toMatchObject({ code: 0, line: { format: "boshscope", exchanges: 3 } });
    expect(await done("analyze", copy)).toMatchObject({
      line: { findings: expect.any(Array) as unknown[] },
    });
    const imported = await done("import", copy, "--data-dir", data);
    expect(imported.line).toMatchObject({ exchanges: 3, pending: 1, sessions: 1 });

    const view = boshscope("open", copy, "--no-open");
    await waitFor(
      () => view.lines().length > 0 || view.child.exitCode !== null,
      30_000,
      view.error,
    );
    const [shown = {}] = view.lines();
    const { url } = shown["page"] as { url: string };
    await using chromium = await launchChromium({});
    const page = await chromium.browser.newPage();
    await page.goto(url);
    await page.getByTestId("alert-file-viewed").getByText("copy.boshscope").waitFor();
    await page.getByTestId("row-count").filter({ hasText: "3 rows" }).waitFor();
    const waiting = page
      .locator(".row")
      .filter({ hasText: "http-bind" })
      .last()
      .getByTestId("hold");
    // Its clock stands: it had not waited longer than until the end of the capture.
    const seconds = Number.parseFloat(await waiting.innerText());
    expect(seconds).toBeLessThan((heldUntil + closingMs) / 1000);
    expect(performance.now() - heldSince).toBeGreaterThan(heldUntil + closingMs);
    await page.locator(".row").first().click();
    await page
      .locator(".row")
      .nth(1)
      .click({ modifiers: ["Shift"] });
    await page.getByTestId("export").click();
    await page.getByTestId("export-report").waitFor();
    await page.getByTestId("export-format").selectOption("har");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByTestId("export-save").click(),
    ]);
    const har = JSON.parse(readFileSync(await file.path(), "utf8")) as {
      log: { entries: object[] };
    };
    expect(har.log.entries).toHaveLength(2);
    view.child.kill("SIGTERM");
    expect(await view.ended).toBe(0);
  } finally {
    recorder.child.kill("SIGKILL");
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
});
