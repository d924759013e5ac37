/** What is being compared, and fetching it. */
import { signal } from "@preact/signals";
import type { CaptureComparison } from "../../src/domain/comparison.ts";
import type { ExchangeDetail } from "../../src/domain/exchange.ts";
import type { CaptureList } from "../../src/server/messages.ts";
import { getJson } from "../feed/api.ts";
import { decodeBody } from "../model/body-text.ts";
import { readXml, type XmlTree } from "../model/xml-tree.ts";
import { type Loaded, load, loadBody } from "./detail.ts";
import { selection } from "./selected.ts";

export type Comparing =
  | { readonly kind: "exchanges"; readonly left: string; readonly right: string }
  /** Agents; "" = all. */
  | { readonly kind: "captures"; readonly left: string; readonly right: string };

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

export interface ComparedSource {
  /** Empty = the running one. */
  readonly capture: string;
  /** Empty = all. */
  readonly agent: string;
}

const queryOf = ({ agent }: ComparedSource): string =>
  agent === "" ? "" : `agent=${JSON.stringify(agent)}`;

export const loadComparison = (
  left: ComparedSource,
  right: ComparedSource,
): Promise<Loaded<CaptureComparison>> =>
  load(
    getJson<CaptureComparison>("compare/captures", {
      left: left.capture,
      right: right.capture,
      leftQ: queryOf(left),
      rightQ: queryOf(right),
    }),
  );

export const loadCaptures = (): Promise<Loaded<CaptureList>> =>
  load(getJson<CaptureList>("captures"));
