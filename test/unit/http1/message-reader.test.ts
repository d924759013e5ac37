/** The framer against Node's own parser: the same bytes, over real sockets, must mean the same to both. */
import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Conversation } from "../../../src/http1/conversation.ts";
import { type Header, parseTrailers } from "../../../src/http1/head.ts";
import { MessageReader } from "../../../src/http1/message-reader.ts";
import * as messages from "./arbitrary-messages.ts";

/** A message as both readers are asked to report it. */
interface Understood {
  readonly start: readonly (string | number)[];
  readonly headers: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
}

const flat = (headers: readonly Header[]): string[] =>
  headers.flatMap(({ name, value }) => [name, value]);

/** The framer's reading of one connection's bytes. */
function framed(
  toServer: Uint8Array,
  toClient: Uint8Array,
): Record<"requests" | "responses", Understood[]> {
  const read = { requests: [] as Understood[], responses: [] as Understood[] };
  const bodies = { request: "", response: "" };
  const starts: Record<"request" | "response", Pick<Understood, "start" | "headers">> = {
    request: { start: [], headers: [] },
    response: { start: [], headers: [] },
  };
  const end = (kind: "request" | "response", trailers: Uint8Array | null): Understood => {
    const body = bodies[kind];
    bodies[kind] = "";
    return {
      ...starts[kind],
      body,
      trailers: trailers === null ? [] : flat(parseTrailers(trailers)),
    };
  };
  const conversation = new Conversation(
    {
      requestHead: (_index, _head, { method, target, version, headers }) => {
        starts.request = { start: [method, target, version], headers: flat(headers) };
      },
      requestBody: (_index, bytes) => (bodies.request += Buffer.from(bytes).toString("hex")),
      requestEnd: (_index, _length, trailers) => read.requests.push(end("request", trailers)),
      informational: () => undefined,
      responseHead: (_index, _head, { version, status, reason, headers }) => {
        starts.response = { start: [version, status, reason], headers: flat(headers) };
      },
      responseBody: (_index, bytes) => (bodies.response += Buffer.from(bytes).toString("hex")),
      responseEnd: (_index, _length, trailers) => read.responses.push(end("response", trailers)),
      upgraded: () => undefined,
      frame: () => undefined,
      unparsed: (from, _index, reason) => {
        throw new Error(`${from} is unparsed: ${reason}`);
      },
    },
    { bodyLimit: 1e6, maxHead: 1e5, maxPipelined: 100 },
  );
  conversation.fromClient(toServer, 0);
  conversation.fromServer(toClient, 0);
  conversation.serverEnded(0);
  return read;
}

const portOf = (server: { address(): AddressInfo | string | null }): number =>
  (server.address() as AddressInfo).port;

async function understood(
  message: IncomingMessage,
  start: Understood["start"],
): Promise<Understood> {
  const body = (await buffer(message)).toString("hex");
  return { start, headers: message.rawHeaders, body, trailers: message.rawTrailers };
}

describe("against node:http", () => {
  test("a server reads the same requests, pipelined", async () => {
    let read: Promise<Understood>[] = [];
    const server = createServer((message, reply) => {
      const { method = "", url = "", httpVersion } = message;
      const all = understood(message, [method, url, `HTTP/${httpVersion}`]);
      read.push(all);
      all.then(
        () => reply.end("ok"),
        () => reply.destroy(),
      );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(messages.request, { minLength: 1, maxLength: 5 }),
          async (sample) => {
            read = [];
            const last = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
            const sent = Buffer.concat([...sample.map(({ bytes }) => bytes), Buffer.from(last)]);
            const socket = connect(portOf(server), "127.0.0.1");
            socket.write(sent);
            const answers = await buffer(socket);
            const byNode = await Promise.all(read);
            const ours = framed(sent, answers);
            expect(ours.requests).toEqual(byNode);
            expect(byNode).toHaveLength(sample.length + 1);
            expect(ours.responses.map(({ body }) => body)).toEqual(
              byNode.map(() => Buffer.from("ok").toString("hex")),
            );
          },
        ),
        { numRuns: 80 },
      );
    } finally {
      server.close();
    }
  });

  test("a client reads the same responses, informational ones between", async () => {
    let answer = Buffer.alloc(0);
    const sockets = new Set<Socket>();
    const server = createTcpServer((socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      socket.on("data", () => socket.write(answer));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const hint = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    try {
      await fc.assert(
        fc.asyncProperty(messages.response, fc.boolean(), async (sample, hinted) => {
          answer = Buffer.concat([Buffer.from(hinted ? hint : "", "latin1"), sample.bytes]);
          const asked = httpRequest({ port: portOf(server), host: "127.0.0.1", agent: false });
          asked.end();
          const [message] = (await once(asked, "response")) as [IncomingMessage];
          const { statusCode = 0, statusMessage = "", httpVersion } = message;
          const byNode = await understood(message, [
            `HTTP/${httpVersion}`,
            statusCode,
            statusMessage,
          ]);
          const ours = framed(Buffer.from("GET / HTTP/1.1\r\n\r\n"), answer);
          expect(ours.responses).toEqual([byNode]);
          expect(byNode.body).toBe(Buffer.from(sample.body).toString("hex"));
        }),
        { numRuns: 80 },
      );
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
});

describe("MessageReader", () => {
  const events = (over: { stop?: boolean } = {}) => {
    const told: string[] = [];
    const reader = new MessageReader(
      "request",
      {
        head: (_head, { fields }) =>
          fields.length > 0 ? { kind: "length", length: fields.length } : { kind: "none" },
        body: (bytes) => told.push(`body ${bytes.length}`),
        raw: null,
        end: (length) => {
          told.push(`end ${length}`);
          return over.stop ?? false;
        },
        lost: (reason) => told.push(`lost ${reason}`),
      },
      { bodyLimit: 10, maxHead: 100 },
    );
    return { reader, told };
  };
  const get = Buffer.from("GET / HTTP/1.1\r\n\r\n");

  test("stops after a message where the sink says so, and says how far it read", () => {
    const { reader, told } = events({ stop: true });
    expect(reader.read(Buffer.concat([get, get]), 0)).toBe(get.length);
    expect(reader.paused).toBe(true);
    expect(reader.read(get, 0)).toBe(0);
    reader.resume();
    expect(reader.read(get, 0)).toBe(get.length);
    expect(told).toEqual(["end 0", "end 0"]);
  });

  test("a lost direction takes everything, tells its reason once, and does not resume", () => {
    const { reader, told } = events();
    reader.lose("why", 0);
    reader.lose("again", 0);
    reader.resume();
    expect(reader.read(get, 0)).toBe(get.length);
    expect(reader.isLost).toBe(true);
    expect(told).toEqual(["lost why"]);
  });

  test("a FIN ends neither a head nor a counted body", () => {
    const { reader, told } = events();
    reader.read(Buffer.from("PUT / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab"), 0);
    reader.end(0);
    expect(told).toEqual(["body 2"]);
  });

  test("terabytes of a counted body cost one step a chunk and hold nothing", () => {
    const { reader, told } = events();
    reader.read(Buffer.from("PUT / HTTP/1.1\r\nContent-Length: 1000000000000\r\n\r\n"), 0);
    const chunk = Buffer.alloc(1_000_000);
    for (let sent = 0; sent < 1_000_000; sent++) reader.read(chunk, 0);
    expect(told).toEqual(["body 10", "end 1000000000000"]);
  });
});
