/** Replaces the secrets of Finesse traffic by keyed pseudonyms, before anything is stored, logged or shown. See README.md beside this file. */
import { readHotBody } from "../bosh/hot-body.ts";
import type { PlainMessage } from "../domain/recording.ts";
import type { BodyKind, BodyView } from "./body-kind.ts";
import { bodyKind } from "./body-kind.ts";
import { HeadReader } from "./heads.ts";
import { redactHtml } from "./html-secrets.ts";
import { redactJson } from "./json-secrets.ts";
import { redactLogText } from "./log-text.ts";
import { redactMultipart } from "./multipart-secrets.ts";
import { redactNested } from "./nested.ts";
import { Recent } from "./recent.ts";
import type { Redacted, Scrub } from "./scrub.ts";
import { SecretBook } from "./secret-book.ts";
import { redactParameters, redactUrl } from "./urls.ts";
import { Vault } from "./vault.ts";
import { redactXml } from "./xml-secrets.ts";

export interface RedactedText {
  readonly text: string;
  readonly replaced: boolean;
}

export interface RedactedBody extends RedactedText {
  /** False when it should have been XML, JSON or a form but could not be read: nothing of it may be kept, and `text` is "". */
  readonly readable: boolean;
}

export interface Redactor {
  /** Message head (or trailers) as latin1 text; lines, case and order stay. Only markers bring characters past latin1. */
  head(head: string): RedactedText;
  /** Request target or absolute URL. */
  url(url: string): RedactedText;
  /** Decoded body text with what is known about it. */
  body(body: BodyView): RedactedBody;
  /** Text frame of a WebSocket. */
  frame(text: string): RedactedBody;
  /**
   * Puts secrets back into a message that was redacted before (and perhaps edited since), so that it can be sent again; null when one of
   * its markers is not known any more.
   */
  reveal(message: PlainMessage): PlainMessage | null;
  /** How many secrets are looked for everywhere. */
  readonly learned: number;
}

export interface RedactorOptions {
  /** Keyed, so that a short password can't be guessed from its pseudonym; the same for the same secret; hex. */
  readonly hash: (secret: string) => string;
  /** Gives everything back unchanged. */
  readonly keepSecrets: boolean;
}

export function createRedactor(options: RedactorOptions): Redactor {
  return options.keepSecrets ? keepEverything : new TrafficRedactor(options.hash);
}

const keepEverything: Redactor = {
  head: (text) => ({ text, replaced: false }),
  url: (text) => ({ text, replaced: false }),
  body: ({ text }) => ({ text, replaced: false, readable: true }),
  frame: (text) => ({ text, replaced: false, readable: true }),
  reveal: (message) => message,
  learned: 0,
};

/** Shorter passwords are replaced where they stand, but not looked for elsewhere. */
const shortestLearned = 6;
const shortestLearnedCookie = 16;
/** Heads longer than this are read each time. */
const longestRemembered = 8192;
const maxRounds = 4;
/** Longer texts are read once: a second reading only hides more than it must. */
const longestReread = 64 * 1024;
/** JSON in a form in a form in XML; what is deeper is read as log text. */
const maxNesting = 5;
/** Longer texts inside others are read as log text: reading them as XML or JSON once more for each level adds up. */
const longestNested = 2 * 1024 * 1024;

class TrafficRedactor implements Redactor {
  private readonly book: SecretBook;
  private readonly heads: HeadReader;
  private readonly scrub: Scrub;
  /** Reads nothing inside what it reads: the end of all nesting. */
  private readonly shallow: Scrub;
  private readonly recent = new Recent<{ readonly text: string; readonly version: number }>(256);
  private readonly vault: Vault;
  private nesting = 0;
  private droppedBefore = 0;

  constructor(hash: (secret: string) => string) {
    this.book = new SecretBook(hash);
    this.vault = new Vault((marker) => this.book.secretOf(marker));
    this.scrub = {
      secret: (value) => this.replace(value, shortestLearned),
      cookie: (value) => this.replace(value, shortestLearnedCookie),
      forget: (value) => this.book.marker(this.book.withSecrets(value)),
      known: (text) => this.book.replaceKnown(text, false),
      nested: (text) => this.nested(text),
    };
    this.shallow = { ...this.scrub, nested: (text) => text };
    this.heads = new HeadReader(this.scrub);
  }

  get learned(): number {
    return this.book.learned;
  }

  head(head: string): RedactedText {
    this.startMessage();
    const newline = head.indexOf("\n");
    const isRequest = !head.startsWith("HTTP/");
    let first = newline === -1 ? head : head.slice(0, newline);
    let rest = newline === -1 ? "" : head.slice(newline);
    // What a field gives away may stand in the line before it.
    for (let round = 0; round < maxRounds; round += 1) {
      const { version } = this.book;
      first = this.firstLine(first);
      rest = this.fields(rest, isRequest);
      if (version === this.book.version) break;
    }
    const text = first + rest;
    return { text, replaced: text !== head };
  }

