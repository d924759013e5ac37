import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { fail } from "../../../src/base/errors.ts";
import { Recording } from "../../../src/capture/recording.ts";
import type { CaptureEvent } from "../../../src/domain/capture-event.ts";
import type {
  Amendment,
  CommitBatch,
  StoredConnection,
  StoredExchange,
  StoredFrame,
} from "../../../src/domain/recording.ts";
import { createRedactor } from "../../../src/redact/redactor.ts";

/** Keeps what is committed, merged as the store merges it. */
class MemoryWriter {
  readonly captureId = "cap";
  seq = 0;
  commits: CommitBatch[] = [];
  readonly amendments: Amendment[] = [];
  refuse = false;

  commit(batch: CommitBatch): number {
    if (this.refuse) throw fail("store-failed", { why: "no space" });
    this.commits.push(batch);
    return ++this.seq;
  }

  amend(amendments: readonly Amendment[]): number {
    this.amendments.push(...amendments);
    return ++this.seq;
  }

  rows(): Map<number, StoredExchange> {
    const rows = new Map<number, StoredExchange>();
    for (const row of this.commits.flatMap((batch) => batch.exchanges)) {
      const before = rows.get(row.number);
      rows.set(row.number, {
        ...row,
        request: row.request ?? before?.request ?? null,
        response: row.response ?? before?.response ?? null,
      });
    }
    return rows;
  }

  row(number: number): StoredExchange {
    const row = this.rows().get(number);
    if (row === undefined) throw new Error(`exchange ${number} was not saved`);
    return row;
  }

  get connections(): StoredConnection[] {
    return this.commits.flatMap((batch) => batch.connections);
  }

  get frames(): StoredFrame[] {
    return this.commits.flatMap((batch) => batch.frames);
  }
}

const hash = (bytes: Uint8Array | string): string =>
  Buffer.from(bytes).toString("hex").padStart(8, "0").slice(0, 32);
const encode = (text: string): Uint8Array => Buffer.from(text, "utf8");

function start(options: { keepSecrets?: boolean; bodyLimit?: number } = {}) {
  const writer = new MemoryWriter();
  const { keepSecrets = false, bodyLimit = 1024 * 1024 } = options;
  const redactor = createRedactor({
    hash: (secret) => Buffer.from(secret).toString("hex").padEnd(32, "0").slice(0, 32),
    keepSecrets,
  });
  const recording = new Recording({ writer, redactor, hash, keepSecrets, bodyLimit });
  recording.setWallOffset(1_000_000);
  recording.observe({
    kind: "connection-opened",
    connection: 1,
    at: 0,
    address: "127.0.0.1",
    port: 50_000,
  });
  recording.observe({
    kind: "connection-facts",
    connection: 1,
    at: 0,
    facts: { host: "fin1.demo.test", port: 7443 },
  });
  recording.observe({ kind: "connection-mode", connection: 1, at: 0, mode: "intercepted" });
  return {
    writer,
    recording,
    send: (...events: CaptureEvent[]) => events.forEach((event) => recording.observe(event)),
  };
}

const head = (exchange: number, at: number, text: string, connection = 1): CaptureEvent => ({
  kind: "request-head",
  exchange,
  connection,
  at,
  secure: true,
  host: "fin1.demo.test",
  port: 7443,
  bytes: encode(text),
});
const body = (
  side: "request" | "response",
  exchange: number,
  at: number,
  text: string | Uint8Array,
): CaptureEvent => ({
  kind: `${side}-body`,
  exchange,
  at,
  bytes: typeof text === "string" ? encode(text) : text,
});
const requestEnd = (exchange: number, at: number, bodyLength = 0, sent = true): CaptureEvent => ({
  kind: "request-end",
  exchange,
  at,
  bodyLength,
  trailers: null,
  sent,
});
const answer = (exchange: number, at: number, text: string): CaptureEvent => ({
  kind: "response-head",
  exchange,
  at,
  bytes: encode(text),
});
const responseEnd = (exchange: number, at: number, bodyLength = 0): CaptureEvent => ({
  kind: "response-end",
  exchange,
  at,
  bodyLength,
  trailers: null,
  delivered: true,
});

