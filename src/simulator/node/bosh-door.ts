/** `/http-bind/` as Openfire 3.8.2 serves it: reads the body, finds the session, and answers in band or by status. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { readXml } from "../../xml/read-xml.ts";
import { attributeOf, elementsIn, type XmlElement } from "../../xml/tree.ts";
import {
  type Condition,
  creationAnswer,
  emptyAnswer,
  jettyError,
  restartAnswer,
  terminateAnswer,
  terminateWith,
} from "./bosh-answers.ts";
import type { BoshSession, Reply } from "./bosh-session.ts";
import type { NotificationService } from "./notification-service.ts";

interface Door {
  readonly service: NotificationService;
  readonly secure: boolean;
  readonly response: ServerResponse;
}

/** Statuses for clients older than BOSH 1.6, which know no conditions. */
const oldStatus: Readonly<Record<Condition, number>> = {
  "bad-request": 400,
  "policy-violation": 403,
  "item-not-found": 404,
  "system-shutdown": 404,
  "remote-stream-error": 404,
};

/** Answers one request whose body is whole. */
export function serveBosh(
  service: NotificationService,
  request: IncomingMessage,
  text: string,
  response: ServerResponse,
): void {
  const secure = "encrypted" in request.socket;
  const door: Door = { service, secure, response };
  // Script syntax is off: a GET finds nothing, which shows that the service lives.
  if (request.method !== "POST") return sendStatus(response, 404, "Not Found");
  const document = readXml(text);
  if (document.kind === "unparseable" || document.root.local !== "body") {
    return sendStatus(response, 400, "Error parsing user request.");
  }
  const rid = Number(attributeOf(document.root, "rid") ?? "0");
  if (!Number.isSafeInteger(rid) || rid <= 0) {
    return sendStatus(response, 400, "Body missing RID (Request ID)");
  }
  const sid = attributeOf(document.root, "sid");
  if (sid === null) createSession(door, document.root, rid);
  else useSession(door, sid, rid, document.root);
}

function createSession({ service, secure, response }: Door, body: XmlElement, rid: number): void {
  const { settings } = service;
  const number = (name: string, otherwise: number): number => {
    const value = Number(attributeOf(body, name) ?? otherwise);
    return Number.isInteger(value) && value >= 0 ? value : otherwise;
  };
  const wait = Math.min(number("wait", 60), settings.maxWaitSeconds);
  const hold = Math.min(number("hold", 1), 1);
  const modern = isModern(attributeOf(body, "ver"));
  const session = service.openBosh({ rid, wait, hold, secure, modern });
  const { requests, inactivitySeconds, pollingSeconds, maxPauseSeconds } = settings;
  const grant = {
    sid: session.sid,
    rid,
    wait,
    hold,
    requests,
    inactivity: inactivitySeconds,
    polling: pollingSeconds,
    maxPause: maxPauseSeconds,
    modern,
  };
  sendXml(response, creationAnswer(grant));
}

function isModern(version: string | null): boolean {
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  return major > 1 || (major === 1 && minor >= 6);
}

function useSession(door: Door, sid: string, rid: number, body: XmlElement): void {
  const { service, secure, response } = door;
  const session = service.boshSession(sid);
  if (session === null) return sendStatus(response, 404, "Invalid SID.");
  const stanzas = elementsIn(body);
  const terminates = attributeOf(body, "type") === "terminate";
  const pause = Number(attributeOf(body, "pause") ?? "0");
  const pauses = pause > 0 && pause <= service.settings.maxPauseSeconds;
  const reply: Reply = (answer) => sendXml(response, answer);
  const condition = session.accept(
    {
      rid,
      secure,
      empty: stanzas.length === 0 && !terminates && !pauses && !restarts(body),
      act: () => {
        for (const stanza of stanzas) service.router.receive(session, stanza);
      },
      directAnswer: directAnswerFor(session, body, pauses),
    },
    reply,
  );
  if (condition !== null) return sendCondition(response, session, condition);
  if (pauses) session.pause(pause);
  if (terminates) session.close("terminate");
}

function directAnswerFor(session: BoshSession, body: XmlElement, pauses: boolean): string | null {
  if (attributeOf(body, "type") === "terminate") return terminateAnswer;
  if (restarts(body)) return restartAnswer;
  return pauses ? emptyAnswer("cisco57", session.truth().rid ?? 0) : null;
}

const restarts = (body: XmlElement): boolean => attributeOf(body, "xmpp:restart") === "true";

function sendCondition(response: ServerResponse, session: BoshSession, condition: Condition): void {
  if (session.modern) sendXml(response, terminateWith(condition));
  else sendStatus(response, oldStatus[condition], condition);
}

function sendXml(response: ServerResponse, body: string): void {
  if (response.destroyed || response.headersSent) return;
  const length = Buffer.byteLength(body);
  response.writeHead(200, [
    "Content-Type",
    "text/xml;charset=UTF-8",
    "Content-Length",
    `${length}`,
  ]);
  response.end(body);
}

function sendStatus(response: ServerResponse, status: number, reason: string): void {
  if (response.destroyed || response.headersSent) return;
  const page = jettyError(status, reason);
  response.writeHead(status, reason, [
    "Content-Type",
    "text/html;charset=ISO-8859-1",
    "Cache-Control",
    "must-revalidate,no-cache,no-store",
    "Content-Length",
    `${page.length}`,
  ]);
  response.end(page);
}
