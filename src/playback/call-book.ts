/** Recorded requests outside of sessions (REST, pages, gadgets), found again by method, path and kind of body. */
import { readXml } from "../xml/read-xml.ts";
import { elementsIn, textOf } from "../xml/tree.ts";
import type { TakenExchange } from "./taken-exchange.ts";

export interface AskedCall {
  readonly method: string;
  readonly host: string;
  readonly port: number;
  /** With its query. */
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
}

/** Of what a client asks a little earlier than the recorded one did, ms of the recording. */
const aheadMs = 2000;

interface Shelf {
  readonly calls: TakenExchange[];
  asked: number;
}

export class CallBook {
  readonly #shelves = new Map<string, Shelf>();

  /** `calls`: in order of time. */
  constructor(calls: readonly TakenExchange[]) {
    for (const call of calls) {
      if (call.end.kind === "unknown") continue;
      for (const key of keysOf(askedOf(call))) {
        const shelf = this.#shelves.get(key) ?? { calls: [], asked: 0 };
        shelf.calls.push(call);
        this.#shelves.set(key, shelf);
      }
    }
  }

  /** The latest of its kind at this position of the recording; what was asked as often is taken in turn. null = never recorded. */
  find(asked: AskedCall, position: number): TakenExchange | null {
    for (const key of keysOf(asked)) {
      const shelf = this.#shelves.get(key);
      if (shelf === undefined) continue;
      const turn = shelf.asked++;
      const latest = shelf.calls.findLastIndex(({ at }) => at <= position);
      const ahead = shelf.calls.findLastIndex(({ at }) => at <= position + aheadMs);
      return shelf.calls[Math.max(0, latest, Math.min(turn, ahead))] ?? null;
    }
    return null;
  }
}

/** From the most to the least exact. */
function keysOf(asked: AskedCall): readonly string[] {
  const { method, host, port } = asked;
  const place = `${method} ${host}:${port}`;
  const [bare = "", query = ""] = asked.path.split("?", 2);
  const steady = steadyQuery(query);
  const body = bodyKind(asked);
  return [
    ...new Set([
      `${place} ${bare}?${steady} ${body}`,
      `${place} ${bare}?${steady}`,
      `${place} ${bare} ${body}`,
      `${place} ${bare}`,
    ]),
  ];
}

/** Without what only keeps caches away. */
const steadyQuery = (query: string): string =>
  query
    .split("&")
    .filter((part) => part !== "" && !/^(?:nocache|_|cachebust)=/.test(part))
    .toSorted()
    .join("&");

const telling = new Set(["state", "requestedAction", "reasonCodeId", "toAddress"]);

/** What a change asks for, by what distinguishes one from another; a form of the gadget server by where it leads. */
function bodyKind({ contentType, body }: AskedCall): string {
  if (body === "") return "";
  if (contentType.includes("x-www-form-urlencoded")) {
    const form = new URLSearchParams(body);
    const [bare = "", query = ""] = (form.get("url") ?? "").split("?", 2);
    return `form ${form.get("httpMethod") ?? ""} ${bare}?${steadyQuery(query)}`;
  }
  const document = readXml(body);
  if (document.kind === "unparseable") return contentType.split(";")[0] ?? "";
  const { root } = document;
  const words = elementsIn(root)
    .filter(({ local }) => telling.has(local))
    .map((element) => `${element.local}=${textOf(element)}`);
  return `xml ${root.local} ${words.join(" ")}`;
}

function askedOf({ method, host, port, path, headers, body }: TakenExchange): AskedCall {
  const contentType =
    headers.find(({ name }) => name.toLowerCase() === "content-type")?.value ?? "";
  return { method, host, port, path, contentType, body };
}
