/** The timing of both libraries against the times measured with the real ones; times are simulated ms. */
import { expect, test } from "vitest";
import { jabberWerxBosh, Scene, stropheBosh, stropheSocket, timesOf } from "./scene.ts";

const still = { works: false } as const;

/** Within ten percent, and what the test machine's own lateness comes to at that speed. */
function expectTimes(found: readonly number[], measured: readonly number[], speed: number): void {
  const slack = 15 * speed;
  const late = found.map((at, index) => {
    const wanted = measured[index] ?? Number.NaN;
    return Math.abs(at - wanted) <= wanted * 0.1 + slack ? "in time" : `${at} for ${wanted}`;
  });
  expect(late).toEqual(measured.map(() => "in time"));
}

test("JabberWerx sends a reset poll again after 0.5, 2 and 4.5 s, then gives up", async () => {
  await using scene = await Scene.start(10);
  const desktop = await scene.ready(jabberWerxBosh, still);
  await scene.heldPoll(desktop);
  const from = desktop.log.events.length;
  scene.proxy.set("reset");
  await scene.event(desktop, "disconnected", from);
  const failed = desktop.log.events[from];
  expect(failed).toMatchObject({ kind: "request-failed", why: "ECONNRESET" });
  const start = failed?.at ?? 0;
  expectTimes(timesOf(desktop, ["request-resent"], from, start), [524, 2576, 7175], 10);
  expectTimes(timesOf(desktop, ["disconnected"], from, start), [7177], 10);
  const rids = desktop.log.events
    .slice(from)
    .filter(({ kind }) => kind === "request-resent")
    .map((event) => event["rid"]);
  expect(new Set(rids).size).toBe(1);
});

test("JabberWerx takes a 404 for any failure", async () => {
  await using scene = await Scene.start(10);
  const desktop = await scene.ready(jabberWerxBosh, still);
  await scene.heldPoll(desktop);
  const from = desktop.log.events.length;
  scene.pair.publisher.kick(desktop.agent);
  const sent = await scene.event(desktop, "request-sent", from);
  const end = await scene.event(desktop, "disconnected", from);
  expect(end["why"]).toBe("status 404");
  expectTimes(timesOf(desktop, ["request-resent"], from, sent.at), [525, 2567, 7160], 10);
  expectTimes([end.at - sent.at], [7170], 10);
});

test("JabberWerx in a black hole gives up after 147 s", async () => {
  await using scene = await Scene.start(20);
  const desktop = await scene.ready(jabberWerxBosh, still);
  const from = desktop.log.events.length;
  const poll = await scene.heldPoll(desktop);
  scene.proxy.set("black-hole");
  const end = await scene.event(desktop, "disconnected", from);
  expect(end["why"]).toBe("timeout");
  const aborts = [35_000, 70_509, 107_548, 147_128];
  expectTimes(timesOf(desktop, ["request-aborted"], from, poll.at), aborts, 20);
  const resent = [35_516, 72_551, 112_130];
  expectTimes(timesOf(desktop, ["request-resent"], from, poll.at), resent, 20);
});

test("JabberWerx ends at once when the server terminates", async () => {
  await using scene = await Scene.start(10);
  const desktop = await scene.ready(jabberWerxBosh, still);
  await scene.heldPoll(desktop);
  const from = desktop.log.events.length;
  scene.pair.publisher.settings.requests = 0;
  scene.pair.center.changeState(desktop.agent, { state: "READY", requestId: "" });
  const end = await scene.event(desktop, "disconnected", from);
  expect(end["why"]).toBe("item-not-found");
  expect(timesOf(desktop, ["request-resent"], from, 0)).toEqual([]);
});

test("Strophe ends at once on a 404", async () => {
  await using scene = await Scene.start(10);
  const desktop = await scene.ready(stropheBosh, still);
  await scene.heldPoll(desktop);
  const from = desktop.log.events.length;
  scene.pair.publisher.kick(desktop.agent);
  const end = await scene.event(desktop, "disconnected", from);
  expect(end["why"]).toBe("status 404");
  expect(timesOf(desktop, ["request-resent"], from, 0)).toEqual([]);
});

test("Strophe sends a reset poll again at once, after 8, 27 and 33 s", async () => {
  await using scene = await Scene.start(20);
  const desktop = await scene.ready(stropheBosh, still);
  const poll = await scene.heldPoll(desktop);
  const from = desktop.log.events.length;
  scene.proxy.set("reset");
  await scene.event(desktop, "disconnected", from);
  const mine = desktop.log.events.slice(from).filter((event) => event["rid"] === poll["rid"]);
  const start = mine[0]?.at ?? 0;
  const resent = mine.filter(({ kind }) => kind === "request-resent").map(({ at }) => at - start);
  expectTimes(resent, [5, 8010, 35_014, 68_014], 20);
});

test("Strophe waits 33 s for an answer", async () => {
  await using scene = await Scene.start(20);
  const desktop = await scene.ready(stropheBosh, still);
  const from = desktop.log.events.length;
  const poll = await scene.heldPoll(desktop);
  scene.proxy.set("black-hole");
  const abort = await scene.event(
    desktop,
    "request-aborted",
    from,
    (event) => event["rid"] === poll["rid"],
  );
  expectTimes([abort.at - poll.at], [33_000], 20);
});

test.each([
  ["JabberWerx", jabberWerxBosh, 10, 15],
  ["Strophe", stropheBosh, 100, 110],
] as const)("%s polls again after its think gap", async (_name, kind, low, high) => {
  await using scene = await Scene.start(1);
  const desktop = scene.open(kind, { wait: 1, works: false });
  const gaps = (): number[] =>
    desktop.log.events.flatMap((event, index, all) => {
      const next = all[index + 1];
      const isGap = event.kind === "request-answered" && event["bytes"] === 57;
      return isGap && next?.["empty"] === true ? [next.at - event.at] : [];
    });
  await scene.until(desktop, () => gaps().length >= 3, "three gaps");
  // Timers run late, never early: the shortest is the one that nothing made late.
  const shortest = Math.min(...gaps());
  expect(shortest).toBeGreaterThan(low - 2);
  expect(shortest).toBeLessThan(high + 20);
});

test("a hidden tab stretches JabberWerx's first pause to 50 s", async () => {
  await using scene = await Scene.start(50);
  const desktop = await scene.ready(jabberWerxBosh, still);
  await scene.heldPoll(desktop);
  desktop.show("hidden");
  const from = desktop.log.events.length;
  scene.proxy.set("reset");
  const resent = await scene.event(desktop, "request-resent", from);
  const failed = desktop.log.events.slice(from).find(({ kind }) => kind === "request-failed");
  expectTimes([resent.at - (failed?.at ?? 0)], [51_000], 50);
});

test("over a WebSocket a ping goes out each 10 s; three unanswered ones end it", async () => {
  await using scene = await Scene.start(10);
  const desktop = await scene.ready(stropheSocket, still);
  const from = desktop.log.events.length;
  const pings = () => timesOf(desktop, ["request-sent"], from, desktop.log.events[from]?.at ?? 0);
  await scene.until(desktop, () => pings().length >= 3, "three pings");
  const [first = 0, second = 0, third = 0] = pings();
  expectTimes([second - first, third - second], [10_000, 10_000], 10);
  scene.proxy.set("black-hole");
  const end = await scene.event(desktop, "disconnected", from);
  expect(end["why"]).toBe("ping-timeout");
  expect(timesOf(desktop, ["ping-lost"], from, 0)).toHaveLength(3);
});
