import fc from "fast-check";
import { expect, test } from "vitest";
import { addressBytes, asIpv6 } from "../../../../src/interchange/packets/addresses.ts";
import type { Packet } from "../../../../src/interchange/packets/pcapng.ts";
import { type Side, TcpTalk } from "../../../../src/interchange/packets/tcp-talk.ts";

const mac = new Uint8Array(6);
const end = (address: string, port: number) => ({
  address: addressBytes(address) ?? new Uint8Array(4),
  port,
  mac,
});

/** What a receiver of the packets would make of them, by its own reading of the bytes. */
interface Read {
  readonly side: Side;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly payload: Buffer;
}

function read({ frame }: Packet): Read {
  const bytes = Buffer.from(frame);
  const ipLength = bytes.readUInt16BE(12) === 0x0800 ? 20 : 40;
  const tcp = bytes.subarray(14 + ipLength);
  const headLength = (tcp[12] ?? 0) >> 2;
  return {
    side: tcp.readUInt16BE(2) === 7443 ? "client" : "server",
    seq: tcp.readUInt32BE(4),
    ack: tcp.readUInt32BE(8),
    flags: tcp[13] ?? 0,
    payload: tcp.subarray(headLength),
  };
}

const said = fc.record({
  side: fc.constantFrom<Side>("client", "server"),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 5000 }),
  after: fc.integer({ min: -50, max: 50 }),
});

test.each([
  ["10.1.1.5", "10.1.0.7"],
  ["2001:db8::5", "2001:db8::7"],
])(
  "%s to %s: sequence and acknowledgement numbers tell the bytes, in order of time",
  (from, to) => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 8 }), fc.nat({ max: 5000 }), (parts, serial) => {
        const talk = new TcpTalk({ client: end(from, 50_000), server: end(to, 7443) }, serial);
        const packets = [...talk.open(1000, 1001, [])];
        let at = 1001;
        for (const { side, bytes, after } of parts) {
          packets.push(...talk.say(side, { bytes, from: at, to: at + 2, comments: [] }));
          at += after;
        }
        packets.push(...talk.fin("client", at, []), ...talk.fin("server", at, []));
        const [syn, synAck] = packets.map(read);
        const next = {
          client: ((syn?.seq ?? 0) + 1) >>> 0,
          server: ((synAck?.seq ?? 0) + 1) >>> 0,
        };
        const got: Record<Side, Buffer[]> = { client: [], server: [] };
        for (const packet of packets.slice(2).map(read)) {
          const other: Side = packet.side === "client" ? "server" : "client";
          expect(packet.seq).toBe(next[packet.side]);
          expect(packet.ack).toBe(next[other]);
          got[packet.side].push(packet.payload);
          const isFin = (packet.flags & 1) !== 0;
          next[packet.side] = (next[packet.side] + packet.payload.length + (isFin ? 1 : 0)) >>> 0;
          expect(packet.payload.length).toBeLessThanOrEqual(1460);
        }
        for (const side of ["client", "server"] as const) {
          const sent = parts.filter((part) => part.side === side).map(({ bytes }) => bytes);
          expect(Buffer.concat(got[side])).toEqual(Buffer.concat(sent));
        }
        expect(packets.every((packet, index) => packet.at >= (packets[index - 1]?.at ?? 0))).toBe(
          true,
        );
      }),
    );
  },
);

test("after a reset nothing is said any more, and a refused connection gets one", () => {
  const ends = { client: end("10.1.1.5", 50_000), server: end("10.1.0.7", 7443) };
  const open = new TcpTalk(ends, 1);
  expect([...open.open(0, 1, [])]).toHaveLength(3);
  expect([...open.reset("server", 2, ["why"])]).toMatchObject([{ leg: 1, comments: ["why"] }]);
  const late = { bytes: Buffer.from("late"), from: 3, to: 3, comments: [] };
  expect([...open.say("client", late), ...open.fin("client", 3, [])]).toEqual([]);
  const refused = new TcpTalk(ends, 2);
  const [syn, reset] = [...refused.open(0, null, []), ...refused.reset("server", 1, [])].map(read);
  expect(reset).toMatchObject({ seq: 0, ack: ((syn?.seq ?? 0) + 1) >>> 0, flags: 0x14 });
});

test.each([
  ["10.1.0.7", "0a010007"],
  ["::ffff:10.1.0.7", "0a010007"],
  ["2001:db8::7", "20010db8000000000000000000000007"],
  ["fe80::1%eth0", "fe800000000000000000000000000001"],
  ["[::1]", "00000000000000000000000000000001"],
  ["64:ff9b::10.1.0.7", "0064ff9b00000000000000000a010007"],
  ["fin1.demo.test", null],
  ["", null],
])("the address %s", (text, hex) => {
  const bytes = addressBytes(text);
  expect(bytes === null ? null : Buffer.from(bytes).toString("hex")).toBe(hex);
});

test("an IPv4 address beside an IPv6 one is written as IPv6 writes it", () => {
  const bytes = asIpv6(Uint8Array.from([10, 1, 0, 7]));
  expect(Buffer.from(bytes).toString("hex")).toBe("00000000000000000000ffff0a010007");
});
