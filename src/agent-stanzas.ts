/** The stanzas of an agent's own session, as the capture has them: what no other client of the server can see. */
import { fail } from "./base/errors.ts";
import { showElement, showStanza } from "./console/show-stanza.ts";
import { readStanzaFilter } from "./console/stanza-filter.ts";
import type { ExchangeSummary } from "./domain/exchange.ts";
import type { CaptureReader } from "./domain/recording.ts";
import type { AgentStanzas, ShownStanza } from "./domain/xmpp-console.ts";
import { readXml } from "./xml/read-xml.ts";
import { elementsIn } from "./xml/tree.ts";

type Reader = Pick<CaptureReader, "exchanges" | "body" | "frames" | "exchange">;

/** Exchanges looked at for the first page, and for each further one. */
const rowsAtOnce = 100;
/** Messages of a WebSocket looked at when it is first met, and at once. */
const framesAtOnce = 500;
const textFrame = 1;

export const agentStanzas =
  (reader: Reader): AgentStanzas =>
  async (agent, { after, filter, limit }) => {
    const test = readStanzaFilter(filter);
    const place = after === null ? null : readPlace(after);
    const query = `(is:poll or is:websocket) agent=${JSON.stringify(agent)}`;
    const page = await reader.exchanges(
      place === null
        ? { before: Number.MAX_SAFE_INTEGER, limit: rowsAtOnce, query }
        : { since: place.since, limit: rowsAtOnce, query },
    );
    const rows = JSON.parse(page.rows) as ExchangeSummary[];
    const told = new Told(place);
    const stanzas: ShownStanza[] = [];
    for (const row of rows.toSorted((a, b) => a.number - b.number))
      stanzas.push(...(await stanzasOf(reader, row, told)));
    const shown = stanzas.filter(test).toSorted((a, b) => compare(a.at, b.at));
    const since = rows.reduce((last, { seq }) => Math.max(last, seq), place?.since ?? 0);
    const isFirst = place === null;
    return {
      stanzas: isFirst ? shown.slice(-limit) : shown,
      next: told.place(since),
      more: !isFirst && page.more,
      dropped: 0,
    };
  };

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * How far somebody was told: the last change seen, and of the latest exchanges what was told of each, as a row changes several times.
 * `o` = what was asked, `d` = all; for a WebSocket the next message's index.
 */
interface Place {
  readonly since: number;
  readonly told: ReadonlyMap<number, string>;
}

const maxTold = 100;

function readPlace(text: string): Place {
  const match = /^(\d{1,15})((?:\.\d{1,15}-(?:[od]|\d{1,10})){0,200})$/.exec(text);
  if (match === null)
    throw fail("request-invalid", { problem: `after can't be ${text.slice(0, 40)}.` });
  const parts = (match[2] ?? "").split(".").filter((part) => part !== "");
  const told = parts.map((part): [number, string] => {
    const [number = "", state = ""] = part.split("-");
    return [Number(number), state];
  });
  return { since: Number(match[1]), told: new Map(told) };
}

class Told {
  readonly #told: Map<number, string>;

  constructor(place: Place | null) {
    this.#told = new Map(place?.told);
  }

  of(number: number): string | null {
    return this.#told.get(number) ?? null;
  }

  set(number: number, state: string): void {
    this.#told.delete(number);
    this.#told.set(number, state);
  }

  place(since: number): string {
    const latest = [...this.#told].slice(-maxTold);
    return [`${since}`, ...latest.map(([number, state]) => `${number}-${state}`)].join(".");
  }
}

async function stanzasOf(reader: Reader, row: ExchangeSummary, told: Told): Promise<ShownStanza[]> {
  if (row.kind === "websocket") return await framesOf(reader, row, told);
  const before = told.of(row.number);
  if (before === "d") return [];
  const isOver = row.outcome.kind !== "pending";
  told.set(row.number, isOver ? "d" : "o");
  const out = before === null ? await bodyStanzas(reader, row, "request") : [];
  const isSilent = !isOver || row.notes.includes("empty") || row.sizes.responseBody <= 0;
  return isSilent ? out : [...out, ...(await bodyStanzas(reader, row, "response"))];
}

async function bodyStanzas(
  reader: Reader,
  row: ExchangeSummary,
  side: "request" | "response",
): Promise<ShownStanza[]> {
  const body = await reader.body(row.id, side);
  if (body === null) return [];
  const text = Buffer.from(body.bytes).toString("utf8");
  const direction = side === "request" ? "out" : "in";
  const { requestEnd, responseEnd, responseFirst } = row.timing;
  const after = side === "request" ? requestEnd : (responseEnd ?? responseFirst);
  const at = new Date(Date.parse(row.at) + (after ?? 0)).toISOString();
  const carried = { at, direction, exchange: row.id } as const;
  const read = readXml(text);
  if (read.kind === "unparseable") {
    // An error page of a web server is no stanza; the exchange shows it.
    if (row.outcome.kind === "responded" && row.outcome.status !== 200) return [];
    return [showStanza(text, { ...carried, key: `${row.id}-${direction}` })];
  }
  return elementsIn(read.root).map((element, index) =>
    showElement(element, text, { ...carried, key: `${row.id}-${direction}-${index}` }),
  );
}

async function framesOf(reader: Reader, row: ExchangeSummary, told: Told): Promise<ShownStanza[]> {
  const known = told.of(row.number);
  const from = known === null ? await firstFrame(reader, row.id) : Number(known);
  const frames = await reader.frames(row.id, from, framesAtOnce);
  told.set(row.number, String((frames.at(-1)?.index ?? from - 1) + 1));
  return frames
    .filter(({ opcode, text }) => opcode === textFrame && (text ?? "").trim() !== "")
    .map(({ index, at, from: side, text }) =>
      showStanza(text ?? "", {
        key: `${row.id}-${index}`,
        at,
        direction: side === "client" ? "out" : "in",
        exchange: row.id,
      }),
    );
}

async function firstFrame(reader: Reader, id: string): Promise<number> {
  const detail = await reader.exchange(id);
  return Math.max(0, (detail?.framesTotal ?? 0) - framesAtOnce);
}
