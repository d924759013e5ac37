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
  [["--proxy-port", "abc"], '"abc" is not a port, which is a whole number from 0 to 65535'],
  [["--max-size", "huge"], '"huge" is not a size such as 500mb or 2gb'],
  [["--max-age", "long"], '"long" is not a time such as 90s'],
  [["--legacy-tls=maybe"], "it is yes or no"],
  [["--data-dir", ""], "it is empty"],
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

test("the file takes names as --print-config has them, and as the API does", () => {
  const folder = mkdtempSync(join(tmpdir(), "boshscope-config-"));
  const file = join(folder, "settings.json");
  const refused = (text: string) => {
    writeFileSync(file, text);
    return capture(() => readConfig(["--config", file], {}));
  };
  writeFileSync(file, JSON.stringify({ "proxy-port": 1111, maxSize: 4096, "max-age": "12h" }));
  const { settings, origins } = readConfig(["--config", file], {});
  expect(settings).toMatchObject({ proxyPort: 1111, maxSize: 4096, maxAge: 43_200_000 });
  expect(origins["proxyPort"]).toBe("file");
  expect(refused('{"proxy-prot": 1}').message).toContain("did you mean proxy-port");
  expect(refused("[1]").message).toContain("it is not a JSON object");
  const none = capture(() => readConfig(["--config", folder], {}));
  expect(none.message).toContain("it is a folder");
  expect(none.remedy).toContain("--config FILE");
  rmSync(folder, { recursive: true });
});

test("defaults are told as they would be typed", () => {
  const told = Object.fromEntries(describeSettings().map(({ flag, fallback }) => [flag, fallback]));
  expect(told).toMatchObject({
    "--max-size": "2gb",
    "--max-age": "7d",
    "--body-limit": "1mb",
    "--proxy-port": "8888",
    "--server-certs": "pin",
    "--finesse": "",
    "--probes": "",
  });
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
