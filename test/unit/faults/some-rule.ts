/** Rules and subjects for tests, each with what the test says of it. */
import type { FaultRule } from "../../../src/domain/fault-rule.ts";
import { describeRequest } from "../../../src/faults/describe.ts";
import { TrafficDirectory } from "../../../src/faults/directory.ts";
import type { FaultSubject } from "../../../src/faults/subject.ts";

export const delayPoll: FaultRule = {
  id: "r1",
  name: "",
  match: { kind: "poll" },
  actions: [{ kind: "delay", leg: "request", ms: 1000, jitterMs: 0 }],
  times: null,
  expiresAfterMs: null,
  alsoWaiting: false,
};

export const ruleWith = (some: Partial<FaultRule>): FaultRule => ({ ...delayPoll, ...some });

const namespace = "http://jabber.org/protocol/httpbind";

export const pollText = (sid: string, rid: number): string =>
  `<body xmlns="${namespace}" sid="${sid}" rid="${rid}"/>`;

export interface Sent {
  readonly head?: string;
  readonly body?: string | null;
  readonly host?: string;
  readonly port?: number;
  readonly connection?: number;
  readonly askedAt?: number;
}

/** A poll of session f382a015, unless something else is sent. */
export function described(sent: Sent = {}, directory = new TrafficDirectory()): FaultSubject {
  const { head = "POST /http-bind/ HTTP/1.1\r\nHost: fin1\r\n\r\n" } = sent;
  const { host = "fin1.demo.test", port = 7443, connection = 1, askedAt = 0 } = sent;
  const body = sent.body === undefined ? pollText("f382a015", 7) : sent.body;
  return describeRequest({ host, port, connection, head, body, askedAt }, directory);
}
