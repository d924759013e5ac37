/** Each rule of BOSH as Openfire 3.8.2 plays it, over real sockets. Time runs fast; durations are simulated. */
import { once } from "node:events";
import { connect } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FinessePair, startFinessePair } from "../../../../src/simulator/finesse-pair.ts";
import { polled } from "../../../support/changes.ts";
import { ask, BoshPeer, httpBind, sample } from "../bosh-peer.ts";

const user = "47483648";
const password = "Secret1!";
const empty57 = sample("bosh/30_empty_poll_resp.cisco57.seed-derived.xml");
const itemNotFound = sample("bosh/34_error_item_not_found.composed.xml");
let pair: FinessePair;

beforeEach(async () => {
  pair = await startFinessePair({
    hosts: ["fin1.ucce.local", "fin2.ucce.local"],
    agents: [{ id: user, password, extension: "10005" }],
    speed: 50,
  });
});
afterEach(() => pair.close());

const signedIn = (): Promise<BoshPeer> => new BoshPeer(pair).signIn(user, password);
const truthOf = ({ sid }: BoshPeer) => pair.truth().find((session) => session.sid === sid);
/** Waits until the server holds exactly these rids. */
const held = (peer: BoshPeer, rids: readonly number[]) =>
  polled(
    () => (truthOf(peer)?.open.join() === rids.join() ? true : undefined),
    `held ${rids.join()}`,
  );

describe("sign-in", () => {
  test("every answer is the sample's, byte for byte", async () => {
    const peer = new BoshPeer(pair);
    const created = await peer.create();
    expect(peer.sid).toMatch(/^[0-9a-f]{1,8}$/);
    const expected = sample("bosh/21_create_resp.composed.xml").replaceAll("f382a015", peer.sid);
    expect(created.body).toBe(expected);
    expect(created.headers["content-type"]).toMatch(/^text\/xml/);
    const authenticated = await peer.auth(user, password);
    expect(authenticated.body).toBe(sample("bosh/22_auth_ok_resp.composed.xml"));
    expect((await peer.restart()).body).toBe(sample("bosh/23_restart_resp.composed.xml"));
    const bound = await peer.bind("desktop", "OTSVp5fRclJdXkeZ4A47/VMZAgE=");
    expect(bound.body).toBe(sample("bosh/24_bind_resp.composed.xml").replace("f382a015", peer.sid));
    const session = await peer.send(
      "<iq type='set' id='_session_auth_2' xmlns='jabber:client'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>",
    );
    expect(session.body).toBe(sample("bosh/25_session_resp.composed.xml").replace("1001003", user));
    expect((await peer.presence()).body).toBe(
      sample("bosh/26_presence_finesse_available.composed.xml"),
    );
    expect(truthOf(peer)).toMatchObject({ jid: `${user}@fin1.ucce.local/desktop`, state: "open" });
  });

  test("a wrong password fails in band, and nothing else is answered", async () => {
    const peer = new BoshPeer(pair);
    await peer.create();
    const failure = sample("bosh/22b_auth_fail_resp.composed.xml");
    expect((await peer.auth(user, "wrong")).body).toBe(failure);
    expect((await peer.bind()).body).toBe(failure);
    expect((await peer.auth("nobody", password)).body).toBe(failure);
  });

  test("both disco questions in one body are answered in one body", async () => {
    const peer = await signedIn();
    const answer = await peer.send(
      '<iq xmlns="jabber:client" type="get" to="fin1.ucce.local" id="a"><query xmlns="http://jabber.org/protocol/disco#info"/></iq><iq xmlns="jabber:client" type="get" to="fin1.ucce.local" id="b"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>',
    );
    // The second may come with the next answer, as routing is asynchronous in the original too.
    const all = answer.body.includes('id="b"')
      ? answer.body
      : answer.body + (await peer.poll()).body;
    expect(all).toMatch(
      /id="a" from="fin1.ucce.local".*disco#info.*id="b" from="fin1.ucce.local"/s,
    );
  });

  test("a later bind of the same JID ends the older session with a conflict", async () => {
    const older = await signedIn();
    const waiting = older.poll();
    await held(older, [older.rid]);
    await new BoshPeer(pair, 77).signIn(user, password);
    expect((await waiting).body).toBe(sample("bosh/36_error_remote_stream_conflict.composed.xml"));
    expect((await older.poll()).status).toBe(404);
    expect(truthOf(older)?.closedBecause).toBe("conflict");
  });
});

