/** Packets as tshark tells them, and what becomes of them: the shapes that a wire takes and no HAR knows. */
import { expect, test } from "vitest";
import type { CaptureEvent } from "../../../../src/domain/capture-event.ts";
import { PacketReader } from "../../../../src/interchange/packets/packet-reader.ts";
import {
  type PacketRow,
  readRow,
  rowFields,
} from "../../../../src/interchange/packets/packet-row.ts";

const client = { address: "10.1.1.5", port: 50_000 };
const server = { address: "10.1.0.7", port: 7443 };
const proxy = { address: "127.0.0.1", port: 8888 };

interface Said extends Partial<PacketRow> {
  readonly text?: string;
  readonly ends?: readonly [typeof client, typeof client];
}

/** The client's packet; `back`: the server's. */
function packet(at: number, { text, ends = [client, server], ...change }: Said = {}): PacketRow {
  return {
    at,
    stream: 0,
    from: ends[0],
    to: ends[1],
    isFin: false,
    isSyn: false,
    isReset: false,
    isAck: true,
    seq: 1,
    length: text?.length ?? 0,
    isRepeated: false,
    isTls: false,
    hasRecord: false,
    handshake: [],
    serverName: null,
    unreachable: null,
    alert: null,
    data: text === undefined ? [] : [Buffer.from(text)],
    ...change,
  };
}
const back = (at: number, said: Said = {}): PacketRow => {
  const [from, to] = said.ends ?? [client, server];
  return packet(at, { ...said, ends: [to, from] });
};
const syn = (at: number, said: Said = {}): PacketRow =>
  packet(at, { isSyn: true, isAck: false, ...said });
const opened = (said: Said = {}): PacketRow[] => [syn(0, said), back(1, { isSyn: true, ...said })];
const tls = (said: Said = {}): Said => ({ isTls: true, hasRecord: true, ...said });
const hello = (said: Said = {}): PacketRow[] => [
  ...opened(said),
  packet(2, { ...said, isTls: true, handshake: [1], serverName: "fin1.demo.test" }),
  back(3, { ...said, isTls: true, handshake: [2] }),
];
const handshake = (said: Said = {}): PacketRow[] => [
  ...hello(said),
  packet(4, tls({ ...said, handshake: [20] })),
];
const poll = (rid: number): string =>
  `POST /http-bind/ HTTP/1.1\r\nHost: fin1.demo.test:7443\r\nContent-Length: 14\r\n\r\n<body rid='${rid}'/>`;
const answer = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n<body/>";

interface Told {
  readonly events: CaptureEvent[];
  readonly reader: PacketReader;
}

function told(packets: readonly PacketRow[]): Told {
  const reader = new PacketReader(1_000_000);
  const events = packets.flatMap((row) => [...reader.take(row)]);
  return { events: [...events, ...reader.end()], reader };
}

/** What became of each exchange, in short. */
function fates({ events }: Told): string[] {
  const lines = new Map<number, string>();
  for (const event of events) {
    if (!("exchange" in event) || event.exchange === null) continue;
    const { exchange, kind } = event;
    const before = lines.get(exchange) ?? "";
    if (kind === "request-head") lines.set(exchange, `${event.host}:${event.port}`);
    else if (kind === "tunnel-opened") lines.set(exchange, `tunnel ${event.host}:${event.port}`);
    else if (kind === "exchange-failed")
      lines.set(
        exchange,
        `${before} ${event.phase} ${event.cause} ${event.blame} ${event.alert ?? ""}`.trim(),
      );
    else if (kind === "response-end") lines.set(exchange, `${before} answered`);
    else if (kind === "tunnel-ended")
      lines.set(exchange, `${before} ${event.toServer}/${event.toClient}`);
  }
  return [...lines.values()];
}

const name = "fin1.demo.test:7443";

