/** What is being compared, and fetching it. */
import { signal } from "@preact/signals";
import type { ExchangeDetail } from "../../src/domain/exchange.ts";
import type { CaptureList, ExchangeList } from "../../src/server/messages.ts";
import { getJson } from "../feed/api.ts";
import { decodeBody } from "../model/body-text.ts";
import { type Rhythm, rhythmOf } from "../model/poll-rhythm.ts";
import { readXml, type XmlTree } from "../model/xml-tree.ts";
import { type Loaded, load, loadBody } from "./detail.ts";
import { selection } from "./selected.ts";

export type Comparing =
  | { readonly kind: "exchanges"; readonly left: string; readonly right: string }
  | { readonly kind: "agents"; readonly left: string; readonly right: string };

/** null = nothing is. */
export const comparing = signal<Comparing | null>(null);

/** The two selected rows, the one above at the left; with any other number nothing happens. */
export function compareSelected(): void {
  const [left, right, ...more] = [...selection.peek().ids];
  if (left === undefined || right === undefined || more.length > 0) return;
  comparing.value = { kind: "exchanges", left, right };
}

export interface ComparedExchange {
  readonly shown: ExchangeDetail;
  readonly requestXml: XmlTree;
  readonly responseXml: XmlTree;
}

export const loadCompared = (id: string): Promise<Loaded<ComparedExchange>> => load(compared(id));

async function compared(id: string): Promise<ComparedExchange> {
  const shown = await getJson<ExchangeDetail>(`exchanges/${encodeURIComponent(id)}`);
  return {
    shown,
    requestXml: await xmlOf(shown, "request"),
    responseXml: await xmlOf(shown, "response"),
  };
}

async function xmlOf(shown: ExchangeDetail, side: "request" | "response"): Promise<XmlTree> {
  const length = shown[side]?.body?.keptLength ?? 0;
  const loaded = length === 0 ? null : await loadBody(shown, side);
  return readXml(
    loaded?.kind === "ready"
      ? decodeBody(loaded.value, shown[side]?.body?.contentType ?? null)
      : "",
  );
}

export interface RhythmSource {
  /** Empty = the running one. */
  readonly capture: string;
  readonly agent: string;
}

const pollsRead = 1000;

/** Of the latest polls of an agent in a capture. */
export const loadRhythm = ({ capture, agent }: RhythmSource): Promise<Loaded<Rhythm>> =>
  load(
    getJson<ExchangeList>("exchanges", {
      before: Number.MAX_SAFE_INTEGER,
      limit: pollsRead,
      capture,
      q: `is:poll agent=${JSON.stringify(agent)}`,
    }).then(({ exchanges }) => rhythmOf(exchanges)),
  );

export const loadCaptures = (): Promise<Loaded<CaptureList>> =>
  load(getJson<CaptureList>("captures"));