describe("holding", () => {
  test("a poll is held for the granted wait, then answered with 57 bytes", async () => {
    const peer = await signedIn();
    const answer = await peer.poll();
    expect(answer.body).toBe(empty57);
    expect(answer.took).toBeGreaterThan(29_500);
    expect(answer.took).toBeLessThan(33_000);
  });

  test.each([
    ["stock51", "bosh/31_empty_resp.stock51.composed.xml"],
    ["ack", "bosh/32_empty_resp.ack74.composed.xml"],
  ] as const)("the empty body can be %s", async (kind, file) => {
    pair.publisher.settings.emptyBody = kind;
    const peer = new BoshPeer(pair, 3_210_987_653 - 5);
    await peer.create();
    await peer.auth(user, password);
    for (let step = 0; step < 3; step++) await peer.restart();
    await peer.restart();
    expect(peer.rid).toBe(3_210_987_653);
    expect((await peer.poll()).body).toBe(sample(file));
  });

  test("a second request releases the first, and is held itself", async () => {
    const peer = await signedIn();
    const first = peer.poll();
    await held(peer, [peer.rid]);
    const second = peer.send("<message xmlns='jabber:client' to='nobody'/>");
    expect((await first).body).toBe(empty57);
    expect((await first).took).toBeLessThan(15_000);
    await held(peer, [peer.rid]);
    expect((await second).took).toBeGreaterThan(29_500);
  });

  test("an answer to a stanza comes on the second request at once", async () => {
    const peer = await signedIn();
    const first = peer.poll();
    await held(peer, [peer.rid]);
    const answer = await peer.send(
      "<iq type='get' to='fin1.ucce.local' id='p:ping' xmlns='jabber:client'><ping xmlns='urn:xmpp:ping'/></iq>",
    );
    expect(answer.body).toContain('type="result" id="p:ping"');
    expect((await first).body).toBe(empty57);
  });

  test("pause answers all, and lifts the idle limit until the next request", async () => {
    const peer = await signedIn();
    const waiting = peer.poll();
    await held(peer, [peer.rid]);
    const paused = await peer.send("", undefined, ' pause="200"');
    expect([(await waiting).body, paused.body]).toEqual([empty57, empty57]);
    const idle = () => truthOf(peer)?.idleMs ?? 0;
    await polled(() => (idle() > 130_000 ? true : undefined), "130 s of idleness");
    expect(truthOf(peer)?.state).toBe("open");
    await polled(() => (truthOf(peer)?.state === "closed" ? true : undefined), "its end");
  });
});

describe("rid window", () => {
  test("an answered rid is answered again from the cache, two back at most", async () => {
    const peer = await signedIn();
    const first = await peer.bind("other", "x1");
    const second = await peer.bind("other", "x2");
    expect((await peer.poll(peer.rid)).body).toBe(second.body);
    expect((await peer.poll(peer.rid - 1)).body).toBe(first.body);
    expect((await peer.poll(peer.rid - 2)).body).toBe(itemNotFound);
    expect((await peer.poll()).status).toBe(404);
  });

  test("a timed-out poll can be sent again with 57-byte bodies, not with stock ones", async () => {
    const peer = await signedIn();
    await peer.poll();
    expect((await peer.poll(peer.rid)).body).toBe(empty57);
    pair.publisher.settings.emptyBody = "stock51";
    await peer.poll();
    expect((await peer.poll(peer.rid)).body).toBe(itemNotFound);
  });

  test("a rid that is still held: both connections are answered at once", async () => {
    const peer = await signedIn();
    const lost = peer.poll();
    await held(peer, [peer.rid]);
    const again = await peer.poll(peer.rid);
    expect([(await lost).body, again.body]).toEqual([empty57, empty57]);
    expect(again.took).toBeLessThan(15_000);
    expect((await peer.bind("other")).body).toContain("<jid>");
  });

  test("a rid two ahead waits for the one before it; then both are answered, stanzas in order", async () => {
    const peer = await signedIn();
    const rid = peer.rid;
    const late = peer.send(
      "<iq type='get' id='second' xmlns='jabber:client'><ping xmlns='urn:xmpp:ping'/></iq>",
      rid + 2,
    );
    await held(peer, [rid + 2]);
    const early = peer.send(
      "<iq type='get' id='first' xmlns='jabber:client'><ping xmlns='urn:xmpp:ping'/></iq>",
      rid + 1,
    );
    expect([(await early).body, (await late).body]).toEqual([empty57, empty57]);
    const next = await peer.poll(rid + 3);
    expect(next.body).toMatch(/id="first".*id="second"/);
  });

  test("a rid beyond the window ends the session in band", async () => {
    const peer = await signedIn();
    expect((await peer.poll(peer.rid + 3)).body).toBe(itemNotFound);
    expect(truthOf(peer)?.closedBecause).toBe("item-not-found");
    expect((await peer.poll()).status).toBe(404);
  });

  test("a second empty poll within five seconds while one is held is a policy violation", async () => {
    const peer = await signedIn();
    const first = peer.poll();
    await held(peer, [peer.rid]);
    const second = await peer.poll();
    expect(second.body).toBe(sample("bosh/35_error_policy_violation.composed.xml"));
    expect((await first).body).toBe(empty57);
  });
});

