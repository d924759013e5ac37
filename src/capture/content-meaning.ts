/** What stanzas of either transport say about agents, and about REST requests that asked for them. */
import { AgentStates } from "../finesse/agent-states.ts";
import type { Content, Notification } from "../finesse/notifications.ts";
import { RequestJoin } from "../finesse/request-join.ts";
import { finessePresenceOf } from "../xmpp/finesse-presence.ts";
import type { Ledger } from "./ledger.ts";
import type { OpenExchange } from "./open-exchange.ts";
import type { Timelines } from "./timelines/timelines.ts";

export class ContentMeaning {
  /** Last state told of each agent. */
  readonly states = new AgentStates();
  readonly #timelines: Timelines;
  readonly #ledger: Ledger;
  readonly #requests = new RequestJoin();

  constructor(timelines: Timelines, ledger: Ledger) {
    this.#timelines = timelines;
    this.#ledger = ledger;
  }

  /** Stanzas that reached the client with this exchange. */
  heard(exchange: OpenExchange, content: readonly Content[], at: number): void {
    for (const { stanza, notifications } of content) {
      const presence = finessePresenceOf(stanza);
      if (presence !== null)
        exchange.notes.add(presence === "available" ? "finesse-back" : "finesse-gone");
      for (const notification of notifications) this.#notified(exchange, notification, at);
    }
  }

  /** A REST request that wants to be told its outcome. */
  asked(requestId: string, exchange: OpenExchange): void {
    for (const joined of this.#requests.request(requestId, exchange.number, exchange.at)) {
      this.#relate(joined);
    }
  }

  #notified(exchange: OpenExchange, { update }: Notification, at: number): void {
    if (update.kind === "unparseable") return;
    const { subject, requestId } = update;
    if (requestId !== null) {
      const joined = this.#requests.notification(requestId, exchange.number, at);
      if (joined !== null) this.#relate(joined);
    }
    if (subject.kind === "system-info" && subject.status === "OUT_OF_SERVICE")
      exchange.notes.add("out-of-service");
    if (subject.kind !== "user") return;
    const { loginId, state } = subject.user;
    if (loginId !== null && state !== null) this.#stateOf(loginId, state, exchange, at);
  }

  #stateOf(agent: string, state: string, exchange: OpenExchange, at: number): void {
    const timeline = this.#timelines.known(agent);
    if (timeline === null || timeline.state === state) return;
    const before = timeline.state;
    timeline.state = state;
    const { host, port } = exchange.target;
    this.#timelines.agent(agent, at).tell(
      {
        kind: state === "LOGOUT" ? "logged-out" : "state-changed",
        host,
        port,
        exchange: exchange.number,
        session: timeline.current?.id ?? null,
        detail: before === null ? state : `${before} → ${state}`,
      },
      at,
    );
  }

  #relate(joined: {
    readonly requestExchange: number;
    readonly notificationExchange: number;
    readonly afterMs: number;
  }): void {
    const { requestExchange, notificationExchange, afterMs } = joined;
    this.#ledger.relate(requestExchange, {
      kind: "notified-by",
      number: notificationExchange,
      afterMs,
    });
    this.#ledger.relate(notificationExchange, {
      kind: "asked-by",
      number: requestExchange,
      afterMs,
    });
  }
}
