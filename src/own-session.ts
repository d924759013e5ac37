/**
 * Sends what was recorded in a BOSH session again in a session of its own: signs in as the recorded client did, with the secrets of the
 * recorder's memory, under a resource of its own (the same one would end the agent's session by a conflict) and without presence, so that
 * Finesse counts on nobody; ends the session afterwards.
 */
import { randomBytes, randomInt } from "node:crypto";
import { fail } from "./base/errors.ts";
import { readBoshBody } from "./bosh/read-bosh-body.ts";
import type { ExchangeDetail, ExchangeSummary } from "./domain/exchange.ts";
import type { CaptureReader, PlainMessage, Recorder } from "./domain/recording.ts";

interface Parts {
  readonly reader: Pick<CaptureReader, "exchanges" | "exchange" | "body">;
  readonly recorder: Pick<Recorder, "reveal">;
  /** Sends one request; gives the number of its exchange and the answer's body. */
  readonly send: (message: PlainMessage) => Promise<{ exchange: number; body: Uint8Array }>;
}

/** A sign-in takes half a dozen requests; looked for among the first of a session. */
const searched = 60;
/** Success and features may come with a later answer. */
const mostPolls = 4;
/** Ends in the protocol's own limit for a first rid, with room for what follows. */
const highestFirstRid = 2 ** 31;

type Step = "create" | "auth" | "restart" | "bind";
const steps: readonly Step[] = ["create", "auth", "restart", "bind"];
const awaited: Readonly<Record<Step, RegExp>> = {
  create: /\bsid=/,
  auth: /<success\b|<failure\b/,
  restart: /features\b/,
  bind: /<jid>|type=["']error["']/,
};

/** Numbers of the exchanges it made, in order. `message`: what is to be sent, secrets in place. */
export async function sendInOwnSession(
  exchange: ExchangeDetail,
  message: PlainMessage,
  times: number,
  parts: Parts,
): Promise<readonly number[]> {
  const session = new OwnSession(parts);
  const signIn = await recordedSignIn(exchange, parts);
  try {
    for (const step of steps) await session.signIn(step, signIn[step]);
    for (let round = 0; round < times; round++) await session.say(message.head, message.body);
  } finally {
    await session.end(message.head);
  }
  return session.made;
}

class OwnSession {
  readonly made: number[] = [];
  readonly #parts: Parts;
  #sid = "";
  #rid = randomInt(32_768, highestFirstRid);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async signIn(step: Step, message: PlainMessage): Promise<void> {
    const body = step === "bind" ? withOwnResource(message.body) : message.body;
    let answer = await this.say(message.head, body);
    for (let polls = 0; !awaited[step].test(answer) && polls < mostPolls; polls++)
      answer = await this.say(message.head, emptyBody);
    if (step === "create") this.#sid = /\bsid=["']([^"']+)["']/.exec(answer)?.[1] ?? "";
    if (
      !awaited[step].test(answer) ||
      /<failure\b|type=["']error["']/.test(answer) ||
      this.#sid === ""
    )
      throw fail("request-invalid", {
        problem: `A session of its own could not be made: the server did not accept step "${step}".`,
        remedy: "The exchanges it made are in the list, with the note replayed.",
      });
  }

  /** The answer's text. */
  async say(head: string, body: string): Promise<string> {
    const { exchange, body: answer } = await this.#parts.send({
      head: head.replace(/^accept-encoding:.*\r?\n/im, ""),
      body: ofSession(body, this.#sid, this.#rid++),
    });
    this.made.push(exchange);
    return Buffer.from(answer).toString("utf8");
  }

  async end(head: string): Promise<void> {
    if (this.#sid === "") return;
    await this.say(head, emptyBody.replace("/>", ' type="terminate"/>'));
  }
}

const emptyBody = '<body xmlns="http://jabber.org/protocol/httpbind" sid="" rid=""/>';

/** The `<body>` with this sid and rid; a creation has no sid. */
function ofSession(text: string, sid: string, rid: number): string {
  const end = text.indexOf(">") + 1;
  const head = text
    .slice(0, end)
    .replace(
      /(\srid=)(["'])[^"']*\2/,
      (_all, name: string, quote: string) => name + quote + rid + quote,
    )
    .replace(
      /(\ssid=)(["'])[^"']*\2/,
      (_all, name: string, quote: string) => name + quote + sid + quote,
    );
  return head + text.slice(end);
}

const withOwnResource = (text: string): string => {
  const resource = `<resource>boshscope-${randomBytes(3).toString("hex")}</resource>`;
  return /<resource>/.test(text)
    ? text.replace(/<resource>[^<]*<\/resource>/, resource)
    : text.replace(/(<bind\b[^>]*?)\/>/, `$1>${resource}</bind>`);
};

/** Of the recorded session, secrets in place. */
async function recordedSignIn(
  { sid, captureId }: ExchangeDetail,
  parts: Parts,
): Promise<Readonly<Record<Step, PlainMessage>>> {
  const found = new Map<Step, PlainMessage>();
  const query = sid === null ? "" : `sid:${JSON.stringify(sid)}`;
  const page = await parts.reader.exchanges({ since: 0, limit: searched, query, captureId });
  for (const { id } of query === "" ? [] : (JSON.parse(page.rows) as ExchangeSummary[])) {
    const message = await messageOf(id, parts);
    const step = message === null ? null : stepOf(message.body);
    if (message === null || step === null || found.has(step)) continue;
    const plain = await parts.recorder.reveal(message);
    if (plain !== null) found.set(step, plain);
  }
  const missing = steps.filter((step) => !found.has(step));
  if (missing.length > 0)
    throw fail("request-invalid", {
      problem: `A session of its own can't be made: the recorded session's sign-in is not known in full (${missing.join(", ")}).`,
      remedy:
        "It has to be recorded since Boshscope was started, as its secrets are kept in memory alone.",
    });
  const step = (name: Step): PlainMessage => found.get(name) ?? { head: "", body: "" };
  return {
    create: step("create"),
    auth: step("auth"),
    restart: step("restart"),
    bind: step("bind"),
  };
}

async function messageOf(id: string, { reader }: Parts): Promise<PlainMessage | null> {
  const detail = await reader.exchange(id);
  const body = await reader.body(id, "request");
  if (detail?.request == null || body === null) return null;
  return { head: detail.request.rawHead, body: Buffer.from(body.bytes).toString("utf8") };
}

function stepOf(text: string): Step | null {
  const body = readBoshBody(text);
  if (body.kind !== "body") return null;
  if (body.restart) return "restart";
  if (body.sid === null) return "create";
  if (body.stanzas.some(({ local }) => local === "auth")) return "auth";
  return /urn:ietf:params:xml:ns:xmpp-bind/.test(text) ? "bind" : null;
}
