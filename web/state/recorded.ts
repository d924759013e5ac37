/** A recorded request as it can be sent again: fetched as text, and what of it was edited. */
import type { ExchangeDetail } from "../../src/domain/exchange.ts";
import type { ReplayInput } from "../../src/server/messages.ts";
import { getJson } from "../feed/api.ts";
import { loadBody } from "./detail.ts";

export interface Recorded {
  readonly shown: ExchangeDetail;
  readonly head: string;
  /** null: not kept as text in full, so it can't be edited. */
  readonly body: string | null;
}

export async function recordedOf(id: string): Promise<Recorded> {
  const shown = await getJson<ExchangeDetail>(`exchanges/${encodeURIComponent(id)}`);
  const kept = shown.request?.body ?? null;
  const head = shown.request?.rawHead ?? "";
  if (kept === null || kept.wireLength === 0) return { shown, head, body: "" };
  const bytes = await loadBody(shown, "request");
  if (kept.cut || bytes.kind !== "ready") return { shown, head, body: null };
  return { shown, head, body: textOf(bytes.value) };
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (thrown) {
    if (thrown instanceof TypeError) return null;
    throw thrown;
  }
}

/** Only what was edited is sent: the rest goes out with the real secrets. */
export function inputOf(
  { shown, head, body }: Recorded,
  edited: { readonly head: string; readonly body: string | null; readonly times: string },
  how: "asked" | "forced" | "own-session",
): ReplayInput {
  const times = Number(edited.times);
  return {
    exchange: shown.id,
    ...(times === 1 ? {} : { times }),
    ...(edited.head === head ? {} : { head: edited.head }),
    ...(edited.body === null || edited.body === body ? {} : { body: edited.body }),
    ...(how === "forced" ? { force: true } : {}),
    ...(how === "own-session" ? { ownSession: true } : {}),
  };
}
