/**
 * Runs before start, test, check and bench, on whatever Node the machine has (20 or later): installs the packages (Node 26 among them),
 * builds the page and the client, for tests the browser, and for the package the program as JS. Each step is skipped when its result is newer than what it is made from.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const purpose = process.argv[2] ?? "start";
const isWindows = process.platform === "win32";

installPackages();
buildPage();
buildClient();
if (purpose === "pack") run(ownNode(), ["--no-warnings", join("scripts", "build-program.mjs")]);
if (purpose === "test") {
  installTestTools();
  // Clients that nobody here wrote: 99 MB with what converse.js brings, so only for tests.
  installFrom(join(root, "test", "e2e", "clients"), "the clients of the end-to-end tests");
}

function installPackages() {
  installFrom(root, "packages", ownNode());
}

/** `npm ci` in a folder, unless its lock is the one installed there and `proof` exists. */
function installFrom(folder, what, proof = folder) {
  const stamp = join(folder, "node_modules", ".boshscope-installed");
  const wanted = createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && existsSync(proof)) return;
  say(`Installing ${what} (once) …`);
  // Quiet about engines: npm itself runs on the machine's Node, the program on the one installed here.
  const npm = isWindows ? "npm.cmd" : "npm";
  run(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], process.env, folder);
  writeFileSync(stamp, wanted);
}

function ownNode() {
  return join(root, "node_modules", "node", "bin", isWindows ? "node.exe" : "node");
}

function buildPage() {
  const built = join(root, "web", "dist", "index.html");
  const sources = [join(root, "web"), join(root, "src", "domain"), join(root, "src", "server")];
  const newest = Math.max(...sources.map(newestIn));
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return;
  if (!existsSync(join(root, "web", "index.html"))) return;
  say("Building the page …");
  run(ownNode(), [
    join("node_modules", "vite", "bin", "vite.js"),
    "build",
    "--config",
    "web/vite.config.ts",
    "--logLevel",
    "warn",
  ]);
}

/** `boshscope/client` as JS, for those who install this package: Node strips no types under node_modules. */
function buildClient() {
  const built = join(root, "dist", "client", "connect-boshscope.js");
  const sources = ["client", "base", "domain", "server"].map((name) => join(root, "src", name));
  const newest = Math.max(...sources.map(newestIn));
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return;
  say("Building the client …");
  run(ownNode(), [
    join("node_modules", "typescript", "bin", "tsc"),
    "-p",
    join("src", "client", "tsconfig.json"),
  ]);
}

function newestIn(folder) {
  if (!existsSync(folder)) return 0;
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === "dist" || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : statSync(path).mtimeMs);
  }
  return newest;
}

/**
 * What the end-to-end tests drive: a real browser, two real BOSH servers, an XMPP client, and the tool that makes the browser trust the CA. Debian starts
 * ejabberd as a service when it installs it; the tests have one of their own and leave that alone.
 */
function installTestTools() {
  const tools = {
    chromium: "chromium",
    prosody: "prosody",
    ejabberdctl: "ejabberd",
    profanity: "profanity",
    // Gives profanity the terminal it wants.
    script: "bsdutils",
    certutil: "libnss3-tools",
    curl: "curl",
    openssl: "openssl",
    // With dumpcap, capinfos and editcap: the witness for everything about packets.
    tshark: "tshark",
    unzip: "unzip",
    zip: "zip",
    "7zz": "7zip",
  };
  const missing = Object.entries(tools)
    .filter(([command]) => !onPath(command))
    .map(([, name]) => name);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !onPath("apt-get")) {
    say(
      `The end-to-end tests need ${missing.join(", ")} and will fail by name without. On Debian: sudo ${command}`,
    );
    return;
  }
  say(`Installing ${missing.join(", ")} for the tests …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], env);
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], env);
}

function onPath(command) {
  return [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"].some((folder) =>
    existsSync(join(folder, command)),
  );
}

function run(command, args, env = process.env, cwd = root) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    stdio: ["ignore", "inherit", "inherit"],
    env,
    shell: isWindows,
  });
  if (status === 0) return;
  console.error(
    `${command} ${args.join(" ")} failed${error ? `: ${error.message}` : ` with exit code ${status}`}.`,
  );
  console.error("Check the messages above (network? disk?), then run the same npm command again.");
  process.exit(1);
}

function say(text) {
  console.error(text);
}

mkdirSync(join(root, "certs"), { recursive: true });
