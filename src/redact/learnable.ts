/**
 * Decides whether a secret may be looked for everywhere. A password that is an ordinary word of the traffic ("finesse", "READY",
 * the agent's number) would blank out half the capture, so it is replaced only where its place says what it is.
 */
import { windowLength } from "./pattern-index.ts";

const longest = 8192;
/** This long, and it is no word. */
const longEnough = 16;

/** What any capture is full of. */
const vocabulary = [
  "http://jabber.org/protocol/httpbind http://jabber.org/protocol/pubsub#event http://jabber.org/features/compress",
  "urn:ietf:params:xml:ns:xmpp-sasl urn:ietf:params:xml:ns:xmpp-bind urn:ietf:params:xml:ns:xmpp-session urn:xmpp:xbosh",
  "http://etherx.jabber.org/streams urn:xmpp:ping urn:ietf:params:xml:ns:xmpp-framing jabber:client",
  "in_service out_of_service not_ready ready logout talking reserved work_ready hold non_sso hybrid wrap_up",
  "/finesse/api/systeminfo /finesse/api/user/ /dialogs /desktop/container/ /gadgets/makerequest /http-bind/ /tunnel/ /ws/",
  "text/xml; charset=utf-8 application/xml application/json application/x-www-form-urlencoded xmlhttprequest keep-alive no-cache",
  "content-type content-length accept-encoding user-agent set-cookie x-requested-with sec-websocket-protocol http/1.1 https://",
  "item-not-found policy-violation remote-stream-error system-shutdown not-authorized terminate condition",
].join(" ");

export function isLearnable(secret: string): boolean {
  if (secret.length < windowLength || secret.length > longest) return false;
  if (/^[\s*.x-]+$/i.test(secret) || secret.includes("‹")) return false;
  // A head is read line by line, and must keep its lines.
  if (/[\r\n]/.test(secret)) return false;
  if (vocabulary.includes(secret.toLowerCase())) return false;
  if (secret.length >= longEnough) return true;
  // Digits alone are numbers of agents and calls, letters alone are words.
  return !/^[0-9]+$/.test(secret) && !/^\p{L}+$/u.test(secret);
}
