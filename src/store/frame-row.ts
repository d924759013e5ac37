/** The row of table `frames` as the inspector shows it. */
import type { SQLOutputValue } from "node:sqlite";
import type { WebSocketFrame } from "../domain/exchange.ts";
import { isoOf } from "./exchange-row.ts";

export const frameColumns =
  "position, at, from_client, opcode, final, length, body, cut, event" as const;

const continuation = 0;
const textOpcode = 1;
/** Enough to recognise a format; the rest of a binary frame is for a download. */
const hexBytes = 64;

/** `whole`: all bytes of a binary frame, not just the first. */
export function webSocketFrame(
  row: Readonly<Record<string, SQLOutputValue>>,
  whole: boolean,
): WebSocketFrame {
  const { body } = row as { readonly body: Uint8Array | null };
  const opcode = Number(row["opcode"]);
  const text = body === null ? null : textOf(body, opcode);
  return {
    index: Number(row["position"]),
    at: isoOf(row["at"]),
    from: row["from_client"] === 1 ? "client" : "server",
    opcode,
    final: row["final"] === 1,
    length: Number(row["length"]),
    text,
    hex: text === null && body !== null ? hexOf(body, whole ? body.length : hexBytes) : null,
    cut: row["cut"] === 1,
    event: typeof row["event"] === "string" ? row["event"] : null,
  };
}

/** A continuation does not say what it goes on with: it is text when its bytes are. */
function textOf(body: Uint8Array, opcode: number): string | null {
  if (opcode === textOpcode) return new TextDecoder().decode(body);
  if (opcode !== continuation) return null;
  const text = new TextDecoder().decode(body);
  return text.includes("\ufffd") ? null : text;
}

const hexOf = (body: Uint8Array, most: number): string =>
  Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, most)).toString("hex");