test.each<[string, PacketRow[], string[]]>([
  [
    "answered",
    [...handshake(), packet(5, tls({ text: poll(1) })), back(6, tls({ text: answer }))],
    [`${name} answered`],
  ],
  ["still waiting", [...handshake(), packet(5, tls({ text: poll(1) }))], [name]],
  [
    "cut into records and segments",
    [
      ...handshake(),
      ...poll(1)
        .split("")
        .map((text, index) => packet(5 + index, tls({ text }))),
      back(900, tls({ text: answer.slice(0, 20) })),
      back(901, tls({ text: answer.slice(20) })),
    ],
    [`${name} answered`],
  ],
  [
    "the client went away",
    [...handshake(), packet(5, tls({ text: poll(1) })), packet(9, { isFin: true })],
    [`${name} headers closed-early client`],
  ],
  [
    "the server reset in the middle of the body",
    [
      ...handshake(),
      packet(5, tls({ text: poll(1) })),
      back(6, tls({ text: answer.slice(0, -3) })),
      back(7, { isReset: true }),
    ],
    [`${name} body reset server`],
  ],
  [
    "both went after the answer",
    [
      ...handshake(),
      packet(5, tls({ text: poll(1) })),
      back(6, tls({ text: answer })),
      back(7, { isFin: true }),
      packet(8, { isFin: true }),
    ],
    [`${name} answered`],
  ],
  [
    "refused",
    [syn(0), back(1, { isReset: true })],
    ["tunnel 10.1.0.7:7443 connect refused server"],
  ],
  [
    "a firewall says no",
    [syn(0), packet(1, { unreachable: "port" })],
    ["tunnel 10.1.0.7:7443 connect refused server"],
  ],
  [
    "no way leads there",
    [syn(0), packet(1, { unreachable: "host" })],
    ["tunnel 10.1.0.7:7443 connect unreachable network"],
  ],
  [
    "nobody answers",
    [syn(0), syn(1000), syn(3000), syn(10_000, { stream: 1 })],
    ["tunnel 10.1.0.7:7443 connect timeout network"],
  ],
  [
    "the client does not trust the certificate",
    [...hello(), packet(5, { isTls: true, alert: 48 }), packet(6, { isReset: true })],
    [`tunnel ${name} tls tls-untrusted client 48`],
  ],
  [
    "the server refuses the handshake",
    [
      ...opened(),
      packet(2, { isTls: true, handshake: [1] }),
      back(3, { isTls: true, alert: 40 }),
      back(4, { isFin: true }),
    ],
    ["tunnel 10.1.0.7:7443 tls tls-alert server 40"],
  ],
  [
    "cut in the handshake",
    [...hello(), back(5, { isReset: true })],
    [`tunnel ${name} tls tls-failed server`],
  ],
  ["made ready and not needed", [...handshake(), packet(5, { isFin: true })], []],
  [
    "sealed: no keys",
    [
      ...hello(),
      packet(4, tls({ length: 80 })),
      packet(5, tls({ length: 100 })),
      back(6, tls({ length: 200 })),
      packet(7, { isFin: true }),
      back(8, { isFin: true }),
    ],
    [`tunnel ${name} 180/200`],
  ],
  [
    "sent again",
    [
      ...opened(),
      packet(2, { text: poll(1) }),
      packet(3, { length: 99, isRepeated: true }),
      back(4, { text: answer }),
    ],
    [`${name} answered`],
  ],
  [
    "through a proxy, which says no",
    [
      ...opened({ ends: [client, proxy] }),
      packet(2, { ends: [client, proxy], text: `CONNECT ${name} HTTP/1.1\r\n\r\n` }),
      back(3, { ends: [client, proxy], text: "HTTP/1.1 502 Bad Gateway\r\n\r\n" }),
    ],
    [`tunnel ${name} connect upstream-proxy network`],
  ],
])("%s", (_name, packets, expected) => {
  expect(fates(told(packets))).toEqual(expected);
});

