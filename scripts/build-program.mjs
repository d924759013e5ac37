/**
 * The whole program as JS in dist/, for the package: Node strips no types under node_modules. Types are blanked out, so lines stay where they are.
 * Run by the Node that comes with the packages.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "src");
/** Of the package's own files; a thread's file is named in the same way. */
const ownFile = /(["'])(\.{1,2}\/[^"'\n]+)\.ts\1/g;
const kept = new Set([".html", ".css", ".js"]);

for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
  const from = join(entry.parentPath, entry.name);
  const to = join(root, "dist", relative(source, from));
  if (!entry.isFile()) continue;
  mkdirSync(dirname(to), { recursive: true });
  if (kept.has(extname(from))) cpSync(from, to);
  if (extname(from) === ".ts")
    writeFileSync(to.replace(/\.ts$/, ".js"), asJavaScript(readFileSync(from, "utf8")));
}

function asJavaScript(text) {
  return stripTypeScriptTypes(text).replace(ownFile, "$1$2.js$1");
}
