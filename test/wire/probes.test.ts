import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { silentLog } from "../../src/base/log.ts";
import type { OwnStep, ProbeResult } from "../../src/domain/vitals.ts";
import { type FinessePair, startFinessePair } from "../../src/simulator/finesse-pair.ts";
import { probeLimits, startProbes } from "../../src/vitals/probes/start-probes.ts";
import { type RecordingProxy, startBoshscope } from "../support/proxy-under-test.ts";

const host = "fin1.demo.test";
const closers: (() => PromiseLike<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function startPair(): Promise<{ pair: FinessePair; proxy: RecordingProxy }> {
  const pair = await startFinessePair();
  closers.push(() => pair.close());
  const entries = pair.resolve.map(({ host: name, port, realPort }) => [
    `${name}:${port}`,
    realPort,
  ]);
  const proxy = await startBoshscope(Object.fromEntries(entries) as Record<string, number>);
  closers.push(() => proxy[Symbol.asyncDispose]());
  return { pair, proxy };
}

/** All that one round of probes says, by port and step. */
async function probe(proxy: RecordingProxy, stepMs = 500): Promise<Map<string, ProbeResult>> {
  const results = new Map<string, ProbeResult>();
  let running = 0;
  const probes = startProbes({
    get: async (get) => {
      running++;
      await proxy.get(get);
      running--;
    },
    clock: { wall: Date.now, mono: () => performance.now() },
    emit: (result) => results.set(`${result.port} ${result.step}`, result),
    exchangeId: (number) => `cap-${number}`,
    log: silentLog,
    stepMs,
  });
  expect(probes.want(host, 7443)).toBe(true);
  expect(running).toBe(2);
  await expect.poll(() => running, { timeout: 5000 }).toBe(0);
  probes.stop();
  return results;
}

const outcomes = (results: ReadonlyMap<string, ProbeResult>): Record<string, unknown> =>
  Object.fromEntries(
    [...results].map(([step, { ok, error, status }]) => [step, error ?? status ?? ok]),
  );

describe("a server in trouble is told apart", () => {
  it("healthy: 404 of http-bind, and SystemInfo", async () => {
    const { proxy } = await startPair();
    const results = await probe(proxy);
    expect(outcomes(results)).toEqual({
      "7443 tcp": true,
      "7443 tls": true,
      "7443 http-bind": 404,
      "8445 tcp": true,
      "8445 tls": true,
      "8445 systeminfo": 200,
    });
    expect(results.get("8445 systeminfo")?.serverStatus).toBe("IN_SERVICE");
  });

  it("Notification Service stopped: refused there alone, and out of service", async () => {
    const { pair, proxy } = await startPair();
    await pair.publisher.stopNotification("crash");
    const results = await probe(proxy);
    expect(outcomes(results)).toMatchObject({ "7443 tcp": "ECONNREFUSED", "8445 systeminfo": 200 });
    expect(results.has("7443 tls")).toBe(false);
    expect(results.get("8445 systeminfo")?.serverStatus).toBe("OUT_OF_SERVICE");
  });

  it("Tomcat stopped: refused on 8445 alone", async () => {
    const { pair, proxy } = await startPair();
    await pair.publisher.stopTomcat("crash");
    expect(outcomes(await probe(proxy))).toMatchObject({
      "7443 http-bind": 404,
      "8445 tcp": "ECONNREFUSED",
    });
  });

  it("CTI lost: alive, but out of service", async () => {
    const { pair, proxy } = await startPair();
    pair.publisher.setCti(false);
    const results = await probe(proxy);
    expect(results.get("8445 systeminfo")).toMatchObject({
      ok: true,
      serverStatus: "OUT_OF_SERVICE",
    });
    expect(results.get("7443 http-bind")?.status).toBe(404);
  });
});

/** Accepts and does this with the socket. */
async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on("error", () => socket.destroy()));
    onSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function stepsTo(
  realPort: number,
  stepMs: number,
): Promise<{ steps: OwnStep[]; proxy: RecordingProxy; ms: number }> {
  const proxy = await startBoshscope({ [`${host}:7443`]: realPort });
  closers.push(() => proxy[Symbol.asyncDispose]());
  const steps: OwnStep[] = [];
  const start = performance.now();
  await proxy.get({
    host,
    port: 7443,
    path: "/http-bind/",
    stepMs,
    onStep: (step) => steps.push(step),
  });
  return { steps, proxy, ms: performance.now() - start };
}