/** Browser to proxy, and proxy to server, as a capture on the agent's PC sees them. */
function bothSides(isServerReadable: boolean): PacketRow[] {
  const one = { ends: [client, proxy] } as const;
  const other = { ends: [{ address: "10.1.1.5", port: 51_000 }, server], stream: 1 } as const;
  const sealed = (row: PacketRow): PacketRow =>
    isServerReadable ? row : { ...row, data: [], handshake: [], length: 50 };
  const later = (rows: PacketRow[], by: number): PacketRow[] =>
    rows.map((row) => ({ ...row, at: row.at + by }));
  return [
    ...opened(one),
    packet(2, { ...one, text: `CONNECT ${name} HTTP/1.1\r\n\r\n` }),
    ...later(hello(other), 3),
    back(8, { ...one, text: "HTTP/1.1 200 OK\r\n\r\n" }),
    ...later(handshake(one).slice(2), 8),
    sealed(packet(12, tls({ ...other, handshake: [20] }))),
    packet(13, tls({ ...one, text: poll(1) })),
    sealed(packet(14, tls({ ...other, text: poll(1) }))),
    sealed(back(15, tls({ ...other, text: answer }))),
    back(16, tls({ ...one, text: answer })),
  ];
}

test.each([
  ["the server's side", true, "10.1.0.7"],
  ["the browser's, as only that one can be read", false, undefined],
])("both sides of a proxy are told once: %s", (_name, isServerReadable, address) => {
  const result = told(bothSides(isServerReadable));
  expect(fates(result)).toEqual([`${name} answered`]);
  expect(result.reader.counts).toMatchObject({ http: 1, twins: 1 });
  const facts = result.events.find(({ kind }) => kind === "connection-facts");
  expect(facts?.kind === "connection-facts" ? facts.facts.server?.address : null).toBe(address);
  // Whoever asks is the browser, on either side.
  expect(result.events.find(({ kind }) => kind === "connection-opened")).toMatchObject(client);
});

test("events come in order of time, numbered as they begin", () => {
  const second = { ends: [{ ...client, port: 50_001 }, server], stream: 1 } as const;
  const { events } = told([
    ...handshake(),
    ...handshake(second).map((row) => ({ ...row, at: row.at + 1 })),
    packet(6, tls({ ...second, text: poll(1) })),
    packet(7, tls({ text: poll(2) })),
    back(8000, tls({ text: answer })),
    back(9000, tls({ ...second, text: answer })),
  ]);
  const times = events.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const heads = events.filter((event) => event.kind === "request-head");
  expect(heads.map(({ exchange, at }) => [exchange, at])).toEqual([
    [1, 6],
    [2, 7],
  ]);
});

test("where packets are missing, what is not encrypted is not made up", () => {
  const { events } = told([
    ...opened(),
    packet(2, { text: poll(1) }),
    packet(3, { text: poll(2), seq: 5000 }),
  ]);
  expect(events.filter(({ kind }) => kind === "unparsed")).toHaveLength(1);
  expect(events.filter(({ kind }) => kind === "request-head")).toHaveLength(1);
});

test("a line of tshark", () => {
  const cells: Partial<Record<(typeof rowFields)[number], string>> = {
    "frame.time_epoch": "1795599753.265245564",
    "tcp.stream": "3",
    "ipv6.src": "::1",
    "ipv6.dst": "::1",
    "tcp.srcport": "39868",
    "tcp.dstport": "7443",
    "tcp.flags": "0x0018",
    "tcp.seq": "598",
    "tcp.len": "201",
    "tls.record.content_type": "23,23",
    "tls.record.opaque_type": "23,23",
    "data.data": "504f5354,2f",
  };
  const line = rowFields.map((field) => cells[field] ?? "").join("\t");
  expect(readRow(line)).toMatchObject({
    stream: 3,
    from: { address: "::1", port: 39_868 },
    isAck: true,
    isFin: false,
    hasRecord: true,
    data: [Buffer.from("POST"), Buffer.from("/")],
  });
  const answers = { "dns.qry.name": "fin1.demo.test", "dns.a": "10.1.0.7,10.1.0.8" } as const;
  const dns: Partial<Record<string, string>> = answers;
  expect(readRow(rowFields.map((field) => dns[field] ?? "").join("\t"))).toEqual({
    name: "fin1.demo.test",
    addresses: ["10.1.0.7", "10.1.0.8"],
  });
  expect(readRow("something else")).toBeNull();
});
