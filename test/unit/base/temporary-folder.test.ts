import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sweepTemporaryFolders, temporaryFolder } from "../../../src/base/temporary-folder.ts";

test("what a process left that is no more goes; what living ones use, and what is not ours, stays", () => {
  const parent = mkdtempSync(join(tmpdir(), "sweep-test-"));
  try {
    const { pid: ended } = spawnSync(process.execPath, ["-e", ""]);
    const mine = temporaryFolder("test");
    const space = /-\d+(\.\d+)-/.exec(mine)?.[1] ?? "";
    rmSync(mine, { recursive: true });
    const names = [
      `boshscope-import-${ended}${space}-abc`,
      `boshscope-import-${process.pid}${space}-abc`,
      `boshscope-import-${process.ppid}${space}-abc`,
      // Of another container.
      `boshscope-import-${ended}${space}1-abc`,
      `boshscope-import-abc`,
      `other-import-${ended}${space}-abc`,
    ];
    for (const name of names) {
      mkdirSync(join(parent, name));
      writeFileSync(join(parent, name, "keys.log"), "CLIENT_RANDOM 00 00");
    }
    expect(sweepTemporaryFolders(parent)).toBe(1);
    expect(names.map((name) => existsSync(join(parent, name)))).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
    ]);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
});

test("a folder is its owner's only, and a sweep of its own process leaves it", () => {
  const path = temporaryFolder("test");
  try {
    expect(statSync(path).mode & 0o777).toBe(0o700);
    sweepTemporaryFolders();
    expect(existsSync(path)).toBe(true);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
});
