/** Filters run by SQLite against rows, compared with plain predicates over the same rows. */
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StoredExchange, StoredFrame } from "../../../../src/domain/recording.ts";
import { openForReading } from "../../../../src/store/open-database.ts";
import { compileQuery } from "../../../../src/store/query/compile.ts";
import { fields } from "../../../../src/store/query/fields.ts";
import { parseQuery } from "../../../../src/store/query/parse.ts";
import { batch, exchange, frame, message, pending, startWall, temporaryWriter } from "../rows.ts";

const now = startWall + 60_000;

interface Item extends StoredExchange {
  readonly comment: string | null;
  readonly mark: string | null;
  readonly frames: readonly StoredFrame[];
}

let nextNumber = 0;
const item = (
  row: (number: number) => StoredExchange,
  more: Partial<Pick<Item, "comment" | "mark" | "frames">> = {},
): Item => {
  nextNumber += 1;
  return { comment: null, mark: null, frames: [], ...row(nextNumber), ...more };
};
const failed = (
  number: number,
  change: object,
  row: Partial<StoredExchange> = {},
): StoredExchange =>
  pending(number, {
    outcome: {
      kind: "failed",
      phase: "headers",
      cause: "reset",
      blame: "server",
      status: null,
      alert: null,
      detail: "ECONNRESET",
      ...change,
    },
    ...row,
  });
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const items: readonly Item[] = [
  item((n) => exchange(n)),
  item(
    (n) =>
      exchange(n, {
        outcome: { kind: "responded", status: 404, reason: "Not Found" },
        event: "terminate item-not-found",
      }),
    {
      comment: "Failover at FIN1?",
    },
  ),
  item((n) =>
    exchange(n, {
      outcome: { kind: "responded", status: 503, reason: "" },
      holdMs: 32_500,
      agent: null,
      sid: null,
    }),
  ),
  item((n) => pending(n, { atWall: startWall, sentWall: startWall }), { mark: "red" }),
  item((n) => pending(n, { atWall: now - 5000, sentWall: null })),
  item((n) => pending(n, { atWall: now - 31_000, sentWall: now - 31_000, waitMs: null }), {
    mark: "gold",
  }),
  item((n) => failed(n, {}, { holdMs: 35_010 })),
  item((n) => failed(n, { cause: "closed-early", blame: "client" }, { notes: ["unparsed"] })),
  item((n) =>
    failed(
      n,
      { cause: "tls-alert", phase: "tls", blame: "network", alert: 48 },
      {
        kind: "tunnel",
        role: "tunnel",
        method: "CONNECT",
        url: "fin2.demo.test:8445",
        host: "fin2.demo.test",
        port: 8445,
        path: "",
        request: null,
      },
    ),
  ),
  item((n) =>
    exchange(n, {
      role: "systeminfo",
      method: "GET",
      url: "https://fin1.demo.test:8445/finesse/api/SystemInfo?nocache=1",
      path: "/finesse/api/SystemInfo?nocache=1",
      port: 8445,
      holdMs: 14,
      contentType: "application/xml",
    }),
  ),
  item((n) =>
    exchange(n, {
      role: "rest",
      method: "PUT",
      url: "https://fin1.demo.test/finesse/api/User/1001",
      port: 443,
      path: "/finesse/api/User/1001",
      holdMs: 1500,
      connection: 42,
      request: message(
        "PUT /finesse/api/User/1001 HTTP/1.1\r\nAuthorization: Basic ‹secret 7f3a›\r\n\r\n",
        "<User><state>READY</state></User>",
      ),
    }),
  ),
  item(
    (n) =>
      exchange(n, {
        kind: "websocket",
        role: "websocket",
        url: "wss://fin1.demo.test:7443/ws/",
        path: "/ws/",
        waitMs: null,
        rid: null,
      }),
    {
      frames: [
        frame(12, 0, { body: text("<presence type='Unavailable'/>") }),
        frame(12, 1, { from: "server", body: text("pong ÄÖÜ") }),
      ],
    },
  ),
  item((n) =>
    exchange(n, {
      notes: ["body-cut", "secrets-replaced"],
      faults: ["delay-polls", "rule,2"],
      thinkGapMs: 2000,
      sizes: { requestHead: 1, requestBody: -1, responseHead: 1, responseBody: 4096 },
    }),
  ),
  item((n) =>
    exchange(n, {
      event: "READY → TALKING",
      agent: "1002",
      client: { address: "10.1.1.6", port: 50_999, process: "FIREFOX.EXE" },
      response: message(
        "HTTP/1.1 200 OK\r\nSet-Cookie: ‹secret 11aa›\r\nX-Note: Ready\r\n\r\n",
        "<Update>TALKING 100% _ '</Update>",
      ),
    }),
  ),
  item(
    (n) =>
      exchange(n, {
        url: "http://fin1.demo.test/a(b)|c",
        protocol: "HTTP",
        path: "/a(b)|c",
        response: null,
        rid: 1e20,
        timing: { ...exchange(1).timing, responseFirst: 3 },
      }),
    { comment: "x'); DROP TABLE exchanges; --" },
  ),
  item((n) =>
    exchange(n, {
      atWall: Date.parse("2026-01-31T23:59:59.999Z"),
      contentType: null,
      thinkGapMs: null,
      holdMs: null,
    }),
  ),
];

