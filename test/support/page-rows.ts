/** Made-up but realistic Finesse traffic for looking at the page without a proxy. */
import type { ConnectionRecord } from "../../src/domain/connection.ts";
import type {
  ExchangeDetail,
  ExchangeSummary,
  MessageDetail,
  Outcome,
  Timing,
  WebSocketFrame,
} from "../../src/domain/exchange.ts";

export const captureId = "c7f3a1";

const host = "fin1.ucce.local";
const second = "fin2.ucce.local";

export interface Made {
  readonly summary: ExchangeSummary;
  readonly requestBody: string;
  readonly responseBody: string;
  readonly requestHeaders: readonly (readonly [string, string])[];
  readonly responseHeaders: readonly (readonly [string, string])[];
  readonly frames: readonly WebSocketFrame[];
}

type Options = Partial<
  Omit<ExchangeSummary, "id" | "number" | "seq" | "at" | "timing" | "captureId">
> & {
  readonly holdMs?: number | null;
  readonly timing?: Partial<Timing>;
  readonly requestBody?: string;
  readonly responseBody?: string;
  readonly frames?: readonly WebSocketFrame[];
};

const emptyPoll = "<body xmlns='http://jabber.org/protocol/httpbind'></body>";

const notification = (state: string): string =>
  `<body xmlns='http://jabber.org/protocol/httpbind'><message xmlns="jabber:client" from="pubsub.${host}" to="47483648@${host}" id="/finesse/api/User/47483648__47483648@${host}__K7hYF"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="/finesse/api/User/47483648"><item id="26a3e421-0000-4752-8a1d-5adbdac74a7717"><notification xmlns="http://jabber.org/protocol/pubsub">&lt;Update&gt;
  &lt;data&gt;
    &lt;user&gt;
      &lt;dialogs&gt;/finesse/api/User/47483648/Dialogs&lt;/dialogs&gt;
      &lt;extension&gt;10005&lt;/extension&gt;
      &lt;firstName&gt;Isaac&lt;/firstName&gt;
      &lt;lastName&gt;Newton&lt;/lastName&gt;
      &lt;loginId&gt;47483648&lt;/loginId&gt;
      &lt;state&gt;${state}&lt;/state&gt;
      &lt;stateChangeTime&gt;2026-11-22T10:02:11.783Z&lt;/stateChangeTime&gt;
      &lt;teamName&gt;Maths&lt;/teamName&gt;
    &lt;/user&gt;
  &lt;/data&gt;
  &lt;event&gt;PUT&lt;/event&gt;
  &lt;requestId&gt;07f14a42-6b3c-4855-a4c9-af50ab5e7cc6&lt;/requestId&gt;
  &lt;source&gt;/finesse/api/User/47483648&lt;/source&gt;
&lt;/Update&gt;</notification></item></items></event></message></body>`;

const responded = (status: number, reason: string): Outcome => ({
  kind: "responded",
  status,
  reason,
});

