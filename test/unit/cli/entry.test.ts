/** The program's entry under whatever Node npm itself runs on: on many machines it is older than the one that came with the checkout. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { version } from "../../../src/version.ts";

const run = promisify(execFile);
const entry = fileURLToPath(new URL("../../../scripts/boshscope.mjs", import.meta.url));
const nodeOfNpm = process.env["npm_node_execpath"] ?? process.execPath;

test("an older Node on the PATH hands over to the checkout's own, with arguments and exit code", async () => {
  const { stdout } = await run(nodeOfNpm, [entry, "version"]);
  expect(stdout).toBe(`${version}\n`);
  await expect(run(nodeOfNpm, [entry, "analyse"])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("analyze"),
  });
}, 30_000);
