/** Host, Origin and proxied requests, on a real socket. */
import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { authorityName, plainAddress } from "../../../src/server/gate.ts";
import { startTestServer, token } from "./started-server.ts";

/** Sends these bytes and returns all that comes back. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(text);
  let answer = "";
  socket.on("data", (chunk: Buffer) => {
    answer += chunk.toString("latin1");
  });
  await once(socket, "close", { signal: AbortSignal.timeout(5000) });
  return answer;
}

const request = (target: string, ...headers: readonly string[]): string =>
  [
    `GET ${target} HTTP/1.1`,
    ...headers,
    `Authorization: Bearer ${token}`,
    "Connection: close",
    "",
    "",
  ].join("\r\n");

test("our own names are answered, with our port only", async () => {
  await using bench = await startTestServer();
  const { port } = bench.server;
  for (const host of ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"]) {
    const answer = await bench.ask("/api/health", { headers: { Host: `${host}:${port}` } });
    expect(answer.status, host).toBe(200);
  }
});

test.each([
  "evil.test",
  "evil.test:PORT",
  "127.0.0.1",
  "127.0.0.1:1",
  "localhost.:PORT",
  "127.0.0.1.evil.test:PORT",
  "127.0.0.1:PORT@evil.test",
  "0.0.0.0:PORT",
  "127.0.0.2:PORT",
])("Host %j is refused, for the page and the API alike", async (host) => {
  await using bench = await startTestServer();
  const headers = { Host: host.replace("PORT", String(bench.server.port)) };
  for (const path of ["/", "/api/health", "/proxy.pac", "/boshscope-ca.pem", "/openapi.json"]) {
    const answer = await bench.ask(path, { headers });
    expect(answer.status, path).toBe(403);
    expect(answer.value).toMatchObject({ error: { code: "host-refused" } });
  }
});

test("an empty Host is refused", async () => {
  await using bench = await startTestServer();
  const answer = await raw(bench.server.port, request("/api/health", "Host:"));
  expect(answer).toMatch(/^HTTP\/1\.1 403 [\s\S]*host-refused/);
});

test("two Host headers are refused", async () => {
  await using bench = await startTestServer();
  const own = `Host: 127.0.0.1:${bench.server.port}`;
  const answer = await raw(bench.server.port, request("/api/health", own, "Host: evil.test"));
  expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
});

test.each([
  "http://evil.test",
  "null",
  "https://127.0.0.1:PORT",
  "http://127.0.0.1:1",
  "http://127.0.0.1",
  "http://evil.test:PORT",
])("Origin %j is refused", async (origin) => {
  await using bench = await startTestServer();
  const headers = { Origin: origin.replace("PORT", String(bench.server.port)) };
  const answer = await bench.ask("/api/exchanges", { method: "DELETE", headers });
  expect(answer.status).toBe(403);
  expect(answer.value).toMatchObject({ error: { code: "origin-refused" } });
});

test("our own Origin is accepted", async () => {
  await using bench = await startTestServer();
  const { port } = bench.server;
  for (const host of ["127.0.0.1", "localhost"]) {
    const headers = { Origin: `http://${host}:${port}` };
    expect((await bench.ask("/api/health", { headers })).status).toBe(200);
  }
});

test("another site's page is refused although browsers send the cookie between ports of one host", async () => {
  await using bench = await startTestServer();
  for (const site of ["same-site", "cross-site"]) {
    const answer = await bench.ask("/api/health", { headers: { "Sec-Fetch-Site": site } });
    expect(answer.status, site).toBe(403);
  }
  for (const site of ["same-origin", "none"]) {
    const answer = await bench.ask("/api/health", { headers: { "Sec-Fetch-Site": site } });
    expect(answer.status, site).toBe(200);
  }
});

test("requests that came through a proxy are refused", async () => {
  await using bench = await startTestServer();
  const { port } = bench.server;
  const own = `Host: 127.0.0.1:${port}`;
  const absolute = request(`http://127.0.0.1:${port}/api/health`, own);
  expect(await raw(port, absolute)).toMatch(/^HTTP\/1\.1 400 [\s\S]*request-invalid/);
  const via = request("/api/health", own, "Via: 1.1 squid");
  expect(await raw(port, via)).toMatch(/^HTTP\/1\.1 400 [\s\S]*request-invalid/);
  expect(await raw(port, request("/api/health", own))).toMatch(/^HTTP\/1\.1 200 /);
});

test("listening on every address, the one that was reached is ours", async () => {
  await using bench = await startTestServer({ host: "0.0.0.0" });
  const { port } = bench.server;
  const reached = await bench.ask("/api/health", { headers: { Host: `127.0.0.1:${port}` } });
  expect(reached.status).toBe(200);
  const rebound = await bench.ask("/api/health", { headers: { Host: `evil.test:${port}` } });
  expect(rebound.status).toBe(403);
  expect(bench.server.url).toContain("http://127.0.0.1:");
});

test("a refusal's message holds only printable text of a bounded length", async () => {
  await using bench = await startTestServer();
  const answer = await raw(
    bench.server.port,
    request("/", `Host: \x80\xff<script>${"a".repeat(5000)}`),
  );
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer.length).toBeLessThan(1500);
});

test("addresses are written as URLs write them", () => {
  expect(authorityName("::1")).toBe("[::1]");
  expect(authorityName("Fin1.Demo.Test")).toBe("fin1.demo.test");
  expect(plainAddress("::ffff:10.1.0.4")).toBe("10.1.0.4");
  expect(plainAddress("fe80::1")).toBe("fe80::1");
});
