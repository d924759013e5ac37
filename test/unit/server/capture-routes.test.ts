/** Health, configuration, captures, connections, set-up, and the recorder's commands. */
import { expect, test } from "vitest";
import type { ConnectionRecord } from "../../../src/domain/connection.ts";
import type { Alert } from "../../../src/domain/recording.ts";
import type { ConnectionList, Health } from "../../../src/server/messages.ts";
import { startTestServer } from "./started-server.ts";

const alert = (code: Alert["code"]): Alert => ({
  code,
  since: "2026-03-01T10:00:00.000Z",
  count: 1,
  detail: "",
});

test("health tells what the recorder knows", async () => {
  await using bench = await startTestServer();
  bench.capture.commit({ number: 1 }, { number: 2 });
  bench.capture.setStatus({ openConnections: 3, bytes: 4096, connectionErrors: { "not-tls": 2 } });
  const health: Health = (await bench.ask("/api/health")).value;
  expect(health).toMatchObject({
    status: "ok",
    version: "0.1.0",
    captureId: "cap1",
    exchanges: 2,
    pending: 2,
    openConnections: 3,
    loopLagMs: { p50: 0.5, p99: 2 },
    store: { bytes: 4096, state: "ok" },
    connectionErrors: { "not-tls": 2 },
  });
  expect(health.uptimeMs).toBeGreaterThanOrEqual(0);
});

test.each([
  [[alert("store-failed")], true, "degraded", "failing"],
  [[alert("recorder-stopped")], true, "degraded", "failing"],
  [[alert("recorder-behind")], true, "degraded", "ok"],
  [[alert("secrets-kept"), alert("keys-logged")], true, "ok", "ok"],
  [[], false, "ok", "paused"],
] as const)("alerts %j, recording %j: %s, store %s", async (alerts, recording, status, state) => {
  await using bench = await startTestServer();
  bench.capture.setStatus({ alerts, recording });
  const codes = alerts.map(({ code }) => code);
  const health = (await bench.ask("/api/health")).value;
  expect(health).toMatchObject({ status, store: { state }, alerts: codes });
});

test("config and setup are what they are now", async () => {
  await using bench = await startTestServer();
  expect((await bench.ask("/api/config")).value).toMatchObject({ decryptPorts: [7443, 8445] });
  bench.capture.setStatus({
    setup: { proxySeen: "2026-03-01T10:00:00.000Z", endpoints: [], httpBindSeen: null },
  });
  expect((await bench.ask("/api/setup")).value).toEqual({
    proxySeen: "2026-03-01T10:00:00.000Z",
    endpoints: [],
    httpBindSeen: null,
    proxy: { host: "127.0.0.1", port: 8888 },
    ca: { subject: "Boshscope local CA", fingerprint256: "AA:BB" },
    finesseHosts: ["fin1.demo.test"],
    pacPath: "/proxy.pac",
    caPemPath: "/boshscope-ca.pem",
    caDerPath: "/boshscope-ca.cer",
  });
});

test("pause, resume, rename and new answer with what is true now", async () => {
  await using bench = await startTestServer();
  const command = async (body: unknown) =>
    (await bench.ask("/api/capture", { method: "POST", body })).value;
  expect(await command({ action: "pause" })).toMatchObject({ recording: false });
  expect(bench.capture.status().recording).toBe(false);
  expect(await command({ action: "resume" })).toMatchObject({ recording: true });
  expect(await command({ action: "rename", name: " Monday " })).toEqual({
    captureId: "cap1",
    captureName: "Monday",
    recording: true,
  });
  expect(await command({ action: "new", name: "Tuesday" })).toMatchObject({
    captureId: "cap2",
    captureName: "Tuesday",
  });
  expect(await command({ action: "new" })).toMatchObject({
    captureId: "cap3",
    captureName: expect.stringMatching(/^Capture \d{4}-\d\d-\d\d \d\d:\d\d UTC$/),
  });
  const list = (await bench.ask("/api/captures")).value;
  expect(list).toMatchObject({
    current: "cap3",
    captures: [{ name: "Monday" }, { name: "Tuesday" }, { id: "cap3" }],
  });
});

test.each([
  [{}],
  [{ action: "stop" }],
  [{ action: "rename" }],
  [{ action: "rename", name: "  " }],
  [{ action: "pause", name: "x" }],
  [{ action: "new", name: "x".repeat(201) }],
  [{ action: "pause", extra: true }],
])("POST /api/capture %j is refused", async (body) => {
  await using bench = await startTestServer();
  const answer = await bench.ask("/api/capture", { method: "POST", body });
  expect(answer.status).toBe(400);
  expect(bench.capture.status().recording).toBe(true);
});

test("a body that is not declared as JSON is refused: other sites' forms can send those", async () => {
  await using bench = await startTestServer();
  const answer = await bench.ask("/api/capture", {
    method: "POST",
    body: '{"action":"pause"}',
    headers: { "Content-Type": "text/plain" },
  });
  expect(answer.status).toBe(400);
  expect(bench.capture.status().recording).toBe(true);
});

test("connections come by seq and one by one", async () => {
  await using bench = await startTestServer();
  for (const id of [1, 2, 3]) {
    bench.capture.connectionRecords.push({
      id,
      captureId: "cap1",
      seq: id * 10,
    } as ConnectionRecord);
  }
  const first: ConnectionList = (await bench.ask("/api/connections?limit=2")).value;
  expect([first.connections.length, first.next, first.more]).toEqual([2, 20, true]);
  const rest: ConnectionList = (await bench.ask("/api/connections?since=20")).value;
  expect([rest.connections.length, rest.next, rest.more]).toEqual([1, 30, false]);
  expect((await bench.ask("/api/connections?since=30")).value).toMatchObject({ next: 30 });
  expect((await bench.ask("/api/connections/2")).value).toMatchObject({ id: 2 });
  expect((await bench.ask("/api/connections/9")).status).toBe(404);
  expect((await bench.ask("/api/connections/x")).status).toBe(400);
});
