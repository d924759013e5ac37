/**
 * Makes exchanges fit to be shared: in two passes, as who somebody is may only be said after they were first mentioned. Credentials are
 * gone since the capture, unless it kept them; then they go here.
 */

import type { Outcome } from "../../domain/exchange.ts";
import { readBodyBytes } from "../../redact/body-bytes.ts";
import { isText } from "../../redact/body-kind.ts";
import { redactFreeText } from "../../redact/free-text.ts";
import { redactBytes } from "../../redact/redact-bytes.ts";
import type { Redactor } from "../../redact/redactor.ts";
import { IdentityBook } from "../../redact/sharing/identity-book.ts";
import { utf8Text } from "../body-text.ts";
import type {
  CopiedClose,
  CopiedConnection,
  CopiedFrame,
  CopiedMessage,
  ExchangeCopy,
} from "../exchange-copy.ts";
import { headerValue, readHead } from "../head.ts";
import type { ShareReport } from "./share-report.ts";

export interface ShareOptions {
  /** Also replace host names and addresses. */
  readonly hosts: boolean;
  /** Of a capture that kept its secrets: replaces them. null = they were replaced when they were captured. */
  readonly secrets: Redactor | null;
}

export class ShareRedaction {
  readonly #book = new IdentityBook();
  readonly #options: ShareOptions;
  #exchanges = 0;
  #droppedBodies = 0;
  #freeTexts = 0;
  #addresses = new Set<string>();
  #hosts = new Set<string>();
  readonly #markers = new Map<string, number>();

  constructor(options: ShareOptions) {
    this.#options = options;
  }

