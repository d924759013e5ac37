import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeSettings, listSettings, readConfig } from "../../src/config.ts";

test("defaults are Fiddler's port, this machine only, and secrets replaced", () => {
  const { settings, origins } = readConfig([], {});
  expect(settings).toMatchObject({
    proxyPort: 8888,
    pagePort: 8889,
    host: "127.0.0.1",
    keepSecrets: false,
    serverCerts: "pin",
  });
  expect(origins["proxyPort"]).toBe("default");
});

test("a flag beats the environment, which beats the file", () => {
  const folder = mkdtempSync(join(tmpdir(), "boshscope-config-"));
  const file = join(folder, "settings.json");
  writeFileSync(file, JSON.stringify({ proxyPort: 1111, pagePort: 2222, host: "127.0.0.9" }));
  const { settings, origins } = readConfig(["--config", file, "--proxy-port", "0"], {
    BOSHSCOPE_PROXY_PORT: "3333",
    BOSHSCOPE_PAGE_PORT: "4444",
  });
  expect(settings).toMatchObject({ proxyPort: 0, pagePort: 4444, host: "127.0.0.9" });
  expect(origins).toMatchObject({
    proxyPort: "flag",
    pagePort: "environment",
    host: "file",
    maxAge: "default",
  });
  rmSync(folder, { recursive: true });
});

test("lists, switches and their no- form, units", () => {
  const { settings } = readConfig(
    [
      "--finesse",
      "fin1",
      "--finesse=fin2:443,8443",
      "--resolve",
      "fin1:7443:127.0.0.1:50000",
      "--legacy-tls",
      "--no-probes",
      "--max-size",
      "10mb",
      "--max-age",
      "12h",
      "--ca-permit",
      "ucce.local,10.0.0.0/8",
    ],
    {},
  );
  expect(settings.finesse).toEqual([
    { host: "fin1", ports: null },
    { host: "fin2", ports: [443, 8443] },
  ]);
  expect(settings.resolve).toEqual([{ from: "fin1:7443", address: "127.0.0.1", port: 50_000 }]);
  expect(settings).toMatchObject({
    legacyTls: true,
    probes: false,
    maxSize: 10 * 1024 * 1024,
    maxAge: 43_200_000,
    caPermit: ["ucce.local", "10.0.0.0/8"],
  });
});

test.each([
  [["--proxy-prot", "1"], "--proxy-port"],
  [["--proxy-port", "99999"], "--proxy-port"],
  [["--proxy-port"], "needs a value"],
  [["--max-size", "much"], "--max-size"],
  [["--resolve", "fin1:7443"], "--resolve"],
  [["--server-certs", "never"], "--server-certs"],
  [["--token", "short"], "--token"],
])("%j is refused with the word to use", (argv, expected) => {
  const error = capture(() => readConfig(argv, {}));
  expect(error.code).toBe("config-invalid");
  expect(`${error.message} ${error.remedy}`).toContain(expected);
});

test("--print-config never shows the token, nor where a webhook posts to", () => {
  const webhook = "https://hooks.example.test/services/very-secret-path";
  const argv = ["--token", "very-secret-token", "--notify-webhook", webhook];
  const settings = listSettings(readConfig(argv, {}));
  expect(JSON.stringify(settings)).not.toContain("very-secret");
  expect(settings.find(({ name }) => name === "notify-webhook")?.value).toBe("(set)");
});

test("every setting explains itself", () => {
  for (const { about } of describeSettings()) expect(about.length).toBeGreaterThan(20);
});

function capture(action: () => unknown): { code: string; message: string; remedy: string } {
  try {
    action();
  } catch (error) {
    return error as { code: string; message: string; remedy: string };
  }
  throw new Error("nothing was refused");
}
