import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findCommand, searchHere } from "../../../src/browser/find-browser.ts";
import {
  firefoxArguments,
  firefoxPreferences,
  prepareFirefoxProfile,
} from "../../../src/browser/firefox-profile.ts";
import { makeRoot } from "../../../src/ca/root.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "boshscope-firefox-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function read(text: string): Map<string, unknown> {
  const preferences = new Map<string, unknown>();
  runInNewContext(text, {
    user_pref: (name: string, value: unknown) => preferences.set(name, value),
  });
  return preferences;
}

test("preferences are a script that Firefox can read, and send all through the proxy", () => {
  const preferences = read(firefoxPreferences("0.0.0.0", 8888));
  expect(preferences.get("network.proxy.type")).toBe(1);
  expect(preferences.get("network.proxy.ssl")).toBe("127.0.0.1");
  expect(preferences.get("network.proxy.ssl_port")).toBe(8888);
  expect(preferences.get("network.proxy.http")).toBe("127.0.0.1");
  expect(preferences.get("network.proxy.no_proxies_on")).toBe("");
  expect(preferences.get("network.proxy.allow_hijacking_localhost")).toBe(true);
  expect(preferences.get("network.proxy.failover_direct")).toBe(false);
});

test("an IPv6 proxy stands without brackets", () => {
  expect(read(firefoxPreferences("[::1]", 1)).get("network.proxy.ssl")).toBe("::1");
});

test("a host can't break out of its string", () => {
  const host = 'x"); user_pref("evil", 1); //';
  expect(read(firefoxPreferences(host, 1)).get("network.proxy.ssl")).toBe(host);
});

test("a profile is its preferences and its certificates; without certutil none is started", async () => {
  const { certificatePem } = await makeRoot(Date.now(), null);
  const env = process.env;
  const start = { profileDir: dir, proxyHost: "127.0.0.1", proxyPort: 1, caPem: certificatePem };
  const preparing = prepareFirefoxProfile({ ...start, env });
  if (process.platform === "win32" || (await findCommand("certutil", searchHere(env))) === null) {
    await expect(preparing).rejects.toMatchObject({ code: "browser-trust" });
    return;
  }
  await preparing;
  expect(await readdir(dir)).toEqual(expect.arrayContaining(["cert9.db", "user.js"]));
  expect(await readFile(join(dir, "user.js"), "utf8")).toBe(firefoxPreferences("127.0.0.1", 1));
});

test("the address comes last, after the caller's own arguments", () => {
  const args = firefoxArguments("/tmp/p", "https://a.test/", ["--headless"]);
  expect(args).toEqual(["-no-remote", "-profile", "/tmp/p", "--headless", "https://a.test/"]);
});
