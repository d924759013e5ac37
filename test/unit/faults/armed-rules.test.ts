import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FaultAction, FaultRule } from "../../../src/domain/fault-rule.ts";
import { type ArmedChange, ArmedRules } from "../../../src/faults/armed-rules.ts";
import {
  describeAnswer,
  describeConnect,
  describeFrame,
  describeSocket,
  describeTls,
} from "../../../src/faults/describe.ts";
import { delayPoll, described, pollText, ruleWith } from "./some-rule.ts";

class Bench {
  at = 1000;
  throw = 0;
  readonly armed: ArmedRules;

  constructor(timeScale = 1) {
    this.armed = new ArmedRules({ now: () => this.at, dice: () => this.throw, timeScale });
  }

  arm(some: Partial<FaultRule> = {}): void {
    this.armed.arm(ruleWith(some));
  }

  hits(sid = "f382a015"): boolean {
    return this.armed.decide(described({ body: pollText(sid, 7) })).rules.length > 0;
  }
}

const answerDelay: FaultAction = { kind: "delay", leg: "response", ms: 500, jitterMs: 0 };

describe("counting", () => {
  test("nothing armed: nothing happens, and nothing is active", () => {
    const { armed } = new Bench();
    expect(armed.decide(described())).toMatchObject({ rules: [], request: [], response: [] });
    expect(armed.isActive("fin1.demo.test", 7443)).toBe(false);
  });

  test("the n-th is counted for each session apart", () => {
    const bench = new Bench();
    bench.arm({ match: { kind: "poll", nth: 2 } });
    expect(["aa", "bb", "aa", "bb", "aa"].map((sid) => bench.hits(sid))).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  test("times: it disarms itself after that many hits, and says so", () => {
    const bench = new Bench();
    const changes: ArmedChange[] = [];
    bench.armed.onChange((change) => changes.push(change));
    bench.arm({ times: 2 });
    expect([bench.hits(), bench.hits(), bench.hits()]).toEqual([true, true, false]);
    expect(changes.map(({ kind }) => kind)).toEqual(["armed", "disarmed"]);
    expect(changes[1]).toMatchObject({ why: "spent" });
  });

  test("it expires by protocol time", () => {
    const bench = new Bench(10);
    bench.arm({ expiresAfterMs: 30_000 });
    expect(bench.armed.nextExpiry()).toBe(4000);
    bench.at = 3999;
    expect(bench.hits()).toBe(true);
    bench.at = 4000;
    expect(bench.hits()).toBe(false);
    expect(bench.armed.isArmed("r1")).toBe(false);
  });

  test("window: ms after arming, the end left out", () => {
    const bench = new Bench();
    bench.arm({ match: { window: { fromMs: 100, untilMs: 200 } } });
    const seen = [1000, 1099, 1100, 1199, 1200].map((at) => {
      bench.at = at;
      return bench.hits();
    });
    expect(seen).toEqual([false, false, true, true, false]);
  });

  test("probability is the dice's", () => {
    const bench = new Bench();
    bench.arm({ match: { probability: 0.25 } });
    bench.throw = 0.2499;
    expect(bench.hits()).toBe(true);
    bench.throw = 0.25;
    expect(bench.hits()).toBe(false);
  });

  test("every n-th of any run of sessions: floor(seen / n) hits each, never more than times", () => {
    const sids = fc.array(fc.constantFrom("aa", "bb", "cc"), { maxLength: 60 });
    const limit = fc.option(fc.integer({ min: 1, max: 20 }), { nil: null });
    fc.assert(
      fc.property(sids, fc.integer({ min: 1, max: 7 }), limit, (all, everyNth, times) => {
        const bench = new Bench();
        bench.arm({ match: { kind: "poll", everyNth }, times });
        const hits = all.filter((sid) => bench.hits(sid)).length;
        const due = ["aa", "bb", "cc"]
          .map((sid) => Math.floor(all.filter((one) => one === sid).length / everyNth))
          .reduce((sum, one) => sum + one, 0);
        expect(hits).toBe(Math.min(due, times ?? Infinity));
      }),
    );
  });
});

describe("what a decision asks for", () => {
  test("steps in the order of the rule, by leg, in real time", () => {
    const bench = new Bench(10);
    bench.throw = 0.5;
    bench.arm({
      actions: [
        { kind: "delay", leg: "request", ms: 1000, jitterMs: 500 },
        { kind: "delay-until", ageMs: 31_000 },
        { kind: "throttle", leg: "response", bytesPerSecond: 100 },
      ],
    });
    expect(bench.armed.decide(described())).toMatchObject({
      rules: ["r1"],
      request: [{ kind: "wait", ms: 125, rule: "r1" }],
      response: [
        { kind: "wait-until", ageMs: 3100 },
        { kind: "throttle", bytesPerSecond: 1000 },
      ],
    });
  });

  test("an answer ends the request's way, whatever the order of rules; the first answer counts", () => {
    const bench = new Bench();
    bench.arm({ id: "a", actions: [{ kind: "answer", template: { kind: "invalid-sid" } }] });
    bench.arm({ id: "b" });
    bench.arm({ id: "c", actions: [{ kind: "answer", template: { kind: "conflict" } }] });
    const { request, rules } = bench.armed.decide(described());
    expect(request.map(({ kind, rule }) => `${kind} ${rule}`)).toEqual(["wait b", "answer a"]);
    expect(rules).toEqual(["a", "b", "c"]);
  });

  test("a rule by content of the answer is decided there", () => {
    const bench = new Bench();
    bench.arm({ match: { event: "<state>READY" }, actions: [answerDelay] });
    const { armed } = bench;
    const request = described();
    const earlier = armed.decide(request);
    expect(earlier.response).toEqual([]);
    expect(armed.needsAnswerBody(request, earlier)).toBe(true);
    const body = `<body xmlns='http://jabber.org/protocol/httpbind'><message>&lt;state&gt;READY</message></body>`;
    const answer = describeAnswer(request, { status: 200, body }, armed.directory);
    expect(armed.decideAnswer(answer, earlier).response).toMatchObject([{ kind: "wait", ms: 500 }]);
    const other = describeAnswer(request, { status: 200, body: "<body/>" }, armed.directory);
    expect(armed.decideAnswer(other, earlier).response).toEqual([]);
  });

  test("a rule armed while a poll waits meets its answer, once", () => {
    const bench = new Bench();
    const request = described();
    const earlier = bench.armed.decide(request);
    bench.at = 2000;
    bench.arm({ actions: [answerDelay] });
    const answer = describeAnswer(request, { status: 200, body: "<body/>" }, bench.armed.directory);
    expect(bench.armed.decideAnswer(answer, earlier).response).toHaveLength(1);
    bench.at = 3000;
    const next = bench.armed.decide(request);
    expect(next.response).toHaveLength(1);
    expect(bench.armed.decideAnswer(answer, next).response).toEqual([]);
  });

  test("alsoWaiting: what waits is matched as if it came now, and not again at its answer", () => {
    const bench = new Bench();
    const request = described();
    const earlier = bench.armed.decide(request);
    bench.at = 2000;
    bench.arm({
      alsoWaiting: true,
      actions: [{ kind: "drop", leg: "request", how: "reset" }, answerDelay],
    });
    expect(bench.armed.decideWaiting(request, "r1")).toMatchObject({
      request: [{ kind: "drop", how: "reset" }],
      response: [{ kind: "wait" }],
    });
    const answer = describeAnswer(request, { status: 200, body: "<body/>" }, bench.armed.directory);
    expect(bench.armed.decideAnswer(answer, earlier).rules).toEqual([]);
  });

  test("CONNECT is met by rules for it alone", () => {
    const bench = new Bench();
    bench.arm({ match: {} });
    const connect = describeConnect({ host: "fin1.demo.test", port: 7443 });
    expect(bench.armed.decide(connect).rules).toEqual([]);
    bench.arm({ match: { port: 7443 }, actions: [{ kind: "refuse-connect", how: "silence" }] });
    expect(bench.armed.decide(connect).request).toMatchObject([{ kind: "refuse-connect" }]);
    expect(bench.armed.decide(described()).rules).toEqual([]);
  });

  test("TLS likewise; both legs are told in one decision", () => {
    const bench = new Bench();
    bench.arm({ match: { port: 7443 }, actions: [{ kind: "break-tls", leg: "response" }] });
    const tls = describeTls({ host: "fin1.demo.test", port: 7443 });
    expect(bench.armed.decide(tls).request).toMatchObject([{ kind: "break-tls", leg: "response" }]);
  });

  test("a connection is forgotten at an age by the rule for its latest request alone; no request is", () => {
    const bench = new Bench(10);
    const forget: FaultAction = { kind: "forget", ms: 25_000, counts: "idle", how: "silence" };
    bench.arm({ match: { kind: "poll", sid: "f382a015", port: 7443 }, actions: [forget] });
    expect(bench.armed.aging("fin1.demo.test", 7443)).toEqual([
      { rule: "r1", ms: 2500, counts: "idle", armedAt: 1000 },
    ]);
    expect(bench.armed.aging("fin1.demo.test", 8445)).toEqual([]);
    expect(bench.armed.decide(described()).rules).toEqual([]);
    expect(bench.armed.decideAge(described({ body: pollText("bb", 7) }), "r1").rules).toEqual([]);
    expect(bench.armed.decideAge(described(), "r2").rules).toEqual([]);
    expect(bench.armed.decideAge(described(), "r1")).toMatchObject({
      rules: ["r1"],
      request: [{ rule: "r1", kind: "forget", how: "silence" }],
    });
  });

  test("alsoWaiting: an open WebSocket is ended at the click", () => {
    const bench = new Bench();
    bench.armed.directory.connection(3, "1001003");
    const socket = describeSocket(
      { host: "fin1", port: 8445, connection: 3, exchange: 9, path: "/ws/" },
      bench.armed.directory,
    );
    const answer: FaultAction = { kind: "answer", template: { kind: "conflict" } };
    bench.arm({ match: { agent: "1001003" }, actions: [answer], alsoWaiting: true });
    expect(bench.armed.decideWaiting(socket, "r1").request).toMatchObject([{ kind: "answer" }]);
  });

  test("a frame is met on its own leg only", () => {
    const bench = new Bench();
    bench.arm({
      match: { kind: "frame" },
      actions: [{ kind: "drop", leg: "response", how: "silence" }],
    });
    const frame = (leg: "request" | "response") =>
      describeFrame(
        { host: "fin1", port: 8445, connection: 3, exchange: 9, leg, path: "/ws/", text: "<a/>" },
        bench.armed.directory,
      );
    expect(bench.armed.decide(frame("request")).rules).toEqual([]);
    expect(bench.armed.decide(frame("response")).response).toMatchObject([{ kind: "drop" }]);
  });

  test("reorder: a notification's stanzas go behind those of the session's next", () => {
    const bench = new Bench();
    bench.arm({ match: { kind: "notification" }, actions: [{ kind: "reorder" }], times: 1 });
    const news = (mark: string) =>
      `<body xmlns='http://jabber.org/protocol/httpbind'><message xmlns="jabber:client" id="${mark}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="n"/></event></message></body>`;
    const request = described();
    const told = (mark: string) =>
      bench.armed.decideAnswer(
        describeAnswer(request, { status: 200, body: news(mark) }, bench.armed.directory),
        { at: 1000 },
      );
    expect(told("one").response).toMatchObject([{ change: { kind: "take-stanzas" } }]);
    expect(bench.armed.isActive("fin1.demo.test", 7443)).toBe(true);
    const [step] = told("two").response;
    expect(step).toMatchObject({
      change: { kind: "append-stanzas", xml: expect.stringContaining('id="one"') },
    });
    expect(bench.armed.isActive("fin1.demo.test", 7443)).toBe(false);
  });
});

describe("whom it means", () => {
  test("one agent among 2,000 sessions", () => {
    const bench = new Bench();
    for (let n = 0; n < 2000; n++)
      bench.armed.directory.session(`sid${n}`, `${1_001_001 + n}`, "open");
    bench.arm({ match: { agent: "1001003" } });
    const touched = Array.from({ length: 2000 }, (_, n) => `sid${n}`).filter(
      (sid, connection) =>
        bench.armed.decide(described({ body: pollText(sid, 7), connection }, bench.armed.directory))
          .rules.length > 0,
    );
    expect(touched).toEqual(["sid2"]);
  });

  test("disarmAll leaves nothing", () => {
    const bench = new Bench();
    bench.arm({ id: "a" });
    bench.arm({ id: "b" });
    bench.armed.disarmAll();
    expect(bench.hits()).toBe(false);
    expect(bench.armed.isActive("fin1.demo.test", 7443)).toBe(false);
  });

  test("only the named endpoint is active", () => {
    const { armed } = new Bench();
    armed.arm({ ...delayPoll, match: { host: "fin1*", port: 7443 } });
    expect(armed.isActive("FIN1.demo.test", 7443)).toBe(true);
    expect(armed.isActive("fin1.demo.test", 8445)).toBe(false);
    expect(armed.isActive("fin2.demo.test", 7443)).toBe(false);
  });
});
