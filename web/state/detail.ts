/** What the inspector shows of the active row: its detail, bodies, frames and connection, each fetched when first looked at. */
import { effect, signal } from "@preact/signals";
import type { ConnectionRecord } from "../../src/domain/connection.ts";
import type { ExchangeDetail, WebSocketFrame } from "../../src/domain/exchange.ts";
import type { FrameList } from "../../src/server/messages.ts";
import { ApiFailure, getBytes, getJson } from "../feed/api.ts";
import { activeRow, selection } from "./selected.ts";

/** Something fetched: what is there, or why it is not. */
export type Loaded<Value> =
  | { readonly kind: "loading" }
  | { readonly kind: "ready"; readonly value: Value }
  | { readonly kind: "failed"; readonly failure: ApiFailure };

export type BodySide = "request" | "response";

/** null = no row is active. A row being loaded anew keeps its old detail until the new one is there. */
export const detail = signal<Loaded<ExchangeDetail> | null>(null);

/** Least ms between two fetches of a row that keeps changing. */
const pauseMs = 400;

/** Fetches the active row's detail now, and again whenever the feed says that the row changed. */
export function followSelection(): void {
  let shown: string | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  effect(() => {
    const { active } = selection.value;
    const seq = activeRow.value?.seq ?? 0;
    if (timer !== null) clearTimeout(timer);
    if (active === null) {
      shown = null;
      detail.value = null;
      return;
    }
    const fresh = active !== shown;
    shown = active;
    if (fresh) detail.value = { kind: "loading" };
    const known = detail.peek();
    if (!fresh && known?.kind === "ready" && known.value.seq >= seq) return;
    timer = setTimeout(() => void fetchDetail(active), fresh ? 30 : pauseMs);
  });
}

async function fetchDetail(id: string): Promise<void> {
  const loaded = await load(getJson<ExchangeDetail>(`exchanges/${encodeURIComponent(id)}`));
  if (selection.peek().active === id) detail.value = loaded;
}

/** Turns a call into a value; failures of the API are values too. */
export async function load<Value>(call: Promise<Value>): Promise<Loaded<Value>> {
  try {
    return { kind: "ready", value: await call };
  } catch (thrown) {
    if (thrown instanceof ApiFailure) return { kind: "failed", failure: thrown };
    throw thrown;
  }
}

/** Bodies of the rows looked at last; a body never changes once its length and hash are known. */
const bodies = new Map<string, Promise<Loaded<Uint8Array>>>();
const bodiesKept = 24;

export function loadBody(shown: ExchangeDetail, side: BodySide): Promise<Loaded<Uint8Array>> {
  const body = shown[side]?.body;
  const key = `${shown.id} ${side} ${body?.wireLength ?? 0} ${body?.keptLength ?? 0} ${body?.hash ?? ""}`;
  const known = bodies.get(key);
  if (known !== undefined) return known;
  const fetched = load(getBytes(`exchanges/${encodeURIComponent(shown.id)}/${side}-body`));
  bodies.set(key, fetched);
  const oldest = bodies.keys().next().value;
  if (bodies.size > bodiesKept && oldest !== undefined) bodies.delete(oldest);
  return fetched;
}

export async function loadFrames(
  id: string,
  from: number,
  limit: number,
): Promise<Loaded<readonly WebSocketFrame[]>> {
  const path = `exchanges/${encodeURIComponent(id)}/frames`;
  return load(getJson<FrameList>(path, { from, limit }).then((answer) => answer.frames));
}

export const loadConnection = (id: number): Promise<Loaded<ConnectionRecord>> =>
  load(getJson<ConnectionRecord>(`connections/${id}`));
