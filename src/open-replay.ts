/** Sends recorded requests again, with the real credentials from the recorder's memory. */
import { fail } from "./base/errors.ts";
import { isHttpBindPath } from "./bosh/http-bind-path.ts";
import type { MessageEdit, ReplayDesk } from "./domain/by-hand.ts";
import type { ExchangeDetail } from "./domain/exchange.ts";
import type { CaptureReader, Recorder } from "./domain/recording.ts";
import { changeMessage } from "./faults/change-message.ts";
import type { Intercept } from "./intercept/start-intercept.ts";
import { unknownSecret } from "./open-breakpoints.ts";

/** Longer than any poll is held. */
const withinMs = 100_000;

interface Parts {
  readonly reader: Pick<CaptureReader, "exchange" | "body">;
  readonly recorder: Pick<Recorder, "reveal" | "status">;
  readonly send: Intercept["send"];
}

export function openReplay({ reader, recorder, send }: Parts): ReplayDesk {
  return {
    replay: async (id, { times, force, ...edit }) => {
      const exchange = await reader.exchange(id);
      if (exchange === null) throw fail("not-found", { what: `exchange ${id}` });
      refuse(exchange, edit, force);
      const stored = await reader.body(id, "request");
      const message = await recorder.reveal({
        head: edit.head ?? exchange.request?.rawHead ?? "",
        body: edit.body ?? (stored === null ? "" : Buffer.from(stored.bytes).toString("utf8")),
      });
      if (message === null) throw unknownSecret();
      const bytes = bytesOf(message);
      const { host, port, protocol } = exchange;
      const made: string[] = [];
      for (let round = 0; round < times; round++) {
        const secure = protocol === "HTTPS";
        const number = await send({ host, port, secure, bytes, withinMs });
        made.push(`${recorder.status().captureId}-${number}`);
      }
      return made;
    },
  };
}

/** With its length right; what was compressed goes out in plain. */
function bytesOf({ head, body }: { readonly head: string; readonly body: string }): Uint8Array {
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

function refuse(exchange: ExchangeDetail, edit: MessageEdit, force: boolean): void {
  const { kind, path, request } = exchange;
  if (kind !== "http" || request === null)
    throw fail("request-invalid", {
      problem: "Only an HTTP request can be sent again, not a tunnel or a WebSocket.",
    });
  if (isHttpBindPath(path) && !force)
    throw fail("request-invalid", {
      problem:
        "Sending an http-bind request again can end the agent's session: its rid gets a cached answer or none, a rid ahead takes a slot or kills the session, and an extra poll is a policy violation.",
      remedy:
        'Do it against the demo, or for a session that nobody works with, with "force": true.',
    });
  if (edit.body === undefined && exchange.notes.includes("body-cut"))
    throw fail("request-invalid", {
      problem: "The request's body was too long to be kept whole.",
      remedy: "Give the body to be sent.",
    });
}
