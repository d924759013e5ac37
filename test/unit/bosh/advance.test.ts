/** The session machine against measured traces, the worked timelines, and events in any order. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advance } from "../../../src/bosh/advance.ts";
import type { BoshEvent } from "../../../src/bosh/bosh-event.ts";
import { nextDeadline } from "../../../src/bosh/on-tick.ts";
import { maxMissing, maxOpen, maxPast, newSession, requestsOf } from "../../../src/bosh/session.ts";
import { transitions } from "../../../src/bosh/transitions.ts";
import { cpuTime } from "../../support/cpu-time.ts";
import { replayTrace } from "./replay-trace.ts";
import { sample } from "./samples.ts";
import { bodyOf, emptyBody, pollText, SessionLog } from "./session-log.ts";

const notification = sample("bosh/40_notification_user_put.1571.reconstructed.xml");

/** A JabberWerx session until its first poll, exchange 7, rid 2861121877, at second 1. */
function signedIn(): SessionLog {
  const log = new SessionLog(null);
  const steps = [
    ["01_create_req.jabberwerx.captured.xml", "21_create_resp.composed.xml"],
    ["02_auth_req.jabberwerx.captured.xml", "22_auth_ok_resp.composed.xml"],
    ["03_restart_req.jabberwerx.captured.xml", "23_restart_resp.composed.xml"],
    ["04_bind_req.jabberwerx.captured.xml", "24_bind_resp.composed.xml"],
    ["05_disco_req.jabberwerx.captured.xml", "26_presence_finesse_available.composed.xml"],
    ["06_presence_req.jabberwerx.captured.xml", "26_presence_finesse_available.composed.xml"],
  ] as const;
  for (const [index, [request, answer]] of steps.entries()) {
    const start = index * 0.15;
    log.request(start, index + 1, sample(`bosh/${request}`));
    log.answer(start + 0.14, index + 1, sample(`bosh/${answer}`));
  }
  return log.request(1, 7, sample("bosh/07_poll_req.jabberwerx.captured.xml"));
}

const firstPoll = 2_861_121_877;

/** A session joined at a poll that is open since second 0. */
const joined = () => new SessionLog().poll(0, 1, 101);

describe("a healthy session", () => {
  test("is created, authenticated, restarted and bound", () => {
    const log = signedIn();
    expect(log.session).toMatchObject({
      state: "open",
      sid: "f382a015",
      joined: false,
      jid: "47483648@fin1.ucce.local/desktop",
      client: "jabberwerx",
      authenticated: "yes",
      restarted: true,
      bound: true,
      nextRid: firstPoll + 1,
      highest: firstPoll - 1,
      quietSince: null,
      granted: {
        wait: 30,
        hold: 1,
        requests: 2,
        inactivity: 60,
        polling: 5,
        maxpause: 300,
        ver: "1.6",
      },
    });
    expect(log.kinds()).toEqual(["session-created", "session-authenticated", "session-bound"]);
    expect(log.find("session-created")[0]).toMatchObject({ wait: 30, client: "jabberwerx" });
  });

  test("polls for an hour without anything to say", () => {
    const log = signedIn();
    for (let index = 0; index < 120; index += 1) {
      const start = 1 + index * 30.05;
      log.answer(start + 30.03, 7 + index, index % 9 === 8 ? notification : emptyBody);
      log.poll(start + 30.045, 8 + index, firstPoll + 1 + index);
    }
    expect(log.kinds().slice(3)).toEqual([]);
    expect(log.find("normal-timeout")).toHaveLength(107);
    expect(log.find("think-gap").every(({ grade }) => grade === "normal")).toBe(true);
    expect(log.session.open).toHaveLength(1);
  });

  test("ends with a goodbye, which is told once", () => {
    const log = signedIn().request(4, 8, pollText(firstPoll + 1, "f382a015", ' type="terminate"'));
    log.answer(4.01, 7).answer(4.02, 8, sample("bosh/33_terminate_resp.composed.xml"));
    expect(log.find("terminate")).toMatchObject([{ by: "client", condition: null }]);
    expect(log.session.state).toBe("terminated");
    expect(log.until(1000).kinds()).not.toContain("session-silent");
  });

  test("Strophe's too, with its presence inside", () => {
    const log = new SessionLog(null);
    log.request(0, 1, sample("bosh/11_create_req.strophe.captured.xml"));
    log.answer(0.1, 1, sample("bosh/21_create_resp.composed.xml"));
    log.request(1, 2, sample("bosh/19_terminate_req.strophe.captured.xml"));
    expect(log.session).toMatchObject({ client: "strophe", state: "terminated" });
  });
});

