/** What no other format has a place for, written so that nothing is lost on the way back; read with care all the same, as people edit files. */
import type { Blame, FailureCause, FailurePhase, Outcome, Timing } from "../domain/exchange.ts";
import { type CopiedMessage, type ExchangeCopy, noTiming } from "./exchange-copy.ts";
import { fieldsOf, numberIn, textIn } from "./loose.ts";

const phases: readonly FailurePhase[] = ["connect", "tls", "request", "headers", "body", "frames"];
const causes: readonly FailureCause[] = [
  "reset",
  "closed-early",
  "timeout",
  "refused",
  "unreachable",
  "dns",
  "tls-alert",
  "tls-untrusted",
  "tls-failed",
  "certificate-changed",
  "certificate-invalid",
  "upstream-proxy",
  "refused-by-boshscope",
  "capture-ended",
  "fault-rule",
];
const blames: readonly Blame[] = ["client", "server", "network", "boshscope", "fault-rule"];

const oneOf = <Word extends string>(words: readonly Word[], word: string | null): Word | null =>
  words.find((known) => known === word) ?? null;

/** null = nothing of ours, or not as we write it. */
export function ownOutcome(value: unknown): Outcome | null {
  const fields = fieldsOf(value);
  const status = numberIn(fields, "status");
  switch (textIn(fields, "kind") ?? "") {
    case "pending":
      return { kind: "pending" };
    case "responded":
      return status === null
        ? null
        : { kind: "responded", status, reason: textIn(fields, "reason") ?? "" };
    case "failed": {
      const phase = oneOf(phases, textIn(fields, "phase"));
      const cause = oneOf(causes, textIn(fields, "cause"));
      const blame = oneOf(blames, textIn(fields, "blame"));
      if (phase === null || cause === null || blame === null) return null;
      const detail = textIn(fields, "detail") ?? "";
      return {
        kind: "failed",
        phase,
        cause,
        blame,
        status,
        alert: numberIn(fields, "alert"),
        detail,
      };
    }
    default:
      return null;
  }
}

/** null = there are no marks of ours. */
export function ownTiming(value: unknown): Timing | null {
  const fields = fieldsOf(value);
  if (!("requestSent" in fields)) return null;
  const names = Object.keys(noTiming) as (keyof Timing)[];
  return Object.fromEntries(
    names.map((name) => [name, numberIn(fields, name)]),
  ) as unknown as Timing;
}

/** JSON as it will be written; `undefined` fields are left out. */
export function ownFacts(copy: ExchangeCopy): Readonly<Record<string, unknown>> {
  const { number, kind, url, host, port, client, outcome, timing, mark, notes, meaning } = copy;
  return {
    number,
    kind,
    url,
    host,
    port,
    client,
    outcome,
    timing,
    mark: mark ?? undefined,
    notes,
    informational: copy.informational.length === 0 ? undefined : copy.informational,
    request: messageFacts(copy.request),
    response: messageFacts(copy.response),
    ...meaning,
  };
}

const messageFacts = (
  message: CopiedMessage | null,
): Readonly<Record<string, unknown>> | undefined =>
  message === null
    ? undefined
    : {
        head: message.head,
        trailers: message.trailers === "" ? undefined : message.trailers,
        wireLength: message.wireLength,
        decoded: message.decoded,
        cut: message.cut,
        kept: message.body !== null,
      };
