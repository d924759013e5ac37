/** One exchange for each row of the round-trip table. */
import { gzipSync } from "node:zlib";
import { type ExchangeCopy, noTiming } from "../../../src/interchange/exchange-copy.ts";
import { bytes, copy, message, startWall, waiting } from "./copies.ts";

const pollHead = "POST /http-bind/ HTTP/1.1\nHost: fin1.demo.test:7443\nContent-Type: text/xml\n\n";
const poll = {
  url: "https://fin1.demo.test:7443/http-bind/",
  port: 7443,
  request: message(
    pollHead,
    bytes("<body rid='7' sid='f382a015' xmlns='http://jabber.org/protocol/httpbind'/>"),
  ),
  wire: { request: 74, response: -1 },
};
const unanswered = { response: null, wire: { request: 33, response: -1 } };
const binary = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255, 254]);
const long = bytes("ñandú ".repeat(2000));
const packed = gzipSync(long);

type Shape = readonly [name: string, change: Partial<ExchangeCopy>];

const failed = (change: object): ExchangeCopy["outcome"] => ({
  kind: "failed",
  phase: "headers",
  cause: "closed-early",
  blame: "client",
  status: null,
  alert: null,
  detail: "the client closed its connection",
  ...change,
});

const shapes: readonly Shape[] = [
  ["answered", {}],
  [
    "pending",
    {
      ...poll,
      response: null,
      outcome: { kind: "pending" },
      pendingMs: 17_000,
      timing: waiting,
    },
  ],
  [
    "aborted by the client",
    { ...unanswered, outcome: failed({}), timing: { ...waiting, failed: 8000.5 } },
  ],
  [
    "aborted by the server",
    {
      ...unanswered,
      outcome: failed({ cause: "reset", blame: "server", detail: "ECONNRESET" }),
      timing: { ...waiting, failed: 3.25 },
    },
  ],
  [
    "cut in the middle of the body",
    {
      response: message(
        "HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 100\n\n",
        bytes("half of it"),
      ),
      outcome: failed({ phase: "body", cause: "reset", blame: "server", status: 200 }),
      timing: { ...waiting, responseFirst: 12, failed: 40 },
    },
  ],
  [
    "WebSocket",
    {
      kind: "websocket",
      method: "GET",
      url: "wss://fin1.demo.test:8445/ws/",
      request: message(
        "GET /ws/ HTTP/1.1\nHost: fin1.demo.test:8445\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Protocol: xmpp\n\n",
        null,
      ),
      response: message(
        "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n\n",
        null,
      ),
      outcome: { kind: "responded", status: 101, reason: "Switching Protocols" },
      wire: { request: 0, response: 0 },
      frames: [
        frame(40, "client", 1, bytes("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")),
        frame(50, "server", 1, bytes("<message>¡Olé!</message>")),
        frame(60, "server", 2, Buffer.alloc(300, 0xe5)),
        frame(70, "client", 9, bytes("")),
      ],
    },
  ],
  [
    "gzip",
    {
      response: message(
        "HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Encoding: gzip\n\n",
        long,
        { decoded: true, wireLength: packed.length },
      ),
    },
  ],
  [
    "chunked, with trailers",
    {
      response: message(
        "HTTP/1.1 200 OK\nContent-Type: text/plain\nTransfer-Encoding: chunked\n\n",
        bytes("in pieces"),
        { trailers: "X-Checked: yes\r\n" },
      ),
    },
  ],
  ["binary", { response: message("HTTP/1.1 200 OK\nContent-Type: image/png\n\n", binary) }],
  [
    "binary request",
    {
      request: message(
        "POST /upload HTTP/1.1\nHost: fin1.demo.test:8445\nContent-Type: image/png\n\n",
        binary,
      ),
      url: "https://fin1.demo.test:8445/upload",
    },
  ],
  [
    "0 bytes",
    {
      response: message("HTTP/1.1 204 No Content\n\n", null),
      outcome: { kind: "responded", status: 204, reason: "No Content" },
    },
  ],
  [
    "duplicate headers, case and order",
    {
      response: message(
        "HTTP/1.1 200 OK\nx-ONE: a\nX-Two: b\nx-one: c\nWarning: d\nwarning: e\n\n",
        bytes("x"),
      ),
    },
  ],
  [
    "non-ASCII",
    {
      response: message(
        `HTTP/1.1 200 ${Buffer.from("Está bien").toString("latin1")}\nX-Name: ${Buffer.from("Peña €").toString("latin1")}\n\n`,
        bytes("añil 漢字 🙂"),
      ),
      outcome: {
        kind: "responded",
        status: 200,
        reason: Buffer.from("Está bien").toString("latin1"),
      },
    },
  ],
  ["comment and mark", { comment: 'por qué <aquí> & "allí"?', mark: "gold" }],
  [
    "a body that was not kept",
    { response: message("HTTP/1.1 200 OK\n\n", null, { wireLength: 5000, cut: true }) },
  ],
  [
    "a cookie replaced at capture",
    {
      request: message(
        "GET /desktop HTTP/1.1\nHost: fin1.demo.test:8445\nCookie: finesse_ag_extension=10005; JSESSIONID=‹secret 1a2b3c4d›\n\n",
        null,
      ),
      method: "GET",
      url: "https://fin1.demo.test:8445/desktop",
    },
  ],
  ["an early hint", { informational: ["HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"] }],
  [
    "tunnel",
    {
      kind: "tunnel",
      method: "CONNECT",
      url: "cuic1.demo.test:8444",
      secure: false,
      host: "cuic1.demo.test",
      port: 8444,
      request: null,
      response: null,
      outcome: { kind: "responded", status: 200, reason: "Connection Established" },
      wire: { request: 1234, response: 56_789 },
      timing: { ...noTiming, requestSent: 0, responseEnd: 700 },
    },
  ],
];

function frame(
  after: number,
  from: "client" | "server",
  opcode: number,
  body: Buffer,
): ExchangeCopy["frames"][number] {
  return { atWall: startWall + 6000 + after, from, opcode, length: body.length, body, cut: false };
}

export const shapeNames = shapes.map(([name]) => name);
export const allShapes = (): ExchangeCopy[] =>
  shapes.map(([, change], index) => copy(index + 1, change));
