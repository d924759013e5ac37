/** Fifty-odd places where a secret is planted, each as real traffic has it. `word`: the place takes no blanks, quotes or delimiters. */
import type { RedactedBody, Redactor } from "../../../src/redact/redactor.ts";

export interface Planted {
  readonly name: string;
  readonly takes: "any" | "word";
  /** Redacts a message with the secret in it. */
  readonly send: (
    redactor: Redactor,
    secret: string,
  ) => { readonly before: string; readonly after: string };
  /** What the result must still parse as. */
  readonly parses?: "xml" | "json" | "form";
}

export const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
export const base64url = (text: string): string => Buffer.from(text, "utf8").toString("base64url");
export const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
export const xmlEscape = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
const json = (text: string): string => JSON.stringify(text);
const percent = (text: string): string => encodeURIComponent(text);
const user = "47483648";

type Make = (secret: string) => string;
const asHead =
  (make: Make): Planted["send"] =>
  (redactor, secret) => {
    const before = make(secret);
    return { before, after: redactor.head(before).text };
  };
const asUrl =
  (make: Make): Planted["send"] =>
  (redactor, secret) => {
    const before = make(secret);
    return { before, after: redactor.url(before).text };
  };
const asBody =
  (
    contentType: string | null,
    path: string,
    make: Make,
    side: "request" | "response" = "request",
  ): Planted["send"] =>
  (redactor, secret) => {
    const before = make(secret);
    const result: RedactedBody = redactor.body({ text: before, contentType, path, side });
    if (!result.readable) throw new Error(`not read: ${before}`);
    return { before, after: result.text };
  };
const asFrame =
  (make: Make): Planted["send"] =>
  (redactor, secret) => {
    const before = make(secret);
    return { before, after: redactor.frame(before).text };
  };

const header = (name: string, value: Make): Planted["send"] =>
  asHead(
    (secret) => `GET /x HTTP/1.1\r\nHost: fin1\r\n${name}: ${value(secret)}\r\nAccept: */*\r\n\r\n`,
  );
const sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
const bind = "http://jabber.org/protocol/httpbind";
const formType = "application/x-www-form-urlencoded; charset=UTF-8";
const log = (make: Make): Planted["send"] =>
  asBody(
    "application/xml",
    "/finesse/api/User/1/ClientLog",
    (secret) =>
      `<ClientLog><logData>Mozilla/5.0&#10;2019: Header : ${xmlEscape(make(secret))}</logData></ClientLog>`,
  );

