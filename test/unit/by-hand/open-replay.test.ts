/** What is sent again: the real secrets, the right length, and nothing that could end a session unasked. */
import { expect, test } from "vitest";
import { openReplay } from "../../../src/open-replay.ts";
import { MemoryRecorder } from "../../support/memory-recorder.ts";

type Sent = Parameters<Parameters<typeof openReplay>[0]["send"]>[0];

function bench(
  path: string,
  head: string,
  body: string,
  options: { readonly simulated?: boolean; readonly answers?: readonly string[] } = {},
) {
  const capture = new MemoryRecorder();
  capture.commit({ number: 7, method: "PUT", path });
  const request = { startLine: "", headers: [], trailers: [], rawHead: head, body: null };
  capture.details.set("cap1-7", { request });
  capture.bodies.set("cap1-7/request", { bytes: Buffer.from(body), contentType: "text/xml" });
  const sent: Sent[] = [];
  const desk = openReplay({
    reader: capture,
    recorder: capture,
    send: async (again) => {
      sent.push(again);
      const answer = options.answers?.[sent.length - 1] ?? "";
      return { exchange: 100 + sent.length, body: Buffer.from(answer) };
    },
    isSimulated: () => options.simulated === true,
  });
  return {
    capture,
    desk,
    sent,
    texts: () => sent.map(({ bytes }) => Buffer.from(bytes).toString("latin1")),
  };
}

const once = { times: 1, force: false, ownSession: false };
const head =
  "PUT /finesse/api/User/1 HTTP/1.1\r\nHost: fin1\r\nX-Token: ‹secret›-1\r\nContent-Length: 4\r\n\r\n";

test("a request goes out as it came, secrets and all, as often as asked", async () => {
  const { desk, texts } = bench("/finesse/api/User/1", head, "<a/>");
  expect(await desk.replay("cap1-7", { ...once, times: 2 })).toEqual(["cap1-101", "cap1-102"]);
  const text = `${head.replace("‹secret›", "secret")}<a/>`;
  expect(texts()).toEqual([text, text]);
});

test("an edited body has its length put right; a head typed by hand its line ends", async () => {
  const { desk, texts } = bench("/finesse/api/User/1", head, "<a/>");
  await desk.replay("cap1-7", { ...once, body: "<longer/>" });
  await desk.replay("cap1-7", { ...once, head: "GET /x HTTP/1.1\nHost: fin1\n", body: "" });
  expect(texts()[0]).toContain("Content-Length: 9\r\n\r\n<longer/>");
  expect(texts()[1]).toBe("GET /x HTTP/1.1\r\nHost: fin1\r\n\r\n");
});

test("http-bind is refused with the reason, unless forced", async () => {
  const poll = "POST /http-bind/ HTTP/1.1\r\nHost: fin1\r\n\r\n";
  const { desk, sent } = bench("/http-bind/", poll, "<body/>");
  await expect(desk.replay("cap1-7", once)).rejects.toMatchObject({
    code: "request-invalid",
    message: expect.stringContaining("session"),
    remedy: expect.stringContaining("force"),
  });
  expect(sent).toEqual([]);
  await desk.replay("cap1-7", { ...once, force: true });
  expect(sent.length).toBe(1);
});

test("what is not known any more is not sent", async () => {
  const { desk, sent } = bench("/x", "GET /x HTTP/1.1\r\nX-Token: ‹unknown›\r\n\r\n", "");
  await expect(desk.replay("cap1-7", once)).rejects.toMatchObject({
    code: "request-invalid",
  });
  await expect(desk.replay("cap1-8", once)).rejects.toMatchObject({
    code: "not-found",
  });
  expect(sent).toEqual([]);
});

test("http-bind to a simulated server goes out unasked", async () => {
  const poll = "POST /http-bind/ HTTP/1.1\r\nHost: fin1\r\n\r\n";
  const { desk, sent } = bench("/http-bind/", poll, "<body/>", { simulated: true });
  await desk.replay("cap1-7", once);
  expect(sent).toHaveLength(1);
});

const composed = {
  method: "GET",
  url: "https://fin1.demo.test:8445/finesse/api/User/1?x=1",
  headers: "Accept: application/xml",
  body: "",
  times: 1,
  force: false,
  credentialsOf: null,
};

