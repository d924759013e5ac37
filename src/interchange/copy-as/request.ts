/** The request of an exchange, as a command or program would send it again. */
import type { Header } from "../../domain/exchange.ts";
import { utf8Text } from "../body-text.ts";
import type { ExchangeCopy } from "../exchange-copy.ts";
import { readHead } from "../head.ts";

export interface SendableRequest {
  readonly method: string;
  readonly url: string;
  /** Without what the sender works out itself. */
  readonly headers: readonly Header[];
  /** null = none, or no text. */
  readonly body: string | null;
  /** There is a body that is no text: it can't be written into a command. */
  readonly isBinary: boolean;
}

/** Lengths and connections are the sender's own; a coding that it did not ask for could not be read. */
const ownHeaders = new Set([
  "content-length",
  "connection",
  "transfer-encoding",
  "accept-encoding",
  "keep-alive",
  "proxy-connection",
  "te",
  "expect",
]);

export function sendableRequest(copy: ExchangeCopy): SendableRequest {
  const { headers } = readHead(copy.request?.head ?? "");
  const bytes = copy.request?.body ?? null;
  const body = bytes === null ? null : utf8Text(bytes);
  const host = headers.find(({ name }) => name.toLowerCase() === "host")?.value;
  return {
    method: copy.method,
    url: copy.url.replace(/^ws/i, "http"),
    headers: headers
      .filter(
        ({ name, value }) =>
          !ownHeaders.has(name.toLowerCase()) && !(value === host && isHostOf(copy, name, value)),
      )
      .map(({ name, value }) => ({ name, value: readable(value) })),
    body: body === "" ? null : body,
    isBinary: bytes !== null && bytes.length > 0 && body === null,
  };
}

/** The Host header that any sender makes of the URL. */
function isHostOf({ url }: ExchangeCopy, name: string, value: string): boolean {
  const authority = /^[a-z]+:\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(url)?.[1] ?? "";
  return name.toLowerCase() === "host" && authority.toLowerCase() === value.toLowerCase();
}

/** A head's characters are bytes: as text they are UTF-8 where that is valid. */
const readable = (value: string): string =>
  /[\u0100-\uffff]/.test(value) ? value : (utf8Text(Buffer.from(value, "latin1")) ?? value);
