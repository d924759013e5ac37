import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { findBrowser, searchHere } from "../../../src/browser/find-browser.ts";
import { launchBrowser } from "../../../src/browser/launch-browser.ts";
import { prepareNssHome } from "../../../src/browser/nss-profile.ts";
import { type Authority, openAuthority } from "../../../src/ca/authority.ts";
import { startTrustProbe } from "./trust-probe.ts";

let base = "";
let authority: Authority;
let stranger: Authority;
const chromium = await findBrowser("chromium", searchHere(process.env));
const headless = ["--headless", "--disable-gpu", "--disable-dev-shm-usage"];

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "boshscope-launch-"));
  // Profiles of others who run these tests now must not be taken for ours.
  process.env["TMPDIR"] = base;
  authority = await openAuthority(join(base, "ca"), { clock: systemClock });
  stranger = await openAuthority(join(base, "stranger"), { clock: systemClock });
});
afterAll(() => rm(base, { recursive: true, force: true }));

const options = (url: string, proxyPort = 1) => ({
  proxyHost: "127.0.0.1",
  proxyPort,
  caPem: authority.certificatePem,
  url,
});

/** A folder for PATH with a program of that name. */
async function fakeBrowser(name: string, script: string) {
  const folder = await mkdtemp(join(base, "path-"));
  await writeFile(join(folder, name), script);
  await chmod(join(folder, name), 0o755);
  return { folder, env: { ...process.env, PATH: `${folder}:/usr/bin:/bin` } };
}

describe("with a stand-in for the browser", () => {
  test("it gets the profile, the proxy and the address, and its profile goes when it ends", async () => {
    const { folder, env } = await fakeBrowser(
      "google-chrome-stable",
      '#!/bin/sh\nprintf "%s\\n" "$@" > "$0.args"\n: > "$0.ready"\nexec sleep 60\n',
    );
    const launch = await launchBrowser({
      ...options("HTTPS://Fin1.demo.test/x y"),
      env,
      which: "chromium",
    });
    expect(launch.name).toBe("Google Chrome");
    await expect
      .poll(() => existsSync(join(folder, "google-chrome-stable.ready")), { timeout: 5000 })
      .toBe(true);
    const args = (await readFile(join(folder, "google-chrome-stable.args"), "utf8"))
      .trim()
      .split("\n");
    expect(args).toContain(`--user-data-dir=${launch.profileDir}`);
    expect(args).toContain("--proxy-server=http://127.0.0.1:1");
    expect(args.at(-1)).toBe("https://fin1.demo.test/x%20y");
    await writeFile(join(launch.profileDir, "left"), "");
    launch.child.kill();
    await launch.closed;
    expect(existsSync(launch.profileDir)).toBe(false);
  });

  test("a program that can't be started is browser-missing, and leaves no profile", async () => {
    const { env } = await fakeBrowser("google-chrome-stable", "#!/no/such/interpreter\n");
    await expect(
      launchBrowser({ ...options("https://a.test/"), env, which: "chromium" }),
    ).rejects.toMatchObject({ code: "browser-missing" });
    expect(await profiles()).toEqual([]);
  });

  test("an address that is none, or passes for an option, starts nothing", async () => {
    const { env } = await fakeBrowser("google-chrome-stable", "#!/bin/sh\nexit 0\n");
    for (const url of ["--no-sandbox", "nonsense"]) {
      await expect(
        launchBrowser({ ...options(url), env, which: "chromium" }),
      ).rejects.toMatchObject({ code: "browser-trust" });
    }
  });

  test("Firefox without NSS's certutil is browser-trust", async () => {
    const { folder, env } = await fakeBrowser("firefox", "#!/bin/sh\nexit 0\n");
    await expect(
      launchBrowser({
        ...options("https://a.test/"),
        env: { ...env, PATH: folder },
        which: "firefox",
      }),
    ).rejects.toMatchObject({ code: "browser-trust" });
  });
});

const profiles = async () =>
  (await readdir(base)).filter((name) => name.startsWith("boshscope-browser-"));

test("no browser at all is browser-missing", async () => {
  await expect(
    launchBrowser({ ...options("https://a.test/"), env: { PATH: join(base, "empty") } }),
  ).rejects.toMatchObject({ code: "browser-missing", remedy: expect.stringContaining("PATH") });
});

describe("with the Chromium of this machine (browser-missing where there is none)", () => {
  test("a page signed by the root opens, and the profile goes with the browser", {
    timeout: 60_000,
  }, async () => {
    await using probe = await startTrustProbe(authority);
    const url = "https://fin1.demo.test:7443/trusted";
    const launching = launchBrowser({
      ...options(url, probe.port),
      which: "chromium",
      extraArgs: headless,
    });
    if (chromium === null) {
      await expect(launching).rejects.toMatchObject({ code: "browser-missing" });
      return;
    }
    const launch = await launching;
    try {
      expect(await probe.requested("/trusted", 50_000)).toBe("fin1.demo.test:7443");
    } finally {
      launch.child.kill();
      await launch.closed;
    }
    expect(existsSync(launch.profileDir)).toBe(false);
  });

  test("a page signed by any other root does not", { timeout: 60_000 }, async () => {
    await using probe = await startTrustProbe(stranger);
    const url = "https://fin1.demo.test:7443/untrusted";
    const launching = launchBrowser({
      ...options(url, probe.port),
      which: "chromium",
      extraArgs: headless,
    });
    if (chromium === null) {
      await expect(launching).rejects.toMatchObject({ code: "browser-missing" });
      return;
    }
    const launch = await launching;
    try {
      await probe.refused("fin1.demo.test", 50_000);
    } finally {
      launch.child.kill();
      await launch.closed;
    }
  });

  test("an NSS home makes it check leaves in full, and accept them", {
    timeout: 60_000,
  }, async () => {
    await using probe = await startTrustProbe(authority);
    const home = await mkdtemp(join(base, "home-"));
    const preparing = prepareNssHome(home, authority.certificatePem);
    if (chromium === null || process.platform !== "linux") {
      // Nothing to show it to; the database itself is nss-profile's test.
      await Promise.allSettled([preparing]);
      return;
    }
    const env = { ...process.env, ...(await preparing) };
    const child = spawn(
      chromium.path,
      [
        ...headless,
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        `--user-data-dir=${join(home, "profile")}`,
        `--proxy-server=127.0.0.1:${probe.port}`,
        "https://[2001:db8::7]:8445/checked",
      ],
      { env, stdio: "ignore" },
    );
    try {
      expect(await probe.requested("/checked", 50_000)).toBe("[2001:db8::7]:8445");
    } finally {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    }
  });
});
