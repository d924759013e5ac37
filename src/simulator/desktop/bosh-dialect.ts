/** How JabberWerx (Finesse up to 11.x) and Strophe (12.0 on) write BOSH and react to failures; byte for byte as captured from both. */
import { randomBytes, randomUUID } from "node:crypto";

export interface Account {
  readonly domain: string;
  readonly user: string;
  readonly password: string;
}

/** Why a request failed: a status that is not 200, no connection, or the client's own patience. */
export type Failure =
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "network"; readonly code: string }
  | { readonly kind: "timeout" };

export interface BoshDialect {
  readonly name: "jabberwerx" | "strophe";
  readonly headers: readonly string[];
  /** A first rid as the library draws it. */
  firstRid(): number;
  creation(account: Account, rid: number, wait: number): string;
  auth(account: Account): string;
  restart(account: Account, sid: string, rid: number): string;
  /** A poll when there are no stanzas. */
  body(sid: string, rid: number, stanzas: readonly string[]): string;
  terminate(sid: string, rid: number): string;
  bind(): string;
  /** Stanzas that follow the binding, each of which must be answered before the client counts itself as connected. */
  afterBind(account: Account): readonly (readonly [id: string, stanza: string])[];
  readonly presence: string;
  ping(account: Account): string;
  /** Ms between pings; null = never. */
  readonly pingEveryMs: number | null;
  /** Ms from the end of an answer to the next request; `queued`: it carries stanzas and is no mere poll. */
  thinkGapMs(queued: boolean): number;
  /** Ms from a stanza's hand-over to its request. */
  sendDelayMs(): number;
  /** Ms after which a request is aborted. */
  patienceMs(wait: number): number;
  /** Length of the ticks the library counts its pauses in, which a hidden tab stretches. */
  readonly tickMs: number;
  /** Ms until the same request is sent again after its nth failure, or null to give up. */
  retryAfterMs(failure: Failure, failures: number): number | null;
}

const httpBind = "http://jabber.org/protocol/httpbind";
const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
const between = (low: number, high: number): number => low + Math.random() * (high - low);

/** JabberWerx's ids: 20 bytes in base64. */
const hashId = (): string => randomBytes(20).toString("base64");

export const jabberWerx: BoshDialect = {
  name: "jabberwerx",
  headers: [
    "Accept",
    "text/plain, */*; q=0.01",
    "Content-Type",
    "text/xml",
    "X-Requested-With",
    "XMLHttpRequest",
  ],
  firstRid: () => 32_768 + Math.floor(Math.random() * (2 ** 32 - 32_768)),
  creation: ({ domain, user }, rid, wait) =>
    `<body xmlns="${httpBind}" xml:lang="en-US" xmlns:xmpp="urn:xmpp:xbosh" hold="1" ver="1.9" to="${domain}" wait="${wait}" xmpp:version="1.0" from="${user}@${domain}" rid="${rid}"/>`,
  auth: ({ user, password }) =>
    `<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">${base64(`\0${user}\0${password}`)}</auth>`,
  restart: ({ domain }, sid, rid) =>
    `<body xmlns="${httpBind}" sid="${sid}" xml:lang="en-US" xmlns:xmpp="urn:xmpp:xbosh" xmpp:restart="true" to="${domain}" rid="${rid}"/>`,
  body: (sid, rid, stanzas) => {
    const head = `<body xmlns="${httpBind}" sid="${sid}" rid="${rid}"`;
    return stanzas.length === 0 ? `${head}/>` : `${head}>${stanzas.join("")}</body>`;
  },
  terminate: (sid, rid) => `<body xmlns="${httpBind}" type="terminate" sid="${sid}" rid="${rid}"/>`,
  bind: () =>
    `<iq xmlns="jabber:client" type="set" id="${hashId()}"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>desktop</resource></bind></iq>`,
  afterBind: ({ domain }) =>
    ["disco#info", "disco#items"].map((feature) => {
      const id = hashId();
      return [
        id,
        `<iq xmlns="jabber:client" type="get" to="${domain}" id="${id}"><query xmlns="http://jabber.org/protocol/${feature}"/></iq>`,
      ] as const;
    }),
  presence:
    '<presence xmlns="jabber:client"><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="http://jabber.cisco.com/caxl" ver="VNC6fNwvCxe6FJfDJIpLryVJRwM="/></presence>',
  ping: ({ domain }) =>
    `<iq xmlns="jabber:client" type="get" to="${domain}" id="${hashId()}"><ping xmlns="urn:xmpp:ping"/></iq>`,
  pingEveryMs: null,
  // A heartbeat of 10 ms that browsers run a little late.
  thinkGapMs: () => between(10, 15),
  sendDelayMs: () => between(0, 10),
  patienceMs: (wait) => wait * 1000 + 5000,
  tickMs: 10,
  // 50 n² heartbeats, each 10.2 ms as measured; it knows no statuses.
  retryAfterMs: (_failure, failures) => (failures > 3 ? null : 510 * failures * failures),
};

const stropheWait = { primary: 1.1, maxRetries: 5, maxErrors: 4 } as const;

export const strophe: BoshDialect = {
  name: "strophe",
  headers: ["Accept", "*/*", "Content-Type", "text/xml; charset=utf-8"],
  firstRid: () => Math.floor(Math.random() * 4_294_967_295) + 1,
  creation: ({ domain }, rid, wait) =>
    `<body rid='${rid}' xmlns='${httpBind}' to='${domain}' xml:lang='en' wait='${wait}' hold='1' content='text/xml; charset=utf-8' ver='1.6' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'/>`,
  auth: ({ domain, user, password }) =>
    `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${base64(`${user}@${domain}\0${user}\0${password}`)}</auth>`,
  restart: ({ domain }, sid, rid) =>
    `<body rid='${rid}' xmlns='${httpBind}' sid='${sid}' to='${domain}' xml:lang='en' xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh'/>`,
  body: (sid, rid, stanzas) => {
    const head = `<body rid='${rid}' xmlns='${httpBind}' sid='${sid}'`;
    return stanzas.length === 0 ? `${head}/>` : `${head}>${stanzas.join("")}</body>`;
  },
  terminate: (sid, rid) =>
    `<body rid='${rid}' xmlns='${httpBind}' sid='${sid}' type='terminate'><presence xmlns='jabber:client' type='unavailable'/></body>`,
  bind: () =>
    "<iq type='set' id='_bind_auth_2' xmlns='jabber:client'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desktop</resource></bind></iq>",
  afterBind: () => [
    [
      "_session_auth_2",
      "<iq type='set' id='_session_auth_2' xmlns='jabber:client'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>",
    ],
  ],
  presence: "<presence xmlns='jabber:client'/>",
  ping: ({ domain }) =>
    `<iq type='get' to='${domain}' id='${randomUUID()}:ping' xmlns='jabber:client'><ping xmlns='urn:xmpp:ping'/></iq>`,
  pingEveryMs: 10_000,
  // Stanzas flush at once, polls wait for its idle timer.
  thinkGapMs: (queued) => (queued ? between(0, 5) : between(100, 110)),
  sendDelayMs: () => between(0, 5),
  patienceMs: (wait) => Math.floor(stropheWait.primary * wait) * 1000,
  tickMs: 100,
  retryAfterMs: (failure, failures) => {
    if (failure.kind === "status" && failure.status < 500) return null;
    const most = failure.kind === "timeout" ? stropheWait.maxRetries : stropheWait.maxErrors;
    if (failures > most) return null;
    return failures === 1 ? 1 : Math.min(33, failures ** 3) * 1000;
  },
};
