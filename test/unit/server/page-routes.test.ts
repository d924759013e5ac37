/** The page, its token, and the files that need none. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startTestServer, token } from "./started-server.ts";

async function buildPage(webDir: string): Promise<void> {
  await mkdir(join(webDir, "assets"), { recursive: true });
  await writeFile(join(webDir, "index.html"), "<!doctype html><title>page</title>");
  await writeFile(join(webDir, "assets", "app-1a2b.js"), "export const a = 1;\n");
  await writeFile(join(webDir, "icon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  await writeFile(join(webDir, ".env"), "SECRET=1");
  await writeFile(join(webDir, "..", "outside.txt"), "outside");
}

test("without a built page, a plain one says how to build it", async () => {
  await using bench = await startTestServer();
  const answer = await bench.ask("/", { bearer: null });
  expect(answer.status).toBe(200);
  expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(answer.text).toContain("npm run build");
});

test("the built page and its files are served without a token", async () => {
  await using bench = await startTestServer();
  await buildPage(bench.webDir);
  const page = await bench.ask("/", { bearer: null });
  expect(page.text).toContain("<title>page</title>");
  expect(page.headers["cache-control"]).toBe("no-cache");
  const script = await bench.ask("/assets/app-1a2b.js", { bearer: null });
  expect(script.status).toBe(200);
  expect(script.headers["content-type"]).toMatch(/^text\/javascript/);
  expect(script.headers["cache-control"]).toContain("immutable");
  expect((await bench.ask("/icon.svg", { bearer: null })).headers["content-type"]).toBe(
    "image/svg+xml",
  );
});

test.each([
  "/.env",
  "/../outside.txt",
  "/..%2foutside.txt",
  "/assets/..%2f..%2foutside.txt",
  "/%2e%2e/outside.txt",
  "/assets/..%5c..%5coutside.txt",
  "/assets",
  "/index.html%00",
  "/nothing.js",
  "/%ff",
])("%s is not served", async (path) => {
  await using bench = await startTestServer();
  await buildPage(bench.webDir);
  const answer = await bench.ask(path, { bearer: null });
  expect([400, 404]).toContain(answer.status);
  expect(answer.text).not.toMatch(/outside"|SECRET/);
  expect(answer.value).toHaveProperty("error.code");
});

test("the token in the address becomes a cookie, and the address loses it", async () => {
  await using bench = await startTestServer();
  expect(bench.server.url).toBe(`http://127.0.0.1:${bench.server.port}/?token=${token}`);
  const answer = await bench.ask(`/?token=${token}&view=setup`, { bearer: null });
  expect(answer.status).toBe(303);
  expect(answer.headers.location).toBe("/?view=setup");
  expect((await bench.ask(`/?token=${token}`, { bearer: null })).headers.location).toBe("/");
  const cookie = answer.headers["set-cookie"]?.[0] ?? "";
  expect(cookie).toContain(String(bench.server.port));
  const headers = { Cookie: cookie.split(";")[0] ?? "" };
  expect((await bench.ask("/api/health", { bearer: null, headers })).status).toBe(200);
  expect((await bench.ask("/api/health", { bearer: null })).status).toBe(401);
});

test.each(["/?token=wrong", "/?token=", "/?token=a&token=b"])("%s sets no cookie", async (path) => {
  await using bench = await startTestServer();
  const answer = await bench.ask(path, { bearer: null });
  expect([400, 401]).toContain(answer.status);
  expect(answer.headers["set-cookie"]).toBeUndefined();
});

test("a token with every kind of character survives the printed address", async () => {
  const odd = "a&b=c+d e%f#g/ü";
  await using bench = await startTestServer({ token: odd });
  const { pathname, search } = new URL(bench.server.url);
  expect((await bench.ask(pathname + search, { bearer: null })).status).toBe(303);
});

test("a redirect can't lead away", async () => {
  await using bench = await startTestServer();
  const answer = await bench.ask(`//evil.test/?token=${token}`, { bearer: null });
  expect(answer.headers.location ?? "/").toMatch(/^\/($|\?)/);
});

test("the root CA comes as PEM and as DER, byte for byte", async () => {
  await using bench = await startTestServer();
  const pem = await bench.ask("/boshscope-ca.pem", { bearer: null });
  expect(pem.headers["content-type"]).toBe("application/x-pem-file");
  expect(pem.headers["content-disposition"]).toBe('attachment; filename="boshscope-ca.pem"');
  expect(pem.text).toContain("BEGIN CERTIFICATE");
  const der = await bench.ask("/boshscope-ca.cer", { bearer: null });
  expect(der.headers["content-type"]).toBe("application/x-x509-ca-cert");
  expect([...der.bytes]).toEqual([0x30, 0x82, 0x01, 0xff]);
});

test("the PAC file names the hosts known now, and is not kept by browsers", async () => {
  const hosts: string[] = [];
  await using bench = await startTestServer({ finesseHosts: () => hosts });
  expect((await bench.ask("/proxy.pac", { bearer: null })).text).not.toContain("learned.test");
  hosts.push("learned.test");
  const answer = await bench.ask("/proxy.pac", { bearer: null });
  expect(answer.headers["content-type"]).toBe("application/x-ns-proxy-autoconfig");
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(answer.text).toContain("learned.test");
});

test("a proxy that listens everywhere is named by the address that was reached", async () => {
  await using bench = await startTestServer({ proxy: () => ({ host: "0.0.0.0", port: 8888 }) });
  const answer = await bench.ask("/proxy.pac", { bearer: null });
  expect(answer.text).toContain("PROXY 127.0.0.1:8888; DIRECT");
});
