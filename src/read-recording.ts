/** Takes the exchanges of a capture, of whatever format, for a playback. */
import type { Header, Outcome } from "./domain/exchange.ts";
import type { CopiedMessage, ExchangeCopy } from "./interchange/exchange-copy.ts";
import { readHead } from "./interchange/head.ts";
import { type Recording, readRecording } from "./playback/recording.ts";
import type {
  TakenAnswer,
  TakenEnd,
  TakenExchange,
  TakenSocket,
} from "./playback/taken-exchange.ts";

/** All in memory: a recording is to be played, so it is one of some agents and some minutes. `session`: of sessions, that sid alone. */
export async function recordingOf(
  copies: AsyncIterable<ExchangeCopy>,
  session: string | null,
): Promise<Recording> {
  const taken: TakenExchange[] = [];
  const sockets: TakenSocket[] = [];
  for await (const copy of copies) {
    const exchange = takenOf(copy);
    if (exchange !== null) taken.push(exchange);
    if (copy.kind === "websocket" && copy.frames.length > 0) sockets.push(socketOf(copy));
  }
  return readRecording(taken, session, sockets);
}

/** null = nothing that a client would ask for: a tunnel, what Boshscope asked itself. */
function takenOf(copy: ExchangeCopy): TakenExchange | null {
  const { kind, request, notes, method, host, port, secure, number, meaning } = copy;
  const isOurs = notes.includes("probe") || notes.includes("replayed");
  if (kind !== "http" || request === null || isOurs) return null;
  return {
    id: meaning?.id ?? `${number}`,
    at: copy.atWall,
    sentAt: sentAt(copy),
    method,
    host,
    port,
    secure,
    path: pathOf(copy),
    headers: readHead(request.head).headers,
    body: request.body === null ? "" : Buffer.from(request.body).toString("utf8"),
    end: endOf(copy),
  };
}

const textOpcode = 1;
const closeOpcode = 8;

function socketOf(copy: ExchangeCopy): TakenSocket {
  const { meaning, number, atWall, host, port, secure, frames } = copy;
  const messages = frames.flatMap(({ atWall: at, from, opcode, body, cut }) =>
    opcode === textOpcode && body !== null && !cut
      ? [{ at, from, text: Buffer.from(body).toString("utf8") }]
      : [],
  );
  const id = meaning?.id ?? `${number}`;
  const path = pathOf(copy);
  return { id, at: atWall, host, port, secure, path, messages, end: socketEnd(copy) };
}

function socketEnd({ frames, outcome, atWall, timing }: ExchangeCopy): TakenSocket["end"] {
  const last = frames.find(({ opcode }) => opcode === closeOpcode);
  if (last !== undefined) {
    if (last.from === "client") return null;
    const code = last.body !== null && last.body.length >= 2 ? closeCode(last.body) : 1000;
    return { kind: "close", at: last.atWall, code };
  }
  if (outcome.kind !== "failed" || outcome.blame === "client" || outcome.cause === "capture-ended")
    return null;
  const how = outcome.cause === "closed-early" ? "fin" : "reset";
  return { kind: "cut", at: atWall + (timing.failed ?? 0), how };
}

const closeCode = (body: Uint8Array): number => Buffer.from(body).readUInt16BE(0);

const pathOf = ({ url }: ExchangeCopy): string =>
  /^[a-z]+:\/\/[^/?#]*([^#]*)/i.exec(url)?.[1] || "/";

const sentAt = ({ atWall, timing }: ExchangeCopy): number =>
  atWall + (timing.requestSent ?? timing.requestEnd ?? 0);

function endOf(copy: ExchangeCopy): TakenEnd {
  const { outcome, atWall, timing } = copy;
  switch (outcome.kind) {
    case "pending":
      return { kind: "unknown", why: "it still waited when the recording ended" };
    case "responded": {
      const answer = answerOf(copy, outcome.status, outcome.reason);
      if (typeof answer === "string") return { kind: "unknown", why: answer };
      const at = atWall + (timing.responseFirst ?? timing.responseEnd ?? timing.requestSent ?? 0);
      return { kind: "answered", at: Math.max(at, sentAt(copy)), answer };
    }
    case "failed":
      return failedEnd(copy, outcome);
  }
}

function failedEnd(copy: ExchangeCopy, outcome: Extract<Outcome, { kind: "failed" }>): TakenEnd {
  const { timing, atWall, response } = copy;
  const at = Math.max(
    sentAt(copy),
    atWall + (timing.failed ?? timing.responseEnd ?? timing.responseFirst ?? 0),
  );
  if (outcome.cause === "capture-ended")
    return { kind: "unknown", why: "the recording ended before its answer" };
  if (outcome.blame === "client") {
    if (response === null) return { kind: "silent", until: at };
    return { kind: "unknown", why: "the client left in the middle of its answer" };
  }
  const begun = outcome.status === null ? null : answerOf(copy, outcome.status, "", true);
  return {
    kind: "cut",
    at,
    how: outcome.cause === "closed-early" ? "fin" : "reset",
    begun: typeof begun === "string" ? null : begun,
  };
}

/** A text says why there is none. */
function answerOf(
  { response, wire }: ExchangeCopy,
  status: number,
  reason: string,
  isPart = false,
): TakenAnswer | string {
  if (response === null) return "its answer was not kept";
  if (response.cut && !isPart) return "its answer was too long to be kept whole (--body-limit)";
  if (response.body === null && wire.response > 0 && !isPart) return "its answer was not kept";
  return { status, reason, headers: headersOf(response), body: response.body ?? new Uint8Array() };
}

function headersOf({ head, decoded }: CopiedMessage): readonly Header[] {
  const { headers } = readHead(head);
  return decoded
    ? headers.filter(({ name }) => name.toLowerCase() !== "content-encoding")
    : headers;
}
