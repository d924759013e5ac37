/**
 * Cuts an XMPP stream over TCP (RFC 6120 4) into its parts as they come: the header, each element inside whole, the end. It looks at
 * brackets and quotes only; what is inside an element is the XML reader's business. Bounded, and linear however the bytes are cut.
 */

export type StreamPart =
  | { readonly kind: "header"; readonly text: string }
  | { readonly kind: "element"; readonly text: string }
  | { readonly kind: "end" }
  /** Nothing follows. */
  | { readonly kind: "broken"; readonly reason: string };

export interface StreamLimits {
  /** UTF-16 units of one element. */
  readonly length: number;
  /** Elements inside elements. */
  readonly depth: number;
}

const usualLimits: StreamLimits = { length: 4 * 1024 * 1024, depth: 256 };

/** Tokens that may hold brackets: how each begins and ends. */
const comment = { opening: "<!--", closing: "-->" };
const cdata = { opening: "<![CDATA[", closing: "]]>" };
const instructionEnd = "?>";

/** What the next character is: text, the beginning of a token, inside a tag, inside a comment, CDATA section or instruction. */
type Mode = "text" | "opening" | "tag" | "section";

export class StreamSplitter {
  readonly #limits: StreamLimits;
  /** Of the element that is open, in the pieces in which it came: one string of it would be copied with every byte. */
  #pieces: string[] = [];
  #length = 0;
  /** Where in the present piece the element begins; -1 = none is open. */
  #begin = -1;
  #mode: Mode = "text";
  #token = "";
  #quote = "";
  #last = "";
  #closing = "";
  #depth = 0;
  #isOver = false;

  constructor(limits: Partial<StreamLimits> = {}) {
    this.#limits = { ...usualLimits, ...limits };
  }

  /** After an end, or what broke it, everything is ignored. */
  push(chunk: string): StreamPart[] {
    const parts: StreamPart[] = [];
    if (this.#begin > 0) this.#begin = 0;
    for (let at = 0; at < chunk.length && !this.#isOver; at++) {
      const part = this.#take(chunk, at);
      if (part !== null) parts.push(part);
      if (part?.kind === "end" || part?.kind === "broken") this.#isOver = true;
    }
    if (this.#isOver) this.#pieces = [];
    else if (this.#begin >= 0) {
      const piece = chunk.slice(this.#begin);
      this.#pieces.push(piece);
      this.#length += piece.length;
      if (this.#length > this.#limits.length) {
        this.#isOver = true;
        const reason = `an element of over ${this.#limits.length} characters`;
        parts.push({ kind: "broken", reason });
      }
    }
    return parts;
  }

  /** Begins again, as after STARTTLS or SASL: a new header is expected. */
  restart(): void {
    this.#close();
    this.#mode = "text";
    this.#depth = 0;
    this.#isOver = false;
  }

  #take(chunk: string, at: number): StreamPart | null {
    const letter = chunk[at] ?? "";
    switch (this.#mode) {
      case "text":
        return this.#text(letter, at);
      case "opening":
        return this.#opening(letter, chunk, at);
      case "section":
        return this.#section(letter);
      case "tag":
        return this.#tag(letter, chunk, at);
    }
  }

  #text(letter: string, at: number): StreamPart | null {
    if (letter === "<") {
      if (this.#depth <= 1) this.#begin = at;
      this.#mode = "opening";
      this.#token = letter;
      return null;
    }
    // White space between stanzas keeps the connection alive.
    const isStray = this.#depth <= 1 && letter.trim() !== "";
    return isStray ? { kind: "broken", reason: "text outside of an element" } : null;
  }

  /** Until it is certain what `<` began. */
  #opening(letter: string, chunk: string, at: number): StreamPart | null {
    this.#token += letter;
    if (this.#token === "<?") return this.#enterSection(instructionEnd);
    for (const { opening, closing } of [comment, cdata]) {
      if (this.#token === opening) return this.#enterSection(closing);
      if (opening.startsWith(this.#token)) return null;
    }
    if (this.#token.startsWith("<!")) return { kind: "broken", reason: "a DTD" };
    this.#mode = "tag";
    this.#quote = "";
    this.#last = "";
    return this.#tag(letter, chunk, at);
  }

  #enterSection(closing: string): null {
    this.#mode = "section";
    this.#closing = closing;
    this.#last = "";
    return null;
  }

  #section(letter: string): null {
    this.#last = (this.#last + letter).slice(-this.#closing.length);
    if (this.#last !== this.#closing) return null;
    this.#mode = "text";
    if (this.#depth <= 1) this.#close();
    return null;
  }

  #tag(letter: string, chunk: string, at: number): StreamPart | null {
    const before = this.#last;
    this.#last = letter;
    if (this.#quote !== "") {
      if (letter === this.#quote) this.#quote = "";
      return null;
    }
    if (letter === '"' || letter === "'") this.#quote = letter;
    if (letter !== ">") return null;
    this.#mode = "text";
    if (this.#token === "</") return this.#ended(chunk, at);
    return this.#begun(before === "/", chunk, at);
  }

  #begun(isEmpty: boolean, chunk: string, at: number): StreamPart | null {
    if (this.#depth === 0) {
      if (isEmpty) return { kind: "broken", reason: "an empty stream" };
      this.#depth = 1;
      return { kind: "header", text: this.#whole(chunk, at) };
    }
    if (isEmpty) return this.#depth === 1 ? this.#element(chunk, at) : null;
    this.#depth += 1;
    return this.#depth > this.#limits.depth ? { kind: "broken", reason: "nested too deep" } : null;
  }

  #ended(chunk: string, at: number): StreamPart | null {
    this.#depth -= 1;
    if (this.#depth < 0) return { kind: "broken", reason: "an end without a beginning" };
    if (this.#depth === 0) return { kind: "end" };
    return this.#depth === 1 ? this.#element(chunk, at) : null;
  }

  #element(chunk: string, at: number): StreamPart {
    return { kind: "element", text: this.#whole(chunk, at) };
  }

  #whole(chunk: string, at: number): string {
    const text = this.#pieces.join("") + chunk.slice(this.#begin, at + 1);
    this.#close();
    return text;
  }

  #close(): void {
    this.#pieces = [];
    this.#length = 0;
    this.#begin = -1;
  }
}
