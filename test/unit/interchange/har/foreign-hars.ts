/** HARs as other tools write them, cut down to what tells them apart; each after the tool's own source or the format facts known of it. */

const request = (url: string, change: object = {}): object => ({
  method: "GET",
  url,
  httpVersion: "HTTP/1.1",
  headers: [{ name: "Host", value: "fin1.demo.test:8445" }],
  queryString: [],
  cookies: [],
  headersSize: -1,
  bodySize: 0,
  ...change,
});
const response = (status: number, change: object = {}): object => ({
  status,
  statusText: status === 200 ? "OK" : "",
  httpVersion: "HTTP/1.1",
  headers: [],
  cookies: [],
  content: { size: 0, mimeType: "text/xml" },
  redirectURL: "",
  headersSize: -1,
  bodySize: -1,
  ...change,
});
const timings = { blocked: 1, dns: -1, ssl: -1, connect: -1, send: 0.5, wait: 20, receive: 2 };
const url = "https://fin1.demo.test:8445/finesse/api/SystemInfo";

const log = (creator: object, entries: readonly object[], rest: object = {}): object => ({
  log: { version: "1.2", creator, entries, ...rest },
});

export const chrome = log(
  { name: "WebInspector", version: "537.36" },
  [
    {
      _initiator: { type: "other" },
      _priority: "High",
      _resourceType: "xhr",
      cache: {},
      connection: "1234",
      startedDateTime: "2026-03-01T10:00:00.000Z",
      request: request(url, {
        httpVersion: "http/2.0",
        headers: [
          { name: ":authority", value: "x" },
          { name: "accept", value: "*/*" },
        ],
      }),
      response: response(200, {
        headers: [{ name: "content-encoding", value: "gzip" }],
        content: { size: 9, mimeType: "text/xml", text: "<a>ñ</a>" },
        _transferSize: 60,
        _error: null,
      }),
      serverIPAddress: "[2001:db8::1]",
      time: 23.5,
      timings: { ...timings, _blocked_queueing: 1 },
    },
    {
      startedDateTime: "2026-03-01T10:00:01.000Z",
      request: request(url),
      response: response(0, { _transferSize: 0, _error: "net::ERR_ABORTED" }),
      time: 5000,
      timings: { blocked: 1, dns: -1, connect: -1, send: 0, wait: 0, receive: 0 },
    },
    {
      startedDateTime: "2026-03-01T10:00:02.000Z",
      request: request(url),
      response: response(0, { _error: "net::ERR_CONNECTION_RESET" }),
      time: 12,
      timings,
    },
    {
      _resourceType: "websocket",
      _webSocketMessages: [
        { type: "send", time: 1772359204.5, opcode: 1, data: "<open/>" },
        { type: "receive", time: 1772359205.5, opcode: 2, data: "/+4=" },
      ],
      startedDateTime: "2026-03-01T10:00:04.000Z",
      request: request("wss://fin1.demo.test:8445/ws/"),
      response: response(101, { statusText: "Switching Protocols" }),
      time: 3,
      timings,
    },
  ],
  { pages: [] },
);

/** Firefox: no `_error`; it writes a browser beside the creator. */
export const firefox = log(
  { name: "Firefox", version: "140.0" },
  [
    {
      pageref: "page_1",
      startedDateTime: "2026-03-01T11:00:00.000+01:00",
      request: request(url, {
        method: "POST",
        postData: { mimeType: "text/xml", params: [], text: "<body/>" },
      }),
      response: response(200, { content: { mimeType: "text/xml", size: 4, text: "<a/>" } }),
      cache: {},
      timings,
      time: 23,
      _securityState: "secure",
      serverIPAddress: "10.1.0.7",
      connection: "8445",
    },
    {
      startedDateTime: "2026-03-01T11:00:01.000+01:00",
      request: request(url),
      response: {
        status: 0,
        statusText: "",
        httpVersion: "",
        headers: [],
        cookies: [],
        content: {},
        redirectURL: "",
        headersSize: -1,
        bodySize: -1,
      },
      cache: {},
      timings: {},
      time: 0,
    },
  ],
  { browser: { name: "Firefox", version: "140.0" }, pages: [{ id: "page_1" }] },
);

