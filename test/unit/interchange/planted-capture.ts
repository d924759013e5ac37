/** Exchanges with a secret in each place that the redactor's tests know, and with people in every place that Finesse has for them. */
import type { ExchangeCopy } from "../../../src/interchange/exchange-copy.ts";
import type { Redactor } from "../../../src/redact/redactor.ts";
import { base64, planted, xmlEscape } from "../redact/planted.ts";
import { bytes, copy, message, startWall } from "./copies.ts";

/** One for each place, so that a leak names its place. */
export const secretOf = (index: number, takes: "any" | "word"): string =>
  takes === "word" ? `Wq7planted${index}k9Zx` : `q&nt<d>"'${index}=/+9 ~Z7!k`;

export const secrets = planted.map(({ name, takes }, index) => ({
  name,
  secret: secretOf(index, takes),
}));

/** Who and what must not be found in a redacted export. */
export const people: Readonly<Record<string, string>> = {
  "agent id": "47001234",
  "second agent": "47005678",
  "login name": "galtamirano",
  extension: "70555",
  "first name": "Genoveva",
  "last name": "Altamirano Ruiz",
  caller: "5550142233",
  dialled: "+34600112233",
  "call variable": "Cliente VIP 99-31",
  "ECC variable": "poliza 4471-XK",
  sid: "9f3ac1d2",
  "mail address": "genoveva.altamirano",
};

/** What the planted place would have had redacted, as the exchange that it would be part of. */
export function secretCopies(): ExchangeCopy[] {
  return planted.map(({ send, takes }, index) => {
    let change: Partial<ExchangeCopy> = {};
    const seen: Redactor = {
      head(head) {
        change = headChange(head);
        return { text: head, replaced: false };
      },
      url(url) {
        const absolute = /^[a-z]+:/i.test(url) ? url : `https://fin1.demo.test:8445${url}`;
        const path = absolute.replace(/^[a-z]+:\/\/[^/]*/i, "") || "/";
        change = { url: absolute, request: message(`GET ${path} HTTP/1.1\nHost: fin1\n\n`, null) };
        return { text: url, replaced: false };
      },
      body({ text, contentType, path, side }) {
        change = bodyChange(text, contentType, path, side);
        return { text, replaced: false, readable: true };
      },
      frame(text) {
        change = frameChange(text);
        return { text, replaced: false, readable: true };
      },
      reveal: () => null,
      learned: 0,
    };
    send(seen, secretOf(index, takes));
    return copy(index + 1, change);
  });
}