const lower = (value: string): string =>
  value.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
const has = (value: string | null | undefined, part: string): boolean =>
  value !== null && value !== undefined && lower(value).includes(lower(part));
const decode = (bytes: Uint8Array | null | undefined): string | null =>
  bytes === null || bytes === undefined ? null : new TextDecoder().decode(bytes);
const statusOf = ({ outcome }: Item): number | null =>
  outcome.kind === "pending" ? null : outcome.status;
const holdOf = (row: Item): number | null => {
  if (row.holdMs !== null) return row.holdMs;
  const waits = row.outcome.kind === "pending" && row.timing.responseFirst === null;
  return waits && row.sentWall !== null ? now - row.sentWall : null;
};
const above = (value: number | null, bound: number): boolean => value !== null && value > bound;
const sizeOf = ({ sizes }: Item): number =>
  Math.max(0, sizes.requestBody) + Math.max(0, sizes.responseBody);
const anyWord = (row: Item, part: string): boolean =>
  [row.url, row.host, row.comment, row.event].some((value) => has(value, part));
const frameText = (row: Item, from?: "client" | "server"): string =>
  row.frames
    .filter((one) => from === undefined || one.from === from)
    .map((one) => decode(one.body))
    .join("\n");
const inBody = (row: Item, part: string): boolean =>
  [decode(row.request?.body), decode(row.response?.body), frameText(row)].some((value) =>
    has(value, part),
  );
const failure = (row: Item) => (row.outcome.kind === "failed" ? row.outcome : null);

