/** Starts a browser with a throw-away profile that uses the proxy and trusts the root CA; nothing on the system is changed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BoshscopeError, fail, reasonOf } from "../base/errors.ts";
import { chromiumArguments } from "./chromium-arguments.ts";
import { type BrowserFamily, type FoundBrowser, findBrowser, searchHere } from "./find-browser.ts";
import { firefoxArguments, prepareFirefoxProfile } from "./firefox-profile.ts";

export interface BrowserLaunch {
  readonly name: string;
  readonly path: string;
  readonly profileDir: string;
  readonly child: ChildProcess;
  /** Resolves once the browser has ended and its profile is removed; never rejects. */
  readonly closed: Promise<void>;
}

export interface BrowserOptions {
  /** Where the proxy listens; `0.0.0.0` and `::` are dialled as loopback. */
  readonly proxyHost: string;
  readonly proxyPort: number;
  readonly caPem: string;
  readonly url: string;
  readonly extraArgs?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly which?: BrowserFamily;
}

/** Fails with `browser-missing`, or with `browser-trust` when the profile can't be made to trust the root. */
export async function launchBrowser(options: BrowserOptions): Promise<BrowserLaunch> {
  const env = options.env ?? process.env;
  const browser = await findBrowser(options.which, searchHere(env));
  if (browser === null) throw fail("browser-missing");
  const profileDir = await mkdtemp(join(tmpdir(), "boshscope-browser-"));
  try {
    const args = await prepare(browser, profileDir, options, env);
    const child = spawn(browser.path, args, { env, stdio: "ignore" });
    await spawned(child);
    // Later errors are signals that could not be sent; whoever sent them sees that from kill's answer.
    child.on("error", (error) => process.emitWarning(`${browser.name}: ${error.message}`));
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const closed = ended.then(() => removeProfile(profileDir));
    return { name: browser.name, path: browser.path, profileDir, child, closed };
  } catch (thrown) {
    await removeProfile(profileDir);
    throw thrown;
  }
}

async function prepare(
  browser: FoundBrowser,
  profileDir: string,
  options: BrowserOptions,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const { proxyHost, proxyPort, caPem, extraArgs = [] } = options;
  try {
    // Parsed, so that no address can pass for an option of the browser.
    const url = new URL(options.url).href;
    if (browser.family === "firefox") {
      await prepareFirefoxProfile({ profileDir, proxyHost, proxyPort, caPem, env });
      return firefoxArguments(profileDir, url, extraArgs);
    }
    const asRoot = process.platform === "linux" && process.getuid?.() === 0;
    return chromiumArguments({ profileDir, proxyHost, proxyPort, caPem, url, asRoot, extraArgs });
  } catch (thrown) {
    if (thrown instanceof BoshscopeError) throw thrown;
    const remedy = "Set the proxy in your browser by hand (README, first capture).";
    throw fail("browser-trust", { why: reasonOf(thrown), remedy }, thrown);
  }
}

async function spawned(child: ChildProcess): Promise<void> {
  try {
    await once(child, "spawn");
  } catch (thrown) {
    throw fail("browser-missing", {}, thrown);
  }
}

/** The browser's own children may still write for a moment; what resists for four seconds is left to the system's clean-up. */
async function removeProfile(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true, maxRetries: 8, retryDelay: 100 }).catch(
    (thrown: unknown) => process.emitWarning(`left behind: ${dir} (${reasonOf(thrown)})`),
  );
}