/** Builds one exchange; `ageMs`: how long before `now` its first byte came. */
export function makeExchange(
  number: number,
  now: number,
  ageMs: number,
  options: Options = {},
): Made {
  const outcome = options.outcome ?? responded(200, "OK");
  const holdMs = outcome.kind === "responded" ? (options.holdMs ?? 14) : null;
  const responseBody = options.responseBody ?? "";
  const requestBody = options.requestBody ?? "";
  const path = options.path ?? "/desktop/container/";
  const kind = options.kind ?? "http";
  const port = options.port ?? 8445;
  const name = options.host ?? host;
  const answered = outcome.kind === "responded";
  const summary: ExchangeSummary = {
    id: `${captureId}-${number}`,
    number,
    captureId,
    seq: number,
    at: new Date(now - ageMs).toISOString(),
    kind,
    role: options.role ?? "other",
    method: options.method ?? "GET",
    url: kind === "tunnel" ? `${name}:${port}` : `https://${name}:${port}${path}`,
    protocol: options.protocol ?? "HTTPS",
    host: name,
    port,
    path,
    httpVersion: "HTTP/1.1",
    connection: options.connection ?? 3,
    client: options.client ?? { address: "127.0.0.1", port: 52114, process: "chrome:14212" },
    outcome,
    sizes: {
      requestHead: 612,
      requestBody: requestBody.length,
      responseHead: answered ? 231 : 0,
      responseBody: answered ? responseBody.length : -1,
      ...options.sizes,
    },
    timing: {
      requestEnd: 0.4,
      serverConnected: -1200,
      serverTls: -1180,
      requestSent: 0.6,
      responseFirst: holdMs === null ? null : 0.6 + holdMs,
      responseEnd: holdMs === null ? null : 1.1 + holdMs,
      delivered: holdMs === null ? null : 1.3 + holdMs,
      failed: null,
      ...options.timing,
    },
    holdMs,
    thinkGapMs: options.thinkGapMs ?? null,
    waitMs: options.waitMs ?? null,
    contentType:
      "contentType" in options
        ? (options.contentType ?? null)
        : answered
          ? "text/html;charset=UTF-8"
          : null,
    caching: options.caching ?? null,
    agent: options.agent ?? null,
    sid: options.sid ?? null,
    rid: options.rid ?? null,
    event: options.event ?? null,
    faults: options.faults ?? [],
    notes: options.notes ?? [],
    related: [],
    comment: options.comment ?? null,
    mark: options.mark ?? null,
  };
  return {
    summary,
    requestBody,
    responseBody,
    requestHeaders: [
      ["Host", `${name}:${port}`],
      ["Connection", "keep-alive"],
      ["Accept", "text/plain, */*; q=0.01"],
      ["X-Requested-With", "XMLHttpRequest"],
      ["User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"],
      ["Cookie", "finesse_ag_extension=10005; JSESSIONID=‹secret 7f3a›"],
    ],
    responseHeaders: [
      ["Content-Type", summary.contentType ?? "text/xml"],
      ["content-length", String(responseBody.length)],
      ["Strict-Transport-Security", "max-age=31536000"],
      ["Set-Cookie", "JSESSIONID=‹secret 7f3a›; Path=/; Secure; HttpOnly"],
    ],
    frames: options.frames ?? [],
  };
}

const poll = (rid: number, agent = "47483648", sid = "f382a015"): Options => ({
  role: "poll",
  method: "POST",
  path: "/http-bind/",
  port: 7443,
  waitMs: 30_000,
  sid,
  rid,
  agent,
  contentType: "text/xml;charset=utf-8",
  requestBody: `<body xmlns="http://jabber.org/protocol/httpbind" sid="${sid}" rid="${rid}"/>`,
});

const waiting: Options = {
  outcome: { kind: "pending" },
  contentType: null,
  timing: { responseFirst: null, responseEnd: null, delivered: null },
};

const failed = (
  cause: Extract<Outcome, { kind: "failed" }>["cause"],
  blame: Extract<Outcome, { kind: "failed" }>["blame"],
  detail: string,
  atMs: number,
): Options => ({
  outcome: {
    kind: "failed",
    phase: "headers",
    cause,
    blame,
    status: null,
    alert: cause === "tls-untrusted" ? 46 : null,
    detail,
  },
  contentType: null,
  timing: { responseFirst: null, responseEnd: null, delivered: null, failed: atMs },
});

const systemInfo = `<SystemInfo>\n  <currentTimestamp>2026-11-22T10:01:09.370Z</currentTimestamp>\n  <deploymentType>UCCE</deploymentType>\n  <primaryNode><host>${host}</host></primaryNode>\n  <status>IN_SERVICE</status>\n</SystemInfo>`;

function frame(index: number, now: number, from: "client" | "server", text: string) {
  return {
    index,
    at: new Date(now - 60_000 + index * 900).toISOString(),
    from,
    opcode: 1,
    final: true,
    length: text.length,
    text,
    hex: null,
    cut: false,
    event: null,
  } as const;
}

