/** The wait each BOSH session was granted, by sid: after how long an unanswered poll is late. */
import { readBoshBody } from "../bosh/read-bosh-body.ts";

/** Sessions remembered; the oldest go first. Ten times the agents of a large site. */
const capacity = 20_000;

export interface PollFacts {
  readonly sid: string | null;
  readonly rid: number | null;
  readonly waitMs: number | null;
  /** The session's creation was not seen. */
  readonly joinedLate: boolean;
}

export class SessionWaits {
  readonly #waits = new Map<string, number>();
  /** The wait asked for by a creation request, by exchange number, until its answer. */
  readonly #asked = new Set<number>();

  request(exchange: number, text: string): PollFacts {
    const body = readBoshBody(text);
    if (body.kind === "unparseable")
      return { sid: null, rid: null, waitMs: null, joinedLate: false };
    const { sid, rid } = body;
    if (sid === null) {
      this.#asked.add(exchange);
      return { sid, rid, waitMs: null, joinedLate: false };
    }
    const waitMs = this.#waits.get(sid) ?? null;
    return { sid, rid, waitMs, joinedLate: waitMs === null };
  }

  /** Reads the granted wait from the answer to a creation (XEP-0124 7.2); returns the new sid. */
  answer(exchange: number, text: string): string | null {
    if (!this.#asked.delete(exchange)) return null;
    const body = readBoshBody(text);
    if (body.kind === "unparseable" || body.sid === null) return null;
    if (body.wait !== null) this.#remember(body.sid, body.wait * 1000);
    return body.sid;
  }

  #remember(sid: string, waitMs: number): void {
    this.#waits.delete(sid);
    this.#waits.set(sid, waitMs);
    const oldest = this.#waits.keys().next().value;
    if (this.#waits.size > capacity && oldest !== undefined) this.#waits.delete(oldest);
  }
}