  /** First pass: each exchange once. */
  learn(copy: ExchangeCopy): void {
    const plain = this.#withoutSecrets(copy);
    const { meaning, host, serverAddress, client } = plain;
    if (meaning?.agent) this.#book.learn("agent", meaning.agent);
    if (meaning?.sid) this.#book.learn("sid", meaning.sid);
    this.#hosts.add(host);
    for (const address of [serverAddress, client.address])
      if (address !== null && isForeign(address)) this.#addresses.add(address);
    if (this.#options.hosts) this.#learnHosts(plain);
    for (const text of textsOf(plain)) this.#book.learnFrom(text);
  }

  /** Second pass, in any order. */
  redact(copy: ExchangeCopy): ExchangeCopy {
    const plain = this.#withoutSecrets(copy);
    const text = (written: string): string => this.#book.replace(written);
    const orNull = (written: string | null): string | null =>
      written === null ? null : text(written);
    const { request, response, outcome, meaning, link } = plain;
    this.#exchanges++;
    this.#countFreeText(plain);
    this.#countMarkers(plain);
    return {
      ...plain,
      url: text(plain.url),
      host: this.#host(plain.host),
      serverAddress: plain.serverAddress === null ? null : this.#host(plain.serverAddress),
      client: { ...plain.client, address: this.#host(plain.client.address) },
      link: link === null ? null : { ...link, closes: this.#closes(link.closes) },
      request: request === null ? null : this.#message(request),
      response: response === null ? null : this.#message(response),
      informational: plain.informational.map((head) => this.#head(head)),
      outcome: outcomeWith(outcome, text),
      frames: plain.frames.map((frame) => this.#frame(frame)),
      comment: orNull(plain.comment),
      meaning:
        meaning === null
          ? null
          : {
              ...meaning,
              agent: meaning.agent === null ? null : this.#book.whole("agent", meaning.agent),
              sid: meaning.sid === null ? null : this.#book.whole("sid", meaning.sid),
              event: orNull(meaning.event),
            },
    };
  }

  report(): ShareReport {
    return {
      exchanges: this.#exchanges,
      replaced: this.#book.counts(),
      secrets: this.#options.secrets === null ? "at-capture" : "at-export",
      secretMarkers: {
        distinct: this.#markers.size,
        replaced: [...this.#markers.values()].reduce((sum, count) => sum + count, 0),
      },
      droppedBodies: this.#droppedBodies,
      freeTexts: this.#freeTexts,
      hostsKept: this.#options.hosts ? 0 : this.#hosts.size,
      addressesKept: this.#options.hosts ? 0 : this.#addresses.size,
    };
  }

  #learnHosts({ host, serverAddress, client, request }: ExchangeCopy): void {
    const names = [host, serverAddress ?? "", client.address, ...hostsIn(request)];
    for (const name of names) if (isForeign(name)) this.#book.learn("host", name);
  }

  #host(name: string): string {
    return this.#options.hosts && isForeign(name) ? this.#book.whole("host", name) : name;
  }

  #closes({ client, server }: CopiedConnection["closes"]): CopiedConnection["closes"] {
    const close = (told: CopiedClose | null): CopiedClose | null =>
      told === null ? null : { ...told, detail: this.#book.replace(told.detail) };
    return { client: close(client), server: close(server) };
  }

  #message(message: CopiedMessage): CopiedMessage {
    const { body } = message;
    const shared = {
      ...message,
      head: this.#head(message.head),
      trailers: this.#book.replace(message.trailers),
    };
    if (body === null) return shared;
    const redacted = this.#bytes(body, typeOf(message));
    if (redacted === null) this.#droppedBodies++;
    return { ...shared, body: redacted, cut: message.cut || redacted === null };
  }

  /** null = it can't be rewritten, and says something of somebody. */
  #bytes(bytes: Uint8Array, contentType: string | null): Uint8Array | null {
    const { text, encoding, encode } = readBodyBytes(bytes, contentType);
    const canChange = encoding === "utf-8" || isText({ ...anywhere, text, contentType });
    if (!canChange) return this.#book.isMentionedIn(text) ? null : bytes;
    const redacted = this.#book.replace(text);
    return redacted === text ? bytes : encode(redacted);
  }

  #frame(frame: CopiedFrame): CopiedFrame {
    if (frame.body === null) return frame;
    const body = this.#bytes(frame.body, null);
    return { ...frame, body, cut: frame.cut || body === null };
  }

  #head(head: string): string {
    return head
      .split("\r\n")
      .map((line) => (this.#isBare(line) ? line : this.#book.replace(line)))
      .join("\r\n");
  }

  #isBare(line: string): boolean {
    return bareHeader.test(line) || (!this.#options.hosts && /^host:/i.test(line));
  }

  /** Comments and client logs say what people like: only what is known from elsewhere is replaced in them. */
  #countFreeText({ comment, url }: ExchangeCopy): void {
    if (comment !== null || /\/ClientLog\b/i.test(url)) this.#freeTexts++;
  }

  /** What stands where a secret was, whoever put it there. */
  #countMarkers(copy: ExchangeCopy): void {
    for (const text of textsOf(copy, holdsMarker)) {
      for (const [, name = ""] of text.matchAll(/‹secret[ +](\w+)›/g))
        this.#markers.set(name, (this.#markers.get(name) ?? 0) + 1);
    }
  }

  #withoutSecrets(copy: ExchangeCopy): ExchangeCopy {
    const { secrets } = this.#options;
    if (secrets === null) return copy;
    const path = copy.url.replace(/^[a-z]+:\/\/[^/]*/i, "");
    const message = (kept: CopiedMessage | null, side: "request" | "response") =>
      kept === null ? null : withoutSecrets(kept, secrets, { path, side });
    return {
      ...copy,
      request: message(copy.request, "request"),
      response: message(copy.response, "response"),
      // After the heads: what they taught about secrets goes for the URL too.
      url: secrets.url(copy.url).text,
      informational: copy.informational.map((head) => secrets.head(head).text),
      frames: copy.frames.map((frame) => frameWithoutSecrets(frame, secrets)),
      comment: copy.comment === null ? null : redactFreeText(copy.comment, secrets),
      outcome: outcomeWith(copy.outcome, (text) => redactFreeText(text, secrets)),
    };
  }
}

