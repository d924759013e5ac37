/** A file shown in the page: all of it is there, nothing can be changed, and the file stays as it was. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { exportCapture } from "../../src/export-capture.ts";
import { timelineOf } from "../../src/timeline-of.ts";
import { type View, viewCapture } from "../../src/view-capture.ts";
import { captureOf, silent, startWall, temporaryFolder } from "./interchange/copies.ts";
import { peopleCopies } from "./interchange/planted-capture.ts";
import { allShapes, shapeNames } from "./interchange/shapes.ts";

const token = "token-of-the-test";
const open = (file: string): Promise<View> =>
  viewCapture(file, {
    config: readConfig(["--token", token, "--no-open"], {}),
    password: null,
    keys: null,
    captureId: null,
    log: silent,
    onProgress: () => undefined,
  });

const hashOf = (path: string): string =>
  createHash("sha256").update(readFileSync(path)).digest("hex");
const leftovers = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`boshscope-open-${process.pid}.`));

function apiOf({ page }: View) {
  const address = `http://127.0.0.1:${page.port}/api`;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return {
    get: async (path: string) =>
      (await (await fetch(address + path, { headers })).json()) as Record<string, unknown>,
    post: (path: string, body: object) =>
      fetch(address + path, { method: "POST", headers, body: JSON.stringify(body) }),
  };
}

test("our own file: rows, sessions and findings by the ids they had", async () => {
  await using capture = await captureOf(allShapes());
  const before = hashOf(capture.path);
  const view = await open(capture.path);
  try {
    const { get, post } = apiOf(view);
    const { exchanges } = (await get("/exchanges?limit=100")) as { exchanges: { id: string }[] };
    expect(exchanges).toHaveLength(shapeNames.length);
    expect(exchanges[0]?.id).toBe("c0ffee-1");
    const { sessions } = (await get("/sessions")) as {
      sessions: { sid: string; firstExchange: string }[];
    };
    expect(sessions[0]).toMatchObject({ sid: "f382a015", firstExchange: "c0ffee-2" });
    const { status } = (await get("/health")) as { status: string };
    expect(status).toBe("ok");
    const answers = [
      await post("/capture", { action: "resume" }),
      await post("/replay", { exchange: "c0ffee-1" }),
      await post("/exchanges/c0ffee-1", { comment: "x" }),
    ];
    expect(answers.slice(0, 2).map(({ status: code }) => code)).toEqual([403, 403]);
    expect(answers.every(({ ok }) => !ok)).toBe(true);
    const har = (await get("/export.har")) as { log: { entries: unknown[] } };
    expect(har.log.entries).toHaveLength(shapeNames.length);
  } finally {
    await view.close();
  }
  expect(hashOf(capture.path)).toBe(before);
  expect(leftovers()).toEqual([]);
});

test("a SAZ is shown too, and time stands where it ended", async () => {
  using folder = temporaryFolder();
  await using capture = await captureOf(allShapes());
  const out = join(folder.path, "a.saz");
  const order = { source: capture.path, out, format: "saz", captureId: null, query: "" } as const;
  await exportCapture({ ...order, redact: null, password: null }, () => undefined);
  const view = await open(out);
  try {
    expect(view.viewed).toMatchObject({ file: "a.saz", exchanges: shapeNames.length, pending: 1 });
    // The one that waits had waited 17 s after it began, 2 s after the start.
    expect(view.viewed.endWall).toBeGreaterThanOrEqual(startWall + 19_000);
    expect(view.viewed.endWall).toBeLessThan(startWall + 60_000);
  } finally {
    await view.close();
  }
});

test("sessions and agents followed anew are those that were followed live", async () => {
  await using capture = await captureOf(peopleCopies(1));
  const [info] = await capture.reader.captures();
  if (info === undefined) throw new Error("there is no capture");
  const anew = await timelineOf(capture.reader, info, { nowWall: 0, onRead: () => undefined });
  expect(anew).toEqual(capture.folded.timeline);
  expect(anew.agents.length).toBeGreaterThan(1);
});

test("what is not there is told", async () => {
  await expect(open("/nowhere.har")).rejects.toMatchObject({ code: "file-unreadable" });
  expect(leftovers()).toEqual([]);
});
