/** Fits a recorded answer to the session that asks now. */
import type { FaultSubject } from "../subject.ts";
import { httpAnswer } from "./http-answer.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";

/** Headers that speak of how the body travelled then. */
const travel: ReadonlySet<string> = new Set([
  "content-length",
  "transfer-encoding",
  "content-encoding",
  "connection",
  "keep-alive",
]);

/** sid, authid and ack of the `<body>` become those of the request; the stanzas stay as they were. */
export function rewriteRecorded(recorded: RecordedAnswer, subject: FaultSubject): Uint8Array {
  const { status, reason, headers, body } = recorded;
  return httpAnswer({
    status,
    reason,
    headers: headers.filter(([name]) => !travel.has(name.toLowerCase())),
    body: subject.sid === null ? body : rewrittenBody(body, subject),
  });
}

function rewrittenBody(bytes: Uint8Array, { sid, rid }: FaultSubject): string {
  const text = new TextDecoder().decode(bytes);
  const end = text.indexOf(">");
  const head = text
    .slice(0, end)
    .replaceAll(
      /(\s(?:auth|s)id=)(["'])[^"']*\2/g,
      (_all, name: string, quote: string) => `${name}${quote}${sid}${quote}`,
    )
    .replaceAll(
      /(\sack=)(["'])[^"']*\2/g,
      (_all, name: string, quote: string) => `${name}${quote}${rid ?? ""}${quote}`,
    );
  return head + text.slice(end);
}
