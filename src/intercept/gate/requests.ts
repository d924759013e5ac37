/** The requests of one connection whose answers are not whole: what is remembered of them, and what the rules say of them and their answers. */
import type { ArmedRules } from "../../faults/armed-rules.ts";
import {
  describeAnswer,
  describeFrame,
  describeRequest,
  describeSocket,
} from "../../faults/describe.ts";
import type { Decision, FaultStep } from "../../faults/step.ts";
import type { FaultSubject } from "../../faults/subject.ts";
import { parseRequestHead, parseResponseHead } from "../../http1/head.ts";
import type { FaultGate } from "./fault-gate.ts";
import { fieldOf, latin1, plainContent } from "./message-bytes.ts";
import { maxContent, type OpenRequest, type Passage } from "./passage.ts";

/** Content is remembered up to here; a longer request is matched by its head alone. */
const maxRemembered = 64 * 1024;

/** A request that went on before the gate was there. */
const ungated: Decision = { rules: [], request: [], response: [], at: 0 };

interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly connection: number;
}

export class Requests {
  readonly #gate: FaultGate;
  readonly #rules: ArmedRules;
  readonly #endpoint: Endpoint;
  readonly #open = new Map<number, OpenRequest>();
  /** Of the latest request that was described for the rules. */
  #last: FaultSubject | null = null;

  constructor(gate: FaultGate, endpoint: Endpoint) {
    this.#gate = gate;
    this.#rules = gate.rules;
    this.#endpoint = endpoint;
  }

  begin(exchange: number, head: Uint8Array, at: number): void {
    this.#open.set(exchange, {
      exchange,
      at,
      head: latin1(head),
      content: [],
      length: 0,
      subject: null,
      decision: null,
      mark: 0,
      isSocket: false,
    });
  }

  add(exchange: number, bytes: Uint8Array): void {
    const request = this.#open.get(exchange);
    if (request === undefined || request.content === null) return;
    request.length += bytes.length;
    if (request.length > maxRemembered) request.content = null;
    else request.content.push(Uint8Array.from(bytes));
  }

  /** Its answer is whole. */
  delete(exchange: number): void {
    this.#open.delete(exchange);
  }

  get(exchange: number): OpenRequest | null {
    return this.#open.get(exchange) ?? null;
  }

  open(): readonly OpenRequest[] {
    return [...this.#open.values()];
  }

  /** Something is to be done to an answer that has not come. */
  get isPlanned(): boolean {
    for (const { decision } of this.#open.values())
      if (decision !== null && decision.response.length > 0) return true;
    return false;
  }

  pathOf(exchange: number): string {
    return pathIn(this.#open.get(exchange)?.head ?? "");
  }

  /** Whether the rules want to know the content, which is then waited for; not of a size that is not bearable. */
  wantsContent({ head, kind, exchange }: Passage): boolean {
    const request = exchange === null ? null : this.get(exchange);
    if (head === null || request === null) return false;
    if (Number(fieldOf(head, "content-length") ?? "0") > maxContent) return false;
    // The content comes only after the server has asked for it.
    if (kind === "request" && fieldOf(head, "expect") !== null) return false;
    const { host, port } = this.#endpoint;
    // A session is named in the body alone, and its next answer may meet what an earlier rule kept back.
    const isBosh = pathIn(request.head).startsWith("/http-bind");
    if (kind === "request") return isBosh || this.#rules.needsRequestBody(host, port);
    const earlier = request.decision ?? ungated;
    if (earlier.response.some(needsWhole)) return true;
    return this.#rules.needsAnswerBody(this.#subjectOf(request), earlier);
  }

  /** null = nothing that rules are asked about. */
  decide(passage: Passage, request: OpenRequest): Decision | null {
    if (passage.kind === "request") {
      request.subject = this.#describe(request, passage.text());
      this.#last = request.subject;
      request.decision = this.#rules.decide(request.subject);
      request.mark = this.#gate.mark;
      return request.decision;
    }
    if (passage.kind === "frame") return this.#rules.decide(this.#frame(passage, request));
    if (passage.kind === "rest" || passage.head === null) return null;
    return this.#decideAnswer(passage, passage.head, request);
  }

  #decideAnswer(passage: Passage, head: Uint8Array, request: OpenRequest): Decision {
    const answer = { status: parseResponseHead(head)?.status ?? 0, body: passage.text() };
    const subject = describeAnswer(this.#subjectOf(request), answer, this.#rules.directory);
    const earlier = request.decision ?? ungated;
    const found = this.#rules.decideAnswer(subject, earlier);
    const planned = earlier.response.filter((step) => !this.#gate.isOff(step, request.mark));
    const rules = new Set([...planned.map(({ rule }) => rule), ...found.rules]);
    return { ...found, rules: [...rules], response: [...planned, ...found.response] };
  }

  /** One rule, on a request that was passed on before it was armed. */
  decideWaiting(request: OpenRequest, rule: string): Decision {
    return this.#rules.decideWaiting(this.#waiting(request), rule);
  }

  /** One rule, on the connection as such, whose latest request says what it carries; null = none has come yet that is known. */
  decideAge(rule: string): Decision | null {
    const latest = [...this.#open.values()].at(-1);
    const subject = latest === undefined ? this.#last : this.#waiting(latest);
    return subject === null ? null : this.#rules.decideAge(subject, rule);
  }

  /** When the latest request that waits began, monotonic ms. */
  get latestAt(): number {
    return [...this.#open.values()].at(-1)?.at ?? this.#gate.mono();
  }

  #waiting(request: OpenRequest): FaultSubject {
    if (!request.isSocket) return this.#subjectOf(request);
    const { exchange, head } = request;
    const seen = { ...this.#endpoint, exchange, path: pathIn(head) };
    return describeSocket(seen, this.#rules.directory);
  }

  #frame(passage: Passage, { exchange, head }: OpenRequest): FaultSubject {
    const seen = { ...this.#endpoint, exchange, path: pathIn(head), text: passage.text() };
    return describeFrame({ ...seen, leg: passage.leg }, this.#rules.directory);
  }

  /** Of a request that went on before the gate was there, from what was remembered of it. */
  #subjectOf(request: OpenRequest): FaultSubject {
    if (request.subject !== null) return request.subject;
    const { head, content } = request;
    const bytes = Buffer.from(head, "latin1");
    const plain = content === null ? null : plainContent(bytes, Buffer.concat(content));
    const body = plain === null ? null : Buffer.from(plain).toString("utf8");
    request.subject = this.#describe(request, body);
    this.#last = request.subject;
    return request.subject;
  }

  #describe({ head, at }: OpenRequest, body: string | null): FaultSubject {
    const seen = { ...this.#endpoint, head: originForm(head), body, askedAt: at };
    return describeRequest(seen, this.#rules.directory);
  }
}

/** Steps for which the message is waited for to its end. */
export const needsWhole = ({ kind }: FaultStep): boolean =>
  kind === "change" || kind === "hold" || kind === "twice" || kind === "swap-frame";

const pathIn = (head: string): string => head.split(" ", 2)[1] ?? "";

/** Of a plain proxy request: as its server would see it. */
function originForm(head: string): string {
  const target = parseRequestHead(Buffer.from(head, "latin1"))?.target ?? "";
  const origin = target.replace(/^https?:\/\/[^/?#]*/i, "");
  return origin === target ? head : head.replace(target, () => (origin === "" ? "/" : origin));
}