test("a composed request has its host, length and the credentials of another, from memory", async () => {
  const recorded =
    "GET /x HTTP/1.1\r\nHost: fin1\r\nAuthorization: Basic ‹secret›\r\nCookie: a=‹secret›\r\n\r\n";
  const { desk, texts, sent } = bench("/x", recorded, "");
  await desk.compose(composed);
  await desk.compose({ ...composed, method: "PUT", body: "é", times: 2, credentialsOf: "cap1-7" });
  expect(sent[0]).toMatchObject({ host: "fin1.demo.test", port: 8445, secure: true });
  expect(texts()[0]).toBe(
    "GET /finesse/api/User/1?x=1 HTTP/1.1\r\nHost: fin1.demo.test:8445\r\nAccept: application/xml\r\n\r\n",
  );
  expect(texts()[1]).toBe(
    "PUT /finesse/api/User/1?x=1 HTTP/1.1\r\nHost: fin1.demo.test:8445\r\nAccept: application/xml\r\nAuthorization: Basic secret\r\nCookie: a=secret\r\nContent-Length: 2\r\n\r\n\u00c3\u00a9",
  );
  expect(sent).toHaveLength(3);
});

test("a composed request that can't be meant is refused", async () => {
  const { desk, sent } = bench("/x", head, "");
  const refused = (change: Partial<typeof composed> & { credentialsOf?: null }) =>
    expect(desk.compose({ ...composed, ...change })).rejects;
  await refused({ url: "/finesse/api/User/1" }).toMatchObject({ code: "request-invalid" });
  await refused({ url: "ftp://fin1/" }).toMatchObject({ code: "request-invalid" });
  await refused({ headers: "no header" }).toMatchObject({ code: "request-invalid" });
  await refused({ url: "https://fin1:7443/http-bind/" }).toMatchObject({
    message: expect.stringContaining("session"),
  });
  await expect(desk.compose({ ...composed, credentialsOf: "cap1-99" })).rejects.toMatchObject({
    code: "not-found",
  });
  expect(sent).toEqual([]);
});

const httpBind = "http://jabber.org/protocol/httpbind";
const bosh = (attributes: string, inner = ""): string =>
  `<body xmlns="${httpBind}" ${attributes}>${inner}</body>`;
const recordedSession = [
  bosh('to="fin1" wait="30" rid="100"'),
  bosh('sid="theirs" rid="101"', "<auth mechanism='PLAIN'>‹secret›</auth>"),
  bosh('sid="theirs" rid="102" xmpp:restart="true" xmlns:xmpp="urn:xmpp:xbosh"'),
  bosh(
    'sid="theirs" rid="103"',
    '<iq type="set" id="b"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>desktop</resource></bind></iq>',
  ),
];

test("in a session of its own: signed in as recorded, under another resource, ended afterwards", async () => {
  const wanted = bosh('sid="theirs" rid="150"', "<iq type='get' id='v'/>");
  const poll = "POST /http-bind/ HTTP/1.1\r\nHost: fin1\r\nAccept-Encoding: gzip\r\n\r\n";
  const { capture, desk, texts } = bench("/http-bind/", poll, wanted, {
    answers: [
      bosh('sid="mine" wait="30"'),
      bosh(""),
      bosh("", "<success/>"),
      bosh("", "<stream:features/>"),
      bosh("", "<iq type='result'><bind><jid>1@fin1/boshscope</jid></bind></iq>"),
    ],
  });
  capture.commit({ number: 7, method: "POST", path: "/http-bind/", sid: "theirs" });
  recordedSession.forEach((text, index) => {
    capture.commit({ number: index + 1, method: "POST", path: "/http-bind/", sid: "theirs" });
    const request = { startLine: "", headers: [], trailers: [], rawHead: poll, body: null };
    capture.details.set(`cap1-${index + 1}`, { request });
    capture.bodies.set(`cap1-${index + 1}/request`, {
      bytes: Buffer.from(text),
      contentType: "text/xml",
    });
  });
  const made = await desk.replay("cap1-7", { ...once, ownSession: true });
  expect(made).toHaveLength(7);
  const bodies = texts().map((text) => text.slice(text.indexOf("\r\n\r\n") + 4));
  const rids = bodies.map((text) => Number(/ rid="(\d+)"/.exec(text)?.[1]));
  expect(rids.map((rid) => rid - (rids[0] ?? 0))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(bodies[0]).not.toContain("sid=");
  for (const body of bodies.slice(1)) expect(body).toContain('sid="mine"');
  expect(bodies[1]).toContain(">secret</auth>");
  expect(bodies[2]).not.toContain("<auth");
  expect(bodies[4]).toMatch(/<resource>boshscope-[0-9a-f]{6}<\/resource>/);
  expect(bodies[5]).toContain("<iq type='get' id='v'/>");
  expect(bodies[6]).toContain('type="terminate"');
  expect(texts().join("")).not.toContain("Accept-Encoding");
});

test("without the recorded sign-in there is no session of its own", async () => {
  const poll = "POST /http-bind/ HTTP/1.1\r\nHost: fin1\r\n\r\n";
  const { desk, sent } = bench("/http-bind/", poll, bosh('sid="theirs" rid="150"'));
  await expect(desk.replay("cap1-7", { ...once, ownSession: true })).rejects.toMatchObject({
    message: expect.stringContaining("sign-in is not known"),
  });
  expect(sent).toEqual([]);
});
