/** Who gets into the feed, and how the others are told. */
import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { FeedReader, startTestServer, token } from "./started-server.ts";

type Bench = Awaited<ReturnType<typeof startTestServer>>;

/** Tries to open a WebSocket; its refusal, or "open". */
async function knock(
  bench: Bench,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; code: string } | "open"> {
  const socket = new WebSocket(`ws://127.0.0.1:${bench.server.port}${path}`, { headers });
  socket.on("error", () => undefined);
  return new Promise((resolve) => {
    socket.on("open", () => {
      socket.terminate();
      resolve("open");
    });
    socket.on("unexpected-response", (_request, response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, code: JSON.parse(text).error.code });
      });
    });
  });
}

const bearer = { Authorization: `Bearer ${token}` };

test("the token opens it, as bearer or as the page's cookie", async () => {
  await using bench = await startTestServer();
  expect(await knock(bench, "/api/feed", bearer)).toBe("open");
  const page = await bench.ask(`/?token=${token}`, { bearer: null });
  const Cookie = page.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  const Origin = `http://127.0.0.1:${bench.server.port}`;
  expect(await knock(bench, "/api/feed", { Cookie, Origin })).toBe("open");
});

test.each([
  ["/api/feed", {}, 401, "unauthorized"],
  ["/api/feed", { Authorization: "Bearer wrong" }, 401, "unauthorized"],
  [`/api/feed?token=${token}`, {}, 401, "unauthorized"],
  ["/api/feed", { ...bearer, Host: "evil.test" }, 403, "host-refused"],
  ["/api/feed", { ...bearer, Origin: "http://evil.test" }, 403, "origin-refused"],
  ["/api/feed", { ...bearer, Origin: "null" }, 403, "origin-refused"],
  ["/api/feed", { ...bearer, "Sec-Fetch-Site": "same-site" }, 403, "origin-refused"],
  ["/api/feed", { ...bearer, Via: "1.1 x" }, 400, "request-invalid"],
  ["/api/other", bearer, 404, "not-found"],
  ["/", bearer, 404, "not-found"],
  ["/api/feed?since=x", bearer, 400, "request-invalid"],
  ["/api/feed?other=1", bearer, 400, "request-invalid"],
  ["/api/feed?since=-1", bearer, 400, "request-invalid"],
])("%s with %j: %i %s", async (path, headers, status, code) => {
  await using bench = await startTestServer();
  expect(await knock(bench, path, headers)).toEqual({ status, code });
});

test("a target that is no path is refused, and nothing falls over", async () => {
  await using bench = await startTestServer();
  const socket = connect(bench.server.port, "127.0.0.1");
  const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  socket.write(`GET http://127.0.0.1/api/feed HTTP/1.1\r\nHost: a\r\n${upgrade}\r\n`);
  const [data] = await once(socket, "data");
  expect(String(data)).toMatch(/^HTTP\/1\.1 400 /);
  socket.destroy();
  const odd = connect(bench.server.port, "127.0.0.1");
  const host = `Host: 127.0.0.1:${bench.server.port}\r\nAuthorization: Bearer ${token}\r\n`;
  odd.write(`GET //[:/api/feed HTTP/1.1\r\n${host}${upgrade}\r\n`);
  const [answer] = await once(odd, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 4\d\d /);
  odd.destroy();
  expect(await knock(bench, "/api/feed", bearer)).toBe("open");
});

test("the 65th feed is refused, and one that ended makes room", async () => {
  await using bench = await startTestServer();
  const readers: FeedReader[] = [];
  for (let count = 0; count < 64; count += 1) readers.push(await bench.feed());
  expect(await knock(bench, "/api/feed", bearer)).toMatchObject({ code: "request-invalid" });
  readers[0]?.socket.close();
  await readers[0]?.closed();
  const deadline = Date.now() + 5000;
  let answer = await knock(bench, "/api/feed", bearer);
  while (answer !== "open" && Date.now() < deadline)
    answer = await knock(bench, "/api/feed", bearer);
  expect(answer).toBe("open");
});

test("a request over 16 KiB ends the feed", async () => {
  await using bench = await startTestServer();
  const reader = await bench.feed();
  const closed = reader.closed();
  reader.send({ kind: "filter", q: "x".repeat(20_000), since: 0 });
  expect(await closed).toBe(1009);
});