function headChange(head: string): Partial<ExchangeCopy> {
  const whole = head.endsWith("\r\n\r\n") ? head : `${head.trimEnd()}\r\n\r\n`;
  if (head.startsWith("HTTP/")) return { response: message(whole, null) };
  if (/^\S+ \S+ HTTP\//.test(head)) return { request: message(whole, null) };
  return { request: message(`GET /x HTTP/1.1\r\n${whole}`, null) };
}

function bodyChange(
  text: string,
  contentType: string | null,
  path: string,
  side: "request" | "response",
): Partial<ExchangeCopy> {
  const type = contentType === null ? "" : `Content-Type: ${contentType}\n`;
  const url = `https://fin1.demo.test:8445${path}`;
  return side === "request"
    ? { url, request: message(`POST ${path} HTTP/1.1\nHost: fin1\n${type}\n`, bytes(text)) }
    : {
        url,
        request: message(`GET ${path} HTTP/1.1\nHost: fin1\n\n`, null),
        response: message(`HTTP/1.1 200 OK\n${type}\n`, bytes(text)),
      };
}

const frameChange = (text: string): Partial<ExchangeCopy> => ({
  kind: "websocket",
  method: "GET",
  url: "wss://fin1.demo.test:8445/ws/",
  request: message("GET /ws/ HTTP/1.1\nHost: fin1\nUpgrade: websocket\n\n", null),
  response: message("HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\n\n", null),
  outcome: { kind: "responded", status: 101, reason: "Switching Protocols" },
  frames: [
    {
      atWall: startWall + 900_000,
      from: "client",
      opcode: 1,
      length: text.length,
      body: bytes(text),
      cut: false,
    },
  ],
});

const of = (name: string): string => people[name] ?? "";
const xmlns = "http://jabber.org/protocol/httpbind";

const update = `<Update><data><user><dialogs>/finesse/api/User/${of("agent id")}/Dialogs</dialogs><extension>${of("extension")}</extension><firstName>${of("first name")}</firstName><lastName>${of("last name")}</lastName><loginId>${of("agent id")}</loginId><loginName>${of("login name")}</loginName><state>READY</state><teamName>Ventas</teamName></user></data><event>PUT</event><requestId></requestId><source>/finesse/api/User/${of("agent id")}</source></Update>`;
const dialog = `<Update><data><dialogs><Dialog><fromAddress>${of("caller")}</fromAddress><toAddress>${of("extension")}</toAddress><mediaProperties><callvariables><CallVariable><name>callVariable1</name><value>${of("call variable")}</value></CallVariable><CallVariable><name>user.poliza</name><value>${of("ECC variable")}</value></CallVariable></callvariables></mediaProperties></Dialog></dialogs></data></Update>`;

const pushed = (payload: string): string =>
  `<body xmlns='${xmlns}'><message xmlns="jabber:client" from="pubsub.fin1.demo.test" to="${of("agent id")}@fin1.demo.test/desktop" id="/finesse/api/User/${of("agent id")}__${of("agent id")}@fin1.demo.test__aB3xY"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="/finesse/api/User/${of("agent id")}"><item><notification xmlns="http://jabber.org/protocol/pubsub">${xmlEscape(payload)}</notification></item></items></event></message></body>`;

const poll = (rid: number): Partial<ExchangeCopy> => ({
  url: "https://fin1.demo.test:7443/http-bind/",
  port: 7443,
  request: message(
    `POST /http-bind/ HTTP/1.1\nHost: fin1.demo.test:7443\nContent-Type: text/xml\nCookie: finesse_ag_extension=${of("extension")}; cc_username=${of("login name")}\n\n`,
    bytes(`<body xmlns="${xmlns}" sid="${of("sid")}" rid="${rid}"/>`),
  ),
});
const answer = (text: string): Partial<ExchangeCopy> => ({
  response: message("HTTP/1.1 200 OK\nContent-Type: text/xml\n\n", bytes(text)),
});

/** Before their places say who they are, some are named already: in a log, in a URL. */
export function peopleCopies(first: number): ExchangeCopy[] {
  const changes: readonly Partial<ExchangeCopy>[] = [
    {
      url: `https://fin1.demo.test:8445/desktop?for=${of("agent id")}&nocache=1492185680998`,
      request: message(
        `GET /desktop?for=${of("agent id")}&nocache=1492185680998 HTTP/1.1\nHost: fin1.demo.test:8445\nX-Note: ${of("login name")}\n\n`,
        null,
      ),
      comment: `${of("first name")} called about ${of("caller")}`,
    },
    {
      ...poll(2_861_121_871),
      request: message(
        "POST /http-bind/ HTTP/1.1\nHost: fin1.demo.test:7443\nContent-Type: text/xml\n\n",
        bytes(
          `<body xmlns="${xmlns}" to="fin1.demo.test" wait="30" hold="1" ver="1.9" from="${of("agent id")}@fin1.demo.test" rid="2861121871"/>`,
        ),
      ),
      ...answer(
        `<body xmlns="${xmlns}" authid="${of("sid")}" sid="${of("sid")}" wait="30" hold="1" requests="2" inactivity="60" ack="2861121871" ver="1.6"/>`,
      ),
    },
    { ...poll(2_861_121_872), ...answer(pushed(update)) },
    { ...poll(2_861_121_873), ...answer(pushed(dialog)) },
    { ...poll(2_861_121_874), ...answer(`<body xmlns='${xmlns}'></body>`) },
    {
      url: `https://fin1.demo.test:8445/finesse/api/User/${of("second agent")}/ClientLog`,
      request: message(
        `POST /finesse/api/User/${of("second agent")}/ClientLog HTTP/1.1\nHost: fin1.demo.test:8445\nContent-Type: application/xml\n\n`,
        bytes(
          `<ClientLog><logData>Mozilla&#10;Agent Id : ${of("second agent")} with ${of("agent id")}, ${base64(`user ${of("agent id")} end`)} ${of("first name")} ${encodeURIComponent(of("call variable"))} sid ${of("sid")}</logData></ClientLog>`,
        ),
      ),
    },
    {
      url: "https://fin1.demo.test:8445/gadgets/makeRequest",
      request: message(
        "POST /gadgets/makeRequest HTTP/1.1\nHost: fin1.demo.test:8445\nContent-Type: application/x-www-form-urlencoded\n\n",
        bytes(
          `url=${encodeURIComponent(`https://crm.test/find?phone=${encodeURIComponent(of("dialled"))}&mail=${of("mail address")}@planted.test`)}&postData=${encodeURIComponent(JSON.stringify({ loginId: of("agent id"), phoneNumber: of("dialled") }))}`,
        ),
      ),
      ...answer(JSON.stringify({ agentName: `${of("first name")} ${of("last name")}` })),
    },
    frameChange(
      `<message xmlns="jabber:client" to="${of("agent id")}@fin1.demo.test/desktop"><body>${of("last name")} ${of("sid")}</body></message>`,
    ),
  ];
  return changes.map((change, index) => copy(first + index, change));
}