/** One of each thing worth looking at, oldest first. */
export function sampleExchanges(now: number): readonly Made[] {
  const list: (readonly [number, Options])[] = [
    [
      190_000,
      {
        kind: "tunnel",
        role: "tunnel",
        method: "CONNECT",
        protocol: "HTTP",
        host: "login.microsoftonline.com",
        port: 443,
        connection: 1,
        contentType: null,
        sizes: { requestHead: 0, requestBody: 4211, responseHead: 0, responseBody: 18_822 },
      },
    ],
    [
      188_000,
      {
        path: "/desktop/container/?locale=en_US",
        responseBody: "<!DOCTYPE html><html>…</html>".repeat(60),
        caching: "no-cache, no-store",
      },
    ],
    [
      187_600,
      {
        path: "/desktop/thirdparty/finesse/finesse.js",
        contentType: "application/javascript",
        responseBody: "x".repeat(41_233),
        caching: "max-age: 86400",
      },
    ],
    [
      187_400,
      {
        path: "/desktop/theme/finesse/css/layout.css",
        contentType: "text/css",
        responseBody: "y".repeat(9230),
        caching: "max-age: 86400",
      },
    ],
    [
      187_300,
      {
        path: "/desktop/theme/finesse/images/agent.png",
        contentType: "image/png",
        responseBody: "z".repeat(2104),
        caching: "max-age: 86400",
      },
    ],
    [
      186_800,
      {
        role: "rest",
        path: "/finesse/api/User/47483648",
        outcome: responded(401, "Unauthorized"),
        contentType: "application/xml",
        responseBody:
          "<ApiErrors><ApiError><ErrorType>Authorization Failure</ErrorType></ApiError></ApiErrors>",
      },
    ],
    [
      184_000,
      {
        ...poll(2861121871),
        holdMs: 21,
        responseBody: `<body xmlns="http://jabber.org/protocol/httpbind" authid="f382a015" sid="f382a015" secure="true" requests="2" inactivity="60" polling="5" wait="30" hold="1" ver="1.6"/>`,
        event: "session f382a015 opened",
      },
    ],
    [
      183_900,
      {
        ...poll(2861121872),
        holdMs: 12,
        responseBody: `<body xmlns='http://jabber.org/protocol/httpbind'><success xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/></body>`,
        notes: ["secrets-replaced"],
        event: "signed in",
      },
    ],
    [
      183_000,
      {
        role: "systeminfo",
        path: "/finesse/api/SystemInfo?timestamponly&nocache=1492185680998",
        contentType: "application/xml",
        responseBody: systemInfo,
        caching: "no-cache",
        agent: "47483648",
        event: "IN_SERVICE, drift +491 ms",
      },
    ],
    [
      181_000,
      {
        role: "rest",
        method: "POST",
        path: "/gadgets/makeRequest",
        contentType: "application/json",
        requestBody:
          "url=https%3A%2F%2Ffin1%2Ffinesse%2Fapi%2FUser%2F1001&httpMethod=GET&headers=Authorization%3D%E2%80%B9secret%207f3a%E2%80%BA%26Content-Type%3Dapplication%252Fxml&st=%E2%80%B9secret%2019bc%E2%80%BA",
        responseBody:
          '{"https://fin1/finesse/api/User/1001":{"rc":200,"body":"<User/>","headers":{"content-type":["application/xml"]},"big":12345678901234567890}}',
        notes: ["secrets-replaced"],
      },
    ],
    [
      152_000,
      {
        ...poll(2861121877),
        holdMs: 30_012,
        thinkGapMs: 11,
        responseBody: emptyPoll,
        event: "empty",
      },
    ],
    [
      150_000,
      {
        ...poll(4411, "47483701", "9c01d2aa"),
        host: second,
        connection: 5,
        holdMs: 12_404,
        responseBody: notification("NOT_READY"),
        event: "READY → NOT_READY",
        client: { address: "10.1.20.31", port: 50231, process: null },
      },
    ],
    [
      141_000,
      {
        role: "rest",
        method: "PUT",
        path: "/finesse/api/User/47483648",
        outcome: responded(202, "Accepted"),
        contentType: "application/xml",
        caching: "no-cache",
        requestBody: "<User><state>READY</state></User>",
        agent: "47483648",
      },
    ],
    [
      140_900,
      {
        ...poll(2861121878),
        holdMs: 10_804,
        thinkGapMs: 13,
        responseBody: notification("READY"),
        event: "NOT_READY → READY",
        mark: "green",
      },
    ],
    [
      120_000,
      {
        ...poll(2861121879),
        holdMs: 30_009,
        thinkGapMs: 12,
        responseBody: emptyPoll,
        event: "empty",
      },
    ],
    [
      110_000,
      {
        kind: "websocket",
        role: "websocket",
        path: "/ws/",
        outcome: responded(101, "Switching Protocols"),
        contentType: null,
        connection: 6,
        timing: { responseEnd: null, delivered: null },
        frames: [
          frame(
            0,
            now,
            "client",
            `<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='${host}' version='1.0'/>`,
          ),
          frame(
            1,
            now,
            "server",
            `<open to='${host}' from='${host}' id='4bg0uv6wvk' xmlns='urn:ietf:params:xml:ns:xmpp-framing' xml:lang='en' version='1.0'/>`,
          ),
          frame(
            2,
            now,
            "client",
            "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>‹secret 7f3a›</auth>",
          ),
          frame(3, now, "server", '<success xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>'),
          frame(
            4,
            now,
            "server",
            notification("TALKING")
              .replace(/^<body[^>]*>/, "")
              .replace("</body>", ""),
          ),
        ],
      },
    ],
    [
      90_000,
      {
        ...poll(2861121880),
        ...failed("reset", "server", "read ECONNRESET", 5012),
        comment: "the disconnect the agent reported",
        mark: "red",
      },
    ],
    [
      89_400,
      {
        ...poll(2861121880),
        outcome: responded(404, "Invalid SID."),
        contentType: "text/html;charset=ISO-8859-1",
        holdMs: 9,
        event: "session gone",
      },
    ],
    [
      80_000,
      {
        role: "rest",
        path: "/finesse/api/Team/1000/Users",
        outcome: responded(503, "Service Unavailable"),
        contentType: "application/xml",
        responseBody:
          "<ApiErrors><ApiError><ErrorType>Service Unavailable</ErrorType><ErrorMessage>SERVER_OUT_OF_SERVICE",
        notes: ["body-cut"],
      },
    ],
    [
      76_000,
      {
        kind: "tunnel",
        role: "tunnel",
        method: "CONNECT",
        host: second,
        port: 7443,
        connection: 8,
        ...failed("tls-untrusted", "client", "tlsv1 alert certificate unknown", 41),
        timing: {
          requestSent: null,
          responseFirst: null,
          responseEnd: null,
          delivered: null,
          failed: 41,
        },
      },
    ],
    [
      70_000,
      {
        role: "rest",
        path: "/finesse/api/User/47483648/Dialogs",
        ...failed("closed-early", "client", "the client closed before the answer", 2210),
        faults: ["delay-1"],
      },
    ],
    [46_000, { ...poll(5121, "47483700", "77aa01bc"), ...waiting, connection: 9 }],
    [33_200, { ...poll(7001, "47483702", "10bb77cd"), ...waiting, connection: 10 }],
    [22_000, { ...poll(2861121902), ...waiting, connection: 3 }],
    [6200, { role: "rest", path: "/finesse/api/Queue/11", ...waiting, agent: "47483648" }],
    [
      1400,
      {
        role: "systeminfo",
        path: "/finesse/api/SystemInfo?nocache=1492185740998",
        contentType: "application/xml",
        responseBody: systemInfo,
        caching: "no-cache",
      },
    ],
    [
      600,
      {
        kind: "tunnel",
        role: "tunnel",
        method: "CONNECT",
        protocol: "HTTP",
        host: "teams.microsoft.com",
        port: 443,
        connection: 12,
        ...waiting,
      },
    ],
  ];
  return list.map(([age, options], index) => makeExchange(index + 1, now, age, options));
}

