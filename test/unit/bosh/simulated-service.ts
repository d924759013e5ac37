/**
 * A BOSH client that speaks with the simulator's Notification Service in this process, on a clock turned by hand, while a session tracker
 * is told the very bytes that pass, as the capture would tell it. What the service knows to be true is the oracle.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { BoshObservation } from "../../../src/bosh/observation.ts";
import { readBoshBody } from "../../../src/bosh/read-bosh-body.ts";
import type { BoshSession } from "../../../src/bosh/session.ts";
import type { BoshSessions, SessionChange } from "../../../src/bosh/sessions.ts";
import { serveBosh } from "../../../src/simulator/node/bosh-door.ts";
import { defaultNodeSettings } from "../../../src/simulator/node/node-settings.ts";
import { NotificationService } from "../../../src/simulator/node/notification-service.ts";
import type { StreamTruth } from "../../../src/simulator/node/stream.ts";
import type { ScaledTime, Timer } from "../../../src/simulator/scaled-time.ts";

export const agent = "1001";
const host = "fin1.demo.test";
const endpoint = { host, port: 7443 };
const httpBind = "http://jabber.org/protocol/httpbind";

/** Simulated time that stands still until it is turned. */
class TurnedTime implements ScaledTime {
  readonly speed = 1;
  #now = 1000;
  #due: { readonly at: number; readonly run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  wall(): number {
    return 1.7e12 + this.#now;
  }

  after(ms: number, run: () => void): Timer {
    const entry = { at: this.#now + ms, run };
    this.#due.push(entry);
    return {
      cancel: () => {
        this.#due = this.#due.filter((other) => other !== entry);
      },
    };
  }

  /** Runs what falls due, in order; `each` after every step of time. */
  turn(ms: number, each: (now: number) => void): void {
    const end = this.#now + ms;
    for (;;) {
      const [next = null] = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === null) break;
      this.#due = this.#due.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      each(this.#now);
    }
    this.#now = end;
    each(end);
  }
}

/** One request of the client and what became of it. */
export interface Sent {
  readonly exchange: number;
  readonly rid: number | null;
  readonly text: string;
  readonly sid: string | null;
  readonly at: number;
  status: number | null;
  answer: string | null;
  answeredAt: number | null;
  aborted: boolean;
  readonly observed: BoshObservation["kind"][];
}

export class SimulatedService {
  readonly time = new TurnedTime();
  readonly service: NotificationService;
  readonly sent: Sent[] = [];
  readonly observations: BoshObservation[] = [];
  readonly #tracker: BoshSessions;
  sid: string | null = null;
  rid = 0;
  wait = 30;

  constructor(tracker: BoshSessions, phaseSeconds: number) {
    this.#tracker = tracker;
    this.service = new NotificationService({
      domain: host,
      settings: { ...defaultNodeSettings, reaperPhaseSeconds: phaseSeconds },
      time: this.time,
      passwordOf: () => "Secret1!",
      nodes: () => [],
      onPresence: () => undefined,
    });
    this.service.start();
  }

  create(rid: number, wait: number): Sent {
    this.rid = rid;
    this.wait = wait;
    this.sid = null;
    const sent = this.#send(
      rid,
      null,
      `<body rid='${rid}' xmlns='${httpBind}' to='${host}' xml:lang='en' wait='${wait}' hold='1' content='text/xml; charset=utf-8' ver='1.6' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'/>`,
    );
    this.sid = /sid="([^"]+)"/.exec(sent.answer ?? "")?.[1] ?? null;
    return sent;
  }

  /** The next rid, with what is given inside and in the tag. */
  next(inside = "", attributes = ""): Sent {
    this.rid += 1;
    return this.withRid(this.rid, inside, attributes);
  }

  withRid(rid: number, inside = "", attributes = ""): Sent {
    const open = `<body rid='${rid}' xmlns='${httpBind}' sid='${this.sid}'${attributes}`;
    return this.#send(rid, this.sid, inside === "" ? `${open}/>` : `${open}>${inside}</body>`);
  }

  resend({ rid, text }: Sent): Sent {
    return this.#send(rid, this.sid, text);
  }

  /** The client gives up; the service does not notice. */
  abort(sent: Sent): void {
    sent.aborted = true;
    const failure = { exchange: sent.exchange, cause: "closed-early", blame: "client" } as const;
    this.#note(this.#tracker.failure({ kind: "failure", at: this.time.now(), ...failure }));
  }

  turn(ms: number): void {
    this.time.turn(ms, (now) => this.#note(this.#tracker.tick(now)));
  }

  /** Requests without an answer that the client still waits for, oldest first. */
  get waiting(): readonly Sent[] {
    return this.sent.filter((one) => one.status === null && !one.aborted && one.sid === this.sid);
  }

  tracked(): BoshSession | null {
    return this.sid === null ? null : this.#tracker.get(endpoint.host, endpoint.port, this.sid);
  }

  truth(): StreamTruth | null {
    return this.service.truth().find(({ sid }) => sid === this.sid) ?? null;
  }

  #send(rid: number | null, sid: string | null, text: string): Sent {
    const sent: Sent = {
      exchange: this.sent.length + 1,
      rid,
      text,
      sid,
      at: this.time.now(),
      status: null,
      answer: null,
      answeredAt: null,
      aborted: false,
      observed: [],
    };
    this.sent.push(sent);
    const body = readBoshBody(text);
    if (body.kind === "unparseable") throw new Error(`the client wrote nonsense: ${text}`);
    const { at, exchange } = sent;
    const seen = { kind: "request", at, exchange, connection: 1, body, hash: text } as const;
    this.#note(this.#tracker.request(endpoint, seen));
    const request = { method: "POST", socket: { encrypted: true } } as unknown as IncomingMessage;
    serveBosh(this.service, request, text, this.#response(sent));
    return sent;
  }

  #response(sent: Sent): ServerResponse {
    let status = 0;
    return {
      get destroyed() {
        return sent.aborted;
      },
      get headersSent() {
        return sent.status !== null;
      },
      writeHead: (code: number) => {
        status = code;
      },
      end: (text: string) => this.#answered(sent, status, text),
    } as unknown as ServerResponse;
  }

  #answered(sent: Sent, status: number, text: string): void {
    const at = this.time.now();
    sent.status = status;
    sent.answer = text;
    sent.answeredAt = at;
    const { exchange } = sent;
    const body = readBoshBody(text);
    const answer = { kind: "answer", at, exchange, holdMs: at - sent.at, status, body } as const;
    this.#note(this.#tracker.answer(answer));
  }

  #note(changes: readonly SessionChange[]): void {
    for (const { observations } of changes) {
      for (const seen of observations) {
        this.observations.push(seen);
        const [exchange = 0] = seen.exchanges;
        this.sent[exchange - 1]?.observed.push(seen.kind);
      }
    }
  }
}
