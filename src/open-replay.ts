/** Sends recorded requests again, and new ones, with the real credentials from the recorder's memory. */
import { fail } from "./base/errors.ts";
import { isHttpBindPath } from "./bosh/http-bind-path.ts";
import type { ComposedRequest, MessageEdit, ReplayDesk, ReplayOptions } from "./domain/by-hand.ts";
import type { ExchangeDetail } from "./domain/exchange.ts";
import type { CaptureReader, PlainMessage, Recorder } from "./domain/recording.ts";
import { changeMessage } from "./faults/change-message.ts";
import type { Intercept } from "./intercept/start-intercept.ts";
import { unknownSecret } from "./open-breakpoints.ts";
import { sendInOwnSession } from "./own-session.ts";

/** Longer than any poll is held. */
const withinMs = 100_000;

interface Parts {
  readonly reader: Pick<CaptureReader, "exchanges" | "exchange" | "body">;
  readonly recorder: Pick<Recorder, "reveal" | "status">;
  readonly send: Intercept["send"];
  /** True for hosts that nobody works on: simulated, or played back. */
  readonly isSimulated: (host: string) => boolean;
}

interface Where {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

export function openReplay(parts: Parts): ReplayDesk {
  const { reader, recorder, send, isSimulated } = parts;
  const sendOnce = (where: Where, message: PlainMessage) =>
    send({ ...where, bytes: bytesOf(message), withinMs });
  const idOf = (number: number): string => `${recorder.status().captureId}-${number}`;
  const repeat = async (where: Where, message: PlainMessage, times: number): Promise<string[]> => {
    const made: string[] = [];
    for (let round = 0; round < times; round++)
      made.push(idOf((await sendOnce(where, message)).exchange));
    return made;
  };
  return {
    replay: async (id, options) => {
      const exchange = await reader.exchange(id);
      if (exchange === null) throw fail("not-found", { what: `exchange ${id}` });
      refuse(exchange, options, isSimulated);
      const message = await revealed(recorder, await editedMessage(reader, exchange, options));
      const { host, port, protocol } = exchange;
      const where = { host, port, secure: protocol === "HTTPS" };
      if (!options.ownSession || !isHttpBindPath(exchange.path))
        return repeat(where, message, options.times);
      const own = { reader, recorder, send: (one: PlainMessage) => sendOnce(where, one) };
      return (await sendInOwnSession(exchange, message, options.times, own)).map(idOf);
    },
    compose: async (request) => {
      const target = targetOf(request);
      if (isHttpBindPath(target.path) && !request.force && !isSimulated(target.host))
        throw httpBindRefusal();
      const credentials = await credentialsOf(reader, request.credentialsOf);
      const head = headOf(request, target, credentials);
      return repeat(target, await revealed(recorder, { head, body: request.body }), request.times);
    },
  };
}

async function editedMessage(
  reader: Parts["reader"],
  exchange: ExchangeDetail,
  edit: MessageEdit,
): Promise<PlainMessage> {
  const stored = edit.body === undefined ? await reader.body(exchange.id, "request") : null;
  return {
    head: edit.head ?? exchange.request?.rawHead ?? "",
    body: edit.body ?? (stored === null ? "" : Buffer.from(stored.bytes).toString("utf8")),
  };
}

async function revealed(recorder: Parts["recorder"], message: PlainMessage): Promise<PlainMessage> {
  const plain = await recorder.reveal(message);
  if (plain === null) throw unknownSecret();
  return plain;
}

/** With its length right; what was compressed goes out in plain. */
function bytesOf({ head, body }: PlainMessage): Uint8Array {
  const whole = head.replaceAll(/\r?\n/g, "\r\n").replace(/(?:\r\n)*$/, "\r\n\r\n");
  const content = Buffer.from(body, "utf8");
  const message = changeMessage({ head: whole, body: content }, nothing);
  return Buffer.concat([Buffer.from(message.head, "latin1"), message.body ?? content]);
}

const nothing = {
  kind: "alter",
  setHeaders: [],
  removeHeaders: [],
  replace: [],
  setPaths: [],
} as const;

function refuse(
  exchange: ExchangeDetail,
  options: ReplayOptions,
  isSimulated: Parts["isSimulated"],
): void {
  const { kind, path, request, host } = exchange;
  const { force, ownSession, body } = options;
  if (kind !== "http" || request === null)
    throw fail("request-invalid", {
      problem: "Only an HTTP request can be sent again, not a tunnel or a WebSocket.",
    });
  if (isHttpBindPath(path) && !force && !ownSession && !isSimulated(host)) throw httpBindRefusal();
  if (body === undefined && exchange.notes.includes("body-cut"))
    throw fail("request-invalid", {
      problem: "The request's body was too long to be kept whole.",
      remedy: "Give the body to be sent.",
    });
}

const httpBindRefusal = (): Error =>
  fail("request-invalid", {
    problem:
      "Sending an http-bind request again can end the agent's session: its rid gets a cached answer or none, a rid ahead takes a slot or kills the session, and an extra poll is a policy violation.",
    remedy:
      'Do it in a session of its own ("ownSession": true), against the demo or a playback, or, for a session that nobody works with, with "force": true.',
  });

interface Target extends Where {
  readonly authority: string;
  readonly path: string;
}

function targetOf({ url }: ComposedRequest): Target {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw fail("request-invalid", {
      problem: "The address is no absolute http or https URL.",
      remedy: "Example: https://fin1.example.com:8445/finesse/api/SystemInfo",
    });
  const secure = parsed.protocol === "https:";
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ""),
    port: parsed.port === "" ? (secure ? 443 : 80) : Number(parsed.port),
    secure,
    authority: parsed.host,
    path: parsed.pathname + parsed.search,
  };
}

/** The lines of an exchange's head that say who asks. */
async function credentialsOf(
  reader: Parts["reader"],
  id: string | null,
): Promise<readonly string[]> {
  if (id === null) return [];
  const exchange = await reader.exchange(id);
  if (exchange === null) throw fail("not-found", { what: `exchange ${id}` });
  const lines = exchange.request?.rawHead.split(/\r?\n/) ?? [];
  return lines.filter((line) => /^(?:authorization|cookie):/i.test(line));
}

function headOf(
  { method, headers, body }: ComposedRequest,
  { path, authority }: Target,
  credentials: readonly string[],
): string {
  const own = headers.split(/\r?\n/).filter((line) => line.trim() !== "");
  const bad = own.find((line) => !/^[\w!#$%&'*+.^`|~-]+:/.test(line));
  if (bad !== undefined)
    throw fail("request-invalid", {
      problem: `"${bad.slice(0, 60)}" is no header.`,
      remedy: "One in each line, as in Accept: application/xml",
    });
  const has = (name: string): boolean =>
    own.some((line) => line.toLowerCase().startsWith(`${name}:`));
  const lines = [
    ...(has("host") ? [] : [`Host: ${authority}`]),
    ...own,
    ...credentials.filter((line) => !has(line.split(":", 1)[0]?.toLowerCase() ?? "")),
    ...(body === "" || has("content-length") ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return `${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}
