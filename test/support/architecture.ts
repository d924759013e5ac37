/** Who may import whom, as an allow-list over the text of the sources. What is not listed is refused, also a folder nobody listed. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative } from "node:path";

/** Folder under src/ → the other folders it may import. `*` = all: composition. */
const folders: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  base: ["domain"],
  http1: ["base"],
  xml: ["base"],
  bosh: ["domain", "base", "xml"],
  xmpp: ["domain", "base", "xml"],
  finesse: ["domain", "base", "xml", "bosh", "xmpp"],
  redact: ["domain", "base", "xml", "bosh", "xmpp", "finesse"],
  faults: ["domain", "base", "xml", "bosh", "xmpp", "finesse"],
  logs: ["domain", "base", "xml", "bosh", "xmpp", "finesse"],
  diagnose: ["domain", "base", "bosh", "xmpp", "finesse", "type:logs", "type:vitals"],
  "fault-book": ["domain", "base", "faults", "finesse", "logs"],
  // Sessions are read and repeated out of a recording; what serves them owns sockets and clock.
  playback: ["domain", "base", "xml", "bosh"],
  compare: ["domain", "base", "xml"],
  ca: ["domain", "base"],
  "playback-server": ["domain", "base", "ca", "playback"],
  browser: ["domain", "base"],
  intercept: ["domain", "base", "ca", "http1", "faults"],
  capture: ["domain", "base", "redact", "http1", "xml", "bosh", "xmpp", "finesse"],
  vitals: ["domain", "base"],
  store: ["domain", "base"],
  // Packet captures are read with the proxy's own HTTP reader.
  interchange: ["domain", "base", "xml", "redact", "store", "http1"],
  // What the XMPP console shows and understands.
  console: ["domain", "base", "xml", "xmpp", "finesse"],
  // It signs in by the proxy's own dial and trust in certificates.
  "xmpp-client": ["domain", "base", "xml", "xmpp", "bosh", "console", "intercept"],
  server: ["domain", "base", "store", "faults", "diagnose", "interchange"],
  simulator: ["domain", "base", "ca", "xml"],
  // Runs in other people's tests: what it imports they would have to load.
  client: ["base", "type:domain", "type:server"],
  cli: ["*"],
  "": ["*"],
};

/** Values in, values out: nothing of the machine may come in by the back door. */
const pureFolders = [
  "domain",
  "http1",
  "xml",
  "bosh",
  "xmpp",
  "finesse",
  "redact",
  "faults",
  "logs",
  "diagnose",
  "console",
  "playback",
  "compare",
];

/** Packages (and modules of Node that have one owner) → the folders that may use them; "" = files directly in src/. */
const owners: Readonly<Record<string, readonly string[]>> = {
  "http-mitm-proxy": ["intercept"],
  "node-forge": ["ca"],
  "node:sqlite": ["store"],
  express: ["server"],
  // http-mitm-proxy's methods name its types.
  ws: ["server", "simulator", "playback-server", "xmpp-client", "type:intercept"],
  "@xmpp/client-core": ["xmpp-client"],
  "@xmpp/iq/callee.js": ["xmpp-client"],
  "@xmpp/iq/caller.js": ["xmpp-client"],
  "@xmpp/middleware": ["xmpp-client"],
  "@xmpp/resource-binding": ["xmpp-client"],
  "@xmpp/sasl": ["xmpp-client"],
  "@xmpp/sasl-plain": ["xmpp-client"],
  "@xmpp/sasl-scram-sha-1": ["xmpp-client"],
  "@xmpp/stream-features": ["xmpp-client"],
  "@xmpp/websocket/lib/Connection.js": ["xmpp-client"],
  saslmechanisms: ["xmpp-client"],
  saxes: ["xml"],
  "@zip.js/zip.js": ["interchange"],
  "modern-tar": ["interchange"],
  zod: ["", "server"],
};

const webPackages = ["preact", "preact/hooks", "preact/jsx-runtime", "@preact/signals"];
/** Folders of web/ that know no view library. */
const pureWebFolders = ["web/model", "web/feed"];

export const maxLines = 400;

export interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

