/** How commands end when they are told to, by whatever way: nothing that was recorded is lost, nothing that passed through is left. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { waitFor } from "../support/boshscope-process.ts";

const entry = fileURLToPath(new URL("../../scripts/boshscope.mjs", import.meta.url));
/** On many machines npm's is older than the one that came with the checkout: then two processes get the signal. */
const nodeOfNpm = process.env["npm_node_execpath"] ?? process.execPath;

interface Run {
  readonly pid: number;
  readonly output: () => string;
  readonly errors: () => string;
  readonly ended: Promise<number | null>;
}

/** In a process group of its own, with its own temporary folder. */
function boshscope(folder: string, ...argv: readonly string[]): Run {
  const child = spawn(nodeOfNpm, [entry, ...argv], {
    detached: true,
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (text) => (output += String(text)));
  child.stderr.on("data", (text) => (errors += String(text)));
  return {
    pid: child.pid ?? 0,
    output: () => output,
    errors: () => errors,
    ended: once(child, "close").then(([code]) => code as number | null),
  };
}

interface Folder extends Disposable {
  readonly path: string;
  readonly temporary: string;
}

function scratch(): Folder {
  const path = mkdtempSync(join(tmpdir(), "boshscope-ending-"));
  const temporary = join(path, "tmp");
  mkdirSync(temporary);
  return {
    path,
    temporary,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)(
  "capture writes its file when its whole group gets %s",
  async (signal) => {
    using folder = scratch();
    const [out, data] = [join(folder.path, "shift.har"), join(folder.path, "data")];
    const ports = ["--no-probes", "--proxy-port", "0", "--page-port", "0", "--data-dir", data];
    const run = boshscope(folder.temporary, "capture", "--out", out, ...ports);
    await waitFor(() => run.output().includes("recording"), 30_000, run.errors);
    process.kill(-run.pid, signal);
    expect(await run.ended).toBe(0);
    expect(run.output()).toContain('"state":"written"');
    expect(statSync(out).size).toBeGreaterThan(100);
    expect(existsSync(join(data, "boshscope.lock"))).toBe(false);
    expect(readdirSync(folder.temporary)).toEqual([]);
  },
);

/** Enough to be at work for some seconds. */
function harWithSecrets(path: string): void {
  const entry = {
    time: 5,
    request: {
      method: "GET",
      url: "https://fin1.demo.test:8445/finesse/api/User/1001001",
      httpVersion: "HTTP/1.1",
      headers: [{ name: "Authorization", value: "Basic MTAwMTAwMTpHZWhlaW0xMjM0" }],
      cookies: [],
      queryString: [],
      headersSize: -1,
      bodySize: 0,
    },
    response: {
      status: 200,
      statusText: "OK",
      httpVersion: "HTTP/1.1",
      headers: [],
      cookies: [],
      content: { size: 0, mimeType: "text/xml" },
      redirectURL: "",
      headersSize: -1,
      bodySize: 0,
    },
    cache: {},
    timings: { send: 1, wait: 3, receive: 1 },
  };
  const start = Date.parse("2026-03-01T10:00:00.000Z");
  const entries = Array.from({ length: 30_000 }, (_, index) => ({
    ...entry,
    startedDateTime: new Date(start + 20 * index).toISOString(),
  }));
  const log = { version: "1.2", creator: { name: "t", version: "1" }, entries };
  writeFileSync(path, JSON.stringify({ log }));
}

test.each(["SIGINT", "SIGTERM"] as const)("redact leaves nothing behind on %s", async (signal) => {
  using folder = scratch();
  const har = join(folder.path, "secret.har");
  harWithSecrets(har);
  const run = boshscope(folder.temporary, "redact", har, "--out", join(folder.path, "out.har"));
  const filled = (): boolean =>
    readdirSync(folder.temporary, { recursive: true }).some((name) =>
      String(name).endsWith(".sqlite"),
    );
  await waitFor(filled, 30_000, run.errors);
  const toldAt = performance.now();
  process.kill(-run.pid, signal);
  expect(await run.ended).toBe(signal === "SIGINT" ? 130 : 143);
  expect(performance.now() - toldAt).toBeLessThan(10_000);
  expect(readdirSync(folder.temporary)).toEqual([]);
  expect(existsSync(join(folder.path, "out.har"))).toBe(false);
});

test("whoever reads a part of the output only is no failure", async () => {
  using folder = scratch();
  const child = spawn("sh", ["-c", `"${nodeOfNpm}" "${entry}" help --man | true`], {
    env: { ...process.env, TMPDIR: folder.temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (text) => (errors += String(text)));
  await once(child, "close");
  expect(errors).toBe("");
});