/** Row number `number` of a long quiet shift. */
export function bulkRow(number: number, now: number): ExchangeSummary {
  const options: Options =
    number % 5 === 0
      ? {
          role: "systeminfo",
          path: `/finesse/api/SystemInfo?nocache=${number}`,
          contentType: "application/xml",
          responseBody: systemInfo,
          caching: "no-cache",
        }
      : number % 97 === 0
        ? { ...poll(number), ...failed("reset", "server", "read ECONNRESET", 5000) }
        : {
            ...poll(number),
            holdMs: 30_000 + (number % 40),
            responseBody: emptyPoll,
            event: "empty",
          };
  return makeExchange(number, now, 40_000, options).summary;
}

export function detailOf(made: Made): ExchangeDetail {
  const { summary } = made;
  const { outcome } = summary;
  const answered = outcome.kind === "responded";
  const start = answered ? `HTTP/1.1 ${outcome.status} ${outcome.reason}` : "";
  return {
    ...summary,
    request: messageOf(
      `${summary.method} ${summary.kind === "tunnel" ? summary.url : summary.path} HTTP/1.1`,
      made.requestHeaders,
      made.requestBody,
      made.requestBody.startsWith("url=") ? "application/x-www-form-urlencoded" : "text/xml",
      false,
    ),
    response: answered
      ? messageOf(
          start,
          made.responseHeaders,
          made.responseBody,
          summary.contentType,
          summary.notes.includes("body-cut"),
        )
      : null,
    informational: [],
    frames: made.frames,
    framesTotal: made.frames.length,
  };
}