/** Safari: no `pages`, no connection, times without fractions. */
export const safari = log({ name: "WebKit Web Inspector", version: "1.0" }, [
  {
    startedDateTime: "2026-03-01T10:00:00Z",
    time: 23,
    request: request(url),
    response: response(200, {
      content: { size: 4, mimeType: "text/xml", text: "PGEvPg==", encoding: "base64" },
    }),
    cache: {},
    timings: { ...timings, blocked: 0 },
  },
]);

/** mitmproxy's savehar: status 0 with `_error`, null where nothing is known. */
export const mitmproxy = log({ name: "mitmproxy", version: "12.2.3", comment: "" }, [
  {
    startedDateTime: "2026-03-01T10:00:00.123456+00:00",
    time: 30_000,
    request: request(url),
    response: {
      status: 0,
      statusText: "",
      httpVersion: "",
      headers: [],
      cookies: [],
      content: {},
      redirectURL: "",
      headersSize: -1,
      bodySize: -1,
      _transferSize: 0,
      _error: "Client disconnected.",
    },
    cache: {},
    timings: { connect: -1, ssl: -1, send: 1, receive: 0, wait: 0 },
  },
  {
    startedDateTime: "2026-03-01T10:00:05.000000+00:00",
    time: 0,
    request: request(url),
    response: { status: 0, statusText: "", headers: [], content: {}, _error: null },
    cache: {},
    timings: {},
  },
]);

/** HTTP Toolkit: pending with a time of -1. */
export const httpToolkit = log({ name: "HTTP Toolkit", version: "1.20.0" }, [
  {
    startedDateTime: "2026-03-01T10:00:00.000Z",
    time: -1,
    request: request(url),
    response: {
      status: 0,
      statusText: "",
      httpVersion: "",
      headers: [],
      cookies: [],
      content: { size: 0, mimeType: "application/octet-stream" },
    },
    cache: {},
    timings: { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0, wait: 0, receive: 0 },
  },
]);

/** Proxyman once wrote entries without an answer at all. */
export const proxyman = log({ name: "Proxyman", version: "2.0.0" }, [
  { startedDateTime: "2026-03-01T10:00:00.000Z", time: 0, request: request(url) },
]);

/** Charles: in the order in which answers came; both text and params. */
export const charles = log({ name: "Charles Proxy", version: "4.6" }, [
  {
    startedDateTime: "2026-03-01T10:00:09.000+00:00",
    time: 3,
    request: request(url, {
      method: "POST",
      postData: {
        mimeType: "application/x-www-form-urlencoded",
        text: "a=1&b=%C3%B1",
        params: [{ name: "a", value: "1" }],
      },
    }),
    response: response(200),
    timings,
  },
  {
    startedDateTime: "2026-03-01T10:00:00.000+00:00",
    time: 9500,
    request: request(url, {
      method: "POST",
      postData: {
        mimeType: "application/x-www-form-urlencoded",
        params: [{ name: "ñ", value: "&" }],
      },
    }),
    response: response(200, { content: { size: 5_000_000, mimeType: "image/png" } }),
    timings,
  },
]);

/** Edited by hand, or by nobody who read the standard. */
export const odd = {
  log: {
    entries: [
      null,
      7,
      {},
      { request: { url: 5 } },
      { request: { url: "about:blank" } },
      { request: { url: "http://[::1]:8080/a", headers: "none" }, response: { status: "200" } },
      {
        startedDateTime: "yesterday",
        time: "long",
        request: {
          url: "https://fin1.demo.test/x",
          headers: [{ name: 5 }, null, { name: "A\r\nB", value: "c\r\nd" }],
        },
        response: { status: 200, headers: {}, content: "text" },
        timings: [],
      },
    ],
  },
};
