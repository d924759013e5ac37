import { describe, expect, test } from "vitest";
import { describeAnswer, describeFrame, describeRequest } from "../../../src/faults/describe.ts";
import { TrafficDirectory } from "../../../src/faults/directory.ts";
import { cpuTime } from "../../support/cpu-time.ts";
import { described, pollText } from "./some-rule.ts";

const namespace = "http://jabber.org/protocol/httpbind";
const kindsOf = (subject: { readonly kinds: ReadonlySet<string> }) => [...subject.kinds].sort();
const basic = (user: string) => `Authorization: Basic ${btoa(`${user}:Secret1!`)}\r\n`;

describe("http-bind", () => {
  test("a poll, with its sid and rid", () => {
    const subject = described();
    expect(kindsOf(subject)).toEqual(["http-bind", "poll"]);
    expect(subject).toMatchObject({ sid: "f382a015", rid: 7, method: "POST", agent: null });
  });

  test("a creation names the agent (JabberWerx); its answer ties the sid to it", () => {
    const directory = new TrafficDirectory();
    const body = `<body xmlns="${namespace}" hold="1" to="fin1" wait="30" from="1001003@fin1" rid="5"/>`;
    const request = described({ body }, directory);
    expect(kindsOf(request)).toEqual(["http-bind", "session-create"]);
    expect(request.agent).toBe("1001003");
    const answer = `<body xmlns="${namespace}" sid="aa11" wait="30"><stream:features xmlns:stream="x"/></body>`;
    describeAnswer(request, { status: 200, body: answer }, directory);
    const later = described({ body: pollText("aa11", 6), connection: 77 }, directory);
    expect(later.agent).toBe("1001003");
  });

  test("SASL PLAIN names the agent (Strophe)", () => {
    const directory = new TrafficDirectory();
    const secret = btoa(["1001004@fin1", "1001004", "Secret1!"].join("\0"));
    const body = `<body rid='6' xmlns='${namespace}' sid='bb22'><auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${secret}</auth></body>`;
    expect(described({ body }, directory).agent).toBe("1001004");
    expect(described({ body: pollText("bb22", 7), connection: 9 }, directory).agent).toBe(
      "1001004",
    );
  });

  test("what the recorder knows of sessions older than the rule", () => {
    const directory = new TrafficDirectory();
    directory.session("cc33", "1001005", "silent");
    directory.state("1001005", "TALKING");
    expect(described({ body: pollText("cc33", 7) }, directory)).toMatchObject({
      agent: "1001005",
      state: "TALKING",
      phase: "silent",
    });
  });

  test("a ping is one", () => {
    const body = `<body rid='6' xmlns='${namespace}' sid='bb22'><iq type='get' id='1' xmlns='jabber:client'><ping xmlns='urn:xmpp:ping'/></iq></body>`;
    expect(kindsOf(described({ body }))).toEqual(["http-bind", "ping"]);
  });

  test("a notification tells the agent's state", () => {
    const directory = new TrafficDirectory();
    const update =
      "&lt;Update&gt;&lt;data&gt;&lt;user&gt;&lt;loginId&gt;1001003&lt;/loginId&gt;&lt;state&gt;READY&lt;/state&gt;&lt;/user&gt;&lt;/data&gt;&lt;event&gt;PUT&lt;/event&gt;&lt;/Update&gt;";
    const body = `<body xmlns='${namespace}'><message xmlns="jabber:client" to="1001003@fin1"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="/finesse/api/User/1001003"><item id="1"><notification xmlns="http://jabber.org/protocol/pubsub">${update}</notification></item></items></event></message></body>`;
    const answer = describeAnswer(described(), { status: 200, body }, directory);
    expect(kindsOf(answer)).toEqual(["http-bind", "notification", "poll"]);
    expect(directory.stateOf("1001003")).toBe("READY");
  });

  test("an unreadable body is still http-bind", () => {
    expect(kindsOf(described({ body: "<body" }))).toEqual(["http-bind"]);
  });
});

describe("REST and WebSockets", () => {
  const request = (head: string, body: string | null = null, directory = new TrafficDirectory()) =>
    describeRequest(
      { host: "fin1", port: 8445, connection: 4, head: `${head}\r\n`, body, askedAt: 0 },
      directory,
    );

  test.each([
    ["GET /finesse/api/SystemInfo?nocache=1 HTTP/1.1\r\n", null, ["rest", "systeminfo"]],
    ["GET /finesse/api/User/1001003 HTTP/1.1\r\n", null, ["rest"]],
    [
      "PUT /finesse/api/User/1001003 HTTP/1.1\r\n",
      "<User><state>READY</state></User>",
      ["rest", "state-change"],
    ],
    ["GET /ws/ HTTP/1.1\r\nUpgrade: websocket\r\n", null, ["websocket"]],
    ["GET /desktop/container/ HTTP/1.1\r\n", null, []],
  ])("%s", (head, body, kinds) => {
    expect(kindsOf(request(head, body))).toEqual(kinds);
  });

  test("credentials tell who asks, before the path; then the connection is that agent's", () => {
    const directory = new TrafficDirectory();
    const asked = request(
      `GET /finesse/api/User/1001009 HTTP/1.1\r\n${basic("1001003")}`,
      null,
      directory,
    );
    expect(asked.agent).toBe("1001003");
    expect(request("GET /finesse/api/SystemInfo HTTP/1.1\r\n", null, directory).agent).toBe(
      "1001003",
    );
  });

  test("a frame of a WebSocket that was open before: by its exchange", () => {
    const directory = new TrafficDirectory();
    const seen = { host: "fin1", port: 8445, connection: 3, exchange: 12, path: "/ws/" } as const;
    const frame = () => describeFrame({ ...seen, leg: "request", text: "<presence/>" }, directory);
    expect(frame().agent).toBeNull();
    const session = {
      sid: null,
      agent: "1001006",
      phase: "open",
      transport: "websocket",
      firstExchange: "cap-12",
    };
    directory.learn({ sessions: [session as never], agents: [] });
    expect(frame()).toMatchObject({ agent: "1001006", phase: "open", framed: true });
  });
});

test("a poll is described in well under 0.1 ms", () => {
  const directory = new TrafficDirectory();
  const rounds = 5000;
  const spent = cpuTime(() => {
    for (let n = 0; n < rounds; n++) described({ body: pollText("f382a015", n) }, directory);
  });
  expect(spent / rounds).toBeLessThan(0.1);
});
