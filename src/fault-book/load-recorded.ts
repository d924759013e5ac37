/** Takes an answer out of the capture, for rules that give it again. */
import type { CaptureReader } from "../domain/recording.ts";
import type { RecordedAnswer } from "../faults/answers/recorded-answer.ts";

/** null = there is no such exchange, it has no answer, or its body was not kept whole. */
export async function loadRecorded(
  reader: Pick<CaptureReader, "exchange" | "body">,
  id: string,
): Promise<RecordedAnswer | null> {
  const exchange = await reader.exchange(id);
  if (exchange === null || exchange.outcome.kind !== "responded" || exchange.response === null)
    return null;
  const { response, outcome, sid, rid } = exchange;
  if (response.body?.cut === true) return null;
  const body = response.body === null ? null : await reader.body(id, "response");
  return {
    status: outcome.status,
    reason: outcome.reason,
    headers: response.headers.map(({ name, value }) => [name, value] as const),
    body: body?.bytes ?? new Uint8Array(),
    sid,
    rid,
  };
}
