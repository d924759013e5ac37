/** Plays a session in seconds: each step is one event, and what was noticed is kept in words. */
import { advance } from "../../../src/bosh/advance.ts";
import type { BoshBody } from "../../../src/bosh/bosh-body.ts";
import type { BoshEvent } from "../../../src/bosh/bosh-event.ts";
import type { BoshObservation } from "../../../src/bosh/observation.ts";
import { nextDeadline } from "../../../src/bosh/on-tick.ts";
import { readBoshBody } from "../../../src/bosh/read-bosh-body.ts";
import type { BoshSession } from "../../../src/bosh/session.ts";
import { newSession } from "../../../src/bosh/session.ts";
import type { FailureCause } from "../../../src/domain/exchange.ts";

export const namespace = "http://jabber.org/protocol/httpbind";
export const emptyBody = `<body xmlns='${namespace}'></body>`;

export function bodyOf(text: string): BoshBody {
  const body = readBoshBody(text);
  if (body.kind !== "body") throw new Error(body.reason);
  return body;
}

export const pollText = (rid: number, sid = "f382a015", more = ""): string =>
  `<body xmlns="${namespace}" sid="${sid}" rid="${rid}"${more}/>`;

export class SessionLog {
  session: BoshSession;
  readonly noticed: BoshObservation[] = [];

  constructor(sid: string | null = "f382a015") {
    this.session = newSession({ host: "fin1.ucce.local", port: 7443 }, sid, 0);
  }

  /** Ticks whenever the session wants one before the event, as its owner would. */
  play(event: BoshEvent): this {
    for (let due = nextDeadline(this.session); due !== null && due <= event.at; ) {
      this.#advance({ kind: "tick", at: due });
      const next = nextDeadline(this.session);
      if (next !== null && next <= due) throw new Error(`the deadline ${due} did not pass`);
      due = next;
    }
    return this.#advance(event);
  }

  request(seconds: number, exchange: number, text: string, connection = 1): this {
    const body = bodyOf(text);
    return this.play({
      kind: "request",
      at: seconds * 1000,
      exchange,
      connection,
      body,
      hash: text,
    });
  }

  poll(seconds: number, exchange: number, rid: number): this {
    return this.request(seconds, exchange, pollText(rid));
  }

  answer(seconds: number, exchange: number, text: string = emptyBody): this {
    const body = readBoshBody(text);
    return this.play({
      kind: "answer",
      at: seconds * 1000,
      exchange,
      holdMs: null,
      status: 200,
      body,
    });
  }

  status(seconds: number, exchange: number, status: number): this {
    return this.play({
      kind: "answer",
      at: seconds * 1000,
      exchange,
      holdMs: null,
      status,
      body: null,
    });
  }

  fail(
    seconds: number,
    exchange: number,
    cause: FailureCause = "reset",
    blame: "client" | "server" | "network" = "server",
  ): this {
    return this.play({ kind: "failure", at: seconds * 1000, exchange, cause, blame });
  }

  until(seconds: number): this {
    return this.play({ kind: "tick", at: seconds * 1000 });
  }

  /** Kinds noticed so far, without those of a healthy session unless asked. */
  kinds(withHealthy = false): string[] {
    const healthy = new Set(["think-gap", "normal-timeout", "session-joined"]);
    return this.noticed
      .filter(
        (one) =>
          withHealthy ||
          !healthy.has(one.kind) ||
          (one.kind === "think-gap" && one.grade !== "normal"),
      )
      .map(({ kind }) => kind);
  }

  find<K extends BoshObservation["kind"]>(kind: K): Extract<BoshObservation, { kind: K }>[] {
    return this.noticed.filter(
      (one): one is Extract<BoshObservation, { kind: K }> => one.kind === kind,
    );
  }

  #advance(event: BoshEvent): this {
    const [session, noticed] = advance(this.session, event);
    this.session = session;
    this.noticed.push(...noticed);
    return this;
  }
}