export const planted: readonly Planted[] = [
  {
    name: "Basic",
    takes: "any",
    send: header("Authorization", (s) => `Basic ${base64(`${user}:${s}`)}`),
  },
  {
    name: "Basic, odd case",
    takes: "any",
    send: header("aUTHORIZATION", (s) => `bASIC ${base64(`${user}:${s}`)}`),
  },
  {
    name: "Basic, folded",
    takes: "any",
    send: header("Authorization", (s) => `Basic\r\n\t${base64(`${user}:${s}`)}`),
  },
  {
    name: "Basic, unpadded",
    takes: "any",
    send: header("Authorization", (s) => `Basic ${base64url(`${user}:${s}`)}`),
  },
  {
    name: "Basic for a proxy",
    takes: "any",
    send: header("Proxy-Authorization", (s) => `Basic ${base64(`a@b:${s}`)}`),
  },
  { name: "Bearer", takes: "word", send: header("Authorization", (s) => `Bearer ${s}`) },
  {
    name: "an unknown scheme",
    takes: "word",
    send: header("Authorization", (s) => `Finesse ${s}`),
  },
  { name: "no scheme", takes: "word", send: header("authorization", (s) => s) },
  {
    name: "Negotiate answer",
    takes: "word",
    send: header("WWW-Authenticate", (s) => `Negotiate ${s}`),
  },
  {
    name: "session cookie",
    takes: "word",
    send: header("Cookie", (s) => `finesse_ag_extension=10005; JSESSIONID=${s}`),
  },
  { name: "quoted cookie", takes: "word", send: header("Cookie", (s) => `a=1; sso="${s}"; b=2`) },
  {
    name: "Set-Cookie",
    takes: "word",
    send: asHead(
      (s) => `HTTP/1.1 200 OK\r\nSet-Cookie: SSOID=${s}; Path=/; Secure; HttpOnly\r\n\r\n`,
    ),
  },
  {
    name: "WebSocket protocol",
    takes: "word",
    send: header("Sec-WebSocket-Protocol", (s) => `xmpp, ${percent(s)}`),
  },
  {
    name: "WebSocket protocol, base64",
    takes: "any",
    send: header("Sec-WebSocket-Protocol", (s) => `xmpp, ${base64url(`${user}:${s}`)}`),
  },
  { name: "X-…-Token", takes: "word", send: header("X-Finesse-Auth-Token", (s) => s) },
  { name: "API key header", takes: "word", send: header("X-Api-Key", (s) => s) },
  {
    name: "unknown header with Basic",
    takes: "any",
    send: header("X-Debug", (s) => `Authorization: Basic ${base64(`${user}:${s}`)}`),
  },
  {
    name: "Referer",
    takes: "any",
    send: header("Referer", (s) => `https://fin1/desktop/?access_token=${percent(s)}`),
  },
  {
    name: "Location fragment",
    takes: "any",
    send: asHead(
      (s) =>
        `HTTP/1.1 302 Found\r\nLocation: https://fin1/cb#id_token=${percent(s)}&state=1\r\n\r\n`,
    ),
  },
  {
    name: "trailer",
    takes: "word",
    send: asHead((s) => `X-Session-Token: ${s}\r\nX-Other: 1\r\n`),
  },
  {
    name: "request target",
    takes: "any",
    send: asHead(
      (s) => `GET /gadgets/makeRequest?url=x&st=${percent(s)} HTTP/1.1\r\nHost: f\r\n\r\n`,
    ),
  },
  {
    name: "user info",
    takes: "any",
    send: asUrl((s) => `https://${user}:${percent(s)}@fin1.ucce.local/finesse/api/User/1`),
  },
  {
    name: "path parameter",
    takes: "any",
    send: asUrl((s) => `/desktop/logon;jsessionid=${percent(s)}?locale=en_US`),
  },
  {
    name: "query token",
    takes: "any",
    send: asUrl((s) => `/desktop/sso/token?cc_username=a&refresh-token=${percent(s)}`),
  },
  { name: "query password", takes: "any", send: asUrl((s) => `/x?j_password=${percent(s)}&a=b`) },
  {
    name: "SAML response in a URL",
    takes: "any",
    send: asUrl((s) => `/saml?SAMLResponse=${percent(base64(s))}&RelayState=1`),
  },
  {
    name: "authorization code",
    takes: "any",
    send: asUrl((s) => `/cb?code=${percent(s)}&state=xyz`),
  },
  {
    name: "gadget call by GET",
    takes: "any",
    send: asUrl(
      (s) =>
        `/gadgets/makeRequest?url=https%3A%2F%2Ffin1&httpMethod=GET&headers=${percent(`Authorization=${percent(`Basic ${base64(`${user}:${s}`)}`)}&Accept=x`)}`,
    ),
  },
  {
    name: "gadget call's inner URL",
    takes: "any",
    send: asUrl((s) => `/gadgets/makeRequest?url=${percent(`https://fin1/x?token=${percent(s)}`)}`),
  },
  {
    name: "login form",
    takes: "any",
    parses: "form",
    send: asBody(
      formType,
      "/desktop/j_security_check",
      (s) => `j_username=${user}&j_password=${percent(s)}`,
    ),
  },
  {
    name: "login form, plus for blanks",
    takes: "any",
    parses: "form",
    send: asBody(formType, "/x", (s) => `user=1&passwd=${percent(s).replaceAll("%20", "+")}&x=`),
  },
  {
    name: "form by path",
    takes: "any",
    parses: "form",
    send: asBody(null, "/desktop/sso/token", (s) => `token=${percent(s)}&refresh-token=1`),
  },
  {
    name: "gadget call by POST",
    takes: "any",
    parses: "form",
    send: asBody(
      formType,
      "/gadgets/makeRequest",
      (s) =>
        `url=x&headers=${percent(`Authorization=${percent(`Basic ${base64(`${user}:${s}`)}`)}`)}&postData=`,
    ),
  },
  {
    name: "gadget call's postData, form",
    takes: "any",
    parses: "form",
    send: asBody(
      formType,
      "/gadgets/makeRequest",
      (s) => `postData=${percent(`password=${percent(s)}&a=b`)}&url=x`,
    ),
  },
  {
    name: "gadget call's postData, XML",
    takes: "any",
    parses: "form",
    send: asBody(
      formType,
      "/gadgets/makeRequest",
      (s) => `postData=${percent(`<User><password>${xmlEscape(s)}</password></User>`)}`,
    ),
  },
  {
    name: "gadget call's postData, JSON",
    takes: "any",
    parses: "form",
    send: asBody(
      formType,
      "/gadgets/makeRequest",
      (s) => `postData=${percent(`{"a":{"password":${json(s)}}}`)}`,
    ),
  },
  {
    name: "SASL PLAIN, JabberWerx",
    takes: "any",
    parses: "xml",
    send: asBody(
      "text/xml",
      "/http-bind/",
      (s) =>
        `<body xmlns="${bind}" sid="f382a015" rid="2861121872"><auth xmlns="${sasl}" mechanism="PLAIN">${base64(`\0${user}\0${s}`)}</auth></body>`,
    ),
  },
  {
    name: "SASL PLAIN, Strophe",
    takes: "any",
    parses: "xml",
    send: asBody(
      "text/xml; charset=utf-8",
      "/http-bind",
      (s) =>
        `<body rid='1' xmlns='${bind}' sid='f'><auth xmlns='${sasl}' mechanism='PLAIN'>${base64(`a@b\0${user}\0${s}`)}</auth></body>`,
    ),
  },
  {
    name: "SASL with a prefix",
    takes: "any",
    parses: "xml",
    send: asBody(
      "text/xml",
      "/other",
      (s) => `<x:response xmlns:x = '${sasl}'>\n${base64(s)}\n</x:response>`,
    ),
  },
  {
    name: "SASL without namespace",
    takes: "any",
    parses: "xml",
    send: asBody(null, "/http-bind/", (s) => `<body><response>${base64(s)}</response></body>`),
  },
  {
    name: "SASL split by a comment",
    takes: "any",
    parses: "xml",
    send: asBody(
      "text/xml",
      "/http-bind/",
      (s) =>
        `<body><success xmlns="${sasl}">${base64(s).slice(0, 5)}<!-- x -->${base64(s).slice(5)}</success></body>`,
    ),
  },
  {
    name: "SASL over WebSocket",
    takes: "any",
    parses: "xml",
    send: asFrame(
      (s) => `<auth xmlns='${sasl}' mechanism='PLAIN'>${base64(`\0${user}\0${s}`)}</auth>`,
    ),
  },
  {
    name: "XML element",
    takes: "any",
    parses: "xml",
    send: asBody(
      "application/xml",
      "/finesse/api/User/1",
      (s) =>
        `<?xml version="1.0"?><User><ns:Password xmlns:ns="u">${xmlEscape(s)}</ns:Password></User>`,
    ),
  },
  {
    name: "XML attribute",
    takes: "any",
    parses: "xml",
    send: asBody("application/xml", "/x", (s) => `<User clientSecret="${xmlEscape(s)}" name="a"/>`),
  },
  {
    name: "XML parameter",
    takes: "any",
    parses: "xml",
    send: asBody(
      "application/xml",
      "/x",
      (s) => `<p><param name="password" value="${xmlEscape(s)}"/></p>`,
    ),
  },
  {
    name: "XML, CDATA",
    takes: "any",
    parses: "xml",
    send: asBody(
      "application/xml",
      "/x",
      (s) => `<User><access_token><![CDATA[${s.replaceAll("]]>", "")}]]></access_token></User>`,
    ),
  },
  {
    name: "escaped XML inside XML",
    takes: "any",
    parses: "xml",
    send: asBody(
      "text/xml",
      "/http-bind/",
      (s) =>
        `<body xmlns='${bind}'><message><event><notification>${xmlEscape(`<Update>\n <data><token>${xmlEscape(s)}</token></data></Update>`)}</notification></event></message></body>`,
    ),
  },
  {
    name: "XML cut short",
    takes: "any",
    send: asBody("application/xml", "/x", (s) => `<User><name>a</name><password>${xmlEscape(s)}`),
  },
  {
    name: "JSON",
    takes: "any",
    parses: "json",
    send: asBody(
      "application/json",
      "/desktop/sso/token",
      (s) => `{"token":${json(s)},"expires_in": 3600 }`,
      "response",
    ),
  },
  {
    name: "JSON, nested",
    takes: "any",
    parses: "json",
    send: asBody("application/json", "/x", (s) => `[{"a":[1,{"refreshToken":[${json(s)}]}]}]`),
  },
  {
    name: "JSON, name and value",
    takes: "any",
    parses: "json",
    send: asBody("application/json", "/x", (s) => `[{"name":"password","value":${json(s)}}]`),
  },
  {
    name: "JSON in JSON",
    takes: "any",
    parses: "json",
    send: asBody("application/json", "/x", (s) =>
      json(`{"x":${json(`{"password":${json(s)}}`)}}`)
        .replace(/^/, '{"body":')
        .replace(/$/, "}"),
    ),
  },
  {
    name: "JSON, escaped key",
    takes: "any",
    parses: "json",
    send: asBody("application/json", "/x", (s) => `{"pass\\u0077ord":${json(s)}}`),
  },
  {
    name: "JSON after the container's armour",
    takes: "any",
    send: asBody(
      "application/json",
      "/gadgets/makeRequest",
      (s) =>
        `throw 1; < don't be evil' >{"https://fin1/x?token=${percent(s)}":{"body":"","rc":200}}`,
      "response",
    ),
  },
  {
    name: "JSON cut short",
    takes: "any",
    send: asBody("application/json", "/x", (s) => `{"a":1,"token":${json(s).slice(0, -1)}`),
  },
  {
    name: "multipart",
    takes: "any",
    send: asBody(
      "multipart/form-data; boundary=----b1",
      "/x",
      (s) =>
        `------b1\r\nContent-Disposition: form-data; name="password"\r\n\r\n${s}\r\n------b1--\r\n`,
    ),
  },
  {
    name: "hidden field of a page",
    takes: "word",
    send: asBody(
      "text/html",
      "/sso",
      (s) =>
        `<html><form><input type="hidden" name="SAMLResponse" value="${base64(s)}"/></form></html>`,
      "response",
    ),
  },
  {
    name: "password field of a page",
    takes: "word",
    send: asBody(
      "text/html;charset=UTF-8",
      "/logon",
      (s) => `<!DOCTYPE html><html><INPUT value='${s}' name=pw type=password></html>`,
      "response",
    ),
  },
  {
    name: "client log, Basic",
    takes: "any",
    parses: "xml",
    send: log((s) => `makeRequest headers Authorization: Basic ${base64(`${user}:${s}`)} sent`),
  },
  {
    name: "client log, password=",
    takes: "word",
    parses: "xml",
    send: log((s) => `login id=${user}, password=${s}, ext=10005`),
  },
  {
    name: "client log, quoted",
    takes: "word",
    parses: "xml",
    send: log((s) => `params {"password":"${s}","id":1} and token: '${s}'`),
  },
  {
    name: "client log, XML",
    takes: "word",
    parses: "xml",
    send: log((s) => `sent <User><password>${s}</password></User> ok`),
  },
  {
    name: "client log, URL",
    takes: "any",
    parses: "xml",
    send: log(
      (s) =>
        `GET https://fin1:8445/gadgets/makeRequest?headers=${percent(`Authorization=Basic%20${base64(`${user}:${s}`)}`)} 200`,
    ),
  },
  {
    name: "plain text, stanza among words",
    takes: "any",
    send: asBody(
      "text/plain",
      "/log",
      (s) =>
        `HTTP RECV(f382a015): <body><auth xmlns='${sasl}' mechanism='PLAIN'>${base64(`\0${user}\0${s}`)}</auth></body>`,
    ),
  },
];
