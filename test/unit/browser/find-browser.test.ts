import { basename, dirname } from "node:path";
import { expect, test } from "vitest";
import {
  type BrowserSearch,
  findBrowser,
  findCommand,
  searchHere,
} from "../../../src/browser/find-browser.ts";

const search = (
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  ...installed: string[]
): BrowserSearch => ({
  platform,
  env,
  home: "/Users/ana",
  isExecutable: (path) => Promise.resolve(installed.includes(path)),
});

test("Linux: PATH is searched, Chrome before Chromium before Firefox", async () => {
  const env = { PATH: "/usr/local/bin:/usr/bin" };
  const all = ["/usr/bin/firefox", "/usr/bin/chromium", "/usr/local/bin/google-chrome"];
  const found = (installed: string[]) => findBrowser(undefined, search("linux", env, ...installed));
  expect(await found(all)).toEqual({
    family: "chromium",
    name: "Google Chrome",
    path: "/usr/local/bin/google-chrome",
  });
  expect((await found(all.slice(0, 2)))?.path).toBe("/usr/bin/chromium");
  expect((await found(all.slice(0, 1)))?.name).toBe("Firefox");
  expect(await found([])).toBeNull();
});

test("a family that is asked for is the only one looked for", async () => {
  const here = search("linux", { PATH: "/usr/bin" }, "/usr/bin/chromium", "/usr/bin/firefox-esr");
  expect((await findBrowser("firefox", here))?.path).toBe("/usr/bin/firefox-esr");
  expect(
    await findBrowser("firefox", search("linux", { PATH: "/usr/bin" }, "/usr/bin/chromium")),
  ).toBeNull();
});

test("Windows: program folders, of the machine and of the user", async () => {
  const env = {
    ProgramFiles: "C:\\Program Files",
    "ProgramFiles(x86)": "C:\\Program Files (x86)",
    LOCALAPPDATA: "C:\\Users\\ana\\AppData\\Local",
  };
  const edge = "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe";
  const chrome = "C:\\Users\\ana\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe";
  expect((await findBrowser(undefined, search("win32", env, edge)))?.name).toBe("Microsoft Edge");
  expect((await findBrowser(undefined, search("win32", env, edge, chrome)))?.path).toBe(chrome);
  expect(await findBrowser(undefined, search("win32", {}, edge))).toBeNull();
});

test("macOS: applications of the machine and of the user", async () => {
  const mine = "/Users/ana/Applications/Firefox.app/Contents/MacOS/firefox";
  expect((await findBrowser(undefined, search("darwin", {}, mine)))?.path).toBe(mine);
  const chrome = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  expect((await findBrowser(undefined, search("darwin", {}, mine, chrome)))?.path).toBe(chrome);
});

test("relative folders in PATH choose nothing", async () => {
  const here = search("linux", { PATH: ".::bin:/usr/bin" }, "chromium", "bin/chromium");
  expect(await findCommand("chromium", here)).toBeNull();
});

test("a command of this machine is found, one that is no command is not", async () => {
  const here = searchHere({ PATH: dirname(process.execPath) });
  expect(await findCommand(basename(process.execPath, ".exe"), here)).toBe(process.execPath);
  expect(await findCommand("no-such-command", here)).toBeNull();
});
