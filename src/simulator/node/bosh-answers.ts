/** The exact texts of the Notification Service's answers, with the quotes and the order of attributes that Openfire 3.8.2 uses. */
import { escapeAttribute } from "../write-xml.ts";
import type { EmptyBody } from "./node-settings.ts";

const httpBind = "http://jabber.org/protocol/httpbind";
const streams = 'xmlns:stream="http://etherx.jabber.org/streams"';
const sasl = "urn:ietf:params:xml:ns:xmpp-sasl";

export const mechanisms = `<mechanisms xmlns="${sasl}"><mechanism>PLAIN</mechanism></mechanisms>`;
export const bindFeatures =
  '<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/><session xmlns="urn:ietf:params:xml:ns:xmpp-session"/>';
const compression =
  '<compression xmlns="http://jabber.org/features/compress"><method>zlib</method></compression>';

export const saslSuccess = `<success xmlns="${sasl}"/>`;
export const saslFailure = `<failure xmlns="${sasl}"><not-authorized/></failure>`;
export const conflictError = `<stream:error ${streams}><conflict xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></stream:error>`;

export interface Grant {
  readonly sid: string;
  readonly rid: number;
  readonly wait: number;
  readonly hold: number;
  readonly requests: number;
  readonly inactivity: number;
  readonly polling: number;
  readonly maxPause: number;
  /** False for clients older than BOSH 1.6, which get neither hold nor ack nor ver. */
  readonly modern: boolean;
}

export function creationAnswer(grant: Grant): string {
  const { sid, rid, wait, hold, requests, inactivity, polling, maxPause, modern } = grant;
  const more = modern ? ` hold="${hold}" ack="${rid}" maxpause="${maxPause}" ver="1.6"` : "";
  return `<body xmlns="${httpBind}" ${streams} authid="${sid}" sid="${sid}" secure="true" requests="${requests}" inactivity="${inactivity}" polling="${polling}" wait="${wait}"${more}><stream:features>${mechanisms}${compression}${bindFeatures}</stream:features></body>`;
}

export const restartAnswer = `<body xmlns="${httpBind}" ${streams}><stream:features>${compression}${bindFeatures}</stream:features></body>`;

/** An answer with stanzas; `ack` only where the setting asks for it. */
export const payloadAnswer = (stanzas: readonly string[], ack: number | null): string =>
  `<body xmlns='${httpBind}'${ack === null ? "" : ` ack='${ack}'`}>${stanzas.join("")}</body>`;

export function emptyAnswer(kind: EmptyBody, ack: number): string {
  switch (kind) {
    case "cisco57":
      return payloadAnswer([], null);
    case "stock51":
      return `<body xmlns="${httpBind}"/>`;
    case "ack":
      return payloadAnswer([], ack);
  }
}

export const terminateAnswer = `<body xmlns="${httpBind}" type="terminate"/>`;

export type Condition =
  | "item-not-found"
  | "policy-violation"
  | "bad-request"
  | "system-shutdown"
  | "remote-stream-error";

export const terminateWith = (condition: Condition): string =>
  `<body xmlns="${httpBind}" type="terminate" condition="${condition}"/>`;

export interface IqAddress {
  readonly id: string;
  readonly from?: string;
  readonly to?: string;
}

/** A result stanza; the attributes in Openfire's order. */
export function iqResult({ id, from, to }: IqAddress, content = ""): string {
  const more = `${from === undefined ? "" : ` from="${escapeAttribute(from)}"`}${to === undefined ? "" : ` to="${escapeAttribute(to)}"`}`;
  const head = `<iq xmlns="jabber:client" type="result" id="${escapeAttribute(id)}"${more}`;
  return content === "" ? `${head}/>` : `${head}>${content}</iq>`;
}

export const presenceOf = (from: string, to: string, available: boolean): string =>
  `<presence xmlns="jabber:client" from="${from}" to="${to}"${available ? "" : ' type="unavailable"'}/>`;

/** Jetty's page for `sendError`. */
export const jettyError = (status: number, reason: string): string =>
  `<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html;charset=ISO-8859-1"/>\n<title>Error ${status} ${reason}</title>\n</head>\n<body>\n<h2>HTTP ERROR: ${status}</h2>\n<p>Problem accessing /http-bind/. Reason:\n<pre>    ${reason}</pre></p>\n<hr /><i><small>Powered by Jetty://</small></i>\n</body>\n</html>\n`;