function messageOf(
  startLine: string,
  headers: readonly (readonly [string, string])[],
  body: string,
  contentType: string | null,
  cut: boolean,
): MessageDetail {
  const length = new TextEncoder().encode(body).length;
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return {
    startLine,
    headers: headers.map(([name, value]) => ({ name, value })),
    trailers: [],
    rawHead: `${[startLine, ...lines].join("\r\n")}\r\n\r\n`,
    body: {
      wireLength: cut ? length + 4096 : length,
      keptLength: length,
      encoding: null,
      decoded: false,
      cut,
      hash: length === 0 ? null : "a41f9c",
      contentType,
    },
  };
}

/** The connections under the sample exchanges: open, ended by the server, refused by the client, a tunnel. */
export function sampleConnections(now: number): readonly ConnectionRecord[] {
  const at = (ageMs: number): string => new Date(now - ageMs).toISOString();
  const base: ConnectionRecord = {
    id: 3,
    captureId,
    seq: 3,
    at: at(190_000),
    endedAt: null,
    mode: "intercepted",
    reason: "port 7443 is always decrypted",
    host,
    port: 7443,
    client: { address: "127.0.0.1", port: 52114, process: "chrome", pid: 14_212 },
    server: { address: "10.1.0.11", port: 7443 },
    sni: host,
    alpnOffered: ["h2", "http/1.1"],
    clientTls: {
      version: "TLSv1.3",
      cipher: "TLS_AES_128_GCM_SHA256",
      alpn: "http/1.1",
      resumed: false,
    },
    serverTls: {
      version: "TLSv1.2",
      cipher: "ECDHE-RSA-AES256-GCM-SHA384",
      alpn: null,
      resumed: true,
    },
    certificate: {
      subject: `CN=${host}, O=Example`,
      issuer: `CN=${host}, O=Example`,
      altNames: [host, "fin1"],
      validFrom: "2024-02-01T00:00:00.000Z",
      validTo: "2029-01-30T00:00:00.000Z",
      fingerprint256:
        "6F:1A:22:90:44:BE:0C:77:3D:5A:91:10:FE:2B:C4:08:6F:1A:22:90:44:BE:0C:77:3D:5A:91:10:FE:2B:C4:08",
      selfSigned: true,
      problem: "DEPTH_ZERO_SELF_SIGNED_CERT",
      pin: "same",
    },
    shownNames: [host, "fin1"],
    timing: { serverConnected: 3.2, serverTls: 14.8, clientTls: 21.4 },
    bytes: { toServer: 48_211, toClient: 91_402 },
    exchanges: 12,
    clientClose: null,
    serverClose: null,
    firstToEnd: null,
    failure: null,
    errors: [],
    interference: ["connect", "second-tls", "http2-not-offered"],
  };
  const reset: ConnectionRecord = {
    ...base,
    id: 4,
    seq: 4,
    at: at(120_000),
    endedAt: at(84_980),
    firstToEnd: "server",
    serverClose: {
      at: at(84_988),
      by: "peer",
      how: "reset",
      alert: null,
      detail: "read ECONNRESET",
    },
    clientClose: { at: at(84_985), by: "boshscope", how: "reset", alert: null, detail: "" },
    failure: { phase: "headers", cause: "reset" },
    errors: [{ name: "server-reset", at: at(84_988), detail: "read ECONNRESET", alert: null }],
  };
  const refused: ConnectionRecord = {
    ...base,
    id: 8,
    seq: 8,
    at: at(76_000),
    endedAt: at(75_900),
    host: second,
    clientTls: null,
    exchanges: 1,
    firstToEnd: "client",
    clientClose: { at: at(75_900), by: "peer", how: "tls-alert", alert: 46, detail: "" },
    failure: { phase: "tls", cause: "tls-untrusted" },
    errors: [
      {
        name: "tls-client-alert",
        at: at(75_900),
        detail: "tlsv1 alert certificate unknown",
        alert: 46,
      },
    ],
  };
  const tunnel: ConnectionRecord = {
    ...base,
    id: 12,
    seq: 12,
    at: at(600),
    mode: "tunnel",
    reason: "not a Finesse host or port",
    host: "teams.microsoft.com",
    port: 443,
    clientTls: null,
    serverTls: null,
    certificate: null,
    shownNames: [],
    exchanges: 1,
    interference: ["connect"],
  };
  return [base, reset, refused, tunnel];
}