const poll =
  "POST /http-bind/ HTTP/1.1\r\nHost: fin1.demo.test:7443\r\nContent-Type: text/xml\r\n\r\n";
const ok = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n";

describe("when rows are saved", () => {
  test("an exchange answered within 20 ms is written once, with its answer", () => {
    const { writer, recording, send } = start();
    send(head(1, 100, "GET /a HTTP/1.1\r\n\r\n"), requestEnd(1, 100));
    recording.save(110);
    expect(writer.rows().has(1)).toBe(false);
    send(answer(1, 112, ok), responseEnd(1, 113));
    recording.save(114);
    expect(writer.commits.flatMap((batch) => batch.exchanges)).toHaveLength(1);
    expect(writer.row(1)).toMatchObject({
      outcome: { kind: "responded", status: 200 },
      holdMs: 12,
      method: "GET",
      url: "https://fin1.demo.test:7443/a",
    });
  });

  test("a poll is on disk while it waits, body and all, and gets its answer later", () => {
    const { writer, recording, send } = start();
    send(
      head(1, 100, poll),
      body("request", 1, 100, "<body sid='s1' rid='7'/>"),
      requestEnd(1, 100, 24),
    );
    recording.save(121);
    expect(writer.row(1)).toMatchObject({
      outcome: { kind: "pending" },
      sid: "s1",
      rid: 7,
      sizes: { requestBody: 24, responseBody: -1 },
      sentWall: 1_000_100,
    });
    expect(Buffer.from(writer.row(1).request?.body ?? []).toString()).toBe(
      "<body sid='s1' rid='7'/>",
    );
    send(answer(1, 30_100, ok), body("response", 1, 30_100, "<body/>"), responseEnd(1, 30_101, 7));
    recording.save(30_102);
    expect(writer.row(1)).toMatchObject({
      outcome: { kind: "responded" },
      holdMs: 30_000,
      sizes: { responseBody: 7 },
    });
    expect(writer.commits.at(-1)?.exchanges[0]?.request).toBeNull();
    expect(recording.pending).toBe(0);
  });

  test("what the disk refuses is tried again, nothing is lost", () => {
    const { writer, recording, send } = start();
    send(
      head(1, 100, "GET /a HTTP/1.1\r\n\r\n"),
      requestEnd(1, 100),
      answer(1, 101, ok),
      responseEnd(1, 101),
    );
    writer.refuse = true;
    expect(() => recording.save(200)).toThrow("no space");
    writer.refuse = false;
    recording.save(300);
    expect(writer.row(1).outcome.kind).toBe("responded");
    expect(writer.connections.map(({ id }) => id)).toEqual([1]);
  });

  test("while the disk refuses, only the newest rows are kept in memory", () => {
    const { writer, recording, send } = start();
    for (let n = 1; n <= 10; n++)
      send(
        head(n, n, "GET /a HTTP/1.1\r\n\r\n"),
        requestEnd(n, n),
        answer(n, n, ok),
        responseEnd(n, n),
      );
    expect(recording.shed(4)).toBe(6);
    recording.save(100);
    expect([...writer.rows().keys()]).toEqual([7, 8, 9, 10]);
  });

  test("paused, traffic is not recorded; what was open still gets its end", () => {
    const { writer, recording, send } = start();
    send(head(1, 100, "GET /a HTTP/1.1\r\n\r\n"), requestEnd(1, 100));
    recording.recording = false;
    send(
      head(2, 101, "GET /b HTTP/1.1\r\n\r\n"),
      requestEnd(2, 101),
      answer(2, 102, ok),
      responseEnd(2, 102),
    );
    send(answer(1, 103, ok), responseEnd(1, 103));
    recording.save(200);
    expect([...writer.rows().keys()]).toEqual([1]);
  });
});

