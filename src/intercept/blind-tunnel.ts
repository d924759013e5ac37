/** A tunnel out of scope: bytes pass and are counted, nothing else is looked at, no certificate is made. */
import type { Socket } from "node:net";
import type { Side } from "../domain/capture-event.ts";
import { ConnectionEnd } from "./connection-end.ts";
import type { ConnectionReport, Context } from "./context.ts";
import { ignore } from "./dial.ts";
import { Holding } from "./holding.ts";
import { type Leg, resetNow } from "./leg.ts";
import { Relay } from "./relay.ts";
import { dialFailure } from "./socket-close.ts";
import type { Target } from "./target.ts";

/** How often a living tunnel tells its byte counts. */
const reportEveryMs = 1000;

export function openBlindTunnel(
  context: Context,
  report: ConnectionReport,
  target: Target,
  raw: Socket,
): void {
  const end = new ConnectionEnd(context, report);
  report.mode("tunnel");
  const exchange = end.tunnelRow(target);
  const client: Leg = { stream: raw, raw };
  let over = false;
  const leave = (how: "fin" | "reset"): void => {
    if (over) return;
    over = true;
    end.leg("client", "peer", how);
    server.stream.on("error", ignore);
    raw.on("error", ignore);
    resetNow(server);
    raw.destroy();
    tell(context, exchange, end);
    end.finish();
  };
  const holding = new Holding(raw, {
    chunk: (bytes) => end.count("client", bytes.length),
    ended: () => leave("fin"),
    failed: () => leave("reset"),
  });
  const server = context.dial(target, (error) => {
    if (over) return;
    over = true;
    if (error !== null) refuse(context, report, { end, exchange, client, error });
    else join(context, report, { end, exchange, client, server, holding });
  });
  context.track(server.raw);
}

interface Parts {
  readonly end: ConnectionEnd;
  readonly exchange: number;
  readonly client: Leg;
}

function refuse(
  context: Context,
  report: ConnectionReport,
  parts: Parts & { readonly error: Error },
): void {
  const { cause, name, blame, detail } = dialFailure(parts.error);
  report.error(name, detail);
  context.emit({
    kind: "exchange-failed",
    exchange: parts.exchange,
    at: context.mono(),
    phase: "connect",
    cause,
    blame,
    alert: null,
    detail,
  });
  parts.client.raw.on("error", ignore);
  resetNow(parts.client);
  parts.end.leg("client", "boshscope", "reset");
  parts.end.finish();
}

function join(
  context: Context,
  report: ConnectionReport,
  parts: Parts & { readonly server: Leg; readonly holding: Holding },
): void {
  const { end, exchange, client, server, holding } = parts;
  const { remoteAddress = "", remotePort = 0 } = server.raw;
  if (context.isOurselves(remoteAddress, remotePort)) {
    report.error("own-address", "the tunnel leads to this Boshscope");
    const at = context.mono();
    context.emit({
      kind: "exchange-failed",
      exchange,
      at,
      phase: "connect",
      cause: "refused-by-boshscope",
      blame: "boshscope",
      alert: null,
      detail: "own address",
    });
    server.stream.on("error", ignore);
    resetNow(server);
    resetNow(client);
    end.finish();
    return;
  }
  report.facts({ server: { address: remoteAddress, port: remotePort } });
  const held = holding.release();
  for (const bytes of held) server.stream.write(bytes);
  const timer = setInterval(() => report.facts({ bytes: { ...end.bytes } }), reportEveryMs).unref();
  const observer = {
    chunk: (from: Side, bytes: Buffer) => end.count(from, bytes.length),
    flushed: ignore,
    ended: (side: Side) => end.leg(side, "peer", "fin"),
    failed: (
      side: Side,
      reason: {
        how: "reset" | "tls-alert" | "timeout" | "failed";
        alert: number | null;
        detail: string;
      },
    ) => end.leg(side, "peer", reason.how, reason),
    closed: () => {
      clearInterval(timer);
      tell(context, exchange, end);
      end.finish();
    },
  };
  new Relay({ client, server }, observer, context.mono);
  client.stream.resume();
}

function tell(context: Context, exchange: number, end: ConnectionEnd): void {
  context.emit({ kind: "tunnel-ended", exchange, at: context.mono(), ...end.bytes });
}