const importForms: readonly RegExp[] = [
  /^[ \t]*(?:import|export)\s+(?<type>type\s+)?[^"'();]*?\sfrom\s*["'](?<from>[^"']+)["']/gm,
  /^[ \t]*import\s*["'](?<from>[^"']+)["']/gm,
  /\b(?:import|require)\s*\(\s*["'](?<from>[^"']+)["']\s*[,)]/g,
  /\bnew URL\(\s*["'](?<from>\.[^"']+\.(?:ts|mjs))["']/g,
];

/** Every module a source names: static, re-exported, dynamic, required, or started as a thread. */
export function importsOf(source: string): Import[] {
  return importForms.flatMap((form) =>
    [...source.matchAll(form)].map(({ groups }) => ({
      from: groups?.["from"] ?? "",
      typeOnly: groups?.["type"] !== undefined,
    })),
  );
}

const folderOf = (path: string): string => path.split("/").slice(1, -1)[0] ?? "";

function relativeProblem(path: string, { from, typeOnly }: Import): string | null {
  const target = posix.join(posix.dirname(path), from);
  if (target === "package.json" && folderOf(path) === "") return null;
  if (!target.startsWith("src/")) return `reaches out of src/ to ${target}`;
  const [own, other] = [folderOf(path), folderOf(target)];
  const allowed = folders[own] ?? [];
  if (own === other || allowed.includes("*") || allowed.includes(other)) return null;
  if (allowed.includes(`type:${other}`))
    return typeOnly ? null : `may import only types of ${other}/`;
  return `may not import ${target}`;
}

function packageProblem(path: string, { from: name, typeOnly }: Import): string | null {
  const folder = folderOf(path);
  const users = owners[name];
  const isUser =
    users?.includes(folder) === true || (typeOnly && users?.includes(`type:${folder}`));
  if (users !== undefined)
    return isUser ? null : `may not use ${name}: that is for ${users.join(", ")}`;
  if (!name.startsWith("node:")) return `uses ${name}, which no folder is listed for`;
  return pureFolders.includes(folder) ? `is in a pure folder but uses ${name}` : null;
}

function webProblem(path: string, { from, typeOnly }: Import): string | null {
  if (!from.startsWith(".")) {
    if (!webPackages.includes(from)) return `uses ${from}, which the page may not`;
    const pure = pureWebFolders.some((folder) => path.startsWith(`${folder}/`));
    return pure ? `is in a pure folder but uses ${from}` : null;
  }
  const target = posix.join(posix.dirname(path), from);
  if (target.startsWith("web/")) return null;
  const shared = target.startsWith("src/domain/") || target === "src/server/messages.ts";
  if (!shared) return `may not import ${target}`;
  return typeOnly ? null : `may import only types from ${target}`;
}

function problemOf(path: string, found: Import): string | null {
  if (path.startsWith("web/")) return webProblem(path, found);
  return found.from.startsWith(".") ? relativeProblem(path, found) : packageProblem(path, found);
}

/** Each rule broken, in words; `files`: path from the top → text. */
export function architectureProblems(files: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  if (![...files.keys()].some((path) => path.startsWith("src/"))) problems.push("saw no source");
  for (const [path, text] of files) {
    if (path.startsWith("src/") && folders[folderOf(path)] === undefined)
      problems.push(`${path}: nobody said what the folder ${folderOf(path)}/ may import`);
    const lines = text.trimEnd().split("\n").length;
    if (lines > maxLines) problems.push(`${path}: ${lines} lines, over ${maxLines}`);
    for (const found of importsOf(text)) {
      const problem = problemOf(path, found);
      if (problem !== null) problems.push(`${path}: ${problem}`);
    }
  }
  return problems;
}

/** All TypeScript of src/ and web/, by path from the top. */
export function readSources(top: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of ["src", "web"]) {
    for (const entry of readdirSync(join(top, folder), { recursive: true, withFileTypes: true })) {
      const path = relative(top, join(entry.parentPath, entry.name)).replaceAll("\\", "/");
      if (!entry.isFile() || !/\.tsx?$/.test(path) || /web\/dist\/|\.config\.ts$/.test(path))
        continue;
      files.set(path, readFileSync(join(top, path), "utf8"));
    }
  }
  return files;
}
