import { createHash, createPublicKey } from "node:crypto";
import { expect, test } from "vitest";
import { chromiumArguments, keyHash, reachable } from "../../../src/browser/chromium-arguments.ts";
import { makeRoot } from "../../../src/ca/root.ts";

const { certificatePem, keyPem } = await makeRoot(Date.now(), null);
const start = {
  profileDir: "/tmp/profile",
  proxyHost: "127.0.0.1",
  proxyPort: 8888,
  caPem: certificatePem,
  url: "https://fin1.demo.test:8445/",
  asRoot: false,
  extraArgs: ["--headless"],
};

test("the key's hash is that of the root's SPKI, not of its certificate", () => {
  const spki = createPublicKey(keyPem).export({ type: "spki", format: "der" });
  const hash = createHash("sha256").update(spki).digest("base64");
  expect(keyHash(certificatePem)).toBe(hash);
  expect(chromiumArguments(start)).toContain(`--ignore-certificate-errors-spki-list=${hash}`);
});

test("everything goes through the proxy, loopback included, from a profile of its own", () => {
  const args = chromiumArguments(start);
  expect(args).toContain("--proxy-server=http://127.0.0.1:8888");
  expect(args).toContain("--proxy-bypass-list=<-loopback>");
  expect(args).toContain("--user-data-dir=/tmp/profile");
  expect(args.slice(-2)).toEqual(["--headless", "https://fin1.demo.test:8445/"]);
});

test("the sandbox goes only for root, and errors are ignored only for this key", () => {
  expect(chromiumArguments(start)).not.toContain("--no-sandbox");
  expect(chromiumArguments({ ...start, asRoot: true })).toContain("--no-sandbox");
  expect(chromiumArguments(start)).not.toContain("--ignore-certificate-errors");
});

test.each([
  ["127.0.0.1", "127.0.0.1"],
  ["0.0.0.0", "127.0.0.1"],
  ["::", "[::1]"],
  ["::1", "[::1]"],
  ["[::1]", "[::1]"],
  ["10.0.0.5", "10.0.0.5"],
])("a proxy listening on %s is dialled at %s", (listening, dialled) => {
  expect(reachable(listening)).toBe(dialled);
});

test("text that is no certificate is refused", () => {
  expect(() => keyHash("nonsense")).toThrow();
});
