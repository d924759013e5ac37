/** Any row that the contract's types allow, for properties. */
import * as fc from "fast-check";
import type { StoredExchange } from "../../../src/domain/recording.ts";

const text = fc.string({ unit: "binary", maxLength: 20 });
const textOrNull = fc.option(text);
/** JSON has one zero. */
const real = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => (Object.is(value, -0) ? 0 : value));
const mark = fc.option(real);
const count = fc.integer({ min: -1, max: 2 ** 40 });
const status = fc.integer({ min: 100, max: 999 });
const head = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
});

const storedMessage = fc.record({
  head: head.map((line) => `GET / HTTP/1.1${line}`),
  trailers: head,
  body: fc.option(fc.uint8Array({ maxLength: 64 })),
  wireLength: fc.nat(),
  encoding: textOrNull,
  decoded: fc.boolean(),
  cut: fc.boolean(),
  hash: textOrNull,
});

const outcome = fc.oneof(
  fc.constant({ kind: "pending" as const }),
  fc.record({ kind: fc.constant("responded" as const), status, reason: text }),
  fc.record({
    kind: fc.constant("failed" as const),
    phase: fc.constantFrom("connect" as const, "headers" as const, "frames" as const),
    cause: fc.constantFrom("reset" as const, "dns" as const, "tls-alert" as const),
    blame: fc.constantFrom("client" as const, "server" as const, "network" as const),
    status: fc.option(status),
    alert: fc.option(fc.integer({ min: 0, max: 255 })),
    detail: text,
  }),
);

export const anyExchange = (number: number): fc.Arbitrary<StoredExchange> =>
  fc.record({
    number: fc.constant(number),
    atWall: fc.double({ min: 0, max: 4e12, noNaN: true }),
    sentWall: mark,
    kind: fc.constantFrom("http" as const, "websocket" as const, "tunnel" as const),
    role: fc.constantFrom("poll" as const, "systeminfo" as const, "other" as const),
    method: text,
    url: text,
    protocol: fc.constantFrom("HTTP" as const, "HTTPS" as const),
    host: text,
    port: fc.integer({ min: 0, max: 65_535 }),
    path: text,
    httpVersion: text,
    connection: fc.nat(),
    client: fc.record({ address: text, port: fc.nat(65_535), process: textOrNull }),
    outcome,
    sizes: fc.record({
      requestHead: count,
      requestBody: count,
      responseHead: count,
      responseBody: count,
    }),
    timing: fc.record({
      requestEnd: mark,
      serverConnected: mark,
      serverTls: mark,
      requestSent: mark,
      responseFirst: mark,
      responseEnd: mark,
      delivered: mark,
      failed: mark,
    }),
    holdMs: mark,
    thinkGapMs: mark,
    waitMs: mark,
    contentType: textOrNull,
    caching: textOrNull,
    agent: textOrNull,
    sid: textOrNull,
    // A hostile client may send any number; some are past what JavaScript counts exactly.
    rid: fc.option(fc.oneof(fc.maxSafeInteger(), fc.double({ min: 0, max: 1e25, noNaN: true }))),
    event: textOrNull,
    faults: fc.array(text, { maxLength: 3 }),
    notes: fc.subarray(["body-cut", "unparsed", "secrets-replaced", "probe"] as const),
    related: fc.array(
      fc.record({
        kind: fc.constantFrom("notified-by", "asked-by", "repeats", "released-by"),
        number: fc.nat(),
        afterMs: fc.option(fc.nat()),
      }),
      { maxLength: 3 },
    ),
    request: fc.option(storedMessage),
    response: fc.option(storedMessage),
    informational: fc.array(head, { maxLength: 2 }),
  });