describe("measured traces", () => {
  const resends = (log: SessionLog) =>
    log.find("retransmission").map(({ attempt, sinceFirstMs, sameBody }) => {
      expect(sameBody).toBe(true);
      return [attempt, sinceFirstMs];
    });

  test("JabberWerx on 404 asks four times", () => {
    const log = replayTrace("jabberwerx_404.measured.csv");
    expect(resends(log)).toEqual([
      [1, 525],
      [2, 2567],
      [3, 7160],
    ]);
    expect(log.find("invalid-sid")).toHaveLength(4);
    expect(log.find("think-gap")).toEqual([]);
    expect(log.session.state).toBe("expired");
    expect(log.kinds()).not.toContain("session-revived");
  });

  test("JabberWerx on resets keeps its session until the server's limit", () => {
    const log = replayTrace("jabberwerx_reset.measured.csv");
    expect(resends(log)).toEqual([
      [1, 527],
      [2, 2579],
      [3, 7178],
    ]);
    expect(log.find("request-failed")).toHaveLength(4);
    expect(log.session.state).toBe("open");
    // The last poll was sent at 7.18 s, and may be held for 30 s more by a server that did not see the reset.
    log.until(127);
    expect(log.session.state).toBe("silent");
    log.until(128);
    expect(log.session.state).toBe("expired");
    expect(log.kinds().slice(-2)).toEqual(["session-silent", "session-expired"]);
    expect(log.find("think-gap")).toEqual([]);
  });

  test("JabberWerx in a black hole aborts at 35 s, four times", () => {
    const log = replayTrace("jabberwerx_blackhole.measured.csv");
    expect(resends(log)).toEqual([
      [1, 35_516],
      [2, 72_551],
      [3, 112_130],
    ]);
    expect(log.find("request-failed").map(({ byClientTimeout }) => byClientTimeout)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(log.find("late-poll")).toHaveLength(4);
    expect(log.find("late-poll")[0]).toMatchObject({ at: 32_000, exchanges: [1] });
    // The last abort came 2 ms early.
    expect(log.find("overdue-poll").length).toBeGreaterThanOrEqual(1);
  });

  test("JabberWerx believes a terminate at once", () => {
    const log = replayTrace("jabberwerx_inband_terminate.measured.csv");
    expect(log.find("terminate")).toMatchObject([{ by: "server", condition: "item-not-found" }]);
    expect(log.session.state).toBe("terminated");
  });

  test("Strophe on 404 asks once", () => {
    const log = replayTrace("strophe_404.measured.csv");
    expect(resends(log)).toEqual([]);
    expect(log.find("invalid-sid")).toMatchObject([{ exchanges: [1], lastThinkGapMs: null }]);
  });

  test("Strophe on resets waits longer each time", () => {
    expect(resends(replayTrace("strophe_reset.measured.csv"))).toEqual([
      [1, 5],
      [2, 8010],
      [3, 35_014],
    ]);
  });
});

describe("worked timelines", () => {
  test.each([
    [0.2, "normal", "open", 0],
    [0.9, "noticeable", "open", 0],
    [4, "slow", "open", 0],
    [59, "bad", "open", 0],
    [75, "critical", "silent", 1],
    [95, "fatal", "expired", 2],
  ] as const)("A: a tab frozen for %d s is a %s gap", (gap, grade, state, told) => {
    const log = joined().answer(30.02, 1);
    log.until(30.02 + gap);
    expect(log.session.state).toBe(state);
    log.poll(30.02 + gap, 2, 102).status(30.1 + gap, 2, 404);
    expect(log.find("think-gap")).toMatchObject([{ grade, exchanges: [2, 1] }]);
    expect(log.find("think-gap")[0]?.ms).toBeCloseTo(gap * 1000);
    expect([...log.find("session-silent"), ...log.find("session-expired")]).toHaveLength(told);
    expect(log.find("invalid-sid")[0]?.lastThinkGapMs).toBeCloseTo(gap * 1000);
    expect(log.session.state).toBe("expired");
  });

  test("A: a session silent for 75 s that the server still knew goes on", () => {
    const log = joined().answer(30, 1).poll(105, 2, 102);
    expect(log.session.state).toBe("open");
    log.answer(135, 2);
    expect(log.session.state).toBe("open");
    expect(log.kinds()).toEqual(["session-silent", "think-gap"]);
  });

  test("A: one taken for lost is revived by an answer", () => {
    const log = joined().answer(30, 1).poll(130, 2, 102).answer(160, 2);
    expect(log.find("session-revived")).toMatchObject([{ from: "expired" }]);
    expect(log.session.state).toBe("open");
  });

  test("B: a black hole, and the second try gets the cached empty answer", () => {
    const log = joined().fail(35, 1, "closed-early", "client").poll(35.5, 2, 101);
    log.answer(50, 2, emptyBody);
    expect(log.kinds()).toEqual(["late-poll", "overdue-poll", "request-failed", "retransmission"]);
    expect(log.poll(50.01, 3, 102).session.state).toBe("open");
  });

  test("C: a restarted server answers early and empty, then knows no sid", () => {
    const log = joined().answer(12, 1).poll(12.01, 2, 102).status(12.02, 2, 404);
    expect(log.kinds()).toEqual(["early-empty", "invalid-sid"]);
    expect(log.find("invalid-sid")).toMatchObject([{ earlyEmpty: 1, exchanges: [2, 1] }]);
  });

  test("D: a reset, then a hidden tab's silence, is no think gap", () => {
    const log = joined().fail(10, 1).until(200);
    expect(log.kinds()).toEqual(["request-failed", "session-silent", "session-expired"]);
  });

  test("E: a hold release is no fault", () => {
    const log = joined();
    log.request(
      12,
      2,
      `<body xmlns="http://jabber.org/protocol/httpbind" sid="f382a015" rid="102"><iq/></body>`,
    );
    log.answer(12.02, 1).answer(42, 2);
    expect(log.kinds()).toEqual(["hold-release"]);
    expect(log.find("hold-release")[0]).toMatchObject({ prompt: true, exchanges: [1, 2] });
    expect(log.find("normal-timeout")).toHaveLength(1);
  });
});

describe("requests out of order", () => {
  test("a gap is told once, and once more when it fills", () => {
    const log = joined().answer(30, 1).poll(30.01, 2, 103).poll(30.02, 3, 102);
    expect(log.kinds()).toEqual(["rid-gap", "rid-gap-filled"]);
    expect(log.find("rid-gap")).toMatchObject([{ expected: 102, got: 103 }]);
    expect(log.session.nextRid).toBe(104);
  });

  test("beyond the window, below it, and without a rid", () => {
    const log = joined().answer(30, 1).poll(30.01, 2, 104);
    expect(log.find("rid-out-of-window")).toMatchObject([
      { rid: 104, highest: 101, side: "above" },
    ]);
    expect(log.session.open[0]).toMatchObject({ inWindow: false });
    log.poll(31, 3, 7);
    expect(log.find("rid-out-of-window")[1]).toMatchObject({ rid: 7, side: "below" });
    log.request(32, 4, `<body xmlns="http://jabber.org/protocol/httpbind" sid="f382a015"/>`);
    expect(log.find("rid-missing")).toMatchObject([{ request: "poll" }]);
  });

  test("the same rid with another body is told apart", () => {
    const log = joined().request(1, 2, pollText(101, "f382a015", ' pause="60"'));
    expect(log.find("retransmission")).toMatchObject([
      { rid: 101, sameBody: false, previous: "open" },
    ]);
  });

  test("two polls of one rid stay open: told after a second", () => {
    const log = joined().poll(5, 2, 101).until(6);
    expect(log.find("two-open-too-long")).toMatchObject([
      { open: 2, sameRid: true, exchanges: [2, 1] },
    ]);
    expect(log.until(20).find("two-open-too-long")).toHaveLength(1);
    expect(joined().poll(5, 2, 102).until(6).find("two-open-too-long")).toMatchObject([
      { open: 2, sameRid: false },
    ]);
  });

  test("a third try counts from the second, while the first is still open", () => {
    const log = joined().poll(5, 2, 101).answer(5.1, 2).poll(9, 3, 101);
    expect(log.find("retransmission").map(({ attempt }) => attempt)).toEqual([1, 2]);
    const both = joined().poll(5, 2, 101).answer(5.1, 1).poll(9, 3, 101);
    expect(both.find("retransmission").map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  test("a resend of what had been answered is no think gap", () => {
    const log = joined().answer(30, 1).poll(65, 2, 101);
    expect(log.kinds()).toEqual(["retransmission"]);
    expect(log.find("retransmission")).toMatchObject([
      { previous: "answered", sinceFirstMs: 65_000 },
    ]);
  });

  test("a resend that the server's cache answers lets go of nothing: the empty answer to the held poll is early", () => {
    const log = joined().answer(30, 1).poll(30.01, 2, 102).poll(35, 3, 101).answer(35.01, 3);
    log.answer(36, 2);
    expect(log.kinds()).toEqual(["retransmission", "early-empty"]);
    expect(log.find("early-empty")).toMatchObject([{ exchanges: [2] }]);
  });

  test.each([
    ["closed-early", "client", 120],
    ["refused", "server", 91],
  ] as const)(
    "after a poll that ended as %s by the %s the session is gone at %d s",
    (cause, blame, gone) => {
      const log = joined().fail(1, 1, cause, blame);
      log.until(gone - 0.01);
      expect(log.session.state).toBe("silent");
      expect(log.until(gone).session.state).toBe("expired");
    },
  );

  test("what was answered is held no more", () => {
    const log = joined().fail(1, 1).poll(2, 2, 101).answer(2.1, 2).until(92.1);
    expect(log.session.state).toBe("expired");
  });

  test("the empty answer to a retransmission is not early", () => {
    const log = joined().poll(5, 2, 101).answer(5.1, 2).answer(5.2, 1);
    expect(log.kinds()).toEqual(["retransmission", "hold-release"]);
  });
});

describe("other answers", () => {
  test("a conflict ends the session, what follows is no news", () => {
    const log = joined().answer(3, 1, sample("bosh/36_error_remote_stream_conflict.composed.xml"));
    expect(log.find("stream-error")).toMatchObject([{ condition: "conflict", exchanges: [1] }]);
    log.poll(3.01, 2, 102).status(3.02, 2, 404);
    expect(log.session.state).toBe("terminated");
  });

  test("a policy violation names its condition", () => {
    const log = joined().answer(3, 1, sample("bosh/35_error_policy_violation.composed.xml"));
    expect(log.find("terminate")).toMatchObject([{ by: "server", condition: "policy-violation" }]);
  });

  test("SASL may fail", () => {
    const log = new SessionLog(null);
    log.request(0, 1, sample("bosh/01_create_req.jabberwerx.captured.xml"));
    log.answer(0.1, 1, sample("bosh/21_create_resp.composed.xml"));
    log.request(0.2, 2, sample("bosh/02_auth_req.jabberwerx.captured.xml"));
    log.answer(0.3, 2, sample("bosh/22b_auth_fail_resp.composed.xml"));
    expect(log.find("authentication-failed")).toMatchObject([{ condition: "not-authorized" }]);
    expect(log.session.authenticated).toBe("failed");
  });

  test("statuses end only sessions of clients older than 1.6", () => {
    expect(joined().status(1, 1, 403).session.state).toBe("open");
    const old = new SessionLog(null);
    old.request(0, 1, `<body xmlns="http://jabber.org/protocol/httpbind" rid="100" ver="1.5"/>`);
    old.answer(
      0.1,
      1,
      `<body xmlns="http://jabber.org/protocol/httpbind" sid="f382a015" ver="1.5"/>`,
    );
    old.poll(0.2, 2, 101).status(0.3, 2, 403);
    expect(old.kinds()).toEqual(["session-created", "http-error", "terminate"]);
  });

  test("an answer that is no body says so, and a creation may be refused", () => {
    const log = joined().answer(1, 1, "<html>Sign in to the proxy</html>");
    expect(log.find("unreadable-answer")[0]).toMatchObject({ status: 200 });
    const refused = new SessionLog(null);
    refused.request(0, 1, sample("bosh/01_create_req.jabberwerx.captured.xml"));
    refused.answer(0.1, 1, sample("bosh/37_error_system_shutdown.composed.xml"));
    expect(refused.session.state).toBe("terminated");
  });

  test("an answer whose body was not kept still moves the window", () => {
    const log = joined()
      .status(30, 1, 200)
      .poll(30.01, 2, 102)
      .status(60, 2, 200)
      .poll(60.01, 3, 103);
    expect(log.session).toMatchObject({ highest: 102, state: "open" });
    expect(log.kinds()).toEqual([]);
  });

  test("a server without BOSH answers a creation by 404, which is no lost session", () => {
    const log = new SessionLog(null);
    log.request(0, 1, sample("bosh/01_create_req.jabberwerx.captured.xml")).status(0.1, 1, 404);
    expect(log.kinds()).toEqual(["http-error"]);
    expect(log.session.state).toBe("creating");
  });

  test("an abort at another moment than the library's is told apart", () => {
    const log = joined().fail(10, 1, "closed-early", "client");
    expect(log.find("request-failed")).toMatchObject([{ byClientTimeout: false, ageMs: 10_000 }]);
  });

  test("a new rid after an error status follows no answer", () => {
    expect(joined().status(5, 1, 502).poll(9, 2, 102).find("think-gap")).toEqual([]);
  });

  test("a creation that nobody answers is abandoned", () => {
    const log = new SessionLog(null);
    log.request(0, 1, sample("bosh/01_create_req.jabberwerx.captured.xml"));
    log.fail(3, 1, "refused", "server").until(100);
    expect(log.kinds()).toEqual(["request-failed", "creation-abandoned"]);
  });

  test("a pause stretches the silence the server bears", () => {
    const log = signedIn().request(2, 8, pollText(firstPoll + 1, "f382a015", ' pause="120"'));
    log.answer(2.01, 7).answer(2.02, 8).until(110);
    expect(log.session.state).toBe("open");
    expect(log.find("pause")).toMatchObject([{ seconds: 120, granted: true }]);
    expect(log.find("early-empty")).toEqual([]);
    expect(log.until(123).session.state).toBe("silent");
    const over = signedIn().request(2, 8, pollText(firstPoll + 1, "f382a015", ' pause="120"'));
    over
      .answer(2.01, 7)
      .answer(2.02, 8)
      .poll(9, 9, firstPoll + 2)
      .answer(39, 9)
      .until(100);
    expect(over.session.state).toBe("silent");
    const refused = signedIn().request(2, 8, pollText(firstPoll + 1, "f382a015", ' pause="301"'));
    expect(refused.find("pause")).toMatchObject([{ granted: false }]);
  });

  test("a wait that was not seen is taken for 30 s", () => {
    expect(nextDeadline(joined().session)).toBe(32_000);
  });
});

describe("whatever comes", () => {
  const at = fc.nat(400_000).map((tenths) => tenths / 10);
  const exchange = fc.integer({ min: 1, max: 12 });
  const text = fc.oneof(
    fc.integer({ min: 98, max: 112 }).map((rid) => pollText(rid)),
    fc.constantFrom(
      pollText(9_007_199_254_740_991),
      pollText(0),
      pollText(104, "f382a015", ' type="terminate"'),
      pollText(105, "f382a015", ' pause="90"'),
      sample("bosh/01_create_req.jabberwerx.captured.xml"),
      sample("bosh/04_bind_req.jabberwerx.captured.xml"),
    ),
  );
  const answerText = fc.constantFrom(
    emptyBody,
    notification,
    sample("bosh/21_create_resp.composed.xml"),
    sample("bosh/24_bind_resp.composed.xml"),
    sample("bosh/34_error_item_not_found.composed.xml"),
    sample("bosh/36_error_remote_stream_conflict.composed.xml"),
  );
  const event: fc.Arbitrary<BoshEvent> = fc.oneof(
    fc.record({ at, exchange, text }).map((one) => ({
      kind: "request" as const,
      at: one.at,
      exchange: one.exchange,
      connection: 1,
      body: bodyOf(one.text),
      hash: one.text,
    })),
    fc
      .record({ at, exchange, text: answerText, status: fc.constantFrom(200, 200, 404, 403, 502) })
      .map((one) => ({
        kind: "answer" as const,
        at: one.at,
        exchange: one.exchange,
        holdMs: null,
        status: one.status,
        body: bodyOf(one.text),
      })),
    fc.record({
      kind: fc.constant("failure" as const),
      at,
      exchange,
      cause: fc.constantFrom("reset", "closed-early", "timeout"),
      blame: fc.constantFrom("client", "server", "network"),
    }),
    fc.record({ kind: fc.constant("replaced" as const), at, exchange }),
    fc.record({ kind: fc.constant("tick" as const), at }),
  );
  const moves = new Set(transitions.map(({ from, to }) => `${from} ${to}`));

  test("keeps its bounds, its window, and its direction", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(null, "f382a015"),
        fc.array(event, { maxLength: 60 }),
        fc.boolean(),
        (sid, events, inOrder) => {
          let session = newSession({ host: "h", port: 7443 }, sid, 0);
          const played = inOrder ? events.toSorted((a, b) => a.at - b.at) : events;
          for (const one of played) {
            const before = session;
            const [after, noticed] = advance(before, one);
            session = after;
            if (after.state !== before.state) {
              // A tick may pass through "silent", a request from another state through "open".
              const step = `${before.state} ${after.state}`;
              const direct = moves.has(step);
              const through = [...moves].some(
                (move) =>
                  move.startsWith(`${before.state} `) &&
                  moves.has(`${move.split(" ")[1]} ${after.state}`),
              );
              expect([step, direct || through]).toEqual([step, true]);
            }
            expect(after.open.length).toBeLessThanOrEqual(maxOpen);
            expect(after.past.length).toBeLessThanOrEqual(maxPast);
            expect(after.missing.length).toBeLessThanOrEqual(maxMissing);
            expect(after.nextRid ?? 0).toBeGreaterThanOrEqual(before.nextRid ?? 0);
            expect(after.highest ?? -1).toBeGreaterThanOrEqual(before.highest ?? -1);
            expect(after.quietSince === null).toBe(after.open.length > 0);
            for (const { rid, inWindow, attempt } of after.open) {
              if (rid !== null) expect(rid).toBeLessThan(after.nextRid ?? 0);
              // A retransmission is answered from the server's cache, wherever its rid is.
              if (inWindow && attempt === 0 && rid !== null && after.highest !== null)
                expect(rid).toBeLessThanOrEqual(after.highest + Math.max(requestsOf(after), 2));
            }
            for (const { exchanges } of noticed) expect(exchanges.length).toBeGreaterThan(0);
            const due = nextDeadline(after);
            if (one.kind === "tick" && due !== null) expect(due).toBeGreaterThan(one.at);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("more ticks than needed change nothing", () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 30 }),
        fc.array(at, { maxLength: 30 }),
        (events, ticks) => {
          const sorted = events
            .filter(({ kind }) => kind !== "tick")
            .toSorted((a, b) => a.at - b.at);
          const last: BoshEvent = { kind: "tick", at: 100_000 };
          const needed = new SessionLog();
          for (const one of [...sorted, last]) needed.play(one);
          const more = new SessionLog();
          const extra = ticks.map((tick): BoshEvent => ({ kind: "tick", at: tick }));
          for (const one of [...sorted, ...extra, last].toSorted((a, b) => a.at - b.at))
            more.play(one);
          expect(more.session).toEqual(needed.session);
          expect(more.noticed).toEqual(needed.noticed);
        },
      ),
    );
  });

  test("the same events give the same session, and the old one stays", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const first = newSession({ host: "h", port: 7443 }, "f382a015", 0);
        const frozen = structuredClone(first);
        const run = () => events.reduce((session, one) => advance(session, one)[0], first);
        expect(run()).toEqual(run());
        expect(first).toEqual(frozen);
      }),
    );
  });

  test("a poll and its answer cost microseconds", () => {
    let session = newSession({ host: "h", port: 7443 }, "f382a015", 0);
    const empty = bodyOf(emptyBody);
    const template = bodyOf(pollText(100));
    let number = 1;
    const round = () => {
      const body = { ...template, rid: 100 + number };
      const start = number * 30_020;
      const request = {
        kind: "request",
        at: start,
        exchange: number,
        connection: 1,
        body,
        hash: `${number}`,
      } as const;
      const answer = {
        kind: "answer",
        at: start + 30_000,
        exchange: number,
        holdMs: 30_000,
        status: 200,
        body: empty,
      } as const;
      session = advance(session, request)[0];
      session = advance(session, answer)[0];
      number += 1;
    };
    for (let index = 0; index < 5000; index += 1) round();
    const rounds = 20_000;
    const spent = cpuTime(() => {
      for (let index = 0; index < rounds; index += 1) round();
    });
    // Two steps a round. Measured under 1 µs a step; the margin is for a slow machine.
    expect((spent * 1000) / rounds / 2).toBeLessThan(10);
  });
});
