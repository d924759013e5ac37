/** The description and what is served: each names all of the other, and real answers have the shapes it promises. */
import { expect, test } from "vitest";
import { z } from "zod";
import { systemClock } from "../../../src/base/clock.ts";
import { silentLog } from "../../../src/base/log.ts";
import type { ConnectionRecord } from "../../../src/domain/connection.ts";
import { createAccess } from "../../../src/server/access.ts";
import { Feed } from "../../../src/server/feed.ts";
import { createHttpApp } from "../../../src/server/http-app.ts";
import { templateOf } from "../../../src/server/open-api.ts";
import { MemoryRecorder, responded } from "../../support/memory-recorder.ts";
import {
  idleFaults,
  noBreakpoints,
  noComparison,
  noReplay,
  noXmpp,
  startTestServer,
} from "./started-server.ts";

interface Operation {
  readonly summary: string;
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Record<
    string,
    { readonly content?: Record<string, { readonly schema?: unknown }> }
  >;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

/** What express really has registered, asked of express. */
function registered(): readonly string[] {
  const capture = new MemoryRecorder();
  const shared = { recorder: capture, reader: capture, clock: systemClock, log: silentLog };
  const loopLagMs = () => ({ p50: 0, p99: 0 });
  const app = createHttpApp({
    options: {
      ...shared,
      loopLagMs,
      faults: idleFaults(),
      host: "127.0.0.1",
      port: 0,
      token: "t",
      webDir: "/nowhere",
      breakpoints: noBreakpoints,
      replay: noReplay,
      ...noXmpp,
      compare: noComparison,
      ca: { pem: "", der: new Uint8Array(), fingerprint256: "", subject: "" },
      proxy: () => ({ host: "127.0.0.1", port: 1 }),
      finesseHosts: () => [],
      receiveLog: () => Promise.reject(new Error("not asked here")),
      exportFile: () => Promise.reject(new Error("no export is expected")),
      importFile: () => Promise.reject(new Error("no import is expected")),
      config: () => {
        throw new Error("not asked here");
      },
      version: "0",
    },
    own: { host: "127.0.0.1", port: 1 },
    access: createAccess("t", 1),
    feed: new Feed({ ...shared, loopLagMs, faults: idleFaults() }),
  });
  const layers = app.router.stack.flatMap((layer) =>
    layer.route === undefined ? [] : [layer.route],
  );
  return layers.flatMap((route) =>
    [...new Set(route.stack.map((layer) => layer.method))].map(
      (method) => `${method} ${templateOf(route.path)}`,
    ),
  );
}

async function described(): Promise<Document> {
  await using bench = await startTestServer();
  return (await bench.ask("/openapi.json", { bearer: null })).value;
}

test("every registered route is described, and every description is served", async () => {
  const { openapi, paths } = await described();
  expect(openapi).toBe("3.1.0");
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  const served = registered();
  expect(served.length).toBeGreaterThan(20);
  expect(new Set(served).size).toBe(served.length);
  expect([...operations].sort()).toEqual([...served].sort());
});

test("each operation is whole: a summary, its own id, all path parameters, answers", async () => {
  const { paths } = await described();
  const ids = new Set<string>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      expect(operation.summary, path).toMatch(/\.$/);
      ids.add(operation.operationId);
      const named = operation.parameters.filter((one) => one.in === "path").map((one) => one.name);
      const needed = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
      if (path !== "/{file}") expect(named, `${method} ${path}`).toEqual(needed);
      expect(Object.keys(operation.responses).length).toBeGreaterThan(2);
    }
  }
  expect(ids.size).toBe(Object.values(paths).flatMap((methods) => Object.keys(methods)).length);
});

