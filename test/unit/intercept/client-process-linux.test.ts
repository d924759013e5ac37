import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProcessLookup } from "../../../src/intercept/client-process.ts";
import { createProcScan } from "../../../src/intercept/client-process-linux.ts";

let proc = "";
beforeAll(async () => {
  proc = await mkdtemp(join(tmpdir(), "boshscope-proc-"));
  await mkdir(join(proc, "net"));
  const row = (from: string, to: string, inode: number) =>
    `   7: ${from} ${to} 01 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0\n`;
  await writeFile(
    join(proc, "net/tcp"),
    row("0100007F:C488", "0100007F:22B8", 42) + row("0100007F:C489", "0100007F:22B8", 43),
  );
  await addProcess("100", "/opt/google/chrome/chrome", ["socket:[42]", "/dev/null"]);
  await addProcess("200", "/usr/bin/curl (deleted)", ["socket:[43]"]);
  // A process that ended between the listing and the look.
  await mkdir(join(proc, "300"));
});
afterAll(() => rm(proc, { recursive: true, force: true }));

async function addProcess(pid: string, exe: string, files: string[]): Promise<void> {
  await mkdir(join(proc, pid, "fd"), { recursive: true });
  await symlink(exe, join(proc, pid, "exe"));
  for (const [at, target] of files.entries()) await symlink(target, join(proc, pid, "fd", `${at}`));
}

test("owners are found across processes, by the name of their program", async () => {
  const scan = createProcScan(proc);
  const queries = [50312, 50313, 50314].map((localPort) => ({ localPort, proxyPort: 8888 }));
  const expected = new Map([
    ["50312>8888", { pid: 100, name: "chrome" }],
    ["50313>8888", { pid: 200, name: "curl" }],
  ]);
  expect(await scan(queries)).toEqual(expected);
  // Now through the processes remembered.
  expect(await scan(queries)).toEqual(expected);
});

test("a system without /proc knows nobody", async () => {
  const scan = createProcScan(join(proc, "none"));
  expect((await scan([{ localPort: 50312, proxyPort: 8888 }])).size).toBe(0);
});

/** A program that connects to the port and prints its own; elsewhere than on Linux the test shows that no one is invented. */
async function connectFrom(port: number): Promise<{ child: ChildProcess; localPort: number }> {
  const script = `const s = require("node:net").connect(${port}, "127.0.0.1", () => console.log(s.localPort))`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  return { child, localPort: Number(String(line)) };
}

test("a real program connected to a real port is found", async () => {
  const server = net.createServer((socket) => socket.on("error", () => socket.destroy()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const { child, localPort } = await connectFrom(port);
  const lookup = createProcessLookup({ platform: "linux", intervalMs: 1 });
  const found = await lookup.lookup(localPort, port);
  const ended = once(child, "exit");
  child.kill();
  await ended;
  const after = await lookup.lookup(localPort, port);
  lookup.close();
  server.close();
  const expected = { pid: child.pid, name: basename(process.execPath) };
  expect(found).toEqual(process.platform === "linux" ? expected : null);
  expect(after).toBeNull();
});
