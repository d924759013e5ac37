import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Conversation } from "../../../src/http1/conversation.ts";
import { cutsIn, request, response } from "./arbitrary-messages.ts";
import {
  client,
  everyByte,
  latin1Bytes,
  limits,
  Recording,
  type Segment,
  server,
  tellCut,
  tellWhole,
} from "./record-conversation.ts";

/** Without the head bytes, which other tests compare. */
const brief = (segments: readonly Segment[], over = {}): string[] => {
  const whole = tellWhole(segments, over);
  expect(tellCut(segments, everyByte, over)).toEqual(whole);
  return whole
    .filter((line) => !/^(request|upgraded)-raw/.test(line))
    .map((line) => line.replace(/^((?:request|response|informational) .*?)\s*"HTTP.*$/s, "$1"))
    .map((line) => line.replace(/^(request \d+ .*?) ".*$/s, "$1"));
};

const get = (target = "/", more = ""): Segment =>
  client(`GET ${target} HTTP/1.1\r\nHost: a\r\n${more}\r\n`);
const ok = (more = "", body = ""): Segment => server(`HTTP/1.1 200 OK\r\n${more}\r\n${body}`);
const upgradeRequest = get("/ws", "Connection: Upgrade\r\nUpgrade: WebSocket\r\n");
const switching = server(
  "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
);

describe("messages", () => {
  test("a poll and its answer, heads as sent", () => {
    const request = "POST /http-bind/ HTTP/1.1\r\nhOsT: a\r\nContent-Length: 7\r\n\r\n";
    const response = "HTTP/1.1 200 \r\nContent-Length: 7\r\n\r\n";
    expect(tellWhole([client(`${request}<body/>`), server(`${response}<BODY/>`)])).toEqual([
      `request 0 POST /http-bind/ HTTP/1.1 ${JSON.stringify(request)}`,
      'request-body 0 "<body/>"',
      'request-raw 0 "<body/>"',
      "request-end 0 7",
      `response 0 HTTP/1.1 200  ${JSON.stringify(response)}`,
      'response-body 0 "<BODY/>"',
      "response-end 0 7",
    ]);
  });

  test("chunks are joined, extensions dropped, trailers kept; raw bytes stay as sent", () => {
    const coded =
      "4;a=b\r\nWiki\r\n6 \r\npedia \r\n00e\r\nin \r\n\r\nchunks.\r\n0\r\nX: 1\r\nx:2\r\n\r\n";
    const head = "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n";
    expect(tellWhole([client(head + coded)]).slice(1)).toEqual([
      'request-body 0 "Wikipedia in \\r\\n\\r\\nchunks."',
      `request-raw 0 ${JSON.stringify(coded)}`,
      'request-end 0 24 trailers [["X","1"],["x","2"]]',
    ]);
  });

  test("responses without a body have none, whatever their fields say", () => {
    expect(
      brief([
        client("HEAD / HTTP/1.1\r\n\r\n"),
        ok("Content-Length: 5\r\n"),
        get(),
        server(
          "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        ),
        get(),
        server("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"),
        get(),
        server("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"),
        ok("Content-Length: 2\r\n", "ok"),
      ]),
    ).toEqual([
      "request 0 HEAD / HTTP/1.1",
      "request-end 0 0",
      "response 0 HTTP/1.1 200 OK",
      "response-end 0 0",
      "request 1 GET / HTTP/1.1",
      "request-end 1 0",
      "response 1 HTTP/1.1 304 Not Modified",
      "response-end 1 0",
      "request 2 GET / HTTP/1.1",
      "request-end 2 0",
      "response 2 HTTP/1.1 204 No Content",
      "response-end 2 0",
      "request 3 GET / HTTP/1.1",
      "request-end 3 0",
      "informational 3",
      "informational 3",
      "response 3 HTTP/1.1 200 OK",
      'response-body 3 "ok"',
      "response-end 3 2",
    ]);
  });

  test("a body of no stated length ends with the server's FIN", () => {
    const told = brief([get(), ok("Connection: close\r\n", "all of it\r\n\r\n")]);
    expect(told.slice(2)).toEqual([
      "response 0 HTTP/1.1 200 OK",
      'response-body 0 "all of it\\r\\n\\r\\n"',
      "response-end 0 13",
    ]);
  });

  test("a response coded without chunked ends with the server's FIN", () => {
    const told = brief([get(), ok("Transfer-Encoding: gzip\r\n", "zip")]);
    expect(told.slice(3)).toEqual(['response-body 0 "zip"', "response-end 0 3"]);
  });

  test.each(["000", "099", "200", "600", "999"])("status %s passes as a number", (status) => {
    const told = brief([get(), server(`HTTP/1.1 ${status} Odd\r\nContent-Length: 0\r\n\r\n`)]);
    expect(told.slice(2)).toEqual([
      `response 0 HTTP/1.1 ${Number(status)} Odd`,
      "response-end 0 0",
    ]);
  });

  test("pipelined requests are answered in their order, methods remembered", () => {
    const three = client(
      "GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\n\r\nGET /3 HTTP/1.0\r\n\r\n",
    );
    const answers = server(
      "HTTP/1.1 200 A\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 B\r\nContent-Length: 9\r\n\r\n\r\nHTTP/1.0 404 C\r\n\r\ngone",
    );
    expect(brief([three, answers]).slice(6)).toEqual([
      "response 0 HTTP/1.1 200 A",
      'response-body 0 "x"',
      "response-end 0 1",
      "response 1 HTTP/1.1 200 B",
      "response-end 1 0",
      "response 2 HTTP/1.0 404 C",
      'response-body 2 "gone"',
      "response-end 2 4",
    ]);
  });

  test("an answer may overtake its request, which goes on", () => {
    expect(
      brief([
        client("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"),
        server("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"),
        client("cd"),
        get("/next"),
        ok("Content-Length: 0\r\n"),
      ]),
    ).toEqual([
      "request 0 POST / HTTP/1.1",
      'request-body 0 "ab"',
      "response 0 HTTP/1.1 413 Too Large",
      "response-end 0 0",
      'request-body 0 "cd"',
      "request-end 0 4",
      "request 1 GET /next HTTP/1.1",
      "request-end 1 0",
      "response 1 HTTP/1.1 200 OK",
      "response-end 1 0",
    ]);
  });

  test("bare line feeds, folded fields, empty lines between and fields without colon are let pass", () => {
    expect(
      brief([
        client(
          "\r\n\nPOST /a b HTTP/1.1\nno colon here\nTransfer-Encoding:\n\tchunked\n\n2\nhi\n0\n\n\r\n",
        ),
        server("\r\nHTTP/1.1 200 OK\nContent-Length : 2, 2\nContent-Length: 2\n\nyo"),
      ]),
    ).toEqual([
      "request 0 POST /a b HTTP/1.1",
      'request-body 0 "hi"',
      "request-end 0 2",
      "response 0 HTTP/1.1 200 OK",
      'response-body 0 "yo"',
      "response-end 0 2",
    ]);
  });

  test("past the body limit bytes are counted, not told; raw bytes are all told", () => {
    const told = tellWhole([client("POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\nabcdef")], {
      bodyLimit: 4,
    });
    expect(told.slice(1)).toEqual([
      'request-body 0 "abcd"',
      'request-raw 0 "abcdef"',
      "request-end 0 6",
    ]);
  });
});

describe("unparsed", () => {
  const post = (fields: string, body = ""): Segment =>
    client(`POST / HTTP/1.1\r\n${fields}\r\n${body}`);
  const coded = (body: string): Segment => post("Transfer-Encoding: chunked\r\n", body);
  const asked = (segment: Segment): readonly Segment[] => [get(), segment];
  const notRequest = "not an HTTP request line";
  const badSize = "a chunk size that can't be read";

  test.each<[string, readonly Segment[], string]>([
    [
      "CL and TE",
      [post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")],
      "client 0 conflicting Transfer-Encoding and Content-Length fields",
    ],
    [
      "TE and CL",
      [post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")],
      "client 0 conflicting Transfer-Encoding and Content-Length fields",
    ],
    [
      "CL and TE in an answer",
      asked(ok("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")),
      "server 0 conflicting Transfer-Encoding and Content-Length fields",
    ],
    [
      "two lengths",
      [post("Content-Length: 3\r\ncontent-length: 4\r\n")],
      "client 0 conflicting Content-Length fields",
    ],
    [
      "two lengths in one field",
      asked(ok("Content-Length: 3, 4\r\n")),
      "server 0 conflicting Content-Length fields",
    ],
    [
      "a zero length among others",
      [post("Content-Length: 0\r\nContent-Length: 4\r\n")],
      "client 0 conflicting Content-Length fields",
    ],
    [
      "a signed length",
      [post("Content-Length: +3\r\n")],
      "client 0 a Content-Length that is not a number",
    ],
    [
      "a negative length",
      [post("Content-Length: -1\r\n")],
      "client 0 a Content-Length that is not a number",
    ],
    [
      "a hexadecimal length",
      [post("Content-Length: 0x3\r\n")],
      "client 0 a Content-Length that is not a number",
    ],
    [
      "an empty length",
      [post("Content-Length:\r\n")],
      "client 0 a Content-Length that is not a number",
    ],
    [
      "a length past counting",
      [post("Content-Length: 99999999999999999999\r\n")],
      "client 0 a Content-Length that is not a number",
    ],
    [
      "a folded length",
      [post("Content-Length: 1\r\n 2\r\n")],
      "client 0 a Content-Length that is not a number",
    ],
    [
      "a request coded gzip",
      [post("Transfer-Encoding: gzip\r\n")],
      "client 0 a request whose Transfer-Encoding does not end in chunked (gzip)",
    ],
    [
      "a request coded xchunked",
      [post("Transfer-Encoding: xchunked\r\n")],
      "client 0 a request whose Transfer-Encoding does not end in chunked (xchunked)",
    ],
    [
      "chunked, then gzip",
      [post("Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n")],
      "client 0 chunked is not the last transfer coding",
    ],
    [
      "chunked twice",
      asked(ok("Transfer-Encoding: chunked, chunked\r\n")),
      "server 0 chunked is not the last transfer coding",
    ],
    [
      "TE in HTTP/1.0",
      [client("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")],
      "client 0 Transfer-Encoding in an HTTP/1.0 message",
    ],
    [
      "white space before the colon",
      [post("Transfer-Encoding : chunked\r\n")],
      "client 0 white space before the colon of a framing field",
    ],
    ["a chunk without a size", [coded("\r\n")], "client 0 a chunk without a size"],
    ["a chunk size of letters", [coded("xyz\r\n")], "client 0 a chunk without a size"],
    ["a negative chunk size", [coded("-1\r\n")], "client 0 a chunk without a size"],
    ["a chunk size with 0x", [coded("0x5\r\nhello\r\n")], `client 0 ${badSize}`],
    ["a chunk size past counting", [coded("ffffffffffffffffff\r\n")], `client 0 ${badSize}`],
    [
      "a chunk size line cut by CR",
      [coded("5\rhello")],
      "client 0 a chunk size line without its line feed",
    ],
    [
      "a chunk longer than its size",
      [coded("2\r\nabc\r\n0\r\n\r\n")],
      "client 0 a chunk longer than its size",
    ],
    [
      "half a line end after a chunk",
      asked(ok("Transfer-Encoding: chunked\r\n", "2\r\nab\rc")),
      "server 0 a chunk longer than its size",
    ],
    ["NUL in a chunk extension", [coded("2;\0\r\nab")], "client 0 a NUL byte in a chunk extension"],
    ["NUL in trailers", [coded("0\r\nX: \0\r\n\r\n")], "client 0 a NUL byte in a trailer section"],
    [
      "trailers too long",
      [coded(`0\r\nX: ${"x".repeat(2100)}`)],
      "client 0 a trailer section longer than 2048 bytes",
    ],
    [
      "NUL in a head",
      [client("GET / HTTP/1.1\r\nX: \0\r\n\r\n")],
      "client null a NUL byte in a head",
    ],
    ["NUL in an answer's head", asked(ok("X: \0\r\n")), "server 0 a NUL byte in a head"],
    [
      "a head too long",
      [client(`GET / HTTP/1.1\r\nX: ${"x".repeat(2100)}`)],
      "client null a head longer than 2048 bytes",
    ],
    [
      "a fold with nothing to go on with",
      [client("GET / HTTP/1.1\r\n X: 1\r\n\r\n")],
      "client null a first header line that begins with white space",
    ],
    ["HTTP/0.9", [client("GET /\r\n")], `client null ${notRequest}`],
    ["one word", [client("hello\r\n\r\n")], `client null ${notRequest}`],
    ["no method", [client(" / HTTP/1.1\r\n\r\n")], `client null ${notRequest}`],
    ["no target", [client("GET  HTTP/1.1\r\n\r\n")], "client null a request line without a target"],
    ["TLS inside", [client("\x16\x03\x01\x02\0")], "client null a NUL byte in a head"],
    ["HTTP/2", [client("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")], "client null HTTP/2"],
    [
      "HTTP/3 in words",
      [client("GET / HTTP/3.0\r\n\r\n")],
      "client null an HTTP version other than 1",
    ],
    [
      "HTTP/1.x",
      [client("GET / HTTP/1.x\r\n\r\n")],
      "client null an HTTP version that can't be read",
    ],
    ["lower case http", [client("GET / http/1.1\r\n\r\n")], "client null not HTTP"],
    ["an answer that is none", asked(server("220 mail ready for you\r\n")), "server 0 not HTTP"],
    ["an answer of few bytes", asked(server("hi\r\n")), "server 0 not an HTTP status line"],
    [
      "a status of two digits",
      asked(server("HTTP/1.1 20 OK\r\n\r\n")),
      "server 0 a status that is not three digits",
    ],
    [
      "a status of four digits",
      asked(server("HTTP/1.1 2000 OK\r\n\r\n")),
      "server 0 a status that is not three digits",
    ],
    [
      "a status in letters",
      asked(server("HTTP/1.1 abc OK\r\n\r\n")),
      "server 0 a status that is not three digits",
    ],
    [
      "an answer nobody asked for",
      [ok("Content-Length: 0\r\n")],
      "server null a response that no request asked for",
    ],
    [
      "a second answer",
      [...asked(ok("Content-Length: 0\r\n")), ok()],
      "server null a response that no request asked for",
    ],
    [
      "a 101 nobody asked for",
      asked(server("HTTP/1.1 101 Switching\r\n\r\n")),
      "server 0 a 101 to a request that asked for no upgrade",
    ],
  ])("%s", (_name, segments, expected) => {
    const told = tellWhole(segments);
    expect(told.filter((line) => line.startsWith("unparsed"))).toEqual([`unparsed ${expected}`]);
    expect(tellCut(segments, everyByte)).toEqual(told);
  });

  test("a head of just the allowed length is read", () => {
    const start = "GET / HTTP/1.1\r\nX: ";
    const head = `${start}${"x".repeat(2048 - start.length - 4)}\r\n\r\n`;
    expect(brief([client(head)])).toEqual(["request 0 GET / HTTP/1.1", "request-end 0 0"]);
  });

  test("the other direction is still read, and nothing more is told of the lost one", () => {
    const told = brief([
      post("Content-Length: 1\r\nContent-Length: 2\r\n", "GET / HTTP/1.1\r\n\r\n"),
      ok("Content-Length: 2\r\n", "ok"),
      get(),
    ]);
    expect(told).toEqual([
      "request 0 POST / HTTP/1.1",
      "unparsed client 0 conflicting Content-Length fields",
      "response 0 HTTP/1.1 200 OK",
      'response-body 0 "ok"',
      "response-end 0 2",
    ]);
  });

  test("more requests than may wait", () => {
    const told = brief([client("GET / HTTP/1.1\r\n\r\n".repeat(4))], { maxPipelined: 3 });
    expect(told.at(-1)).toBe("unparsed client null more than 3 requests await a response");
    expect(told.filter((line) => line.startsWith("request-end"))).toHaveLength(3);
  });
});

describe("upgrades", () => {
  test("frames follow a 101, also those that came before it", () => {
    expect(
      brief([
        upgradeRequest,
        client("\x81\x02hi"),
        switching,
        server("\x09\x00\x81\x03"),
        client("\x81\x82\0\0\0\0yo"),
        server("abc"),
      ]),
    ).toEqual([
      "request 0 GET /ws HTTP/1.1",
      "request-end 0 0",
      "response 0 HTTP/1.1 101 Switching",
      "upgraded 0 websocket",
      'frame 0 client 1 final 2 "hi"',
      "unparsed server 0 a WebSocket control frame that is fragmented or longer than 125 bytes",
      'frame 0 client 1 final 2 "yo"',
    ]);
  });

  test.each(["websocket", "h2c"])(
    "all that the client sends after a switch to %s is told as sent",
    (to) => {
      const told = tellWhole([
        get("/", `Upgrade: ${to}\r\n`),
        client("\x81\x01"),
        client("a"),
        server("HTTP/1.1 101 Switching\r\n\r\n"),
        client("\x81\x01b"),
      ]);
      expect(told.at(-1)).toBe(`upgraded-raw ${JSON.stringify("\x81\x01a\x81\x01b")}`);
    },
  );

  test("what was held keeps the instant of its coming", () => {
    const instants: number[] = [];
    const ignore = (): void => undefined;
    const conversation = new Conversation(
      {
        requestHead: (_index, _head, _parsed, at) => instants.push(at),
        requestBody: ignore,
        requestEnd: ignore,
        informational: ignore,
        responseHead: ignore,
        responseBody: ignore,
        responseEnd: ignore,
        upgraded: ignore,
        frame: ignore,
        unparsed: ignore,
      },
      limits,
    );
    conversation.fromClient(upgradeRequest.bytes, 1);
    conversation.fromClient(get().bytes, 2);
    conversation.fromServer(ok("Content-Length: 0\r\n").bytes, 3);
    expect(instants).toEqual([1, 2]);
  });

  test("a refused upgrade leaves HTTP, also for what was sent in the meantime", () => {
    expect(
      brief([
        upgradeRequest,
        get("/next", "Upgrade: h2c\r\n"),
        get("/third"),
        server(
          "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 A\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 B\r\nContent-Length: 0\r\n\r\n",
        ),
      ]),
    ).toEqual([
      "request 0 GET /ws HTTP/1.1",
      "request-end 0 0",
      "response 0 HTTP/1.1 403 No",
      "request 1 GET /next HTTP/1.1",
      "request-end 1 0",
      "response-end 0 0",
      "response 1 HTTP/1.1 200 A",
      "request 2 GET /third HTTP/1.1",
      "request-end 2 0",
      "response-end 1 0",
      "response 2 HTTP/1.1 200 B",
      "response-end 2 0",
    ]);
  });

  test("an answer to an earlier request decides nothing", () => {
    const told = brief([
      get("/first"),
      upgradeRequest,
      client("\x81\x02hi"),
      ok("Content-Length: 0\r\n"),
      switching,
    ]);
    expect(told.slice(4)).toEqual([
      "response 0 HTTP/1.1 200 OK",
      "response-end 0 0",
      "response 1 HTTP/1.1 101 Switching",
      "upgraded 1 websocket",
      'frame 1 client 1 final 2 "hi"',
    ]);
  });

  test("a 101 before the request is whole lets the request end first", () => {
    const told = brief([
      client("POST / HTTP/1.1\r\nUpgrade: websocket\r\nContent-Length: 4\r\n\r\nab"),
      switching,
      client("cd\x81\x02hi"),
    ]);
    expect(told.slice(2)).toEqual([
      "response 0 HTTP/1.1 101 Switching",
      "upgraded 0 websocket",
      'request-body 0 "cd"',
      "request-end 0 4",
      'frame 0 client 1 final 2 "hi"',
    ]);
  });

  test("another protocol is let go in silence", () => {
    const told = brief([
      get("/", "Upgrade: h2c\r\n"),
      server("HTTP/1.1 101 Switching\r\n\r\n\0\0\0"),
      client("\0\x01PRI"),
    ]);
    expect(told.at(-1)).toBe("upgraded 0 h2c");
  });

  test("CONNECT that is granted is no HTTP any more; refused, it is", () => {
    const connect = client("CONNECT a:443 HTTP/1.1\r\nContent-Length: 9\r\n\r\n");
    expect(
      brief([
        connect,
        server("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\x16"),
        client("\x16\0"),
      ]),
    ).toEqual([
      "request 0 CONNECT a:443 HTTP/1.1",
      "request-end 0 0",
      "response 0 HTTP/1.1 200 OK",
      "upgraded 0 connect",
    ]);
    expect(
      brief([connect, server("HTTP/1.1 407 Who\r\nContent-Length: 4\r\n\r\nwho?"), get()]).slice(2),
    ).toEqual([
      "response 0 HTTP/1.1 407 Who",
      'response-body 0 "who?"',
      "response-end 0 4",
      "request 1 GET / HTTP/1.1",
      "request-end 1 0",
    ]);
  });

  test("what is held for an answer is bounded, and let go when the answer can't be read", () => {
    expect(brief([upgradeRequest, client("x".repeat(3000))]).at(-1)).toBe(
      "unparsed client 0 too many bytes after an upgrade request without an answer",
    );
    const unreadable =
      "unparsed client 0 bytes after an upgrade request whose answer could not be read";
    const garbage = server("nonsense\r\n");
    expect(brief([upgradeRequest, client("xxx"), garbage]).slice(-1)).toEqual([unreadable]);
    expect(brief([upgradeRequest, garbage, client("xxx")]).slice(-1)).toEqual([unreadable]);
  });
});

describe("open", () => {
  const phases = (...segments: readonly Segment[]): string => {
    const recording = new Recording();
    for (const segment of segments) recording.play(segment);
    recording.conversation.clientEnded(0);
    return recording.conversation.open.map(({ index, phase }) => `${index} ${phase}`).join(", ");
  };

  test.each<[string, string, readonly Segment[]]>([
    ["", "nothing", []],
    ["", "half a request head", [client("GET / HTTP/1.1\r\n")]],
    ["0 request", "half a request body", [client("PUT / HTTP/1.1\r\nContent-Length: 2\r\n\r\na")]],
    ["0 headers", "a request", [get()]],
    ["0 headers", "half a response head", [get(), server("HTTP/1.1 200 OK\r\n")]],
    ["0 headers", "a 1xx", [get(), server("HTTP/1.1 103 Early\r\n\r\n")]],
    ["0 body", "half a response body", [get(), ok("Content-Length: 2\r\n", "a")]],
    ["0 body", "a body of no stated length", [get(), ok()]],
    ["0 body, 1 headers", "pipelined", [get(), get(), ok()]],
    ["0 frames", "a WebSocket", [upgradeRequest, switching]],
    [
      "0 request",
      "an answer before the request's end",
      [client("PUT / HTTP/1.1\r\nContent-Length: 2\r\n\r\na"), ok("Content-Length: 0\r\n")],
    ],
    ["", "an exchange", [get(), ok("Content-Length: 0\r\n")]],
    [
      "",
      "an answered request that could not be read",
      [client("PUT / HTTP/1.1\r\nContent-Length: x\r\n\r\n"), ok("Content-Length: 0\r\n")],
    ],
    [
      "",
      "an answered request that became unreadable",
      [
        client("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ok("Content-Length: 0\r\n"),
        client("x"),
      ],
    ],
  ])("%j after %s", (expected, _name, segments) => {
    expect(phases(...segments)).toBe(expected);
  });
});

describe("any cut of any bytes", () => {
  const informationalHead = fc.constantFrom(
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
    "\r\n",
    "",
  );
  const exchange = fc
    .tuple(request, informationalHead, response)
    .map(([asked, hints, answered]): Segment[] => [
      { from: "client", bytes: asked.bytes },
      { from: "server", bytes: Buffer.concat([latin1Bytes(hints), answered.bytes]) },
    ]);
  const pipelined = fc
    .array(fc.tuple(request, response), { maxLength: 4 })
    .map((pairs): Segment[] => [
      { from: "client", bytes: Buffer.concat(pairs.map(([asked]) => asked.bytes)) },
      { from: "server", bytes: Buffer.concat(pairs.map(([, answered]) => answered.bytes)) },
    ]);
  const framesBytes = fc
    .array(
      fc.record({
        first: fc.constantFrom(0x81, 0xc1, 0x01, 0x41, 0x80, 0x00, 0x82, 0x88, 0x89, 0x8a),
        mask: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: null }),
        payload: fc.oneof(
          fc.uint8Array({ maxLength: 20 }),
          fc.uint8Array({ minLength: 126, maxLength: 140 }),
        ),
        long: fc.boolean(),
      }),
      { maxLength: 5 },
    )
    .map((frames) => Buffer.concat(frames.map(frameBytes)));
  const webSocket = fc
    .tuple(framesBytes, framesBytes, framesBytes)
    .map(([early, late, fromServer]): Segment[] => [
      upgradeRequest,
      { from: "client", bytes: early },
      { from: "server", bytes: Buffer.concat([switching.bytes, fromServer]) },
      { from: "client", bytes: late },
    ]);
  const nasty = fc
    .array(
      fc.constantFrom(
        ...Array.from("\r\n\0 :;,0159afgHT\tPxy\x81\xff"),
        "\r\n",
        "\r\n\r\n",
        "GET / HTTP/1.1\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 101 S\r\n",
        "CONNECT a:1 HTTP/1.1\r\n",
        "Upgrade: websocket\r\n",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "3\r\nabc\r\n",
        "0\r\n",
      ),
      { maxLength: 30 },
    )
    .map((parts) => latin1Bytes(parts.join("")));
  const arbitrarySegments = fc.array(
    fc.record({
      from: fc.constantFrom("client" as const, "server" as const),
      bytes: fc.oneof(nasty, fc.uint8Array({ maxLength: 60 })),
    }),
    { maxLength: 6 },
  );

  const conversations = fc.oneof(
    exchange,
    pipelined,
    webSocket,
    fc.tuple(exchange, pipelined).map((parts) => parts.flat()),
    arbitrarySegments,
    fc.tuple(exchange, arbitrarySegments).map((parts) => parts.flat()),
  );
  /** One byte changed, dropped or doubled somewhere. */
  const damaged = fc
    .tuple(conversations, fc.nat(), fc.nat(), fc.nat(255), fc.constantFrom(0, 1, 2))
    .map(([segments, which, where, byte, copies]) =>
      segments.map((segment, place) => {
        if (place !== which % segments.length || segment.bytes.length === 0) return segment;
        const at = where % segment.bytes.length;
        const middle = Buffer.alloc(copies, byte);
        const { bytes } = segment;
        return {
          ...segment,
          bytes: Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(at + 1)]),
        };
      }),
    );
  const withCuts = fc
    .oneof(conversations, damaged)
    .chain((segments) =>
      fc.tuple(
        fc.constant(segments),
        fc.tuple(...segments.map((segment) => cutsIn(segment.bytes.length))),
      ),
    );

  test.each([{}, { bodyLimit: 5, maxHead: 90, maxPipelined: 2 }])(
    "tells the same as the whole, and never throws (%j)",
    (over) => {
      fc.assert(
        fc.property(withCuts, ([segments, cuts]) => {
          const whole = tellWhole(segments, over);
          expect(tellCut(segments, (_, place) => cuts[place] ?? [], over)).toEqual(whole);
          expect(tellCut(segments, everyByte, over)).toEqual(whole);
          for (const from of ["client", "server"])
            expect(whole.filter((line) => line.startsWith(`unparsed ${from}`)).length).toBeLessThan(
              2,
            );
        }),
        { numRuns: 600 },
      );
    },
  );

  test("valid exchanges are told in full", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(request, response), { maxLength: 5 }), (pairs) => {
        const recording = new Recording();
        for (const [asked, answered] of pairs) {
          recording.play({ from: "client", bytes: asked.bytes });
          recording.play({ from: "server", bytes: answered.bytes });
        }
        const ends = recording.told.filter((line) => /^re(quest|sponse)-(end|raw) /.test(line));
        expect(recording.conversation.open).toEqual([]);
        expect(ends).toEqual(
          pairs.flatMap(([asked, answered], index) => [
            ...(asked.sentBody.length === 0
              ? []
              : [
                  `request-raw ${index} ${JSON.stringify(Buffer.from(asked.sentBody).toString("latin1"))}`,
                ]),
            `request-end ${index} ${asked.body.length}${trailersTold(asked.trailers)}`,
            `response-end ${index} ${answered.body.length}${trailersTold(answered.trailers)}`,
          ]),
        );
      }),
      { numRuns: 200 },
    );
  });
});

const trailersTold = (trailers: readonly unknown[]): string =>
  trailers.length === 0 ? "" : ` trailers ${JSON.stringify(trailers)}`;

function frameBytes(frame: {
  first: number;
  mask: Uint8Array | null;
  payload: Uint8Array;
  long: boolean;
}): Uint8Array {
  const { first, mask, payload, long } = frame;
  const size = Buffer.alloc(long ? 9 : payload.length > 125 ? 3 : 1);
  if (long) size.writeUInt32BE(payload.length, 5);
  else if (payload.length > 125) size.writeUInt16BE(payload.length, 1);
  size[0] = (mask === null ? 0 : 128) | (long ? 127 : payload.length > 125 ? 126 : payload.length);
  const masked = payload.map((byte, at) => byte ^ (mask?.[at & 3] ?? 0));
  return Buffer.concat([Buffer.of(first), size, mask ?? Buffer.alloc(0), masked]);
}
