/** What breaks things on purpose without the page: the commands and the client, against a demo that runs. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectBoshscope } from "../../src/client/connect-boshscope.ts";
import { type BoshscopeProcess, startBoshscopeProcess } from "../support/boshscope-process.ts";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const boshscope = (...words: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, ["scripts/boshscope.mjs", ...words], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });

const rule = {
  name: "Polls lost",
  match: { agent: "1001001", kind: "poll" },
  actions: [{ kind: "drop", leg: "response", how: "reset" }],
  times: 1,
} as const;

let running: BoshscopeProcess;
let place: readonly string[];
const folder = mkdtempSync(join(tmpdir(), "boshscope-rules-"));

beforeAll(async () => {
  running = await startBoshscopeProcess(["--agents", "3", "--speed", "20"], { command: "demo" });
  place = ["--data-dir", running.dataDir];
  const client = connectBoshscope({ dataDir: running.dataDir });
  await client.waitFor(async () => {
    const open = (await client.sessions()).filter(({ phase }) => phase === "open");
    return new Set(open.map(({ agent }) => agent)).size === 3;
  });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test("rules are added, armed, disarmed, exported, removed and imported from a terminal", async () => {
  const faults = async (...words: string[]): Promise<string> =>
    (await boshscope("faults", ...words, ...place)).stdout;
  const file = join(folder, "rules.json");
  writeFileSync(file, JSON.stringify(rule));
  const [id = ""] = (await faults("add", file)).split(" ");
  expect(await faults("arm", id)).toMatch(/ armed .*Polls lost/);
  expect(await faults("panic")).toMatch(/^(0|1) rules? disarmed/);
  expect(await faults("list")).toMatch(/ - .*Polls lost/);
  writeFileSync(file, await faults("export"));
  expect(await faults("remove", id)).toContain(`${id} removed`);
  expect(await faults("list")).toContain("no fault rules");
  expect(await faults("import", file)).toContain("1 added, disarmed");
  const second = JSON.parse(await faults("add", JSON.stringify(rule), "--arm", "--json"));
  expect(second).toMatchObject({ name: "Polls lost", armed: true });
  expect(JSON.parse(await faults("list", "--json")).rules).toHaveLength(2);
});

test("a scenario is run to its end; its log is printed in Spanish and its exit code tells how it went", async () => {
  expect((await boshscope("scenario", "list", ...place)).stdout).toContain("invalid-session");
  const target = ["--agent", "1001003", "--lang", "es"];
  const { stdout, code } = await boshscope("scenario", "run", "conflict", ...target, ...place);
  expect(stdout).toMatch(/0\.0 to 1\.0 +\d+\.\d +(in-time|late) +Desconectado: conflicto/);
  expect(code).toBe(stdout.includes("As expected.") ? 0 : 2);
});

test.each([
  [
    "none runs there",
    ["faults", "list", "--data-dir", join(folder, "none")],
    "No Boshscope is running",
  ],
  ["a wrong token", ["faults", "list", "--token", "wrong-token"], "refuses this token"],
  [
    "an address where nobody is",
    ["faults", "--url", "http://127.0.0.1:61999", "--token", "x"],
    "No Boshscope answers",
  ],
  ["an address without token", ["faults", "--url", "http://127.0.0.1:61999"], "needs a token"],
  ["an unknown rule", ["faults", "arm", "r999"], "There is no fault rule r999."],
  ["a rule that is none", ["faults", "add", '{"actions":[{"kind":"explode"}]}'], "actions.0"],
  [
    "an unknown scenario",
    ["scenario", "run", "conflikt", "--agent", "1"],
    "Did you mean conflict?",
  ],
  ["a scenario for nobody", ["scenario", "run", "conflict"], "--agent is missing"],
])("told plainly: %s", async (_name, words, expected) => {
  const where = words.some((word) => /^--(url|data-dir)$/.test(word)) ? [] : place;
  const { code, stderr } = await boshscope(...words, ...where);
  expect(stderr).toContain(expected);
  expect(stderr).not.toContain("  at ");
  expect(code).toBe(1);
});

test("the client breaks one agent's session, and sees what came of it", async () => {
  const client = connectBoshscope({ dataDir: running.dataDir });
  const heard = new Set<string>();
  const feed = await client.follow(({ kind }) => heard.add(kind), {
    lang: "en",
    query: "is:poll",
  });
  expect((await client.health()).captureId).not.toBe("");
  expect((await client.setup()).proxy.port).toBe(running.proxyPort);
  expect(await client.caPem()).toBe(running.caPem);
  expect((await client.agents()).map(({ agent }) => agent)).toContain("1001001");
  const broken = await client.faults.add({
    ...rule,
    actions: [{ kind: "answer", template: { kind: "invalid-sid" } }],
    times: null,
    alsoWaiting: true,
    arm: true,
  });
  const touched = await client.waitFor(async () =>
    (await client.faults.list()).rules.find(
      ({ id, lastExchange }) => id === broken.id && lastExchange !== null,
    ),
  );
  // The recorder tells a moment after the rule what became of the poll.
  const answered = await client.waitFor(async () => {
    const { agent, outcome } = await client.exchange(touched.lastExchange ?? "");
    return outcome.kind === "responded" && { agent, status: outcome.status };
  });
  expect(answered).toEqual({ agent: "1001001", status: 404 });
  await client.faults.remove(broken.id);
  const found = await client.waitFor(async () =>
    (await client.findings()).find(
      ({ agents, faults }) => agents.includes("1001001") && faults.includes(broken.id),
    ),
  );
  expect(found).toMatchObject({ side: "fault-rule", cause: "F25" });
  expect(await client.exchanges("status:404", 1)).toHaveLength(1);
  await client.waitFor(async () => ["hello", "rows", "faults"].every((kind) => heard.has(kind)));
  feed.close();
  await feed.closed;
});
