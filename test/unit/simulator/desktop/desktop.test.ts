/** A desktop's day: sign-in, calls, the minute's check, failures of every kind, sign-out. */
import { expect, test } from "vitest";
import { polled } from "../../../support/changes.ts";
import { startBoshscope } from "../../../support/proxy-under-test.ts";
import { jabberWerxBosh, password, Scene, stropheBosh, stropheSocket, user } from "./scene.ts";

const kinds = [
  ["JabberWerx", jabberWerxBosh],
  ["Strophe over BOSH", stropheBosh],
  ["Strophe over a WebSocket", stropheSocket],
] as const;

test.each(kinds)("%s signs in, takes a call, and signs out", async (_name, kind) => {
  await using scene = await Scene.start(50);
  const desktop = await scene.ready(kind);
  expect(scene.pair.center.offerCall(user, "5551002")).not.toBeNull();
  await scene.event(desktop, "call", 0, (event) => event["state"] === "ALERTING");
  await scene.event(desktop, "state", 0, (event) => event["state"] === "TALKING");
  await scene.event(desktop, "call", 0, (event) => event["state"] === "DROPPED");
  const confirmed = desktop.log.events.filter(({ kind }) => kind === "state-confirmed");
  expect(confirmed.length).toBeGreaterThanOrEqual(2);
  desktop.signOut();
  await scene.event(desktop, "disconnected");
  expect(desktop.state()).toMatchObject({ phase: "signed-out", banner: null });
  expect(scene.pair.center.agent(user)?.state).toBe("LOGOUT");
  const session = () => scene.pair.truth()[0];
  await polled(() => (session()?.state === "closed" ? true : undefined), "the session's end");
  expect(["terminate", "connection-closed"]).toContain(session()?.closedBecause);
});

test("SystemInfo goes out each 60 s, shows the drift, and becomes a client log", async () => {
  await using scene = await Scene.start(50);
  scene.pair.publisher.setSkew(5000);
  const desktop = await scene.ready(jabberWerxBosh);
  const checks = () =>
    desktop.log.events.filter((event) => {
      const path = event["path"];
      return event.kind === "rest-sent" && path === "/finesse/api/SystemInfo";
    });
  await scene.until(desktop, () => checks().length >= 7, "six minutes");
  const times = checks()
    .slice(1)
    .map(({ at }) => at);
  times.slice(1).forEach((at, index) => {
    expect(Math.abs(at - (times[index] ?? 0) - 60_000)).toBeLessThan(1500);
  });
  expect(Math.abs((desktop.state().driftMs ?? 0) - 5000)).toBeLessThan(100);
  const log = scene.pair.publisher.clientLogs[0]?.text ?? "";
  expect(log).toMatch(
    /^Mozilla.*\n.*fin1\.demo\.test: \w{3} \d\d \d{4} .*Header : Client: .*Drift: \d+ ms/,
  );
});

test("a stopped Notification Service: red banner, then the other node", async () => {
  await using scene = await Scene.start(50);
  const desktop = await scene.ready(jabberWerxBosh);
  await scene.heldPoll(desktop);
  const from = desktop.log.events.length;
  await scene.pair.publisher.stopNotification("stop");
  const shown = await scene.event(desktop, "banner-shown", from);
  expect(shown["host"]).toBe("fin1.demo.test");
  await scene.event(desktop, "banner-hidden", from);
  expect(desktop.state()).toMatchObject({
    phase: "active",
    host: "fin2.demo.test",
    banner: null,
    connected: true,
  });
  expect(
    scene.pair.truth().some(({ node, state }) => node === "fin2.demo.test" && state === "open"),
  ).toBe(true);
});

test("the CTI server away on both nodes: SystemInfo each 20 s, then back on the same", async () => {
  await using scene = await Scene.start(50);
  const desktop = await scene.ready(stropheSocket);
  const from = desktop.log.events.length;
  scene.pair.publisher.setCti(false);
  scene.pair.subscriber.setCti(false);
  await scene.event(desktop, "banner-shown", from);
  expect(desktop.state().banner).toBe(
    "Lost connection to fin1.demo.test. Please wait for a reachable Finesse Server...",
  );
  const asked = () =>
    desktop.log.events
      .slice(from)
      .filter((event) => event.kind === "rest-sent" && event["host"] === "fin1.demo.test")
      .map(({ at }) => at);
  await scene.until(desktop, () => asked().length >= 4, "four rounds");
  const [first = 0, second = 0, third = 0] = asked();
  for (const pause of [second - first, third - second]) {
    expect(pause).toBeGreaterThan(19_900);
    expect(pause).toBeLessThan(22_500);
  }
  scene.pair.publisher.setCti(true);
  await scene.event(desktop, "banner-hidden", from);
  expect(desktop.state()).toMatchObject({ phase: "active", host: "fin1.demo.test" });
});

test("without Tomcat the polls go on, and the desktop leaves for the other node", async () => {
  await using scene = await Scene.start(50);
  const desktop = await scene.ready(jabberWerxBosh);
  const from = desktop.log.events.length;
  await scene.pair.publisher.stopTomcat();
  const shown = await scene.event(desktop, "banner-shown", from);
  expect(shown["why"]).toBe("finesse is not present");
  await scene.event(desktop, "banner-hidden", from);
  expect(desktop.state().host).toBe("fin2.demo.test");
});

test("a tab frozen for 100 s finds its session gone, and comes back", async () => {
  await using scene = await Scene.start(50);
  const desktop = await scene.ready(jabberWerxBosh);
  await scene.heldPoll(desktop);
  const from = desktop.log.events.length;
  desktop.freeze(130_000);
  await scene.event(desktop, "disconnected", from);
  expect(scene.pair.truth().some(({ closedBecause }) => closedBecause === "idle")).toBe(true);
  await scene.event(desktop, "banner-hidden", from);
  expect(desktop.state()).toMatchObject({ phase: "active", host: "fin1.demo.test" });
});

test("the same agent twice: the older desktop is signed out by the conflict", async () => {
  await using scene = await Scene.start(50);
  const older = await scene.ready(jabberWerxBosh);
  const younger = scene.open(stropheBosh);
  const end = await scene.event(older, "disconnected");
  expect(end["why"]).toBe("conflict");
  expect(older.state().phase).toBe("signed-out");
  await scene.until(younger, () => younger.state().connected, "the younger's connection");
});

test("a wrong password ends the sign-in", async () => {
  await using scene = await Scene.start(50);
  const desktop = scene.open(stropheBosh, { password: "wrong" });
  const end = await scene.event(desktop, "disconnected");
  expect(end["why"]).toBe("unauthorized");
});

test("an untrusted certificate never lets it sign in", async () => {
  await using scene = await Scene.start(50);
  await using other = await Scene.start(50);
  const desktop = scene.open(stropheBosh, { ca: other.pair.certificates });
  const failed = await scene.event(desktop, "rest-failed");
  expect(failed["why"]).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY|DEPTH_ZERO/);
});

test.each(kinds)("%s works through Boshscope's own proxy", async (_name, kind) => {
  await using scene = await Scene.start(20);
  const { resolve } = scene.pair;
  await using proxy = await startBoshscope(
    Object.fromEntries(resolve.map(({ host, port, realPort }) => [`${host}:${port}`, realPort])),
  );
  const desktop = await scene.ready(kind, {
    proxy: { host: "127.0.0.1", port: proxy.port },
    ca: proxy.ca,
    password,
    gadgets: true,
  });
  expect(desktop.state().phase).toBe("active");
  expect(proxy.events.some(({ kind }) => kind === "request-head")).toBe(true);
});
