import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { type WebSocket as ServerSocket, WebSocketServer } from "ws";
import type { RecorderStatus } from "../../../../src/domain/recording.ts";
import type { FeedMessage } from "../../../../src/server/messages.ts";
import { type Feed, feedUrl, openFeed, readMessage } from "../../../../web/feed/feed-socket.ts";

const status: RecorderStatus = {
  captureId: "c1",
  captureName: "",
  recording: true,
  pending: 0,
  exchanges: 0,
  openConnections: 0,
  bytes: 0,
  notKept: 0,
  connectionErrors: {},
  alerts: [],
  setup: { proxySeen: null, endpoints: [], httpBindSeen: null },
};
const hello = (seq: number, epoch = "c1/a/0"): FeedMessage => ({
  kind: "hello",
  captureId: "c1",
  epoch,
  seq,
  now: "2026-11-22T10:00:00.000Z",
  status,
});
const rows = (seq: number): FeedMessage => ({ kind: "rows", seq, rows: [], gone: [] });

/** A real server, and a feed to it whose messages and states can be awaited. */
async function startBench(query = "") {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const seen: string[] = [];
  const waiting: (() => void)[] = [];
  const note = (what: string): void => {
    seen.push(what);
    for (const wake of waiting.splice(0)) wake();
  };
  const connected: { socket: ServerSocket; url: string }[] = [];
  server.on("connection", (socket: ServerSocket, request: IncomingMessage) => {
    connected.push({ socket, url: request.url ?? "" });
    note(`connected ${request.url ?? ""}`);
  });
  const feed: Feed = openFeed({
    address: `ws://127.0.0.1:${address.port}/api/feed`,
    query,
    language: "en",
    since: null,
    epoch: null,
    onMessage: (message, resumed) => note(`${message.kind}${resumed ? " resumed" : ""}`),
    onState: (state) => note(state.kind),
    random: () => 1,
  });
  return {
    feed,
    seen,
    connected,
    until: async (what: string, count = 1): Promise<void> => {
      const deadline = AbortSignal.timeout(5000);
      while (seen.filter((one) => one === what).length < count) {
        await Promise.race([
          new Promise<void>((resolve) => waiting.push(resolve)),
          once(deadline, "abort").then(() => {
            throw new Error(`no "${what}" in ${JSON.stringify(seen)}`);
          }),
        ]);
      }
    },
    say: (message: FeedMessage | string): void => {
      connected
        .at(-1)
        ?.socket.send(typeof message === "string" ? message : JSON.stringify(message));
    },
    async [Symbol.asyncDispose](): Promise<void> {
      feed.stop();
      for (const { socket } of connected) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("the feed's socket", () => {
  test("begins from now, and after a loss resumes from the newest seq it saw", async () => {
    await using bench = await startBench("is:pending");
    await bench.until("connected /api/feed?q=is%3Apending&lanes=1&lang=en");
    bench.say(hello(40));
    bench.say(rows(41));
    bench.say(rows(43));
    await bench.until("rows resumed", 2);
    expect(bench.feed.seq).toBe(43);
    bench.connected[0]?.socket.terminate();
    await bench.until("lost");
    await bench.until(
      "connected /api/feed?since=43&epoch=c1%2Fa%2F0&q=is%3Apending&lanes=1&lang=en",
    );
    bench.say(hello(50));
    await bench.until("hello resumed");
    expect(bench.feed.seq).toBe(43);
    expect(bench.seen.filter((one) => one === "hello")).toHaveLength(1);
  });

  test("a first hello, and one after a resync without rows, ask for the rows to be loaded", async () => {
    await using bench = await startBench();
    await bench.until("connected /api/feed?lanes=1&lang=en");
    bench.say(hello(40));
    bench.say({ kind: "resync", reason: "cleared", epoch: "c1/a/1" });
    await bench.until("resync resumed");
    expect(bench.feed).toMatchObject({ seq: null, epoch: "c1/a/1" });
    bench.connected[0]?.socket.terminate();
    await bench.until("connected /api/feed?lanes=1&lang=en", 2);
    bench.say(hello(60, "c1/a/1"));
    await bench.until("hello", 2);
    expect(bench.feed.seq).toBe(60);
  });

  test("an unreadable message ends the connection, and it is dialled again", async () => {
    await using bench = await startBench();
    await bench.until("connected /api/feed?lanes=1&lang=en");
    bench.say("no json");
    await bench.until("lost");
    await bench.until("connected /api/feed?lanes=1&lang=en", 2);
  });

  test("after stop nothing is dialled and nothing is told", async () => {
    await using bench = await startBench();
    await bench.until("connected /api/feed?lanes=1&lang=en");
    bench.say(hello(1));
    await bench.until("hello");
    const before = bench.seen.length;
    bench.feed.stop();
    const closed = bench.connected[0]?.socket;
    if (closed !== undefined && closed.readyState !== closed.CLOSED) await once(closed, "close");
    bench.feed.retryNow();
    expect(bench.seen.slice(before)).toEqual([]);
  });
});

test("what is no message of ours is told apart", () => {
  expect(readMessage(JSON.stringify(rows(1)))).toEqual(rows(1));
  for (const text of ["", "[1]", "null", '"rows"', "{"]) expect(readMessage(text)).toBeNull();
});

test("an address carries an epoch only together with a seq", () => {
  const address = "ws://127.0.0.1:1/api/feed";
  expect(feedUrl(address, { query: "", language: "en", seq: null, epoch: "x" })).toBe(
    `${address}?lanes=1&lang=en`,
  );
  expect(feedUrl(address, { query: 'a"b', language: "en", seq: 0, epoch: "x" })).toBe(
    `${address}?since=0&epoch=x&q=a%22b&lanes=1&lang=en`,
  );
});