  reveal(message: PlainMessage): PlainMessage | null {
    return this.vault.reveal(message);
  }

  /** The line is split at its blanks by whoever reads it, so a request's has none inside its markers. */
  private firstLine(line: string): string {
    const inUrl = !line.startsWith("HTTP/");
    const text = this.settle(line, inUrl, (current) => this.heads.firstLine(current)) ?? "";
    this.vault.keepLines(line, text);
    return text;
  }

  /** All lines after the first. A browser's are the same from poll to poll; answers differ by their date. */
  private fields(fields: string, remember: boolean): string {
    const before = remember ? this.recent.get(fields) : undefined;
    if (before?.version === this.book.version) return before.text;
    const text = this.settle(fields, false, (current) => this.heads.fields(current)) ?? "";
    this.vault.keepLines(fields, text);
    if (remember && fields.length <= longestRemembered) {
      this.recent.put(fields, { text, version: this.book.version });
    }
    return text;
  }

  url(url: string): RedactedText {
    this.startMessage();
    const text = this.settle(url, true, (current) => redactUrl(current, this.scrub)) ?? "";
    return { text, replaced: text !== url };
  }

  body(body: BodyView): RedactedBody {
    this.startMessage();
    const inUrl = bodyKind(body).kind === "form";
    const text = this.settle(body.text, inUrl, (current) => this.read({ ...body, text: current }));
    if (text === null) return { text: "", replaced: false, readable: false };
    this.vault.keepBody(body.text, text);
    return { text, replaced: text !== body.text, readable: true };
  }

  frame(text: string): RedactedBody {
    // The rest of a message sent in pieces: what it belongs to can't be known.
    const isPiece = /^\s*[^\s<]/.test(text) && text.includes("</");
    if (isPiece) return { text: "", replaced: false, readable: false };
    const contentType = /^\s*</.test(text) ? "text/xml" : null;
    return this.body({ text, contentType, path: "/ws", side: "request" });
  }

  private startMessage(): void {
    this.nesting = 0;
    this.book.startMessage();
    if (this.book.dropped === this.droppedBefore) return;
    this.droppedBefore = this.book.dropped;
    this.heads.forget();
    this.recent.clear();
  }

  /**
   * Looks for known secrets that a reader could cut in two, then reads the text and looks for all known ones until nothing changes any
   * more: a marker may uncover a name beside it, or make another kind of the text. Null when it can't be read.
   */
  private settle(text: string, inUrl: boolean, read: (text: string) => Redacted): Redacted {
    const before = this.book.replaceBreakable(text, inUrl);
    let current = before.text;
    // The text in which no secret is that was known then: most have none, and need no second search.
    let clean = before.isClean ? text : null;
    let { version } = this.book;
    const rounds = text.length > longestReread ? 1 : maxRounds;
    for (let round = 0; round < rounds; round += 1) {
      const redacted = read(current);
      if (redacted === null) return null;
      if (redacted === clean && version === this.book.version) return redacted;
      ({ version } = this.book);
      const known = this.book.replaceKnown(redacted, inUrl);
      if (known === current) break;
      clean = known === redacted ? known : null;
      current = known;
    }
    return current;
  }

  private replace(value: string, shortest: number): string {
    const whole = this.book.withSecrets(value);
    this.book.learn(whole, shortest);
    return this.book.marker(whole);
  }

  private nested(text: string): string {
    if (this.nesting >= maxNesting || text.length > longestNested) {
      return redactLogText(text, this.shallow);
    }
    this.nesting += 1;
    const redacted = redactNested(text, this.scrub);
    this.nesting -= 1;
    return redacted;
  }

  private read(body: BodyView): Redacted {
    if (readHotBody(body.text) !== null || body.text.trim() === "") return body.text;
    const { kind, isCertain, otherwise } = bodyKind(body);
    const redacted = this.readAs(kind, body);
    return redacted === null && !isCertain ? this.readAs(otherwise, body) : redacted;
  }

  private readAs(kind: BodyKind, { text, path, contentType }: BodyView): Redacted {
    const { scrub } = this;
    switch (kind) {
      case "xml":
        return redactXml(text, scrub, { isXmpp: isXmppPath(path), acceptCut: true });
      case "json":
        return redactJson(text, scrub, true);
      case "form":
        return redactParameters(text, scrub);
      case "multipart":
        return redactMultipart(text, contentType ?? "", this.heads, scrub);
      case "html":
        return redactHtml(text, scrub);
      case "code":
        return redactLogText(text, scrub, true);
      case "text":
        return redactLogText(text, scrub);
      case "binary":
        return text;
    }
  }
}

function isXmppPath(path: string): boolean {
  return path.startsWith("/http-bind") || path.startsWith("/ws");
}
