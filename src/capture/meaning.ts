/** What exchanges mean to Finesse: the BOSH session a poll belongs to, the agent, the event in a few words. Folded from bodies as they end. */
import type { BoshBody } from "../bosh/bosh-body.ts";
import { readBoshBody } from "../bosh/read-bosh-body.ts";
import type { SessionChange } from "../bosh/sessions.ts";
import { BoshSessions } from "../bosh/sessions.ts";
import { AgentStates } from "../finesse/agent-states.ts";
import { readApiErrors } from "../finesse/api-errors.ts";
import { driftOf } from "../finesse/drift.ts";
import { pollLabel, restLabel, systemInfoLabel } from "../finesse/event-label.ts";
import { contentOf } from "../finesse/notifications.ts";
import { type RestCall, readRestCall } from "../finesse/rest-call.ts";
import { readSystemInfo } from "../finesse/system-info.ts";
import { localPartOf } from "../xmpp/jid.ts";
import type { Failure, OpenExchange } from "./open-exchange.ts";

type Unparseable = Extract<ReturnType<typeof readBoshBody>, { kind: "unparseable" }>;

/** Requests remembered until their answer; exchanges that never end must not pile up. */
const maxWaiting = 20_000;
/** A poll's body tells two polls apart by itself; anything longer is hashed, as it may hold a password. */
const maxPlainHash = 120;

export class Meaning {
  readonly #hash: (bytes: Uint8Array) => string;
  readonly #sessions = new BoshSessions();
  readonly #agents = new AgentStates();
  readonly #polls = new Map<number, BoshBody | Unparseable>();
  readonly #calls = new Map<number, RestCall>();

  constructor(hash: (bytes: Uint8Array) => string) {
    this.#hash = hash;
  }

  /** The request is whole. */
  requested(exchange: OpenExchange): void {
    if (exchange.role === "poll") this.#pollRequested(exchange);
    else if (exchange.role === "rest" || exchange.role === "systeminfo") this.#called(exchange);
  }

  /** The answer is whole. `wallOffset`: from monotonic to wall ms. */
  answered(exchange: OpenExchange, wallOffset: number): void {
    if (exchange.role === "poll") this.#pollAnswered(exchange);
    else this.#callAnswered(exchange, wallOffset);
  }

  failed(exchange: OpenExchange, { cause, blame }: Failure, at: number): void {
    this.#calls.delete(exchange.number);
    if (!this.#polls.delete(exchange.number)) return;
    this.#learn(
      exchange,
      this.#sessions.failure({ kind: "failure", at, exchange: exchange.number, cause, blame }),
    );
  }

  #pollRequested(exchange: OpenExchange): void {
    const text = exchange.request.text();
    const body = readBoshBody(text);
    remember(this.#polls, exchange.number, body);
    if (body.kind === "unparseable") return;
    exchange.sid = body.sid;
    exchange.rid = body.rid;
    const hash = text.length <= maxPlainHash ? text : this.#hash(Buffer.from(text));
    const { number, connection, at, target } = exchange;
    this.#learn(
      exchange,
      this.#sessions.request(target, {
        kind: "request",
        at,
        exchange: number,
        connection,
        body,
        hash,
      }),
    );
    exchange.event = this.#label(body, null, null);
  }

  #pollAnswered(exchange: OpenExchange): void {
    const request = this.#polls.get(exchange.number);
    this.#polls.delete(exchange.number);
    if (request === undefined) return;
    const { status, number } = exchange;
    const answer =
      exchange.response.kept < exchange.response.wireLength
        ? null
        : readBoshBody(exchange.response.text());
    const holdMs = exchange.holdMs();
    const at = exchange.response.endAt ?? exchange.at;
    this.#learn(
      exchange,
      this.#sessions.answer({
        kind: "answer",
        at,
        exchange: number,
        holdMs,
        status: status ?? 0,
        body: answer,
      }),
    );
    exchange.event = this.#label(request, answer, status);
  }

  #label(
    request: BoshBody | Unparseable,
    answer: BoshBody | Unparseable | null,
    status: number | null,
  ): string | null {
    const content = answer?.kind === "body" && !answer.empty ? contentOf(answer) : [];
    return pollLabel({ request, answer, content, status }, this.#agents);
  }

  /** Takes over what the session says about this exchange. */
  #learn(exchange: OpenExchange, changes: readonly SessionChange[]): void {
    for (const { session, observations } of changes) {
      const isOwn = session.sid === exchange.sid || exchange.sid === null;
      if (!isOwn) continue;
      exchange.sid = session.sid;
      exchange.agent = localPartOf(session.jid) ?? exchange.agent;
      const { wait } = session.granted;
      exchange.waitMs = wait === null ? null : wait * 1000;
      if (session.joined) exchange.notes.add("joined-late");
      for (const seen of observations) {
        if (seen.kind === "think-gap" && seen.exchanges[0] === exchange.number)
          exchange.thinkGapMs = seen.ms;
        if (seen.kind === "retransmission" && seen.exchanges[0] === exchange.number)
          exchange.notes.add("retransmission");
      }
    }
  }

  #called(exchange: OpenExchange): void {
    const { method, request, rawPath } = exchange;
    const body = request.kept < request.wireLength ? null : request.text();
    const call = readRestCall({ method, path: rawPath, headers: headersOf(request.head), body });
    if (call === null) return;
    remember(this.#calls, exchange.number, call);
    exchange.agent = call.agent;
    exchange.event = restLabel(call, null);
  }

  #callAnswered(exchange: OpenExchange, wallOffset: number): void {
    const call = this.#calls.get(exchange.number);
    if (!this.#calls.delete(exchange.number) || call === undefined) return;
    const text = exchange.response.text();
    if (call.resource === "SystemInfo" && exchange.status === 200) {
      const info = readSystemInfo(text);
      const systemInfo = info.kind === "system-info" ? info : null;
      const endAt = exchange.deliveredAt ?? exchange.response.endAt ?? exchange.at;
      const drift = driftOf({
        nocache: call.nocache,
        tReqWall: exchange.atWall,
        tRespWall: endAt + wallOffset,
        currentTimestamp: systemInfo?.currentTimestamp ?? null,
      });
      exchange.event = systemInfoLabel(systemInfo, drift);
      return;
    }
    const errors = (exchange.status ?? 0) >= 400 ? readApiErrors(text) : null;
    exchange.event = restLabel(call, errors?.kind === "api-errors" ? errors : null);
  }
}

function remember<Value>(map: Map<number, Value>, key: number, value: Value): void {
  map.set(key, value);
  const oldest = map.keys().next().value;
  if (map.size > maxWaiting && oldest !== undefined) map.delete(oldest);
}

function headersOf(head: string): { name: string; value: string }[] {
  return head
    .split(/\r?\n/)
    .slice(1)
    .map((line) => ({ line, colon: line.indexOf(":") }))
    .filter(({ colon }) => colon > 0)
    .map(({ line, colon }) => ({
      name: line.slice(0, colon),
      value: line.slice(colon + 1).trim(),
    }));
}