const table: readonly (readonly [string, (row: Item) => boolean])[] = [
  ["", () => true],
  ["fin2", (row) => anyWord(row, "fin2")],
  ["FIN1", (row) => anyWord(row, "fin1")],
  ["talking", (row) => anyWord(row, "talking")],
  ["-fin1", (row) => !anyWord(row, "fin1")],
  ['"a(b)|c"', (row) => anyWord(row, "a(b)|c")],
  ["%", () => false],
  ["host:FIN2", (row) => has(row.host, "fin2")],
  ["host=fin1", () => false],
  ["host=FIN1.demo.test", (row) => row.host === "fin1.demo.test"],
  ["host!=fin1.demo.test", (row) => row.host !== "fin1.demo.test"],
  ["port:8445", (row) => row.port === 8445],
  ["port>=7443", (row) => row.port >= 7443],
  ["port:1..443", (row) => row.port >= 1 && row.port <= 443],
  ["method:get", (row) => has(row.method, "get")],
  ["url:systeminfo", (row) => has(row.url, "systeminfo")],
  ["path=/ws/", (row) => row.path === "/ws/"],
  ["status:404", (row) => statusOf(row) === 404],
  ["status:4xx", (row) => statusOf(row) === 404],
  ["status:>=500", (row) => (statusOf(row) ?? 0) >= 500],
  ["status:400..499", (row) => statusOf(row) === 404],
  ["status!=200", (row) => statusOf(row) !== 200],
  ["-status:200", (row) => statusOf(row) !== 200],
  ["status<400", (row) => statusOf(row) !== null && (statusOf(row) ?? 0) < 400],
  ["status:(404|503)", (row) => [404, 503].includes(statusOf(row) ?? 0)],
  ["status!=(404|503)", (row) => ![404, 503].includes(statusOf(row) ?? 0)],
  ["result:-", (row) => row.outcome.kind === "pending"],
  ["result!=-", (row) => row.outcome.kind !== "pending"],
  ["result:404", (row) => statusOf(row) === 404],
  ["is:pending", (row) => row.outcome.kind === "pending"],
  ["is:failed", (row) => row.outcome.kind === "failed"],
  ["is!=responded", (row) => row.outcome.kind !== "responded"],
  ["is:poll", (row) => row.role === "poll"],
  ["is:systeminfo", (row) => row.role === "systeminfo"],
  ["is:rest", (row) => row.role === "rest"],
  ["is:websocket", (row) => row.kind === "websocket"],
  ["is:tunnel", (row) => row.kind === "tunnel"],
  ["is:marked", (row) => row.mark !== null],
  ["is:commented", (row) => row.comment !== null],
  ["is:cut", (row) => row.notes.includes("body-cut")],
  ["-is:cut", (row) => !row.notes.includes("body-cut")],
  ["is:unparsed", (row) => row.notes.includes("unparsed")],
  ["is:client-abort", (row) => failure(row)?.blame === "client"],
  ["is:server-reset", (row) => failure(row)?.blame === "server" && failure(row)?.cause === "reset"],
  [
    "is:slow",
    (row) => {
      const hold = holdOf(row) ?? -1;
      if (row.role === "poll") return hold >= (row.waitMs ?? 30_000) + 2000;
      return (row.role === "rest" || row.role === "systeminfo") && hold >= 1000;
    },
  ],
  ["body~ready", (row) => inBody(row, "ready")],
  ["-body~body", (row) => !inBody(row, "body")],
  ["body~unavailable", (row) => inBody(row, "unavailable")],
  ["body:ÄÖ", (row) => inBody(row, "ÄÖ")],
  ["body~äö", (row) => inBody(row, "äö")],
  ['body~"100% _"', (row) => inBody(row, "100% _")],
  [
    "request~state",
    (row) =>
      has(row.request?.head, "state") ||
      has(decode(row.request?.body), "state") ||
      has(frameText(row, "client"), "state"),
  ],
  ["request~pong", (row) => has(frameText(row, "client"), "pong")],
  [
    "response~pong",
    (row) => has(frameText(row, "server"), "pong") || has(decode(row.response?.body), "pong"),
  ],
  ["response~openfire", (row) => has(row.response?.head, "openfire")],
  ["head~put", (row) => has(row.request?.head, "put") || has(row.response?.head, "put")],
  ["header~put", () => false],
  [
    "header~‹secret",
    (row) => has(row.request?.head, "‹secret") || has(row.response?.head, "‹secret"),
  ],
  ["type:xml", (row) => has(row.contentType, "xml")],
  ["type=text/xml", (row) => row.contentType === "text/xml"],
  ["type=", (row) => (row.contentType ?? "") === ""],
  ['type!=""', (row) => (row.contentType ?? "") !== ""],
  ["process:firefox", (row) => has(row.client.process, "firefox")],
  ["client:10.1.1.6", (row) => row.client.address === "10.1.1.6"],
  ['client="10.1.1.6:50999"', (row) => row.client.port === 50_999],
  ["agent:1001", (row) => row.agent === "1001"],
  ["-agent:1001", (row) => row.agent !== "1001"],
  ["agent!=1001", (row) => row.agent !== "1001"],
  ["agent=", (row) => row.agent === null],
  ["sid:f382", (row) => has(row.sid, "f382")],
  ["rid:1234568", (row) => row.rid === 1_234_568],
  ["rid>1234570", (row) => above(row.rid, 1_234_570)],
  ['event:"not-found"', (row) => has(row.event, "not-found")],
  ["mark:red", (row) => row.mark === "red"],
  ["comment~failover", (row) => has(row.comment, "failover")],
  ["conn:42", (row) => row.connection === 42],
  ["number:(2..4|7)", (row) => (row.number >= 2 && row.number <= 4) || row.number === 7],
  ["cause:tls", (row) => has(failure(row)?.cause, "tls")],
  ["cause=reset", (row) => failure(row)?.cause === "reset"],
  ["blame:client", (row) => failure(row)?.blame === "client"],
  ["note:body", (row) => row.notes.some((note) => has(note, "body"))],
  ["note=body", () => false],
  ["note=body-cut", (row) => row.notes.includes("body-cut")],
  ['fault:"polls,rule"', () => false],
  ['fault="rule,2"', (row) => row.faults.includes("rule,2")],
  ["-fault:delay", (row) => !row.faults.some((fault) => has(fault, "delay"))],
  ["hold>30s", (row) => above(holdOf(row), 30_000)],
  ["hold:31s..1m", (row) => above(holdOf(row), 30_999.99) && (holdOf(row) ?? 0) <= 60_000],
  ["-hold>1s", (row) => !above(holdOf(row), 1000)],
  ["gap>1s", (row) => above(row.thinkGapMs, 1000)],
  ["size>1kb", (row) => above(sizeOf(row), 1024)],
  ["size<100", (row) => sizeOf(row) < 100],
  ["age>10s", (row) => now - row.atWall > 10_000],
  ["at>2026-02-01", (row) => row.atWall > Date.parse("2026-02-01T00:00Z")],
  ["at:2026-01-31", (row) => new Date(row.atWall).toISOString().startsWith("2026-01-31")],
  ["at<2026-01-31T23:59:59", () => false],
  [
    "is:pending hold>30s or status:404",
    (row) =>
      (row.outcome.kind === "pending" && above(holdOf(row), 30_000)) || statusOf(row) === 404,
  ],
];

