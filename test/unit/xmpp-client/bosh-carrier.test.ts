/** BOSH as the console speaks it: rids in order, one request waiting, what is lost said again, and every end with its reason. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { readAnyBody } from "../../../src/bosh/read-bosh-body.ts";
import { openBoshCarrier } from "../../../src/xmpp-client/bosh-carrier.ts";
import { closeFrame, openFrame } from "../../../src/xmpp-client/carrier.ts";
import { demoHost, trusted } from "../../support/tls-fixtures.ts";
import { networkTo } from "../../support/xmpp-client.ts";

const space = "xmlns='http://jabber.org/protocol/httpbind'";
const created = `<body ${space} xmlns:stream='http://etherx.jabber.org/streams' sid='s1' wait='30' requests='2' hold='1'><stream:features/></body>`;
const empty = `<body ${space}/>`;

type Asked = { readonly text: string; readonly rid: number };
/** Answers the nth request; null = lets it wait. */
type Script = (asked: Asked, index: number, response: ServerResponse) => string | number | null;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).toReversed()) close();
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** A server with a script, and a carrier towards it whose stream is asked for. */
async function started(script: Script) {
  const asked: Asked[] = [];
  const frames: string[] = [];
  const ended = Promise.withResolvers<Error | null>();
  const { cert, key } = trusted;
  const server = createServer({ cert, key }, (request, response) => {
    void bodyOf(request).then((text) => {
      const body = readAnyBody(text);
      const rid = body.kind === "body" ? (body.rid ?? 0) : 0;
      asked.push({ text, rid });
      const answer = script({ text, rid }, asked.length - 1, response);
      if (typeof answer === "number") response.writeHead(answer).end();
      else if (answer !== null) response.end(answer);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const target = { host: demoHost, port: 7443 };
  const order = { target, path: "/http-bind/", domain: demoHost };
  const carrier = openBoshCarrier(networkTo({ 7443: port }), order, {
    onFrame: (frame) => frames.push(frame),
    onClosed: ended.resolve,
  });
  closers.push(() => server.close());
  closers.push(() => server.closeAllConnections());
  closers.push(() => carrier.destroy());
  carrier.send(openFrame(""));
  return { asked, frames, carrier, ended: ended.promise };
}

const names = (frames: readonly string[]): string[] =>
  frames.map((frame) => /^<([^\s/>]+)/.exec(frame)?.[1] ?? "");

test("a stream is opened, one request waits, and a stanza goes beside it", async () => {
  let held: ServerResponse | null = null;
  const bench = await started(({ text }, index, response) => {
    if (index === 0) return created;
    if (!text.includes("<iq")) {
      held = response;
      return null;
    }
    held?.end(`<body ${space}><iq id='1' type='result'/></body>`);
    return null;
  });
  await expect.poll(() => bench.asked.length).toBe(2);
  expect(bench.frames[1]).toContain(`xmlns:stream="http://etherx.jabber.org/streams"`);
  bench.carrier.send(`<iq xmlns="jabber:client" id="1" type="get"/>`);
  await expect.poll(() => names(bench.frames)).toEqual(["open", "stream:features", "iq"]);
  expect(bench.frames[2]).toBe(`<iq xmlns="jabber:client" id='1' type='result'/>`);
  const rids = bench.asked.map(({ rid }) => rid);
  expect(rids).toEqual(rids.map((_, index) => (rids[0] ?? 0) + index));
  expect(bench.asked[0]?.text).not.toContain("sid=");
  expect(bench.asked[2]?.text).toContain(`sid="s1"`);
});

test("answers are read in the order of their requests", async () => {
  const waiting: ServerResponse[] = [];
  const bench = await started((_asked, index, response) => {
    if (index === 0) return created;
    waiting.push(response);
    return null;
  });
  await expect.poll(() => waiting.length).toBe(1);
  bench.carrier.send("<presence/>");
  await expect.poll(() => waiting.length).toBe(2);
  const [first, second] = waiting;
  second?.end(`<body ${space}><message id='2'/></body>`);
  await expect.poll(() => second?.writableFinished).toBe(true);
  first?.end(`<body ${space}><message id='1'/></body>`);
  await expect.poll(() => bench.frames.length).toBe(4);
  expect(bench.frames.slice(2).map((frame) => /id='(\d)'/.exec(frame)?.[1])).toEqual(["1", "2"]);
});

test("a request that is lost is sent again as it was", async () => {
  const bench = await started((_asked, index, response) => {
    if (index === 0) return created;
    if (index === 1) response.socket?.destroy();
    return null;
  });
  await expect.poll(() => bench.asked.length, { timeout: 5000 }).toBe(3);
  expect(bench.asked[2]).toEqual(bench.asked[1]);
});

test.each<readonly [string, string | number, RegExp]>([
  ["a session that is not known", 404, /404: it does not know this session/],
  ["a conflict", `<body ${space} type='terminate' condition='conflict'/>`, /conflict/],
  ["an answer that is no body", "<html/>", /no BOSH body/],
  ["half an answer", `<body ${space}><iq`, /no BOSH body/],
])("%s ends it with words", async (_what, answer, words) => {
  const bench = await started((_asked, index) => (index === 0 ? created : answer));
  expect(String((await bench.ended)?.message)).toMatch(words);
});

test("no server, or none that speaks BOSH, is told at once", async () => {
  const bench = await started(() => empty);
  expect(String((await bench.ended)?.message)).toMatch(/made no session/);
});

test("a stream error is told before the end", async () => {
  const error = `<body ${space} xmlns:stream='http://etherx.jabber.org/streams' type='terminate' condition='remote-stream-error'><stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></body>`;
  const bench = await started((_asked, index) => (index === 0 ? created : error));
  await bench.ended;
  expect(names(bench.frames)).toEqual(["open", "stream:features", "stream:error"]);
});

test("a goodbye ends as agreed, whichever request is answered first", async () => {
  let held: ServerResponse | null = null;
  const bench = await started(({ text }, index, response) => {
    if (index === 0) return created;
    if (!text.includes(`type="terminate"`)) {
      held = response;
      return null;
    }
    held?.end(`<body ${space} type='terminate'/>`);
    return `<body ${space} type='terminate'/>`;
  });
  await expect.poll(() => bench.asked.length).toBe(2);
  bench.carrier.send(closeFrame);
  expect(await bench.ended).toBeNull();
});
