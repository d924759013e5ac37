/** Reads the server's side of a recorded WebSocket out of its messages. */
import { readXml } from "../xml/read-xml.ts";
import type { XmlElement } from "../xml/tree.ts";
import { deedOf, idOf } from "./body-parts.ts";
import { deedAnswered, isSignIn, joinCauses, requestIdIn, stepBefore } from "./deeds.ts";
import type { Deed, Item, RecordedSession } from "./recorded-session.ts";
import type { TakenAnswer, TakenSocket } from "./taken-exchange.ts";

const nothing: TakenAnswer = { status: 200, reason: "", headers: [], body: new Uint8Array() };

/** null = the client never opened a stream. */
export function readSocket(taken: TakenSocket): RecordedSession | null {
  const { id, host, port, at, messages, end } = taken;
  const deeds: Deed[] = [];
  const read = messages.map((message) => ({ ...message, element: elementOf(message.text) }));
  for (const { from, at: sent, element } of read) {
    if (from !== "client" || element === null) continue;
    const kind = deedOf(element);
    const isStep = isSignIn(kind) && !deeds.some((deed) => deed.kind === kind);
    deeds.push({ kind, at: sent, id: idOf(element), isStep });
  }
  if (deeds[0]?.kind !== "open") return null;
  const items: Item[] = [];
  for (const { from, at: said, text, element } of read) {
    if (from !== "server") continue;
    const deed = element === null ? null : deedAnswered(element, said, deeds);
    const place = { at: said, deed, step: stepBefore(said, deeds), exchange: id };
    const change = requestIdIn(text);
    items.push({ ...place, kind: "stanza", text, answer: nothing, head: "", change });
  }
  if (end !== null) {
    const place = { at: end.at, deed: null, step: stepBefore(end.at, deeds), exchange: id };
    items.push(
      end.kind === "cut"
        ? { ...place, kind: "cut", how: end.how, begun: null }
        : { ...place, kind: "close", code: end.code },
    );
  }
  joinCauses(items);
  const agent = read.map(({ text }) => /<jid>([^@<]+)@/.exec(text)?.[1]).find((one) => one) ?? null;
  return {
    transport: "websocket",
    sid: id,
    host,
    port,
    agent,
    startedAt: at,
    waitMs: 0,
    deeds,
    items,
    empty: nothing,
  };
}

export function elementOf(text: string): XmlElement | null {
  const document = readXml(text);
  return document.kind === "document" ? document.root : null;
}
