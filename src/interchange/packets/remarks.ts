/** What Boshscope knows of an exchange beyond its bytes, as comments on its packets. */
import type { ExchangeCopy } from "../exchange-copy.ts";

/** On the first packet of the request, or of the connection for a tunnel. */
export function requestRemarks(copy: ExchangeCopy): string[] {
  const { meaning, comment, mark, notes } = copy;
  const faults = meaning?.faults ?? [];
  return [
    `Boshscope exchange ${meaning?.id ?? copy.number}${namesOf(copy)}`,
    ...fate(copy),
    ...(notes.length === 0 ? [] : [`Notes: ${notes.join(", ")}`]),
    ...(faults.length === 0 ? [] : [`Fault rules that touched it: ${faults.join(", ")}`]),
    ...lost(copy),
    ...(comment === null ? [] : [`Comment: ${comment}`]),
    ...(mark === null ? [] : [`Mark: ${mark}`]),
  ];
}

function namesOf({ meaning }: ExchangeCopy): string {
  const { sid = null, rid = null, agent = null } = meaning ?? {};
  const names = Object.entries({ sid, rid, agent })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${value}`);
  return names.length === 0 ? "" : ` (${names.join(", ")})`;
}

/** On the first packet of the answer. */
export const responseRemarks = ({ meaning }: ExchangeCopy): string[] =>
  meaning?.event ? [meaning.event] : [];

/** On the packet that ended it. */
export function endRemarks(copy: ExchangeCopy): string[] {
  const { outcome, meaning, number } = copy;
  if (outcome.kind !== "failed") return [];
  return [`Ends exchange ${meaning?.id ?? number}: ${outcome.cause}, by ${outcome.blame}`];
}

function fate({ outcome, timing, pendingMs, kind, wire }: ExchangeCopy): string[] {
  const tunnel =
    kind === "tunnel"
      ? [
          `Tunnel, not decrypted: ${Math.max(0, wire.request)} bytes to the server, ${Math.max(0, wire.response)} to the client; they are not in this file`,
        ]
      : [];
  if (outcome.kind === "pending")
    return [
      ...tunnel,
      `No answer when the capture was written, ${seconds(pendingMs ?? 0)} after it was sent`,
    ];
  if (outcome.kind === "responded") return tunnel;
  const after = timing.failed === null ? "" : ` after ${seconds(timing.failed)}`;
  const { phase, cause, blame, alert, detail } = outcome;
  const alertWords = alert === null ? "" : `, TLS alert ${alert}`;
  return [
    ...tunnel,
    `Failed${after} in phase ${phase}: ${cause}, by ${blame}${alertWords}${detail === "" ? "" : ` (${detail})`}`,
  ];
}

function lost({ request, response }: ExchangeCopy): string[] {
  return [request, response].flatMap((message, index) => {
    const side = index === 0 ? "Request" : "Response";
    const kept = message?.body?.length ?? 0;
    if (message?.cut === true)
      return [`${side} body cut: ${kept} bytes are here, ${message.wireLength} were on the wire`];
    return message !== null && kept === 0 && message.wireLength > 0
      ? [`${side} body not kept: ${message.wireLength} bytes were on the wire`]
      : [];
  });
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
