/** The files of the agent desktop page and its tunnel frame, read once. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

const folder = fileURLToPath(new URL("../desktop-page/", import.meta.url));
const html = "text/html;charset=UTF-8";
const script = "text/javascript;charset=UTF-8";

/** Path of the URL → file and type. */
const files: Readonly<Record<string, readonly [path: string, type: string]>> = {
  "/desktop/": ["desktop.html", html],
  "/desktop/desktop.js": ["desktop.js", script],
  "/desktop/desktop.css": ["desktop.css", "text/css;charset=UTF-8"],
  "/tunnel/": ["tunnel.html", html],
  "/tunnel/tunnel.js": ["tunnel.js", script],
};
const strophePath = "/tunnel/strophe.umd.min.js";
const cache = new Map<string, PageFile>();

/** The file at that path, or null. */
export function pageFile(pathname: string): PageFile | null {
  const path = pathname === "/desktop" || pathname === "/tunnel" ? `${pathname}/` : pathname;
  const cached = cache.get(path);
  if (cached !== undefined) return cached;
  const [name, type] = files[path] ?? [];
  const at = path === strophePath ? stropheFile() : name === undefined ? null : join(folder, name);
  if (at === null) return null;
  const file = { type: type ?? script, body: readFileSync(at) };
  cache.set(path, file);
  return file;
}

/** Built for browsers, beside the package's entry. */
const stropheFile = (): string =>
  join(dirname(createRequire(import.meta.url).resolve("strophe.js")), "strophe.umd.min.js");
