/**
 * Secrets in text that follows no grammar: client logs, error pages, comments, headers nobody knows. Looks for words that announce a
 * secret and takes the value after them. It would rather hide a harmless word than show a password.
 */
import { readUserAndPassword, redactNamed, redactSasl } from "./credentials.ts";
import { unescapeJson } from "./json-scan.ts";
import { isMarked, withoutBlanks } from "./marker.ts";
import { decodeParameter } from "./percent.ts";
import type { Scrub } from "./scrub.ts";
import { isSecretName, secretNameCues } from "./secret-names.ts";
import { redactUrl } from "./urls.ts";

/** Plain alternatives without repetition: the search is linear. */
const cueWords = `basic|bearer|${secretNameCues}|<response|<initial-response|<additional-data|<challenge|<success|://|makerequest\\?|\\?`;
const anyCue = new RegExp(cueWords, "i");

/**
 * The text with what looks like secrets replaced. Linear: each value is read once. In program code (`isCode`) names stand before
 * expressions, so only real credentials, URLs and strings that look like a secret count there.
 */
export function redactLogText(text: string, scrub: Scrub, isCode = false): string {
  if (!anyCue.test(text)) return text;
  const reader = new LogReader(text, scrub, isCode);
  const parts: string[] = [];
  let done = 0;
  // Own copy: reading a value may read other text in the same way.
  const cues = new RegExp(cueWords, "gi");
  for (let cue = cues.exec(text); cue !== null; cue = cues.exec(text)) {
    const found = reader.find(cue.index, cue[0].toLowerCase(), done);
    if (found === null) continue;
    parts.push(text.slice(done, found.start), found.text);
    done = found.end;
    cues.lastIndex = Math.max(cues.lastIndex, done);
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(done);
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const blankAfterScheme = /(?:[ \t]+|%20|%2520|\+)["']?/y;
const tokenPattern = /[A-Za-z0-9+/_~.=%-]+/y;
const separator = /\\{0,7}["']?[ \t]{0,8}(?::=|=>|[=:]|%3[ad]|%253[ad])[ \t]{0,8}(\\{0,7}["'])?/iy;
const word = /[^\s"'<>,;&)}\]\\‹]+/y;
const schemeWord = /(?:basic|bearer|digest|negotiate|ntlm|oauth|token)(?:[ \t]+|%20|\+)/iy;
const markerHere = /‹secret[ +](?:[0-9a-f]{8}|many)›|‹/y;
const restOfLine = /[^\r\n"'<>]+/y;
/** The blank of a marker does not end a URL: decoded from a form, its `+` is one. */
const urlToken = /(?:‹secret (?:[0-9a-f]{8}|many)›|[^\s"'<>`\\])+/y;
const queryStart = /\?[\w.%[\]-]{1,64}=/y;
const tagRest = /[^<>]{0,512}>/y;
const escapedTagRest = /(?:[^&<>]|&quot;|&apos;|&#39;){0,512}&gt;/y;
const tagValue = /[^<]*/y;
const escapedTagValue = /[^&<]*/y;
const noValue =
  /^(?:null|undefined|true|false|none|\(null\)|[*.x-]+|basic|bearer|digest|negotiate|ntlm)$/i;

/** The match of a sticky expression at that place, or null. */
function at(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

class LogReader {
  private readonly text: string;
  private readonly scrub: Scrub;
  private readonly isCode: boolean;
  /** End of the last URL read; what looks like another one inside is part of it. */
  private urlEnd = 0;
  /** End of the last cookie list read: it reaches to the end of its line, so that each cue inside would read the line again. */
  private cookiesEnd = 0;

  constructor(text: string, scrub: Scrub, isCode: boolean) {
    this.text = text;
    this.scrub = scrub;
    this.isCode = isCode;
  }

  /** What to put where for the cue at `index`; `done` is how far the text has been replaced already. */
  find(index: number, cue: string, done: number): Replacement | null {
    if (cue === "://" || cue === "makerequest?") return this.url(index, done);
    if (cue === "basic" || cue === "bearer") return this.scheme(index + cue.length, cue);
    if (cue.startsWith("<")) return this.saslElement(index, cue);
    // In code it chooses between two expressions.
    if (cue === "?") return this.isCode ? null : this.query(index);
    return this.named(index, done);
  }

  private url(index: number, done: number): Replacement | null {
    if (index < this.urlEnd) return null;
    let start = index;
    while (start > done && index - start < 64 && isUrlChar(this.text.charCodeAt(start - 1))) {
      start -= 1;
    }
    return this.urlFrom(start);
  }

  /** The query of a URL without scheme, when it is one: a question is followed by no name with a value. */
  private query(index: number): Replacement | null {
    if (index < this.urlEnd || at(queryStart, this.text, index) === null) return null;
    return this.urlFrom(index);
  }

  private urlFrom(start: number): Replacement | null {
    const url = at(urlToken, this.text, start)?.[0] ?? "";
    this.urlEnd = start + url.length;
    const redacted = redactUrl(url, this.scrub);
    return redacted === url ? null : { start, end: this.urlEnd, text: redacted };
  }

  /** `Basic` and `Bearer` are words of prose too: what follows must be a credential. */
  private scheme(end: number, cue: string): Replacement | null {
    const gap = at(blankAfterScheme, this.text, end)?.[0];
    if (gap === undefined) return null;
    const start = end + gap.length;
    const raw = at(tokenPattern, this.text, start)?.[0] ?? "";
    const token = raw.includes("%") ? decodeParameter(decodeParameter(raw)) : raw;
    const redacted = cue === "basic" ? readUserAndPassword(token, this.scrub) : this.bearer(token);
    if (redacted === null) return null;
    return { start, end: start + raw.length, text: withoutBlanks(redacted) };
  }

  private bearer(token: string): string | null {
    return token.length >= 8 && /[0-9]/.test(token) ? this.scrub.secret(token) : null;
  }

  /** The elements of SASL's second version are nobody else's; they have their namespace from the element around. */
  private saslElement(index: number, cue: string): Replacement | null {
    const rest = at(tagRest, this.text, index + cue.length)?.[0];
    const isSasl = cue.includes("-") || /xmpp[-:]sasl/.test(rest ?? "");
    if (rest === undefined || !isSasl) return null;
    return this.valueAt(tagValue, index + cue.length + rest.length, redactSasl);
  }

  private named(index: number, done: number): Replacement | null {
    let start = index;
    let end = index;
    while (start > done && index - start < 64 && isNameChar(this.text.charCodeAt(start - 1))) {
      start -= 1;
    }
    while (end - index < 64 && isNameChar(this.text.charCodeAt(end))) end += 1;
    const name = this.text.slice(start, end);
    if (!isSecretName(name)) return null;
    const tag = this.isCode ? null : tagBefore(this.text, start);
    if (tag !== null) return this.element(name, end, tag === "<");
    const gap = at(separator, this.text, end);
    if (gap === null) return null;
    const from = end + gap[0].length;
    if (this.isCode && !this.isLiteral(from, gap[1])) return null;
    return this.value(name, from, gap[0], gap[1]);
  }

  /** In code most strings beside a secret's name are labels and names of fields; with letters and digits and no blank it is a secret. */
  private isLiteral(start: number, quote: string | undefined): boolean {
    if (quote === undefined) return false;
    const value = this.text.slice(start, endOfQuoted(this.text, start, quote));
    return value.length >= 6 && !/\s/.test(value) && /[0-9]/.test(value) && /\p{L}/u.test(value);
  }

  private element(name: string, end: number, isPlain: boolean): Replacement | null {
    const rest = at(isPlain ? tagRest : escapedTagRest, this.text, end)?.[0];
    if (rest === undefined || /\/(?:>|&gt;)$/.test(rest)) return null;
    const redact = (value: string) =>
      name === "auth" ? redactSasl(value, this.scrub) : redactNamed(name, value, this.scrub);
    return this.valueAt(isPlain ? tagValue : escapedTagValue, end + rest.length, redact);
  }

  private valueAt(
    pattern: RegExp,
    start: number,
    redact: (value: string, scrub: Scrub) => string,
  ): Replacement | null {
    const value = at(pattern, this.text, start)?.[0] ?? "";
    const redacted = redact(value, this.scrub);
    return redacted === value ? null : { start, end: start + value.length, text: redacted };
  }

  private value(
    name: string,
    start: number,
    gap: string,
    quote: string | undefined,
  ): Replacement | null {
    const raw = this.rawValue(name, start, quote).replace(/%(?:25)?(?:26|22|3c).*$/is, "");
    if (raw.trim() === "" || noValue.test(raw.trim()) || isMarked(raw)) return null;
    const isEncoded = gap.includes("%") || /%[0-9a-f]{2}/i.test(raw);
    const isEscaped = quote?.length === 1 && raw.includes(`\\${quote}`);
    const value = isEncoded ? decodeParameter(raw) : isEscaped ? unescapeJson(raw) : raw;
    const redacted = redactNamed(name, value, this.scrub);
    if (redacted === value) return null;
    const text = quote === undefined ? withoutBlanks(redacted) : redacted;
    return { start, end: start + raw.length, text };
  }

  private rawValue(name: string, start: number, quote: string | undefined): string {
    if (quote !== undefined) {
      return this.text.slice(start, endOfQuoted(this.text, start, quote));
    }
    if (/cookie2?$/i.test(name)) return this.cookies(start);
    const scheme = /auth/i.test(name) ? (at(schemeWord, this.text, start)?.[0].length ?? 0) : 0;
    return this.text.slice(start, this.endOfWord(start + scheme));
  }

  private cookies(start: number): string {
    if (start < this.cookiesEnd) return "";
    const line = at(restOfLine, this.text, start)?.[0] ?? "";
    this.cookiesEnd = start + line.length;
    return line;
  }

  /** A word may hold markers, whose blank does not end it. */
  private endOfWord(start: number): number {
    let end = start;
    for (;;) {
      const plain = at(word, this.text, end)?.[0].length ?? 0;
      const marker = at(markerHere, this.text, end + plain)?.[0].length ?? 0;
      if (plain + marker === 0) return end;
      end += plain + marker;
    }
  }
}

/**
 * Where the value behind an opening quote (with the backslashes before it) ends: at the same quote, or with the line. JSON inside
 * strings has 1, 3 or 7 backslashes before its quotes; those of a quote inside the value leave another rest.
 */
function endOfQuoted(text: string, start: number, opening: string): number {
  const escapes = opening.length - 1;
  const stop = opening.endsWith('"') ? /["\r\n]/g : /['\r\n]/g;
  stop.lastIndex = start;
  for (let found = stop.exec(text); found !== null; found = stop.exec(text)) {
    if (found[0] === "\r" || found[0] === "\n") return found.index;
    let before = found.index;
    while (before > start && text[before - 1] === "\\") before -= 1;
    const count = found.index - before;
    if (count % (2 * escapes + 2) === escapes) return found.index - escapes;
  }
  return text.length;
}

/** The `<` or `&lt;` that opens a tag whose name (after its prefix) starts here. */
function tagBefore(text: string, start: number): string | null {
  const previous = text[start - 1];
  if (previous !== "<" && previous !== ";" && previous !== ":") return null;
  return (
    /(<|&lt;)(?:[\w.-]{1,32}:)?$/.exec(text.slice(Math.max(0, start - 40), start))?.[1] ?? null
  );
}

/** Letters, digits, `_` and `-`. */
function isNameChar(code: number): boolean {
  if (code >= 97) return code <= 122;
  if (code >= 65) return code <= 90 || code === 95;
  return (code >= 48 && code <= 57) || code === 45;
}

/** What may stand before `://` or a relative URL's query. */
function isUrlChar(code: number): boolean {
  return isNameChar(code) || code === 43 || code === 46 || code === 47;
}
