/** The contract with http-mitm-proxy: what `Engine` overrides and relies on is there, in the version it was measured on. */
import { readFileSync } from "node:fs";
import { Proxy } from "http-mitm-proxy";
import { expect, test } from "vitest";
import { Engine } from "../../../src/intercept/engine.ts";

test("http-mitm-proxy is the pinned version", () => {
  const { version } = JSON.parse(
    readFileSync("node_modules/http-mitm-proxy/package.json", "utf8"),
  ) as { version: string };
  expect(version).toBe("1.1.0");
});

test.each([
  "_onHttpServerConnect",
  "_onHttpServerRequest",
  "_onWebSocketServerConnect",
  "_onError",
  "_onSocketError",
  "_createHttpsServer",
  "close",
] as const)("%s is a method of the shell and of ours", (name) => {
  expect(typeof Proxy.prototype[name]).toBe("function");
  expect(Object.hasOwn(Engine.prototype, name)).toBe(true);
});

test("a port in use is an error with a remedy, which the shell never reports", async () => {
  const events = { opened() {}, connect() {}, plain() {}, malformed() {}, silent() {} };
  const first = new Engine(events);
  const { port } = await first.open("127.0.0.1", 0);
  await expect(new Engine(events).open("127.0.0.1", port)).rejects.toMatchObject({
    code: "port-in-use",
  });
  first.close();
});
