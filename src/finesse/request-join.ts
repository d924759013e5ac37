/**
 * Joins a REST request with the notifications it caused, by request id, in either order: Finesse answers 202 at once and tells the outcome over
 * XMPP, often before the 202. Bounded; the oldest wait in vain.
 */
import type { MonotonicMs } from "../domain/instant.ts";

export interface JoinedRequest {
  readonly requestId: string;
  readonly requestExchange: number;
  readonly notificationExchange: number;
  /** Notification after request, ms. */
  readonly afterMs: number;
}

interface Mark {
  readonly exchange: number;
  readonly at: MonotonicMs;
}

interface Waiting {
  request: Mark | null;
  /** Notifications whose request has not been seen; a few, as one request may change several objects. */
  readonly notifications: Mark[];
}

const defaultCapacity = 4096;
const maxNotifications = 8;
/** Request ids are UUIDs of 36 characters; something far longer is none. */
const maxIdLength = 200;

export class RequestJoin {
  readonly #capacity: number;
  readonly #waiting = new Map<string, Waiting>();

  constructor(capacity: number = defaultCapacity) {
    this.#capacity = Math.max(1, capacity);
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** The notifications that came before. */
  request(requestId: string, exchange: number, at: MonotonicMs): readonly JoinedRequest[] {
    const waiting = this.#of(requestId);
    if (waiting === null || waiting.request !== null) return [];
    waiting.request = { exchange, at };
    return waiting.notifications.splice(0).map((mark) => ({
      requestId,
      requestExchange: exchange,
      notificationExchange: mark.exchange,
      afterMs: mark.at - at,
    }));
  }

  /** The request that asked for it; null when it has not come (yet). */
  notification(requestId: string, exchange: number, at: MonotonicMs): JoinedRequest | null {
    const waiting = this.#of(requestId);
    if (waiting === null) return null;
    const { request } = waiting;
    if (request === null) {
      if (waiting.notifications.length < maxNotifications) {
        waiting.notifications.push({ exchange, at });
      }
      return null;
    }
    return {
      requestId,
      requestExchange: request.exchange,
      notificationExchange: exchange,
      afterMs: at - request.at,
    };
  }

  #of(requestId: string): Waiting | null {
    if (requestId === "" || requestId.length > maxIdLength) return null;
    const known = this.#waiting.get(requestId);
    if (known !== undefined) return known;
    const waiting: Waiting = { request: null, notifications: [] };
    this.#waiting.set(requestId, waiting);
    const oldest = this.#waiting.keys().next().value;
    if (this.#waiting.size > this.#capacity && oldest !== undefined) this.#waiting.delete(oldest);
    return waiting;
  }
}
