/** What the console subscribed to: taken back at sign-out, as explicit subscriptions stay on a node of Finesse for good. */
import * as requests from "../console/requests.ts";
import type { XmppSession } from "./xmpp-session.ts";

export interface Subscription {
  readonly node: string;
  readonly jid: string;
  readonly subid: string | null;
}

/** A server that hangs must not keep the program from ending. */
const waitMs = 3000;

export class Subscribed {
  readonly #all = new Map<string, Subscription>();

  add(subscription: Subscription): void {
    this.#all.set(subscription.node, subscription);
  }

  take(node: string): Subscription | null {
    const known = this.#all.get(node) ?? null;
    this.#all.delete(node);
    return known;
  }

  /** Asks for all to be ended at once. Answers are waited for a while, refusals are not worth a word: the session ends anyway. */
  async endAll(session: XmppSession): Promise<void> {
    const all = [...this.#all.values()];
    this.#all.clear();
    if (session.info().state === "ended") return;
    const asked = all.map((one) => {
      const id = session.newId();
      return session.ask(requests.unsubscribe({ id, to: session.pubsub }, one), id);
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMs);
    await Promise.race([Promise.allSettled(asked), promise]);
    clearTimeout(timer);
  }
}
