import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { runLogs } from "../../../src/cli/logs.ts";
import type { Alignment } from "../../../src/domain/log-report.ts";
import { loadLogs } from "../../../src/load-logs.ts";
import type { LogFact } from "../../../src/logs/log-fact.ts";
import { atTerminal } from "../../support/surroundings.ts";
import { batch, exchange, startWall, temporaryWriter } from "../store/rows.ts";

const folder = mkdtempSync(join(tmpdir(), "boshscope-cli-logs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sample = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/samples/logs/${name}`, import.meta.url));
const seed = [
  "openfire_debug.seed.quoted.log",
  "openfire_info.seed.quoted.log",
  "desktop_webservices.seed.quoted.log",
].map(sample);

interface Printed {
  readonly files: readonly { readonly file: string; readonly unknown: number }[];
  readonly skipped: readonly { readonly file: string; readonly why: string }[];
  readonly alignments: readonly Alignment[];
  readonly facts: readonly LogFact[];
}
const asJson = async (...argv: string[]): Promise<Printed> =>
  JSON.parse(await runLogs([...argv, "--json"], atTerminal)) as Printed;

it("tells the article's example in order: idle close, presence, logout sixty seconds later", async () => {
  const text = await runLogs(seed, atTerminal);
  const order = ["session-idle-close", "presence ", "forced-logout-due", "logout-request"];
  const places = order.map((word) => text.indexOf(word));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);
  expect(text).toContain("by the zone of Desktop-webservices, within 1000 ms");
});

it("counts unknown lines and tells files that can't be read, and reads the others", async () => {
  const path = join(folder, "mixed.log.gz");
  const lines = ["who knows", "2019.01.11 17:58:04 A session is closed for 7@a.b/desktop"];
  writeFileSync(path, gzipSync(lines.join("\n")));
  const { files, skipped, facts } = await asJson(path, join(folder, "missing.log"));
  expect(files).toMatchObject([{ file: "mixed.log", unknown: 1, facts: 1 }]);
  expect(skipped).toMatchObject([{ file: "missing.log" }]);
  expect(skipped[0]?.why).toMatch(/no such file/);
  expect(facts).toMatchObject([{ kind: "session-closed", agent: "7", at: null }]);
  await expect(runLogs([], atTerminal)).rejects.toThrow("No file was named");
});

it("fails when no file could be read", async () => {
  const empty = join(folder, "empty.log");
  writeFileSync(empty, "");
  const refused = (...argv: string[]) => expect(runLogs(argv, atTerminal)).rejects;
  await refused(join(folder, "none.log")).toThrow("there is no such file");
  await refused(folder).toThrow("it is a folder; name its files");
  await refused(empty).toThrow("it is empty");
  await refused(empty, folder).toMatchObject({ code: "nothing-read" });
});

it("shows no secret of a line it keeps", async () => {
  const path = join(folder, "debug.log");
  const password = "ADQ3NDgzNjQ4AFNlY3JldDEh";
  writeFileSync(
    path,
    `2019.01.11 17:58:04 HTTP RECV(f382a015): <body sid="f382a015"><auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">${password}</auth></body>\n`,
  );
  const text = JSON.stringify(await asJson(path));
  expect(text).toContain("HTTP RECV");
  expect(text).not.toContain(password);
  expect(text).not.toContain("Secret1!");
});

it("lays logs beside a capture by the sessions that both saw", async () => {
  using store = temporaryWriter();
  const sid = "f382a015";
  const rows = [0, 30_000].map((offset, index) =>
    exchange(index + 1, { atWall: startWall + offset, sid }),
  );
  store.writer.commit(batch({ exchanges: rows }));
  const path = join(folder, "join.log");
  // Written by a clock two hours west and three seconds behind.
  const end = startWall + 30_000 + (rows[1]?.timing.responseEnd ?? 0) - 7_200_000 - 3000;
  const stamp = new Date(end + 20_000).toISOString().slice(0, 19).replaceAll("-", ".");
  const ms = 20_000 - (end % 1000);
  writeFileSync(
    path,
    `${stamp.replace("T", " ")} Session (id=${sid}) was last active ${ms} ms ago: 7@a.b/desktop\n`,
  );
  const { alignments } = await asJson(path, "--join", store.path);
  expect(alignments).toMatchObject([{ how: "matched", matches: 1 }]);
  expect(Math.abs((alignments[0]?.offsetMs ?? 0) - 7_203_000)).toBeLessThanOrEqual(1000);
  await expect(runLogs([path, "--join", join(folder, "no")], atTerminal)).rejects.toThrow(
    "no capture",
  );
});

it("keeps what happened, however many lines say that nothing did", async () => {
  const held = Array.from(
    { length: 25_000 },
    () => "2019.01.11 08:00:00 Session (id=9c21b7e0) was last active 0 ms ago: 4@a.b/desktop",
  );
  const path = join(folder, "long.log");
  writeFileSync(
    path,
    [...held, "2019.01.11 17:58:04 A session is closed for 7@a.b/desktop"].join("\n"),
  );
  const loaded = await loadLogs([{ path, name: "long.log" }]);
  expect(loaded.leftOut).toBe(5000);
  expect(loaded.facts.at(-1)).toMatchObject({ kind: "session-closed", line: 25_001 });
});