describe("how exchanges end", () => {
  const failed = (exchange: number, at: number, cause: "closed-early" | "reset"): CaptureEvent => ({
    kind: "exchange-failed",
    exchange,
    at,
    phase: "headers",
    cause,
    blame: "client",
    alert: null,
    detail: "FIN",
  });

  test("an abort is a failure with its side, phase and time", () => {
    const { writer, recording, send } = start();
    send(head(1, 100, poll), requestEnd(1, 100), failed(1, 5100, "reset"));
    recording.save(5101);
    expect(writer.row(1)).toMatchObject({
      outcome: { kind: "failed", phase: "headers", cause: "reset", blame: "client" },
      timing: { failed: 5000 },
      sizes: { responseBody: -1 },
    });
  });

  test("an answer after the client's half-close revives the row", () => {
    const { writer, recording, send } = start();
    send(head(1, 100, poll), requestEnd(1, 100), failed(1, 200, "closed-early"));
    recording.save(201);
    expect(writer.row(1).outcome.kind).toBe("failed");
    send(answer(1, 300, ok), responseEnd(1, 300));
    recording.save(301);
    expect(writer.row(1).outcome).toEqual({ kind: "responded", status: 200, reason: "OK" });
  });

  test("nothing is remembered of failed exchanges once their connections are gone", () => {
    const { recording, send } = start();
    send(head(1, 100, poll), requestEnd(1, 100), failed(1, 200, "closed-early"));
    recording.save(201);
    expect(recording.pending).toBe(1);
    send({ kind: "connection-ended", connection: 1, at: 202 });
    recording.save(203);
    expect(recording.pending).toBe(0);
  });
});

describe("what a session grants", () => {
  const exchangeOf = (n: number, at: number, request: string, response: string): CaptureEvent[] => [
    head(n, at, poll),
    body("request", n, at, request),
    requestEnd(n, at, request.length),
    answer(n, at + 1, ok),
    body("response", n, at + 1, response),
    responseEnd(n, at + 1, response.length),
  ];

  test("the granted wait, not the one asked for, is the poll's", () => {
    const { writer, recording, send } = start();
    send(
      ...exchangeOf(
        1,
        10,
        "<body rid='1' wait='60' xmlns='http://jabber.org/protocol/httpbind'/>",
        "<body sid='s1' wait='30' xmlns='http://jabber.org/protocol/httpbind'/>",
      ),
    );
    send(
      ...exchangeOf(
        2,
        20,
        "<body rid='2' sid='s1' xmlns='http://jabber.org/protocol/httpbind'/>",
        "<body xmlns='http://jabber.org/protocol/httpbind'/>",
      ),
    );
    recording.save(100);
    expect(writer.row(1)).toMatchObject({ sid: "s1", notes: ["session-created"] });
    expect(writer.row(2)).toMatchObject({ sid: "s1", rid: 2, waitMs: 30_000 });
    expect(writer.row(2).notes).toEqual(["empty", "early-empty"]);
  });

  test("a session whose creation was not seen is marked, its wait unknown", () => {
    const { writer, recording, send } = start();
    send(
      ...exchangeOf(
        1,
        20,
        "<body rid='2' sid='zz' xmlns='http://jabber.org/protocol/httpbind'/>",
        "<body xmlns='http://jabber.org/protocol/httpbind'/>",
      ),
    );
    recording.save(100);
    expect(writer.row(1)).toMatchObject({ sid: "zz", waitMs: null });
    expect(writer.row(1).notes).toContain("joined-late");
  });
});

