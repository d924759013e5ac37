/** The bytes of each answer template. */
import type { AnswerTemplate } from "../../domain/fault-rule.ts";
import type { FaultSubject } from "../subject.ts";
import {
  bodyWith,
  conflictError,
  emptyBody,
  invalidSid,
  notificationWith,
  terminateBody,
} from "./bosh-answers.ts";
import { boshAnswer, httpAnswer } from "./http-answer.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";
import { outOfService, systemInfo } from "./rest-answers.ts";
import { rewriteRecorded } from "./rewrite-recorded.ts";

/** A whole HTTP answer; on a WebSocket, the text of a frame. null = a recorded answer that is gone. */
export function answerFor(
  template: AnswerTemplate,
  subject: FaultSubject,
  recorded: (exchange: string) => RecordedAnswer | null,
): Uint8Array | null {
  if (subject.framed) return new TextEncoder().encode(frameText(template, subject));
  switch (template.kind) {
    case "invalid-sid":
      return invalidSid();
    case "empty":
      return boshAnswer(emptyBody(template.form));
    case "terminate":
      return boshAnswer(terminateBody(template.condition));
    case "conflict":
      return boshAnswer(bodyWith(conflictError));
    case "out-of-service":
      return outOfService();
    case "system-info":
      return systemInfo(subject, template.status);
    case "invalid-character":
    case "oversized":
      return boshAnswer(bodyWith(stanzaFor(template, subject)));
    case "custom":
      return httpAnswer({ ...template, body: filled(template.body, subject) });
    case "recorded": {
      const answer = recorded(template.exchange);
      return answer === null ? null : rewriteRecorded(answer, subject);
    }
  }
}

/** True for templates that mean something as a WebSocket message. */
export const readsAsFrame = ({ kind }: AnswerTemplate): boolean =>
  ["conflict", "terminate", "invalid-character", "oversized", "custom"].includes(kind);

function frameText(template: AnswerTemplate, subject: FaultSubject): string {
  const { kind } = template;
  if (kind === "conflict") return conflictError;
  if (kind === "custom") return filled(template.body, subject);
  if (kind === "invalid-character" || kind === "oversized") return stanzaFor(template, subject);
  return '<close xmlns="urn:ietf:params:xml:ns:xmpp-framing"/>';
}

function stanzaFor(
  template: Extract<AnswerTemplate, { kind: "invalid-character" | "oversized" }>,
  subject: FaultSubject,
): string {
  // XML 1.0 forbids it, written as itself or as a reference.
  if (template.kind === "invalid-character") return notificationWith(subject, "\u0008");
  const frame = bodyWith(notificationWith(subject, "")).length;
  return notificationWith(subject, "x".repeat(Math.max(0, template.bytes - frame)));
}

const filled = (body: string, { sid, rid }: FaultSubject): string =>
  body.replaceAll("{sid}", sid ?? "").replaceAll("{rid}", `${rid ?? ""}`);
