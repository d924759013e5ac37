/** What `npm pack` makes, unpacked where a gadget's project would have it: the client and the program, in plain Node, and types that a strict compiler takes. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));

const script = `
import { connectBoshscope, BoshscopeError } from "boshscope/client";
const boshscope = connectBoshscope({ dataDir: process.argv[2] });
const { status } = await boshscope.health();
const [first] = await boshscope.scenarios.list();
const { id, armed } = await boshscope.faults.add({ actions: [{ kind: "hold", leg: "request" }], arm: true });
await boshscope.faults.panic();
const refused = await boshscope.faults.arm("none").catch((error) => error instanceof BoshscopeError && error.code);
await boshscope.faults.remove(id);
console.log(JSON.stringify({ status, first: first.name, armed, refused }));
`;

const typed = `
import { type BoshscopeClient, connectBoshscope, type ScenarioRun } from "boshscope/client";
const boshscope: BoshscopeClient = connectBoshscope({ dataDir: "." });
export const run: ScenarioRun = await boshscope.scenarios.run("poll-lost", { agent: "1001003" });
export const asExpected: boolean | null = run.asExpected;
export const held: number | null | undefined = (await boshscope.exchanges("is:poll"))[0]?.holdMs;
// @ts-expect-error There is no such action.
await boshscope.faults.add({ actions: [{ kind: "explode" }] });
`;

/** The tarball's content as a dependency, beside the dependencies that npm would have brought. */
async function installed(folder: string): Promise<void> {
  const pack = ["pack", "--pack-destination", folder, "--loglevel=error"];
  const { stdout } = await run("npm", pack, { cwd: root });
  // What npm says of its own scripts comes first.
  const file = stdout.trim().split("\n").at(-1) ?? "";
  const packages = join(folder, "node_modules");
  mkdirSync(join(packages, "boshscope"), { recursive: true });
  const unpack = ["-xzf", join(folder, file), "--strip-components=1", "-C"];
  await run("tar", [...unpack, join(packages, "boshscope")]);
  for (const name of readdirSync(join(root, "node_modules")))
    if (name !== "boshscope" && !name.startsWith("."))
      symlinkSync(join(root, "node_modules", name), join(packages, name));
}

test("the package works where it is installed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "boshscope-package-"));
  await installed(folder);
  const program = join(folder, "node_modules", "boshscope", "scripts", "boshscope.mjs");
  const dataDir = join(folder, "data");
  const start = ["start", "--proxy-port", "0", "--page-port", "0", "--data-dir", dataDir];
  const child = execFile(process.execPath, [program, ...start], { cwd: folder });
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  writeFileSync(join(folder, "try.mjs"), script);
  const { stdout } = await run(process.execPath, ["try.mjs", dataDir], { cwd: folder });
  expect(JSON.parse(stdout)).toEqual({
    status: "ok",
    first: "firewall-blocks-7443",
    armed: true,
    refused: "not-found",
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  expect(await ended).toBe(0);

  writeFileSync(join(folder, "typed.mts"), typed);
  const strict = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const checked = await run(
    process.execPath,
    [compiler, ...strict, "--skipLibCheck", "false", "--types", "", "typed.mts"],
    { cwd: folder },
  ).catch((error: { stdout: string }) => error);
  expect(checked.stdout).toBe("");
  rmSync(folder, { recursive: true });
});
