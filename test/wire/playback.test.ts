/** A recording on real sockets: heads as they were recorded, half answers, resets and silence as they came. */
import { once } from "node:events";
import { connect as connectTls, createSecureContext, type TLSSocket } from "node:tls";
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { silentLog } from "../../src/base/log.ts";
import { readRecording } from "../../src/playback/recording.ts";
import type { TakenEnd, TakenExchange } from "../../src/playback/taken-exchange.ts";
import { type Playback, startPlayback } from "../../src/playback-server/start-playback.ts";
import { demoHost, trusted } from "../support/tls-fixtures.ts";

const begun = Date.parse("2026-11-20T09:00:00Z");
const port = 8445;

const taken = (path: string, end: TakenEnd): TakenExchange => ({
  id: path,
  at: begun,
  sentAt: begun,
  method: "GET",
  host: demoHost,
  port,
  secure: true,
  path,
  headers: [],
  body: "",
  end,
});

const answer = (text: string, length = text.length) => ({
  status: 207,
  reason: "As It Was",
  headers: [
    { name: "X-oDD-Case", value: "kept" },
    { name: "content-LENGTH", value: String(length) },
    { name: "Set-Cookie", value: "a=‹secret 1a2b3c4d›" },
    { name: "Transfer-Encoding", value: "chunked" },
    { name: "Set-Cookie", value: "b=2" },
  ],
  body: Buffer.from(text),
});

const start = (...exchanges: readonly TakenExchange[]): Promise<Playback> =>
  startPlayback({
    recording: readRecording(exchanges),
    speed: 1,
    authority: {
      leafFor: () => ({
        secureContext: createSecureContext({ cert: trusted.cert, key: trusted.key }),
        names: [demoHost],
        pem: "",
      }),
    },
    clock: systemClock,
    log: silentLog,
  });

interface Seen {
  readonly text: string;
  readonly end: string;
}

/** What a client sees of a request until its connection is over, or `until` matches. */
async function ask({ places }: Playback, path: string, until?: RegExp): Promise<Seen> {
  const socket: TLSSocket = connectTls({
    host: "127.0.0.1",
    port: places[0]?.realPort ?? 0,
    servername: demoHost,
    ca: trusted.ca,
  });
  let text = "";
  let end = "";
  socket.on("error", (error) => (end = (error as NodeJS.ErrnoException).code ?? error.message));
  socket.on("end", () => (end = "fin"));
  socket.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1");
    if (until?.test(text) === true) socket.destroy();
  });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${demoHost}:${port}\r\n\r\n`);
  await once(socket, "close").catch(() => undefined);
  return { text, end };
}

test("an answer has its status line, its headers in case and order, and a length that is true", async () => {
  await using playback = await start(
    taken("/whole", { kind: "answered", at: begun + 20, answer: answer("hello") }),
  );
  const { text } = await ask(playback, "/whole", /hello$/);
  expect(text).toBe(
    "HTTP/1.1 207 As It Was\r\nX-oDD-Case: kept\r\ncontent-LENGTH: 5\r\nSet-Cookie: a=secret-1a2b3c4d\r\nSet-Cookie: b=2\r\n\r\nhello",
  );
});

test.each([
  ["reset", "ECONNRESET"],
  ["fin", "fin"],
] as const)("half an answer, then %s", async (how, end) => {
  await using playback = await start(
    taken("/half", { kind: "cut", at: begun + 30, how, begun: answer("half of ", 400) }),
  );
  const seen = await ask(playback, "/half");
  expect(seen.end).toBe(end);
  expect(seen.text).toContain("content-LENGTH: 400\r\n");
  expect(seen.text.endsWith("half of ")).toBe(true);
});

test("a connection that broke before any answer breaks without one", async () => {
  await using playback = await start(
    taken("/gone", { kind: "cut", at: begun + 30, how: "reset", begun: null }),
  );
  expect(await ask(playback, "/gone")).toEqual({ text: "", end: "ECONNRESET" });
});

test("what is not in the recording is a 404 that says so", async () => {
  await using playback = await start(
    taken("/known", { kind: "answered", at: begun, answer: answer("x") }),
  );
  const { text } = await ask(playback, "/unknown", /recording\.\n$/);
  expect(text).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
  expect(text).toContain("X-Boshscope-Playback: not in the recording\r\n");
  expect(playback.notes).toMatchObject([{ kind: "unanswered" }]);
});
