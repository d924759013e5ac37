/** What Finesse's REST API says when things go wrong. */
import type { FaultSubject } from "../subject.ts";
import { escapeText } from "../xml-edit.ts";
import { httpAnswer } from "./http-answer.ts";

const xml = [["Content-Type", "application/xml;charset=UTF-8"]] as const;

/** Every call gets this while Finesse is OUT_OF_SERVICE; SystemInfo goes on answering. */
export const outOfService = (): Uint8Array =>
  httpAnswer({
    status: 503,
    reason: "Service Unavailable",
    headers: xml,
    body: "<ApiErrors><ApiError><ErrorType>Service Unavailable</ErrorType><ErrorMessage>SERVER_OUT_OF_SERVICE</ErrorMessage><ErrorData></ErrorData></ApiError></ApiErrors>",
  });

/** SystemInfo with that status. It leaves the clock out, which only the server could tell. */
export function systemInfo(subject: FaultSubject, status: string): Uint8Array {
  const heartbeat = status === "IN_SERVICE" ? "success" : "failure";
  const body = `<SystemInfo><deploymentType>UCCE</deploymentType><lastCTIHeartbeatStatus>${heartbeat}</lastCTIHeartbeatStatus><primaryNode><host>${subject.host}</host></primaryNode><status>${escapeText(status)}</status><statusReason></statusReason><uri>/finesse/api/SystemInfo</uri><xmppDomain>${subject.host}</xmppDomain><xmppPubSubDomain>pubsub.${subject.host}</xmppPubSubDomain></SystemInfo>`;
  return httpAnswer({ status: 200, reason: "OK", headers: xml, body });
}
