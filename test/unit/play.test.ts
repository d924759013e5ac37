/** The words of `boshscope playback`, and captures there is nothing to play of. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { silentLog } from "../../src/base/log.ts";
import { playSummary, readPlayFlags, startPlayed } from "../../src/play.ts";

const folder = mkdtempSync(join(tmpdir(), "boshscope-play-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const started = (file: string, ...more: readonly string[]) =>
  startPlayed(
    readPlayFlags(
      [file, "--servers-only", "--data-dir", folder, "--certs-dir", join(folder, "certs"), ...more],
      {},
    ),
    {},
    silentLog,
  );

/** A HAR with one REST exchange. */
function harFile(): string {
  const path = join(folder, "one.har");
  const url = "https://fin1.demo.test:8445/finesse/api/User/1001";
  const entry = {
    startedDateTime: "2026-03-01T10:00:00.000Z",
    time: 5,
    request: { method: "GET", url, httpVersion: "HTTP/1.1", headers: [], cookies: [] },
    response: {
      status: 200,
      statusText: "OK",
      httpVersion: "HTTP/1.1",
      headers: [{ name: "Content-Type", value: "application/xml" }],
      content: { size: 7, mimeType: "application/xml", text: "<User/>" },
    },
    timings: { send: 1, wait: 3, receive: 1 },
  };
  const log = { version: "1.2", creator: { name: "test", version: "1" }, entries: [entry] };
  writeFileSync(path, JSON.stringify({ log }));
  return path;
}

test("own words are taken out, the rest goes to start", () => {
  const flags = readPlayFlags(
    ["case.saz", "--speed", "5", "--session=f382a015", "--page-port", "0", "--browser"],
    { BOSHSCOPE_FILE_PASSWORD: "secret" },
  );
  expect(flags).toEqual({
    path: "case.saz",
    capture: null,
    session: "f382a015",
    speed: 5,
    serversOnly: false,
    password: "secret",
    rest: ["--page-port", "0", "--browser"],
  });
  for (const words of [[], ["--speed", "2"], ["a.har", "--speed", "0"], ["a.har", "--speed", "x"]])
    expect(() => readPlayFlags(words, {})).toThrow(/CAPTURE|capture|number/);
});

test("each recorded host and port listens, and says where", async () => {
  const played = await started(harFile());
  try {
    const [place] = played.playback.places;
    expect(played.playback.places).toHaveLength(1);
    expect(place).toMatchObject({ host: "fin1.demo.test", port: 8445, secure: true });
    expect(playSummary(played)).toContain(
      `--resolve fin1.demo.test:8445:127.0.0.1:${place?.realPort}`,
    );
  } finally {
    await played.close();
  }
});

test("what is not there is told", async () => {
  const empty = join(folder, "empty.har");
  writeFileSync(empty, JSON.stringify({ log: { version: "1.2", entries: [] } }));
  await expect(started(empty)).rejects.toMatchObject({ code: "playback-empty" });
  await expect(started(join(folder, "nowhere.saz"))).rejects.toMatchObject({
    code: "file-unreadable",
  });
  await expect(started(harFile(), "--session", "ab12")).rejects.toMatchObject({
    code: "playback-empty",
    message: expect.stringContaining("no session ab12"),
  });
});