describe("secrets and bodies", () => {
  const password = "S3cret!pass";
  const everything = (writer: MemoryWriter): string =>
    JSON.stringify(writer.commits, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
    );

  test("a password split over chunks, gzipped, and in a header never reaches the writer", () => {
    const { writer, recording, send } = start();
    const sasl = Buffer.from(`\0agent\0${password}`).toString("base64");
    const xml = `<body rid='1' sid='s' xmlns='http://jabber.org/protocol/httpbind'><auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${sasl}</auth></body>`;
    send(
      head(1, 1, poll),
      body("request", 1, 1, xml.slice(0, 150)),
      body("request", 1, 2, xml.slice(150)),
      requestEnd(1, 2, xml.length),
    );
    const gzipped = gzipSync(`<User><password>${password}</password></User>`);
    send(
      answer(
        1,
        3,
        "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Encoding: gzip\r\n\r\n",
      ),
      body("response", 1, 3, gzipped),
      responseEnd(1, 3, gzipped.length),
    );
    const basic = Buffer.from(`agent:${password}`).toString("base64");
    send(
      head(
        2,
        4,
        `GET /finesse/api/User/agent?p=${encodeURIComponent(password)} HTTP/1.1\r\nAuthorization: Basic ${basic}\r\n\r\n`,
      ),
      requestEnd(2, 4),
      answer(2, 5, ok),
      responseEnd(2, 5),
    );
    recording.save(100);
    for (const form of [password, sasl, basic, encodeURIComponent(password)])
      expect(everything(writer)).not.toContain(form);
    expect(writer.row(1).notes).toEqual(expect.arrayContaining(["secrets-replaced", "decoded"]));
    expect(writer.row(1).response).toMatchObject({
      encoding: "gzip",
      decoded: true,
      wireLength: gzipped.length,
    });
  });

  test("a known password in a reason phrase, a type or a coding is in no column either", () => {
    const { writer, recording, send } = start();
    const basic = Buffer.from(`agent:${password}`).toString("base64");
    send(
      head(1, 1, `GET /a HTTP/1.1\r\nAuthorization: Basic ${basic}\r\n\r\n`),
      requestEnd(1, 1),
      answer(
        1,
        2,
        `HTTP/1.1 401 bad ${password}\r\nContent-Type: ${password}\r\nCache-Control: ${password}\r\nContent-Encoding: ${password}\r\n\r\n`,
      ),
    );
    // Also while the answer's body is still on its way.
    recording.save(50);
    expect(everything(writer)).not.toContain(password);
    send(body("response", 1, 60, "x"), responseEnd(1, 60, 1));
    recording.save(100);
    expect(everything(writer)).not.toContain(password);
    expect(writer.row(1).contentType).toMatch(/^‹secret [0-9a-f]+›$/);
    expect(writer.row(1).outcome).toMatchObject({ status: 401 });
  });

  test("a known password in what somebody else's tool said of a failure is replaced", () => {
    const { writer, recording, send } = start();
    const basic = Buffer.from(`agent:${password}`).toString("base64");
    send(head(1, 1, `GET /a HTTP/1.1\r\nAuthorization: Basic ${basic}\r\n\r\n`), requestEnd(1, 1), {
      kind: "exchange-failed",
      exchange: 1,
      at: 3,
      phase: "headers",
      cause: "reset",
      blame: "server",
      alert: null,
      detail: `net::ERR_FAILED ${password} Authorization: Bearer abcdefghijklmnop`,
    });
    recording.save(100);
    expect(everything(writer)).not.toContain(password);
    expect(everything(writer)).not.toContain("abcdefghijklmnop");
    expect(writer.row(1).outcome).toMatchObject({ kind: "failed", cause: "reset" });
  });

  test.each(["S3cret!apikey0001:", "S3cret!apikey0001"])(
    "a key alone in the place of a user and password is nobody's name: %s",
    (key) => {
      const { writer, recording, send } = start();
      const basic = Buffer.from(key).toString("base64");
      send(
        head(1, 1, `GET /finesse/api/User/1001 HTTP/1.1\r\nAuthorization: Basic ${basic}\r\n\r\n`),
        requestEnd(1, 1),
        answer(1, 2, ok),
        responseEnd(1, 2),
      );
      recording.save(100);
      expect(everything(writer)).not.toContain("S3cret!apikey0001");
      expect(writer.row(1).agent).toBe("1001");
    },
  );

  test("with keepSecrets everything stays, and each row says so", () => {
    const { writer, recording, send } = start({ keepSecrets: true });
    send(
      head(1, 1, `GET /a HTTP/1.1\r\nAuthorization: Bearer ${password}\r\n\r\n`),
      requestEnd(1, 1),
      answer(1, 2, ok),
      responseEnd(1, 2),
    );
    recording.save(100);
    expect(everything(writer)).toContain(password);
    expect(writer.row(1).notes).toContain("secrets-kept");
  });

  test("a body longer than the limit is cut and says so; its length stays true", () => {
    const { writer, recording, send } = start({ bodyLimit: 10 });
    send(
      head(1, 1, "GET /a HTTP/1.1\r\n\r\n"),
      requestEnd(1, 1),
      answer(1, 2, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"),
      body("response", 1, 2, "0123456789"),
      responseEnd(1, 3, 5000),
    );
    recording.save(100);
    expect(writer.row(1)).toMatchObject({
      notes: ["body-cut"],
      sizes: { responseBody: 5000 },
      response: { cut: true, wireLength: 5000 },
    });
  });

  test("a gzip bomb is stopped and not kept", () => {
    const { writer, recording, send } = start();
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    send(
      head(1, 1, "GET /a HTTP/1.1\r\n\r\n"),
      requestEnd(1, 1),
      answer(1, 2, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"),
      body("response", 1, 2, bomb),
      responseEnd(1, 3, bomb.length),
    );
    recording.save(100);
    expect(writer.row(1).response?.body).toBeNull();
    expect(writer.row(1).response?.hash).toBe(hash(bomb));
    expect(writer.row(1).notes).toEqual(expect.arrayContaining(["bomb", "body-unreadable"]));
  });
});

describe("WebSocket", () => {
  const upgrade = (send: (...events: CaptureEvent[]) => void): void =>
    send(
      head(1, 1, "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n"),
      requestEnd(1, 1),
      answer(1, 2, "HTTP/1.1 101 Switching Protocols\r\n\r\n"),
      { kind: "upgraded", exchange: 1, at: 2, protocol: "websocket" },
    );
  const frame = (
    from: "client" | "server",
    text: string,
    extra: Partial<Extract<CaptureEvent, { kind: "frame" }>> = {},
  ): CaptureEvent => ({
    kind: "frame",
    exchange: 1,
    at: 5,
    from,
    opcode: 1,
    final: true,
    compressed: false,
    length: text.length,
    bytes: encode(text),
    ...extra,
  });

  test("frames are numbered rows of their exchange, which ends with its connection", () => {
    const { writer, recording, send } = start();
    upgrade(send);
    send(
      frame("client", "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"),
      frame("server", "<open/>"),
    );
    recording.save(50);
    expect(writer.row(1)).toMatchObject({
      kind: "websocket",
      outcome: { kind: "responded", status: 101 },
      url: "wss://fin1.demo.test:7443/ws",
    });
    expect(writer.frames.map(({ index, from, length }) => [index, from, length])).toEqual([
      [0, "client", 51],
      [1, "server", 7],
    ]);
    expect(recording.pending).toBe(1);
    send({ kind: "connection-ended", connection: 1, at: 60 });
    recording.save(61);
    expect(recording.pending).toBe(0);
  });

  test("a password in fragments of one message is joined and replaced", () => {
    const { writer, recording, send } = start();
    upgrade(send);
    const sasl = Buffer.from("\0agent\0S3cret!pass").toString("base64");
    const text = `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${sasl}</auth>`;
    send(
      frame("client", text.slice(0, 75), { final: false }),
      frame("client", text.slice(75), { opcode: 0 }),
    );
    recording.save(50);
    expect(writer.frames).toHaveLength(1);
    expect(Buffer.from(writer.frames[0]?.body ?? []).toString()).not.toContain(sasl);
    expect(writer.frames[0]).toMatchObject({ opcode: 1, length: text.length });
  });

  const sasl = Buffer.from("\0agent\0S3cret!pass").toString("base64");
  const auth = `<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">${sasl}</auth>`;

  test.each([
    ["binary, with a NUL behind", 2, `${auth}\0`, sasl],
    ["binary, with a control character before", 2, `\x01${auth}`, sasl],
    ["a ping", 9, `x password=S3cret!pass</`, "S3cret!pass"],
  ])("%s: not kept when a secret may be in it", (_name, opcode, text, secret) => {
    const { writer, recording, send } = start();
    upgrade(send);
    send(frame("client", text, { opcode }));
    recording.save(50);
    expect(writer.frames).toHaveLength(1);
    expect(Buffer.from(writer.frames[0]?.body ?? []).toString("latin1")).not.toContain(secret);
    expect(writer.frames[0]).toMatchObject({ opcode, length: text.length });
  });

  test("others stay as they are", () => {
    const { writer, recording, send } = start();
    upgrade(send);
    send(frame("server", "\x01\x02\xff", { opcode: 2 }), frame("client", "42", { opcode: 9 }));
    recording.save(50);
    expect(writer.frames.map(({ body: kept }) => kept?.length)).toEqual([
      encode("\x01\x02\xff").length,
      2,
    ]);
  });
});

describe("what an exchange means", () => {
  const xml = "http://jabber.org/protocol/httpbind";
  const poll2 = (
    n: number,
    at: number,
    request: string,
    response: string,
    answeredAt: number,
  ): CaptureEvent[] => [
    head(n, at, poll),
    body("request", n, at, request),
    requestEnd(n, at, request.length),
    answer(n, answeredAt, ok),
    body("response", n, answeredAt, response),
    responseEnd(n, answeredAt, response.length),
  ];

  test("a poll shows its agent, its event and the client's own time before it", () => {
    const { writer, recording, send } = start();
    send(
      ...poll2(
        1,
        10,
        `<body rid='1' wait='30' hold='1' to='fin1' from='1001003@fin1' xmlns='${xml}'/>`,
        `<body sid='s1' wait='30' requests='2' hold='1' xmlns='${xml}'/>`,
        20,
      ),
      ...poll2(
        2,
        30,
        `<body rid='2' sid='s1' xmlns='${xml}'><iq type='set' id='b' xmlns='jabber:client'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desktop</resource></bind></iq></body>`,
        `<body xmlns='${xml}'><iq type='result' id='b' xmlns='jabber:client'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>1001003@fin1/desktop</jid></bind></iq></body>`,
        40,
      ),
      ...poll2(
        3,
        55,
        `<body rid='3' sid='s1' xmlns='${xml}'/>`,
        `<body xmlns='${xml}'></body>`,
        30_055,
      ),
      ...poll2(
        3 + 1,
        30_055 + 5000,
        `<body rid='4' sid='s1' xmlns='${xml}'/>`,
        `<body xmlns='${xml}'></body>`,
        65_055,
      ),
    );
    recording.save(70_000);
    expect(writer.row(1).event).toBe("create");
    expect(writer.row(3)).toMatchObject({
      agent: "1001003",
      event: "empty",
      waitMs: 30_000,
      thinkGapMs: 15,
    });
    expect(writer.row(4)).toMatchObject({ agent: "1001003", thinkGapMs: 5000 });
  });

  test("a poll that is sent again is marked", () => {
    const { writer, recording, send } = start();
    const again = `<body rid='9' sid='s1' xmlns='${xml}'/>`;
    send(head(1, 10, poll), body("request", 1, 10, again), requestEnd(1, 10, again.length));
    send({
      kind: "exchange-failed",
      exchange: 1,
      at: 500,
      phase: "headers",
      cause: "reset",
      blame: "server",
      alert: null,
      detail: "ECONNRESET",
    });
    send(...poll2(2, 1000, again, `<body xmlns='${xml}'></body>`, 1010));
    recording.save(2000);
    expect(writer.row(2).notes).toContain("retransmission");
  });

  test("SystemInfo shows status and drift between the client's clock and the server's", () => {
    const { writer, recording, send } = start();
    recording.setWallOffset(1_700_000_000_000);
    const info =
      "<SystemInfo><currentTimestamp>2023-11-14T22:13:21.000Z</currentTimestamp><status>IN_SERVICE</status></SystemInfo>";
    send(
      head(1, 500, "GET /finesse/api/SystemInfo?nocache=1700000000500 HTTP/1.1\r\n\r\n"),
      requestEnd(1, 500),
      answer(1, 510, "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n"),
      body("response", 1, 510, info),
      responseEnd(1, 510, info.length),
    );
    recording.save(1000);
    expect(writer.row(1)).toMatchObject({
      role: "systeminfo",
      event: "SystemInfo IN_SERVICE drift +495 ms",
    });
  });

  test("a request that waited for its connection does not make the clocks differ", () => {
    const { writer, recording, send } = start();
    recording.setWallOffset(1_700_000_000_000);
    const nocache = 1_700_000_000_000;
    const ask = (number: number, connection: number, at: number, server: number): void => {
      const text = `<SystemInfo><currentTimestamp>${new Date(nocache + server).toISOString()}</currentTimestamp><status>IN_SERVICE</status></SystemInfo>`;
      send(
        head(
          number,
          at,
          `GET /finesse/api/SystemInfo?nocache=${nocache} HTTP/1.1\r\n\r\n`,
          connection,
        ),
        requestEnd(number, at),
        answer(number, at, "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n"),
        body("response", number, at, text),
        responseEnd(number, at, text.length),
      );
    };
    for (const [connection, at] of [
      [7, 1000],
      [8, 1000],
      [9, 2900],
    ] as const)
      send({ kind: "connection-opened", connection, at, address: "10.1.1.5", port: 50_007 });
    // Asked at 0, sent at 3 s, as the connection took until then.
    ask(1, 7, 3000, 3000);
    // The same again on the open connection is a clock that differs; so is a server that is behind.
    ask(2, 7, 3000, 3000);
    ask(3, 8, 3000, -3000);
    // A connection that was there at once explains nothing.
    ask(4, 9, 3000, 3000);
    recording.save(4000);
    expect([1, 2, 3, 4].map((number) => writer.row(number).notes.includes("clock-off"))).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  test.each([
    { stampedSecondsAgo: 3, notes: false },
    { stampedSecondsAgo: 30, notes: true },
  ])(
    "a request of this PC stamped $stampedSecondsAgo s before it came is no clock that is off: $notes",
    ({ stampedSecondsAgo, notes }) => {
      const { writer, recording, send } = start();
      const offset = 1_700_000_000_000;
      recording.setWallOffset(offset);
      const now = offset + 40_000;
      const stamp = now - stampedSecondsAgo * 1000;
      const info = `<SystemInfo><currentTimestamp>${new Date(now + 5).toISOString()}</currentTimestamp></SystemInfo>`;
      const opened = { connection: 7, at: 39_990, address: "127.0.0.1", port: 50_007 };
      send(
        { kind: "connection-opened", ...opened },
        head(1, 40_000, `GET /finesse/api/SystemInfo?nocache=${stamp} HTTP/1.1\r\n\r\n`, 7),
        requestEnd(1, 40_000),
        answer(1, 40_010, "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n"),
        body("response", 1, 40_010, info),
        responseEnd(1, 40_010, info.length),
      );
      recording.save(41_000);
      expect(writer.row(1).notes.includes("clock-off")).toBe(notes);
    },
  );

  test("a probe's row is marked, and tells nothing of any desktop", () => {
    const { writer, recording, send } = start();
    send(head(1, 500, "GET /finesse/api/SystemInfo?nocache=1700000000500 HTTP/1.1\r\n\r\n"));
    send({ kind: "exchange-noted", exchange: 1, at: 500, note: "probe" });
    send(requestEnd(1, 500), answer(1, 510, ok), responseEnd(1, 510));
    send(head(2, 600, "GET /finesse/api/SystemInfo HTTP/1.1\r\n\r\n"), requestEnd(2, 600));
    recording.save(1000);
    expect(writer.row(1)).toMatchObject({ notes: ["probe"], event: null });
    expect(writer.row(2).notes).not.toContain("probe");
  });
});
