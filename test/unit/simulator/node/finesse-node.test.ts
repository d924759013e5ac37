/** The ways a node fails, as its clients see them. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FinessePair, startFinessePair } from "../../../../src/simulator/finesse-pair.ts";
import { polled } from "../../../support/changes.ts";
import { ask, BoshPeer, sample } from "../bosh-peer.ts";

const user = "47483648";
const password = "Secret1!";
const empty57 = sample("bosh/30_empty_poll_resp.cisco57.seed-derived.xml");
let pair: FinessePair;

beforeEach(async () => {
  pair = await startFinessePair({ agents: [{ id: user, password }], speed: 20 });
});
afterEach(() => pair.close());

const signedIn = (): Promise<BoshPeer> => new BoshPeer(pair).signIn(user, password);
const held = (peer: BoshPeer) =>
  polled(
    () =>
      pair.truth().some(({ sid, open }) => sid === peer.sid && open.includes(peer.rid))
        ? true
        : undefined,
    "a held poll",
  );
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "answered",
    (error: { code?: string }) => error.code,
  );

test("a stopped Notification Service answers what it holds, then refuses; after its start old sids are unknown", async () => {
  const peer = await signedIn();
  const waiting = peer.poll();
  await held(peer);
  await pair.publisher.stopNotification("stop");
  expect((await waiting).body).toBe(empty57);
  expect(await codeOf(peer.poll())).toBe("ECONNREFUSED");
  const info = await ask(pair, { method: "GET", port: 8445, path: "/finesse/api/SystemInfo" });
  expect(info.body).toContain("<status>OUT_OF_SERVICE</status>");
  await pair.publisher.startNotification();
  expect((await peer.poll()).status).toBe(404);
  await signedIn();
});

test("a crashed one resets", async () => {
  const peer = await signedIn();
  const waiting = codeOf(peer.poll());
  await held(peer);
  await pair.publisher.stopNotification("crash");
  expect(await waiting).toBe("ECONNRESET");
  expect(await codeOf(peer.poll())).toBe("ECONNREFUSED");
});

test("a hung one accepts and never answers, until it goes on", async () => {
  const peer = await signedIn();
  pair.publisher.hangNotification();
  let answered = false;
  const waiting = peer.poll().then((answer) => {
    answered = true;
    return answer;
  });
  const before = pair.time.now();
  await polled(() => (pair.time.now() - before > 40_000 ? true : undefined), "40 s");
  expect(answered).toBe(false);
  pair.publisher.resumeNotification();
  expect((await waiting).body).toBe(empty57);
});

test("a restart takes as long as it is told to", async () => {
  const before = pair.time.now();
  await pair.publisher.restartNotification(6);
  expect(pair.time.now() - before).toBeGreaterThan(5900);
  expect((await ask(pair, { method: "GET" })).status).toBe(404);
});

test("without Tomcat 8445 refuses, polls go on and tell that finesse is gone, and back", async () => {
  const peer = await signedIn();
  const waiting = peer.poll();
  await held(peer);
  await pair.publisher.stopTomcat();
  const gone = sample("bosh/27_presence_finesse_unavailable.composed.xml");
  expect((await waiting).body).toBe(gone.replaceAll("ucce.local", "demo.test"));
  const rest = ask(pair, { method: "GET", port: 8445, path: "/finesse/api/SystemInfo" });
  expect(await codeOf(rest)).toBe("ECONNREFUSED");
  const next = peer.poll();
  await pair.publisher.startTomcat();
  expect((await next).body).toContain("<presence");
});

test("a kicked session ends without a word", async () => {
  const peer = await signedIn();
  const waiting = peer.poll();
  await held(peer);
  expect(pair.publisher.kick(user)).toBe(1);
  expect((await waiting).body).toBe(empty57);
  expect((await peer.poll()).status).toBe(404);
});

test("a forbidden character is published, then both ports crash", async () => {
  const peer = await signedIn();
  const waiting = peer.poll();
  await held(peer);
  const crash = pair.publisher.publishInvalidCharacter(user);
  expect((await waiting).body).toContain("Jos\u0008e");
  await crash;
  for (const port of [8445, 7443] as const) {
    expect(await codeOf(ask(pair, { method: "GET", port }))).toBe("ECONNREFUSED");
  }
  expect((await ask(pair, { method: "GET", host: "fin2.demo.test" })).status).toBe(404);
});

test("an agent whose desktop stays away is logged out after 60 s, reason 255; one who returns is not", async () => {
  pair.center.changeState(user, { state: "LOGIN", extension: "1", requestId: "" });
  await signedIn();
  const gone = pair.time.now();
  pair.publisher.kick(user);
  await polled(
    () => (pair.center.agent(user)?.state === "LOGOUT" ? true : undefined),
    "the logout",
  );
  expect(pair.time.now() - gone).toBeGreaterThan(59_000);
  expect(pair.time.now() - gone).toBeLessThan(66_000);
  expect(pair.center.agent(user)?.reasonCode).toBe("255");

  pair.center.changeState(user, { state: "LOGIN", extension: "1", requestId: "" });
  await signedIn();
  pair.publisher.kick(user);
  const back = await signedIn();
  const since = pair.time.now();
  while (pair.time.now() - since < 70_000) await back.poll();
  expect(pair.center.agent(user)?.state).toBe("NOT_READY");
});

test("what one node's agents do is told at the other too", async () => {
  const peer = await new BoshPeer(pair, 5, "fin2.demo.test").signIn(user, password);
  const waiting = peer.poll();
  pair.center.changeState(user, { state: "LOGIN", extension: "1", requestId: "r1" });
  expect((await waiting).body).toContain("pubsub.fin2.demo.test");
});
