/** Stanzas of an agent's own session out of exchanges: each once, whatever is asked for while rows change. */
import { expect, test } from "vitest";
import { agentStanzas } from "../../src/agent-stanzas.ts";
import { BoshscopeError } from "../../src/base/errors.ts";
import type { ExchangeSummary, WebSocketFrame } from "../../src/domain/exchange.ts";
import type { CaptureReader, ExchangeQuery } from "../../src/domain/recording.ts";
import { blankRow, responded } from "../support/memory-recorder.ts";

const bosh = (content: string): string =>
  `<body xmlns='http://jabber.org/protocol/httpbind'>${content}</body>`;
const asks = bosh(`<iq xmlns="jabber:client" type="get" id="1"><ping xmlns="urn:xmpp:ping"/></iq>`);
const tells = bosh(
  `<message><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="/n"/></event></message><iq type="result" id="1"/>`,
);

/** A capture of one's own making. */
class Rows {
  readonly #rows = new Map<number, ExchangeSummary>();
  readonly bodies = new Map<string, string>();
  frames: WebSocketFrame[] = [];
  #seq = 0;

  put(number: number, row: Partial<ExchangeSummary>): void {
    const id = `c1-${number}`;
    const before = this.#rows.get(number) ?? blankRow(number, "c1", Date.UTC(2026, 2, 1));
    const seq = ++this.#seq;
    this.#rows.set(number, { ...before, role: "poll", ...row, number, id, seq });
  }

  frame(index: number, from: "client" | "server", text: string): void {
    const at = new Date(Date.UTC(2026, 2, 1) + index).toISOString();
    const kept = { hex: null, cut: false, event: null, length: text.length, final: true };
    this.frames.push({ index, at, from, opcode: 1, text, ...kept });
  }

  reader(): Pick<CaptureReader, "exchanges" | "body" | "frames" | "exchange"> {
    return {
      exchanges: async ({ since, before, limit }: ExchangeQuery) => {
        const all = [...this.#rows.values()];
        const rows =
          before === undefined
            ? all.filter(({ seq }) => seq > (since ?? 0)).toSorted((a, b) => a.seq - b.seq)
            : all.filter(({ number }) => number < before).toSorted((a, b) => b.number - a.number);
        const page = rows.slice(0, limit);
        const more = rows.length > page.length;
        return {
          rows: JSON.stringify(page),
          count: page.length,
          next: page.at(-1)?.seq ?? 0,
          more,
        };
      },
      body: async (id, side) => {
        const text = this.bodies.get(`${id} ${side}`);
        return text === undefined ? null : { bytes: Buffer.from(text), contentType: "text/xml" };
      },
      frames: async (_id, from, limit) =>
        this.frames.filter(({ index }) => index >= from).slice(0, limit),
      exchange: async (id) => {
        const row = [...this.#rows.values()].find((one) => one.id === id);
        if (row === undefined) return null;
        const framesTotal = this.frames.length;
        const nothing = { request: null, response: null, informational: [], frames: [] };
        return { ...row, ...nothing, framesTotal };
      },
    };
  }
}

const page = (rows: Rows, after: string | null, filter = "") =>
  agentStanzas(rows.reader())("1001003", { after, filter, limit: 200 });

const sizes = { requestHead: 1, requestBody: 80, responseHead: 1, responseBody: 80 };
const outcome = responded(200);

test("what is asked is told at once, what is answered once it is, and nothing twice", async () => {
  const rows = new Rows();
  rows.bodies.set("c1-1 request", asks);
  rows.put(1, { sizes });
  const first = await page(rows, null);
  expect(first.stanzas.map(({ key, direction }) => [key, direction])).toEqual([
    ["c1-1-out-0", "out"],
  ]);
  rows.bodies.set("c1-1 response", tells);
  rows.put(1, { sizes, outcome });
  const second = await page(rows, first.next);
  expect(second.stanzas.map(({ key, node, exchange }) => [key, node, exchange])).toEqual([
    ["c1-1-in-0", "/n", "c1-1"],
    ["c1-1-in-1", null, "c1-1"],
  ]);
  rows.put(1, { sizes, outcome, comment: "changed" });
  const third = await page(rows, second.next);
  expect(third.stanzas).toEqual([]);
  expect((await page(rows, null, "kind:message")).stanzas).toHaveLength(1);
});

test("empty answers and error pages are no stanzas; what can't be read is shown", async () => {
  const rows = new Rows();
  rows.bodies.set("c1-1 response", bosh(""));
  rows.put(1, { sizes, outcome, notes: ["empty"] });
  rows.bodies.set("c1-2 response", "<html>404");
  rows.put(2, { sizes, outcome: { kind: "responded", status: 404, reason: "Not Found" } });
  rows.bodies.set("c1-3 response", "<body><message>");
  rows.put(3, { sizes, outcome });
  const { stanzas } = await page(rows, null);
  expect(stanzas.map(({ key, about }) => [key, about.split(" ")[0]])).toEqual([
    ["c1-3-in", "unreadable"],
  ]);
});

test("messages of a WebSocket follow each other without a gap", async () => {
  const rows = new Rows();
  const add = (count: number): void => {
    for (let at = 0; at < count; at++)
      rows.frame(rows.frames.length, at % 2 === 0 ? "client" : "server", "<presence/>");
    rows.put(7, { kind: "websocket", role: "websocket" });
  };
  add(3);
  let last = await page(rows, null);
  const keys = last.stanzas.map(({ key }) => key);
  for (const count of [1, 4, 2]) {
    add(count);
    last = await page(rows, last.next);
    keys.push(...last.stanzas.map(({ key }) => key));
  }
  expect(keys).toEqual(Array.from({ length: 10 }, (_, index) => `c1-7-${index}`));
});

test.each(["x", "1.2", "1.2-z", "1;2", "-1"])("a place %j is refused", async (after) => {
  await expect(page(new Rows(), after)).rejects.toThrow(BoshscopeError);
});
