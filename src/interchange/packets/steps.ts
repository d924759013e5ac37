/** The steps of an exchange on its connection, each at its time; what the steps become is the connection's business. */
import type { Outcome } from "../../domain/exchange.ts";
import type { CopiedConnection, ExchangeCopy } from "../exchange-copy.ts";
import { frameBytes, messageBytes } from "./message-bytes.ts";
import type { Packet } from "./pcapng.ts";
import { endRemarks, requestRemarks, responseRemarks } from "./remarks.ts";
import type { Side, TcpTalk } from "./tcp-talk.ts";

export interface Step {
  /** Wall ms. */
  readonly at: number;
  readonly packets: (talk: TcpTalk) => Iterable<Packet>;
}

/** Times of one connection are rounded in different places: its end stands behind all that came within the same moment. */
const roundedMs = 1.5;

/** `link`: what is known of the connection; its first exchange says the rest. */
export function openingSteps(copy: ExchangeCopy): Step[] {
  const { link, timing, atWall, outcome, kind } = copy;
  const opened = Math.min(
    link?.openedAt ?? atWall,
    atWall,
    atWall + Math.min(0, timing.serverConnected ?? 0),
  );
  const isUnanswered = outcome.kind === "failed" && outcome.phase === "connect";
  const answered = isUnanswered
    ? null
    : Math.max(opened, atWall + Math.min(0, timing.serverConnected ?? 0));
  const remarks = kind === "tunnel" ? requestRemarks(copy) : [];
  const steps: Step[] = [{ at: opened, packets: (talk) => talk.open(opened, answered, remarks) }];
  return link === null ? steps : [...steps, ...closingSteps(link, copy)];
}

/** Who ended it by itself; what Boshscope did after that on the other leg is left out. */
function closingSteps({ closes }: CopiedConnection, copy: ExchangeCopy): Step[] {
  const steps: Step[] = [];
  for (const side of ["client", "server"] as const) {
    const close = closes[side];
    if (close?.by !== "peer") continue;
    const remarks =
      close.detail === "" ? [] : [`The ${side} ended the connection: ${close.detail}`];
    const isReset =
      close.how === "reset" || (copy.outcome.kind === "failed" && copy.outcome.phase === "connect");
    steps.push({
      at: close.at + roundedMs,
      packets: (talk) =>
        isReset ? talk.reset(side, close.at, remarks) : talk.fin(side, close.at, remarks),
    });
  }
  return steps;
}

export function exchangeSteps(copy: ExchangeCopy): Step[] {
  const steps =
    copy.kind === "tunnel"
      ? []
      : [...requestSteps(copy), ...responseSteps(copy), ...frameSteps(copy)];
  return [...steps, ...failureSteps(copy)];
}

function requestSteps(copy: ExchangeCopy): Step[] {
  const { atWall, timing, request, kind } = copy;
  const bytes = messageBytes(request ?? madeUp(copy), {
    isWhole: timing.requestEnd !== null,
    isBodiless: kind === "websocket",
    isFollowed: true,
  });
  const said = {
    bytes,
    from: atWall,
    to: atWall + (timing.requestEnd ?? 0),
    comments: requestRemarks(copy),
  };
  return [{ at: atWall, packets: (talk) => talk.say("client", said) }];
}

const madeUp = ({ method, url, host, port }: ExchangeCopy) => ({
  head: `${method} ${url.replace(/^[a-z]+:\/\/[^/]*/i, "") || "/"} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`,
  trailers: "",
  body: null,
  wireLength: 0,
  decoded: false,
  cut: false,
});

function responseSteps(copy: ExchangeCopy): Step[] {
  const { atWall, timing, response, informational, method, kind } = copy;
  const { responseFirst, responseEnd, failed } = timing;
  const first = atWall + (responseFirst ?? timing.requestSent ?? timing.requestEnd ?? 0);
  const steps = informational.map((head): Step => {
    const said = { bytes: Buffer.from(head, "latin1"), from: first, to: first, comments: [] };
    return { at: first, packets: (talk) => talk.say("server", said) };
  });
  if (response === null) return steps;
  const bytes = messageBytes(response, {
    isWhole: responseEnd !== null,
    isBodiless: method === "HEAD" || kind === "websocket",
    isFollowed: copy.link?.closes.server?.by !== "peer",
  });
  const end = Math.max(first, atWall + (responseEnd ?? failed ?? 0));
  const said = { bytes, from: first, to: end, comments: responseRemarks(copy) };
  return [...steps, { at: first, packets: (talk) => talk.say("server", said) }];
}

const frameSteps = (copy: ExchangeCopy): Step[] =>
  copy.frames.map((frame) => {
    const at = Math.max(copy.atWall, frame.atWall);
    const said = { bytes: frameBytes(frame), from: at, to: at, comments: [] };
    return { at, packets: (talk) => talk.say(frame.from, said) };
  });

/** What a failure shows on the wire; where the connection's own end is known, that one says it. */
function failureSteps(copy: ExchangeCopy): Step[] {
  const { outcome, atWall, timing, link } = copy;
  const isTold = [link?.closes.client, link?.closes.server].some((close) => close?.by === "peer");
  const how = outcome.kind === "failed" && !isTold ? endOf(outcome) : null;
  if (how === null || outcome.kind !== "failed") return [];
  const at = atWall + (timing.failed ?? timing.responseFirst ?? timing.requestSent ?? 0);
  const side: Side = outcome.blame === "client" ? "client" : "server";
  const remarks = endRemarks(copy);
  return [{ at: at + roundedMs, packets: (talk) => talk[how](side, at, remarks) }];
}

/** null = the connection ends by no packet. */
function endOf({ cause, phase }: Extract<Outcome, { kind: "failed" }>): "fin" | "reset" | null {
  if (cause === "reset" || cause === "refused") return "reset";
  const isSilent = cause === "capture-ended" || cause === "timeout" || phase === "connect";
  return isSilent ? null : "fin";
}
