import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectBoshscope } from "../../../src/client/connect-boshscope.ts";

/** An API that answers as it is told, and writes down what it was asked. */
async function startApi(listener: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    listener(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/?token=abc`,
    asked,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

test("address and token are read from the data folder; sentences are asked for in one language", async () => {
  await using api = await startApi((_request, response) => response.end('{"findings":[]}'));
  const dataDir = mkdtempSync(join(tmpdir(), "boshscope-client-"));
  writeFileSync(
    join(dataDir, "boshscope.json"),
    JSON.stringify({ url: api.url, token: "t0ken-xyz" }),
  );
  expect(await connectBoshscope({ dataDir }, { lang: "es" }).findings()).toEqual([]);
  expect(api.asked).toEqual(["GET /api/findings?lang=es Bearer t0ken-xyz"]);
  rmSync(dataDir, { recursive: true });
});

test("a folder where none runs, and what is no address, are told at once", () => {
  const dataDir = join(tmpdir(), "boshscope-nobody-here");
  expect(() => connectBoshscope({ dataDir })).toThrow(
    expect.objectContaining({ code: "not-running", message: expect.stringContaining(dataDir) }),
  );
  expect(() => connectBoshscope({ url: "fin1", token: "x" })).toThrow(
    expect.objectContaining({ code: "config-invalid" }),
  );
});

test("a refusal is the API's own, with its remedy", async () => {
  const error = { code: "not-found", message: "There is no fault rule r9.", remedy: "Look." };
  await using api = await startApi((_request, response) =>
    response.writeHead(404).end(JSON.stringify({ error })),
  );
  const { faults } = connectBoshscope({ url: api.url, token: "x" });
  await expect(faults.arm("r9")).rejects.toMatchObject(error);
  expect(api.asked).toEqual(["POST /api/faults/r9/arm?lang=en Bearer x"]);
});

test.each([
  [401, "{}", "token-refused"],
  [502, "<html>", "not-reached"],
])("an answer of %i that says %j is %s", async (status, body, code) => {
  await using api = await startApi((_request, response) => response.writeHead(status).end(body));
  const client = connectBoshscope({ url: api.url, token: "x" });
  await expect(client.health()).rejects.toMatchObject({ code });
});

test("nobody there is told with the reason", async () => {
  const { url } = await (async () => {
    await using api = await startApi((_request, response) => response.end());
    return api;
  })();
  const client = connectBoshscope({ url, token: "x" });
  await expect(client.health()).rejects.toMatchObject({
    code: "not-reached",
    message: expect.stringContaining("ECONNREFUSED"),
  });
});

test("waiting gives what came, and up in the end", async () => {
  const client = connectBoshscope({ url: "http://127.0.0.1:1", token: "x" });
  const answers = [null, false, undefined, 0];
  expect(await client.waitFor(async () => answers.shift())).toBe(0);
  await expect(client.waitFor(async () => null, 1)).rejects.toThrow("not so within 1 ms");
});