describe("it gives up in time", () => {
  it("on a server that takes connections and says nothing", async () => {
    const { steps, ms } = await stepsTo(await listen(() => undefined), 200);
    expect(steps.map(({ step, ok, error }) => [step, ok, error])).toEqual([
      ["tcp", true, null],
      ["tls", false, "TIMEOUT"],
    ]);
    expect(ms).toBeLessThan(2000);
  });

  it("on a server that hangs after the handshake", async () => {
    const { pair, proxy } = await startPair();
    pair.publisher.hangNotification();
    const results = await probe(proxy, 300);
    expect(outcomes(results)).toMatchObject({ "7443 tls": true, "8445 systeminfo": 200 });
    expect(results.get("7443 http-bind")).toMatchObject({ ok: false, error: "TIMEOUT" });
  });

  it("on one that drops connections: its queue is full and nobody takes from it", async () => {
    // Linux drops a SYN beyond the backlog, as a firewall does; other systems may refuse.
    if (process.platform !== "linux") return;
    const script =
      'const s = require("node:net").createServer(); s.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => console.log(s.address().port)); setTimeout(() => process.exit(), 20000)';
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    closers.push(() => void child.kill("SIGKILL"));
    const [line] = await once(child.stdout, "data");
    const port = Number(String(line));
    child.kill("SIGSTOP");
    const fill = Array.from({ length: 4 }, () =>
      connect(port, "127.0.0.1").on("error", () => undefined),
    );
    closers.push(() => fill.forEach((socket) => socket.destroy()));
    await expect.poll(() => fill.filter(({ readyState }) => readyState === "open").length).toBe(2);
    const { steps } = await stepsTo(port, 300);
    expect(steps).toMatchObject([{ step: "tcp", ok: false, error: "TIMEOUT" }]);
  });

  it("on one that resets, and on one that closes", async () => {
    const reset = await stepsTo(
      await listen((socket) => socket.once("data", () => socket.resetAndDestroy())),
      1000,
    );
    expect(reset.steps.at(-1)).toMatchObject({ step: "tls", ok: false, error: "ECONNRESET" });
    const closed = await stepsTo(await listen((socket) => socket.end()), 1000);
    expect(closed.steps.at(-1)).toMatchObject({ step: "tls", ok: false });
  });
});

it("leaves a row marked as a probe, with its failure, and blames nobody for our giving up", async () => {
  const { proxy } = await stepsTo(await listen(() => undefined), 150);
  const kinds = proxy.events.map(({ kind }) => kind);
  expect(kinds).toEqual(["request-head", "exchange-noted", "request-end", "exchange-failed"]);
  expect(await proxy.event("exchange-noted")).toMatchObject({ note: "probe" });
  expect(await proxy.event("request-end")).toMatchObject({ sent: false });
  expect(await proxy.event("exchange-failed")).toMatchObject({
    phase: "tls",
    cause: "timeout",
    blame: "boshscope",
  });
});

it("names the resolver as what failed", async () => {
  const proxy = await startBoshscope({});
  closers.push(() => proxy[Symbol.asyncDispose]());
  const steps: OwnStep[] = [];
  const name = "no-such-host.invalid";
  await proxy.get({
    host: name,
    port: 7443,
    path: "/",
    stepMs: 3000,
    onStep: (step) => steps.push(step),
  });
  expect(steps).toHaveLength(1);
  expect(steps[0]).toMatchObject({ step: "dns", ok: false });
});

it("goes through the proxy in front of us", async () => {
  let asked = "";
  const upstream = await listen((socket) =>
    socket.once("data", (bytes: Buffer) => {
      asked = bytes.toString("latin1").split("\r\n")[0] ?? "";
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    }),
  );
  const proxy = await startBoshscope({}, { upstream: `http://127.0.0.1:${upstream}` });
  closers.push(() => proxy[Symbol.asyncDispose]());
  const steps: OwnStep[] = [];
  await proxy.get({
    host,
    port: 8445,
    path: "/",
    stepMs: 3000,
    onStep: (step) => steps.push(step),
  });
  expect(asked).toBe(`CONNECT ${host}:8445 HTTP/1.1`);
  expect(steps).toMatchObject([{ step: "tcp", ok: false, error: "BOSHSCOPE_UPSTREAM" }]);
});

describe("it asks no more than its bounds allow", () => {
  function startBounded() {
    const asked: string[] = [];
    const waiting: (() => void)[] = [];
    let now = 0;
    const probes = startProbes({
      get: ({ host: name, port }) => {
        asked.push(`${name}:${port}`);
        return new Promise((resolve) => waiting.push(resolve));
      },
      clock: { wall: () => now, mono: () => now },
      emit: () => undefined,
      exchangeId: String,
      log: silentLog,
    });
    return { probes, asked, waiting, pass: (ms: number) => (now += ms) };
  }

  it("one server not twice in a while, two servers at once, the rest waits or is left out", async () => {
    const { probes, asked, waiting, pass } = startBounded();
    expect(probes.want("a", 7443)).toBe(true);
    expect(probes.want("a", 7443)).toBe(false);
    expect(probes.want("b", null)).toBe(true);
    const more = Array.from({ length: 20 }, (_, index) => probes.want(`h${index}`, null));
    expect(more.filter(Boolean)).toHaveLength(probeLimits.waiting);
    expect(asked).toEqual(["a:7443", "a:8445", "b:7443", "b:8445"]);
    for (const done of waiting.splice(0)) done();
    await expect.poll(() => asked.length).toBe(8);
    pass(probeLimits.gapPerHostMs);
    expect(probes.want("a", 443)).toBe(true);
    probes.stop();
    expect(probes.want("z", null)).toBe(false);
  });

  it("so many in an hour", () => {
    const { probes, waiting, pass } = startBounded();
    let allowed = 0;
    for (let turn = 0; turn < 200; turn++) {
      for (const done of waiting.splice(0)) done();
      pass(probeLimits.gapPerHostMs - 5000);
      if (probes.want(`h${turn}`, null)) allowed++;
    }
    expect(allowed).toBeLessThanOrEqual(probeLimits.hourly);
  });
});
