/** The latest stanzas of a session: bounded in number and in size, the oldest go first and are counted. */
import { fail } from "../base/errors.ts";
import type { ShownStanza, StanzaPage, StanzaQuery } from "../domain/xmpp-console.ts";
import { readStanzaFilter } from "./stanza-filter.ts";

export interface RingLimits {
  readonly count: number;
  /** UTF-16 units of text. */
  readonly length: number;
}

const usualLimits: RingLimits = { count: 2000, length: 8 * 1024 * 1024 };

export class StanzaRing {
  readonly #limits: RingLimits;
  #stanzas: ShownStanza[] = [];
  /** How many went; the first one kept has this number. */
  #dropped = 0;
  #length = 0;

  constructor(limits: Partial<RingLimits> = {}) {
    this.#limits = { ...usualLimits, ...limits };
  }

  push(stanza: ShownStanza): void {
    this.#stanzas.push(stanza);
    this.#length += stanza.text.length;
    let gone = 0;
    const { count, length } = this.#limits;
    while (this.#stanzas.length - gone > count || this.#length > length) {
      this.#length -= this.#stanzas[gone]?.text.length ?? 0;
      gone += 1;
    }
    if (gone === 0) return;
    this.#stanzas = this.#stanzas.slice(gone);
    this.#dropped += gone;
  }

  /** Throws "query-invalid", "request-invalid". */
  page({ after, filter, limit }: StanzaQuery): StanzaPage {
    const test = readStanzaFilter(filter);
    const end = this.#dropped + this.#stanzas.length;
    const asked = after === null ? null : numberOf(after);
    if (asked === null) {
      const latest = this.#stanzas.filter(test).slice(-limit);
      return { stanzas: latest, next: String(end), more: false, dropped: this.#dropped };
    }
    const stanzas: ShownStanza[] = [];
    let at = Math.max(0, Math.min(asked, end) - this.#dropped);
    for (; at < this.#stanzas.length && stanzas.length < limit; at++) {
      const stanza = this.#stanzas[at];
      if (stanza !== undefined && test(stanza)) stanzas.push(stanza);
    }
    const next = this.#dropped + at;
    return { stanzas, next: String(next), more: next < end, dropped: this.#dropped };
  }
}

function numberOf(after: string): number {
  if (/^\d{1,15}$/.test(after)) return Number(after);
  throw fail("request-invalid", { problem: `after can't be ${after.slice(0, 40)}.` });
}
