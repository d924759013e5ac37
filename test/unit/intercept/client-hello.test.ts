import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { connect } from "node:tls";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readClientHello } from "../../../src/intercept/client-hello.ts";

/** The bytes a real TLS client sends first. */
async function helloOf(options: {
  servername?: string;
  ALPNProtocols?: string[];
}): Promise<Buffer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect({
    port: (server.address() as AddressInfo).port,
    host: "127.0.0.1",
    ...options,
  });
  client.on("error", () => client.destroy());
  const [socket] = await once(server, "connection");
  const [bytes] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  client.destroy();
  server.close();
  return bytes;
}

test("name and protocols of a real client's hello are read", async () => {
  const hello = await helloOf({ servername: "fin1.ucce.local", ALPNProtocols: ["h2", "http/1.1"] });
  expect(readClientHello(hello)).toEqual({
    serverName: "fin1.ucce.local",
    protocols: ["h2", "http/1.1"],
  });
});

test("a hello without name and protocols says so", async () => {
  expect(readClientHello(await helloOf({}))).toEqual({ serverName: null, protocols: [] });
});

test("every beginning of a hello asks for more, split over records or not", async () => {
  const hello = await helloOf({ servername: "fin1.ucce.local" });
  for (let end = 0; end < hello.length; end++)
    expect(readClientHello(hello.subarray(0, end))).toBe("more");
  const payload = hello.subarray(5);
  const split = Buffer.concat([
    record(payload.subarray(0, 7)),
    record(payload.subarray(7, 100)),
    record(payload.subarray(100)),
  ]);
  expect(readClientHello(split)).toEqual({ serverName: "fin1.ucce.local", protocols: [] });
});

const record = (payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x16, 3, 1, payload.length >> 8, payload.length & 255]), payload]);

test("what is no hello is refused, and no bytes make the reader fail", () => {
  expect(readClientHello(Buffer.from("GET / HTTP/1.1\r\n"))).toBeNull();
  expect(readClientHello(record(Buffer.from([2, 0, 0, 4, 1, 2, 3, 4])))).toBeNull();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const hello = Buffer.concat([
        record(Buffer.concat([Buffer.from([1, 0, 0, bytes.length]), bytes])),
      ]);
      const read = readClientHello(bytes.length < 256 ? hello : bytes);
      expect(read === null || read === "more" || Array.isArray(read.protocols)).toBe(true);
    }),
  );
});
