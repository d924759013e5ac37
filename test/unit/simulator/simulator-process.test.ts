/** The simulator as a process: ports on its first line, commands by stdin or by message, and an end with its parent. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Changes } from "../../support/changes.ts";

const entry = fileURLToPath(
  new URL("../../../src/simulator/simulator-process.ts", import.meta.url),
);
const options = JSON.stringify({ agents: [{ id: "1001", password: "x" }], speed: 20 });

interface Message {
  readonly id?: number;
  readonly ready?: boolean;
  readonly result?: unknown;
  readonly error?: string;
  readonly resolveFlags?: readonly string[];
  readonly certificates?: string;
}

class Inbox {
  private readonly messages: Message[] = [];
  private readonly changes = new Changes();

  readonly add = (message: unknown): void => {
    this.messages.push(message as Message);
    this.changes.notify();
  };

  ready(): Promise<Message> {
    return this.changes.until(() => this.messages.find(({ ready }) => ready === true), "ready");
  }

  answer(id: number): Promise<Message> {
    return this.changes.until(
      () => this.messages.find((message) => message.id === id),
      `answer ${id}`,
    );
  }
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, "exit");
  return child.exitCode;
}

test("by stdin: commands are answered in JSON, the end of stdin ends it", async () => {
  const child = spawn(process.execPath, [entry, options], { stdio: ["pipe", "pipe", "inherit"] });
  const inbox = new Inbox();
  createInterface({ input: child.stdout }).on("line", (line) => inbox.add(JSON.parse(line)));
  const ready = await inbox.ready();
  expect(ready.resolveFlags?.[0]).toMatch(/^fin1\.demo\.test:8445:127\.0\.0\.1:\d+$/);
  expect(ready.certificates).toContain("BEGIN CERTIFICATE");
  const desktop = {
    kind: "jabberwerx",
    transport: "bosh",
    agent: "1001",
    password: "x",
    proxy: null,
    ca: "",
  };
  const commands = [
    { id: 1, call: "startDesktop", args: [desktop] },
    { id: 2, call: "desktopState", agent: "1001" },
    { id: 3, call: "kick", node: "fin2.demo.test", args: ["1001"] },
    { id: 4, call: "truth" },
    { id: 5, call: "dance" },
    { id: 6, call: "kick", node: "fin3.demo.test" },
    { id: 7, call: "set", args: [{ emptyBody: "ack" }] },
    { id: 8, call: "stopNotification", args: ["crash"] },
    { id: 9, call: "closeDesktop", agent: "1001" },
  ];
  for (const command of commands) child.stdin.write(`${JSON.stringify(command)}\n`);
  expect((await inbox.answer(1)).result).toBe("1001");
  expect((await inbox.answer(2)).result).toMatchObject({ agent: "1001", phase: "signing-in" });
  expect((await inbox.answer(3)).result).toBe(0);
  expect(Array.isArray((await inbox.answer(4)).result)).toBe(true);
  expect((await inbox.answer(5)).error).toContain("no call dance");
  expect((await inbox.answer(6)).error).toContain("no node fin3.demo.test");
  for (const id of [7, 8, 9]) expect((await inbox.answer(id)).result).toBeNull();
  child.stdin.end();
  expect(await ended(child)).toBe(0);
});

test("by messages: the same, and it goes when its parent goes", async () => {
  const child = fork(entry, [options]);
  const inbox = new Inbox();
  child.on("message", inbox.add);
  await inbox.ready();
  child.send({ id: 1, call: "offerCall", args: ["1001"] });
  expect((await inbox.answer(1)).result).toBeNull();
  child.send({ id: 2, call: "startDemo", args: [{ agents: 3, proxy: null, ca: "" }] });
  expect((await inbox.answer(2)).error).toBeUndefined();
  child.send({ id: 3, call: "desktopStates" });
  expect(Array.isArray((await inbox.answer(3)).result)).toBe(true);
  child.disconnect();
  expect(await ended(child)).toBe(0);
});