describe("refusals", () => {
  test("an unknown sid is 404 Invalid SID.", async () => {
    const peer = new BoshPeer(pair);
    peer.sid = "deadbeef";
    expect(await peer.poll()).toMatchObject({ status: 404, reason: "Invalid SID." });
  });

  test.each([
    ["<body", 400, "Error parsing user request."],
    ["<presence/>", 400, "Error parsing user request."],
    [`<body xmlns='${httpBind}' sid='1'/>`, 400, "Body missing RID (Request ID)"],
    [`<body xmlns='${httpBind}' rid='-1'/>`, 400, "Body missing RID (Request ID)"],
    [`<body xmlns='${httpBind}' rid='x'/>`, 400, "Body missing RID (Request ID)"],
  ])("%s", async (body, status, reason) => {
    expect(await ask(pair, { body })).toMatchObject({ status, reason });
  });

  test("GET finds nothing", async () => {
    expect((await ask(pair, { method: "GET" })).status).toBe(404);
  });

  test("a session opened with TLS is refused without", async () => {
    const peer = await signedIn();
    const body = `<body xmlns="${httpBind}" sid="${peer.sid}" rid="${peer.rid + 1}"/>`;
    expect((await peer.post(body, 7071)).body).toContain('condition="bad-request"');
    expect(truthOf(peer)?.state).toBe("closed");
  });

  test("clients older than 1.6 get statuses instead of conditions", async () => {
    const peer = new BoshPeer(pair);
    const created = await peer.create('hold="1" ver="1.5" wait="30"');
    expect(created.body).not.toContain("maxpause");
    expect((await peer.poll(peer.rid + 9)).status).toBe(404);
  });
});

describe("ends", () => {
  test("terminate answers what is held, then itself with 68 bytes", async () => {
    const peer = await signedIn();
    const waiting = peer.poll();
    await held(peer, [peer.rid]);
    const ended = await peer.send("", undefined, ' type="terminate"');
    expect(ended.body).toBe(sample("bosh/33_terminate_resp.composed.xml"));
    expect((await waiting).body).toBe(empty57);
    expect((await peer.poll()).status).toBe(404);
  });

  test("a silent session ends at the reaper's first tick after 60 s", async () => {
    const peer = await signedIn();
    const closed = await polled(
      () => (truthOf(peer)?.state === "closed" ? truthOf(peer) : undefined),
      "the reaper",
    );
    expect(closed?.closedBecause).toBe("idle");
    expect(closed?.idleMs).toBeGreaterThan(60_000);
    expect(closed?.idleMs).toBeLessThan(93_000);
  });

  test("a client that died while a poll was held counts as alive until the wait is over", async () => {
    const peer = await signedIn();
    const socket = connect({
      port: pair.publisher.portOf(7443),
      host: "127.0.0.1",
      servername: peer.host,
      ca: pair.certificates,
    });
    await once(socket, "secureConnect");
    const body = `<body xmlns="${httpBind}" sid="${peer.sid}" rid="${peer.rid + 1}"/>`;
    socket.write(
      `POST /http-bind/ HTTP/1.1\r\nHost: ${peer.host}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await held(peer, [peer.rid + 1]);
    const died = pair.time.now();
    socket.destroy();
    await polled(() => (truthOf(peer)?.state === "closed" ? true : undefined), "the reaper");
    const after = pair.time.now() - died;
    expect(after).toBeGreaterThan(88_000);
    expect(after).toBeLessThan(124_000);
  });
});
