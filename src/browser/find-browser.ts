/** Where the known browsers are installed, by platform, and which is there first. Knows paths, starts nothing. */
import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

export type BrowserFamily = "chromium" | "firefox";

export interface FoundBrowser {
  readonly family: BrowserFamily;
  /** For people: `Google Chrome`. */
  readonly name: string;
  readonly path: string;
}

export interface BrowserSearch {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly isExecutable: (path: string) => Promise<boolean>;
}

interface KnownBrowser {
  readonly family: BrowserFamily;
  readonly name: string;
  /** File names looked for in PATH. */
  readonly commands: readonly string[];
  /** Below the program folders of Windows. */
  readonly windows?: string;
  /** Below the application folders of macOS. */
  readonly mac?: string;
}

/** In order of choice: what Finesse agents use first. */
const known: readonly KnownBrowser[] = [
  {
    family: "chromium",
    name: "Google Chrome",
    commands: ["google-chrome-stable", "google-chrome"],
    windows: "Google\\Chrome\\Application\\chrome.exe",
    mac: "Google Chrome.app/Contents/MacOS/Google Chrome",
  },
  {
    family: "chromium",
    name: "Microsoft Edge",
    commands: ["microsoft-edge-stable", "microsoft-edge"],
    windows: "Microsoft\\Edge\\Application\\msedge.exe",
    mac: "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  },
  {
    family: "chromium",
    name: "Chromium",
    commands: ["chromium", "chromium-browser"],
    windows: "Chromium\\Application\\chrome.exe",
    mac: "Chromium.app/Contents/MacOS/Chromium",
  },
  {
    family: "firefox",
    name: "Firefox",
    commands: ["firefox", "firefox-esr"],
    windows: "Mozilla Firefox\\firefox.exe",
    mac: "Firefox.app/Contents/MacOS/firefox",
  },
];

/** The first browser that is there, of that family if one is named; null when there is none. */
export async function findBrowser(
  which: BrowserFamily | undefined,
  search: BrowserSearch,
): Promise<FoundBrowser | null> {
  for (const browser of known) {
    if (which !== undefined && browser.family !== which) continue;
    for (const candidate of candidatePaths(browser, search)) {
      if (await search.isExecutable(candidate)) {
        return { family: browser.family, name: browser.name, path: candidate };
      }
    }
  }
  return null;
}

/** The full path of a command in PATH; null when it is not there. */
export async function findCommand(command: string, search: BrowserSearch): Promise<string | null> {
  for (const candidate of inPath(command, search)) {
    if (await search.isExecutable(candidate)) return candidate;
  }
  return null;
}

export const searchHere = (env: NodeJS.ProcessEnv): BrowserSearch => ({
  platform: process.platform,
  env,
  home: homedir(),
  isExecutable: (file) =>
    access(file, constants.X_OK).then(
      () => true,
      () => false,
    ),
});

function candidatePaths(browser: KnownBrowser, search: BrowserSearch): readonly string[] {
  const { env, home } = search;
  const { windows, mac } = browser;
  if (search.platform === "win32") {
    const roots = ["ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "LOCALAPPDATA"];
    return roots.flatMap((root) => {
      const folder = env[root];
      return folder && windows ? [path.win32.join(folder, windows)] : [];
    });
  }
  if (search.platform === "darwin" && mac !== undefined) {
    return ["/Applications", path.posix.join(home, "Applications")].map((folder) =>
      path.posix.join(folder, mac),
    );
  }
  return browser.commands.flatMap((command) => inPath(command, search));
}

function inPath(command: string, search: BrowserSearch): string[] {
  const windows = search.platform === "win32";
  const { delimiter, join, isAbsolute } = windows ? path.win32 : path.posix;
  // Relative folders in PATH would let the current folder choose the program.
  const folders = (search.env["PATH"] ?? search.env["Path"] ?? "")
    .split(delimiter)
    .filter(isAbsolute);
  return folders.map((folder) => join(folder, windows ? `${command}.exe` : command));
}
