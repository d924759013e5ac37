/**
 * What a real desktop wrote in its own log, as far as it passes: ClientLog posts ("Send Error Report", or each few minutes where that is set up).
 * They come late, and say when things happened by the client's clock; with the proxy on the same PC that is ours.
 */
import { background, type Log } from "../base/log.ts";
import type { ExchangeSummary } from "../domain/exchange.ts";
import type { CaptureReader, Committed, Recorder } from "../domain/recording.ts";
import type { ClientKind, ObservedKind } from "../faults/scenarios/scenario.ts";
import { readClientLog } from "../finesse/client-log.ts";
import { readClientLine } from "../logs/client.ts";
import type { ObservedEvent, ObservedSource } from "./observed-source.ts";

interface Parts {
  readonly recorder: Pick<Recorder, "onCommitted">;
  readonly reader: Pick<CaptureReader, "body">;
  readonly clientOf: (agent: string) => ClientKind | null;
  readonly log: Log;
}

const observed: Readonly<Record<string, ObservedKind>> = {
  connected: "connected",
  disconnected: "disconnected",
  conflict: "disconnected",
  unauthorized: "disconnected",
};

export function clientLogSource({ recorder, reader, clientOf, log }: Parts): ObservedSource {
  const read = async (id: string, listener: (event: ObservedEvent) => void): Promise<void> => {
    const body = await reader.body(id, "request");
    if (body === null) return;
    for (const event of eventsIn(new TextDecoder().decode(body.bytes))) listener(event);
  };
  return {
    name: "client-log",
    tells: new Set(Object.values(observed)),
    clientOf,
    watch: (agent, listener) => {
      const seen = new Set<string>();
      return recorder.onCommitted((committed) => {
        for (const id of postsIn(committed, agent)) {
          if (seen.has(id)) continue;
          seen.add(id);
          background(read(id, listener), "faults.client-log", log);
        }
      });
    },
  };
}

/** Whole posts of that agent's log. Most batches hold none, and are not parsed. */
function postsIn({ rows }: Committed, agent: string): readonly string[] {
  if (!rows.includes("/ClientLog")) return [];
  return (JSON.parse(rows) as readonly ExchangeSummary[])
    .filter(
      (row) =>
        row.method === "POST" &&
        row.path.endsWith(`/User/${agent}/ClientLog`) &&
        row.outcome.kind === "responded",
    )
    .map(({ id }) => id);
}

/** The connection statuses that a posted log tells, in its order. */
export function eventsIn(post: string): readonly ObservedEvent[] {
  const read = readClientLog(post);
  if (read.kind === "unparseable") return [];
  return read.lines.flatMap((line) => {
    const fact = readClientLine(line);
    const status = fact?.kind === "connection-status" ? fact.values?.["status"] : undefined;
    const kind = typeof status === "string" ? observed[status] : undefined;
    return fact?.at == null || kind === undefined ? [] : [{ kind, at: fact.at, rid: null }];
  });
}
