/** The frame reader against ws: a real client and server talk over loopback, and what passed must mean the same to both. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { inflateRawSync, constants as zlib } from "node:zlib";
import { describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { Conversation } from "../../../src/http1/conversation.ts";
import { type Frame, WebSocketFrames } from "../../../src/http1/web-socket-frames.ts";

interface Seen extends Frame {
  readonly from: "client" | "server";
}

/** A ws server, a client, and between them a relay whose bytes the framer watches. */
async function startTapped(compress: boolean) {
  const perMessageDeflate = compress
    ? { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true }
    : false;
  const server = new WebSocketServer({
    port: 0,
    host: "127.0.0.1",
    perMessageDeflate,
    handleProtocols: () => "xmpp",
  });
  await once(server, "listening");
  const seen: Seen[] = [];
  const upgrades: string[] = [];
  const sockets: Socket[] = [];
  const relay = createServer((socket) => {
    const onward = connect((server.address() as AddressInfo).port, "127.0.0.1");
    sockets.push(socket, onward);
    const conversation = watch(seen, upgrades);
    socket.on("data", (bytes: Uint8Array) => {
      conversation.fromClient(bytes, 0);
      onward.write(bytes);
    });
    onward.on("data", (bytes: Uint8Array) => {
      conversation.fromServer(bytes, 0);
      socket.write(bytes);
    });
    socket.on("end", () => onward.end());
    onward.on("end", () => socket.end());
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  const client = new WebSocket(
    `ws://127.0.0.1:${(relay.address() as AddressInfo).port}/ws`,
    "xmpp",
    {
      perMessageDeflate,
    },
  );
  const [[peer]] = await Promise.all([
    once(server, "connection") as Promise<[WebSocket]>,
    once(client, "open"),
  ]);
  return {
    client,
    peer,
    seen,
    upgrades,
    [Symbol.asyncDispose]: async () => {
      client.terminate();
      for (const socket of sockets) socket.destroy();
      relay.close();
      server.close();
      await Promise.all([once(relay, "close"), once(server, "close")]);
    },
  };
}

function watch(seen: Seen[], upgrades: string[]): Conversation {
  const ignore = (): void => undefined;
  return new Conversation(
    {
      requestHead: ignore,
      requestBody: ignore,
      requestEnd: ignore,
      informational: ignore,
      responseHead: ignore,
      responseBody: ignore,
      responseEnd: ignore,
      upgraded: (index, protocol) => upgrades.push(`${index} ${protocol}`),
      frame: (_index, from, frame) => seen.push({ ...frame, from, bytes: frame.bytes.slice() }),
      unparsed: (from, _index, reason) => upgrades.push(`${from} unparsed: ${reason}`),
    },
    { bodyLimit: 1e6, maxHead: 1e5, maxPipelined: 10 },
  );
}

/** Payloads of the messages that these frames make, inflated where they say so. */
function messagesOf(frames: readonly Seen[]): Buffer[] {
  const messages: Buffer[] = [];
  let parts: Uint8Array[] = [];
  for (const frame of frames.filter(({ opcode }) => opcode < 8)) {
    parts.push(frame.bytes);
    if (!frame.final) continue;
    const tail = Buffer.from([0, 0, 0xff, 0xff]);
    messages.push(
      frame.compressed
        ? inflateRawSync(Buffer.concat([...parts, tail]), { finishFlush: zlib.Z_SYNC_FLUSH })
        : Buffer.concat(parts),
    );
    parts = [];
  }
  return messages;
}

const payloadOf = (frames: readonly Seen[], wanted: number): string =>
  Buffer.from(frames.find(({ opcode }) => opcode === wanted)?.bytes ?? []).toString("latin1");

const payloads = [0, 1, 125, 126, 127, 65_535, 65_536, 300_000].map((length) =>
  Buffer.from(Array.from({ length }, (_, index) => (index * 7 + length) & 255)),
);

describe("against ws", () => {
  test.each([false, true])("the same messages both ways (compressed: %s)", async (compress) => {
    await using tapped = await startTapped(compress);
    const { client, peer, seen } = tapped;
    const received: Record<"client" | "server", Buffer[]> = { client: [], server: [] };
    peer.on("message", (message: Buffer) => received.client.push(message));
    client.on("message", (message: Buffer) => received.server.push(message));
    for (const end of [client, peer]) {
      for (const payload of payloads) end.send(payload);
      end.send("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
      end.send("frag", { fin: false });
      end.ping("still there?");
      end.send("ment", { fin: false });
      end.send("ed", { fin: true });
    }
    client.close(1000, "done");
    await once(client, "close");

    expect(tapped.upgrades).toEqual(["0 websocket"]);
    for (const from of ["client", "server"] as const) {
      const frames = seen.filter((frame) => frame.from === from);
      expect(received[from]).toHaveLength(payloads.length + 2);
      expect(messagesOf(frames)).toEqual(received[from]);
      expect(payloadOf(frames, 9)).toBe("still there?");
      expect(payloadOf(frames, 8)).toBe("\x03\xe8done");
      expect(frames.some(({ compressed }) => compressed)).toBe(compress);
    }
  });
});

describe("WebSocketFrames", () => {
  const play = (hex: string, limit = 1e6) => {
    const told: (Frame | string)[] = [];
    const frames = new WebSocketFrames(
      { frame: (frame) => told.push(frame), lost: (reason) => told.push(reason) },
      limit,
    );
    frames.read(Buffer.from(hex.replaceAll(" ", ""), "hex"), 0, 0);
    return told;
  };
  const text = (bytes: string) => Uint8Array.from(Buffer.from(bytes, "hex"));

  // RFC 6455 5.7
  test("the examples of the standard", () => {
    expect(
      play("81 05 48656c6c6f").map(
        (frame) => typeof frame !== "string" && Buffer.from(frame.bytes).toString(),
      ),
    ).toEqual(["Hello"]);
    expect(play("81 85 37fa213d 7f9f4d5158")).toEqual([
      { opcode: 1, final: true, compressed: false, length: 5, bytes: text("48656c6c6f") },
    ]);
  });

  test("masked payloads are not unmasked in place", () => {
    const chunk = Buffer.from("818537fa213d7f9f4d5158", "hex");
    const before = chunk.toString("hex");
    new WebSocketFrames({ frame: () => undefined, lost: () => undefined }, 100).read(chunk, 0, 0);
    expect(chunk.toString("hex")).toBe(before);
  });

  test("RSV1 holds for a message's fragments, not for what comes between or after", () => {
    const flags = play("41 01 aa  89 00  80 01 bb  81 01 cc").map((frame) =>
      typeof frame === "string" ? frame : `${frame.opcode} ${frame.compressed}`,
    );
    expect(flags).toEqual(["1 true", "9 false", "0 true", "1 false"]);
  });

  test("past the limit a payload is counted only", () => {
    expect(play("82 05 0102030405  82 85 00000000 0102030405", 3)).toEqual([
      {
        opcode: 2,
        final: true,
        compressed: false,
        length: 5,
        bytes: expect.objectContaining({ length: 3 }),
      },
      { opcode: 2, final: true, compressed: false, length: 5, bytes: text("010203") },
    ]);
  });

  test.each([
    ["83 00", "a WebSocket frame with the reserved opcode 3"],
    ["8b 00", "a WebSocket frame with the reserved opcode 11"],
    ["09 00", "a WebSocket control frame that is fragmented or longer than 125 bytes"],
    ["89 7e 0080", "a WebSocket control frame that is fragmented or longer than 125 bytes"],
    ["82 7f ffffffffffffffff", "a WebSocket frame of impossible length"],
  ])("%s is lost: %s", (hex, reason) => {
    expect(play(`${hex} 81 01 61`)).toEqual([reason]);
  });

  test("a frame that claims petabytes holds only what came", () => {
    expect(play("82 7f 000fffffffffffff 0102")).toEqual([]);
  });
});