let store: ReturnType<typeof temporaryWriter>;
let run: (query: string) => number[];

beforeAll(() => {
  store = temporaryWriter();
  const { writer } = store;
  writer.commit(batch({ exchanges: items, frames: items.flatMap((row) => row.frames) }));
  for (const { number, comment, mark } of items) {
    if (comment !== null) writer.setComment(`c0ffee-${number}`, comment);
    if (mark !== null) writer.setMark(`c0ffee-${number}`, mark);
  }
  const database = openForReading(store.path);
  run = (query) => {
    const { sql, parameters } = compileQuery(parseQuery(query), now);
    return database
      .prepare(`SELECT e.key % 4294967296 AS number FROM exchanges e WHERE ${sql} ORDER BY e.key`)
      .all(...parameters)
      .map((row) => Number(row["number"]));
  };
});

afterAll(() => store[Symbol.dispose]());

const expected = (matches: (row: Item) => boolean): number[] =>
  items.filter(matches).map((row) => row.number);

test.each(table)("%s", (query, matches) => {
  expect(run(query)).toEqual(expected(matches));
});

test("the table has rows on both sides of most filters", () => {
  const telling = table.filter(([, matches]) => {
    const count = expected(matches).length;
    return count > 0 && count < items.length;
  });
  expect(telling.length).toBeGreaterThan(table.length * 0.85);
});

const entry = fc.constantFrom(...table.slice(1));

test("not, and, or of any filters is what it says", () => {
  fc.assert(
    fc.property(entry, entry, entry, ([a, isA], [b, isB], [c, isC]) => {
      expect(run(`-(${a}) (${b} or ${c})`)).toEqual(
        expected((row) => !isA(row) && (isB(row) || isC(row))),
      );
    }),
    { numRuns: 300 },
  );
});

test("only filters about age depend on the moment", () => {
  const ages = (query: string): boolean => compileQuery(parseQuery(query), now).ages;
  expect(["hold>1s", "age>1s", "is:slow", "a -(b or hold<2s)"].map(ages)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(["", "is:pending", "gap>1s", "at>2026-01-01", 'comment~":now ?"'].map(ages)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

describe("what somebody types is never SQL", () => {
  const attempts = [
    "'; DROP TABLE exchanges; --",
    "' OR '1'='1",
    '" OR 1=1 --',
    "x') OR 1=1 --",
    "%' OR 1=1",
    "?1 ? :now @a $b",
    "\0' OR 1=1",
    "); DELETE FROM exchanges; SELECT (1",
  ];
  const keys = Object.entries(fields).filter(
    ([, field]) => field.kind !== "number" && field.kind !== "flag",
  );

  test.each(attempts)("%j", (attempt) => {
    const quoted = `"${attempt.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
    for (const query of [
      quoted,
      ...keys.flatMap(([key]) => [`${key}:${quoted}`, `-${key}:${quoted}`]),
    ]) {
      const { sql } = compileQuery(parseQuery(query), now);
      expect(sql).not.toContain(attempt);
      expect(run(query).length, query).toBe(query.startsWith("-") ? items.length : 0);
    }
    expect(run("").length).toBe(items.length);
  });

  test("text that looks like SQL is found as text", () => {
    expect(run(`comment:"x'); DROP TABLE"`)).toEqual([15]);
  });
});

test("the README's table names every key and every is:", () => {
  const readme = readFileSync("src/store/query/README.md", "utf8");
  for (const [key, field] of Object.entries(fields)) {
    expect(readme, key).toMatch(new RegExp(`^\\| \`${key}\` \\|`, "m"));
    if (field.kind !== "flag") continue;
    for (const flag of Object.keys(field.flags)) expect(readme, flag).toContain(`\`is:${flag}\``);
  }
});
