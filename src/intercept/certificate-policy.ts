/** What happens when a server's certificate is not the one pinned, or not valid in strict mode (design decision D5). */
import type { ServerCertificate } from "../domain/connection.ts";
import type { ConnectionEnd } from "./connection-end.ts";
import type { ConnectionReport, Context } from "./context.ts";
import { ignore } from "./dial.ts";
import type { ExchangeTap } from "./exchange-tap.ts";
import type { Holding } from "./holding.ts";
import { type Leg, resetNow } from "./leg.ts";
import { ourPage } from "./our-answer.ts";

export interface Refusal {
  readonly cause: "certificate-changed" | "certificate-invalid";
  readonly detail: string;
}

export function certificateRefusal(
  { serverCerts }: Pick<Context, "serverCerts">,
  certificate: ServerCertificate | null,
): Refusal | null {
  if (certificate === null) return null;
  if (serverCerts === "pin" && certificate.pin === "changed") {
    return { cause: "certificate-changed", detail: `now ${certificate.fingerprint256}` };
  }
  if (serverCerts === "strict" && certificate.problem !== null) {
    return { cause: "certificate-invalid", detail: certificate.problem };
  }
  return null;
}

interface Refused {
  readonly client: Leg;
  readonly server: Leg;
  readonly holding: Holding;
  readonly tap: ExchangeTap;
  readonly report: ConnectionReport;
  readonly context: Context;
  readonly end: ConnectionEnd;
}

/**
 * A person who navigates gets a page marked as ours; any other request gets a reset, as a script must not read our words. Always in a later
 * turn than the handshake or the data that led here: a reset from inside the TLS engine's own callback ends the process (Node 26.10, SIGSEGV).
 */
export function refuseByPage(refused: Refused, refusal: Refusal): void {
  setImmediate(() => refuseNow(refused, refusal));
}

function refuseNow(refused: Refused, refusal: Refusal): void {
  const { client, server, holding, tap, report, context, end } = refused;
  server.stream.on("error", ignore);
  resetNow(server);
  report.error(refusal.cause, refusal.detail);
  end.leg("server", "boshscope", "reset", { alert: null, detail: refusal.cause });
  const finish = (): void => {
    tap.failOpen(
      { cause: refusal.cause, blame: "boshscope", detail: refusal.detail },
      context.mono(),
    );
    end.leg("client", "boshscope", "reset");
    end.finish();
  };
  const answer = (): boolean => {
    const text = Buffer.concat(holding.chunks).toString("latin1");
    if (!text.includes("\r\n\r\n")) return false;
    holding.release();
    client.stream.on("error", ignore).resume();
    if (text.startsWith("GET ") && /\r\nsec-fetch-mode: navigate\r\n/i.test(text)) {
      client.stream.end(ourPage(refusal));
      client.stream.once("close", () => end.finish());
    } else resetNow(client);
    finish();
    return true;
  };
  if (answer()) return;
  const seen = (): void => {
    client.stream.off("data", seen);
    setImmediate(() => {
      if (!answer() && !client.stream.destroyed) client.stream.on("data", seen);
    });
  };
  client.stream.on("data", seen);
  client.stream.once("close", finish);
}