function withoutSecrets(
  message: CopiedMessage,
  secrets: Redactor,
  place: { readonly path: string; readonly side: "request" | "response" },
): CopiedMessage {
  const contentType = typeOf(message);
  const head = secrets.head(message.head).text;
  const trailers = message.trailers === "" ? "" : secrets.head(message.trailers).text;
  if (message.body === null) return { ...message, head, trailers };
  const redacted = redactBytes(message.body, { ...place, contentType }, secrets);
  const body = redacted === null ? null : redacted.bytes;
  return { ...message, head, trailers, body, cut: message.cut || redacted === null };
}

/** What was said of it in words. */
function outcomeWith(outcome: Outcome, change: (text: string) => string): Outcome {
  if (outcome.kind === "failed") return { ...outcome, detail: change(outcome.detail) };
  return outcome.kind === "responded" ? { ...outcome, reason: change(outcome.reason) } : outcome;
}

const typeOf = ({ head }: CopiedMessage): string | null =>
  headerValue(readHead(head).headers, "content-type");

function frameWithoutSecrets(frame: CopiedFrame, secrets: Redactor): CopiedFrame {
  if (frame.body === null) return frame;
  const text = utf8Text(frame.body);
  const read = secrets.frame(text ?? Buffer.from(frame.body).toString("latin1"));
  if (!read.readable || (text === null && read.replaced))
    return { ...frame, body: null, cut: true };
  return read.replaced ? { ...frame, body: Buffer.from(read.text, "utf8") } : frame;
}

/** Headers whose grammar leaves no room for a person, and which numbers would be mistaken in. */
const bareHeader =
  /^(?:content-length|content-type|content-encoding|date|expires|last-modified|age|etag|if-none-match|if-modified-since|user-agent|accept[\w-]*|cache-control|connection|transfer-encoding|keep-alive|upgrade|sec-(?!websocket-protocol)[\w-]+|requestid|server|vary|pragma):/i;

/** What a path tells about a body without type, its first characters tell as well. */
const anywhere = { path: "/", side: "response" } as const;

const markerStart = Buffer.from("‹secret", "utf8");

const holdsMarker = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(markerStart);

/** `isWanted`: of bodies and frames, before they are decoded. */
function* textsOf(
  copy: ExchangeCopy,
  isWanted: (bytes: Uint8Array) => boolean = () => true,
): Generator<string> {
  const textOf = (body: Uint8Array | null, contentType: string | null): string | null => {
    if (body === null || !isWanted(body)) return null;
    const { text, encoding } = readBodyBytes(body, contentType);
    return encoding === "utf-8" || isText({ ...anywhere, text, contentType }) ? text : null;
  };
  yield copy.url;
  if (copy.comment !== null) yield copy.comment;
  for (const message of [copy.request, copy.response]) {
    if (message === null) continue;
    yield message.head;
    const text = textOf(message.body, typeOf(message));
    if (text !== null) yield text;
  }
  for (const { body } of copy.frames) {
    const text = textOf(body, null);
    if (text !== null) yield text;
  }
}

/** In headers that name a server, and in BOSH's `to`. */
function hostsIn(request: CopiedMessage | null): string[] {
  if (request === null) return [];
  const body = request.body === null ? "" : (utf8Text(request.body) ?? "");
  const inHead = request.head.matchAll(/^(?:host|origin|referer):\s*(?:\w+:\/\/)?([^\s:/]+)/gim);
  const inBody = body.matchAll(/\bto=["'](?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+)/g);
  return [...inHead, ...inBody].map((match) => match[1] ?? "");
}

/** This machine's own addresses tell nothing. */
const isForeign = (address: string): boolean =>
  address !== "" && !/^(?:127\.|::1$|::ffff:127\.|localhost$)/.test(address);