test("every reference leads somewhere, and no shape lies unused", async () => {
  const document = await described();
  const text = JSON.stringify(document);
  const used = new Set(
    [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map((found) => found[1]),
  );
  expect(used).toEqual(new Set(Object.keys(document.components.schemas)));
});

test("filter, limits and commands are described as they are checked", async () => {
  const { paths } = await described();
  const list = paths["/api/exchanges"]!["get"]!;
  expect(list.parameters).toContainEqual(
    expect.objectContaining({
      name: "limit",
      in: "query",
      required: false,
      schema: expect.objectContaining({ type: "integer", minimum: 1, maximum: 5000 }),
    }),
  );
  expect(JSON.stringify(paths["/api/capture"]!["post"])).toContain('"rename"');
});

test("real answers have the shapes that are promised", async () => {
  await using bench = await startTestServer();
  const document: Document = (await bench.ask("/openapi.json")).value;
  bench.capture.commit(
    { number: 1 },
    { number: 2, outcome: responded(200), holdMs: 12.5, mark: "red" },
    {
      number: 3,
      outcome: {
        kind: "failed",
        phase: "headers",
        cause: "reset",
        blame: "server",
        status: null,
        alert: null,
        detail: "ECONNRESET",
      },
    },
  );
  bench.capture.details.set("cap1-1", detail);
  bench.capture.connectionRecords.push(connection);
  bench.capture.setStatus({
    setup: {
      proxySeen: null,
      endpoints: [{ host: "a", port: 7443, state: "rejected", alert: 48, at: connection.at }],
      httpBindSeen: connection.at,
    },
  });
  const asked: readonly (readonly [
    method: string,
    path: string,
    template: string,
    body?: unknown,
  ])[] = [
    ["get", "/api/health", "/api/health"],
    ["get", "/api/config", "/api/config"],
    ["get", "/api/setup", "/api/setup"],
    ["get", "/api/captures", "/api/captures"],
    ["get", "/api/connections", "/api/connections"],
    ["get", "/api/connections/1", "/api/connections/{id}"],
    ["get", "/api/exchanges", "/api/exchanges"],
    ["get", "/api/exchanges/cap1-1", "/api/exchanges/{id}"],
    ["get", "/api/exchanges/cap1-2", "/api/exchanges/{id}"],
    ["get", "/api/exchanges/cap1-1/frames", "/api/exchanges/{id}/frames"],
    ["post", "/api/capture", "/api/capture", { action: "pause" }],
    ["get", "/api/exchanges?limit=0", "/api/exchanges"],
    ["get", "/api/exchanges/cap1-77", "/api/exchanges/{id}"],
  ];
  for (const [method, path, template, body] of asked) {
    const answer = await bench.ask(path, { method: method.toUpperCase(), body });
    const promised = document.paths[template]![method]!.responses[answer.status];
    const schema = promised?.content?.["application/json"]?.schema;
    expect(schema, `${path} ${answer.status}`).toBeDefined();
    const checker = z.fromJSONSchema(selfContained(schema, document) as never);
    const result = checker.safeParse(answer.value);
    expect(result.success ? [] : result.error.issues, path).toEqual([]);
    // The checker must be able to fail.
    expect(checker.safeParse({}).success, path).toBe(false);
  }
});

/** The schema with all references inside it, as zod wants them. */
function selfContained(schema: unknown, document: Document): unknown {
  const text = JSON.stringify({ ...(schema as object), $defs: document.components.schemas });
  return JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/"));
}

const connection: ConnectionRecord = {
  id: 1,
  captureId: "cap1",
  seq: 1,
  at: "2026-03-01T10:00:00.000Z",
  endedAt: null,
  mode: "intercepted",
  reason: "port 7443",
  host: "fin1.demo.test",
  port: 7443,
  client: { address: "127.0.0.1", port: 50_000, process: "chrome", pid: 7 },
  server: { address: "10.1.0.4", port: 7443 },
  sni: "fin1.demo.test",
  alpnOffered: ["h2", "http/1.1"],
  clientTls: { version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", alpn: null, resumed: false },
  serverTls: null,
  certificate: {
    subject: "CN=fin1",
    issuer: "CN=fin1",
    altNames: ["fin1.demo.test"],
    validFrom: "2026-01-01T00:00:00.000Z",
    validTo: "2027-01-01T00:00:00.000Z",
    fingerprint256: "AA",
    selfSigned: true,
    problem: "DEPTH_ZERO_SELF_SIGNED_CERT",
    pin: "first-seen",
  },
  shownNames: ["fin1.demo.test"],
  timing: { serverConnected: 1.5, serverTls: 3, clientTls: null },
  bytes: { toServer: 10, toClient: 20 },
  exchanges: 1,
  clientClose: {
    at: "2026-03-01T10:00:00.000Z",
    by: "peer",
    how: "reset",
    alert: null,
    detail: "ECONNRESET",
  },
  serverClose: null,
  firstToEnd: "client",
  failure: { phase: "headers", cause: "reset" },
  errors: [{ name: "client-gone", at: "2026-03-01T10:00:00.000Z", detail: "", alert: null }],
  interference: ["connect"],
};

const detail: Parameters<MemoryRecorder["details"]["set"]>[1] = {
  request: {
    startLine: "POST /http-bind/ HTTP/1.1",
    headers: [{ name: "Host", value: "fin1" }],
    trailers: [],
    rawHead: "POST /http-bind/ HTTP/1.1\r\nHost: fin1\r\n\r\n",
    body: {
      wireLength: 10,
      keptLength: 10,
      encoding: null,
      decoded: false,
      cut: false,
      hash: "ab",
      contentType: "text/xml",
    },
  },
  frames: [
    {
      index: 0,
      at: "2026-03-01T10:00:00.000Z",
      from: "client",
      opcode: 1,
      final: true,
      length: 2,
      text: "hi",
      hex: null,
      cut: false,
      event: null,
    },
  ],
  framesTotal: 1,
};
