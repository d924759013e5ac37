import { describe, expect, test } from "vitest";
import type { SessionSummary } from "../../../src/domain/timeline.ts";
import { FaultBook } from "../../../src/fault-book/fault-book.ts";
import type { ObservedEvent, ObservedSource } from "../../../src/fault-book/observed-source.ts";
import { ScenarioRuns } from "../../../src/fault-book/scenario-runs.ts";
import { ArmedRules } from "../../../src/faults/armed-rules.ts";
import { describeFrame } from "../../../src/faults/describe.ts";
import type { ClientKind, ObservedKind } from "../../../src/faults/scenarios/scenario.ts";
import { described, pollText } from "../faults/some-rule.ts";

const session = {
  sid: "f382a015",
  agent: "1001003",
  host: "fin1.demo.test",
  phase: "open",
  transport: "bosh",
  client: "jabberwerx",
  firstExchange: "c-1",
  lastRid: 6,
} as SessionSummary;

const everything: readonly ObservedKind[] = [
  "request-answered",
  "request-failed",
  "request-aborted",
  "request-resent",
  "ping-lost",
  "rest-failed",
  "disconnected",
  "banner",
  "failover",
  "connected",
  "signed-out",
];

class Bench {
  at = 0;
  listener: ((event: ObservedEvent) => void) | null = null;
  readonly timers: { due: number; run: () => void }[] = [];
  readonly armed = new ArmedRules({ now: () => this.at, dice: () => 0 });
  readonly book: FaultBook;
  readonly runs: ScenarioRuns;

  constructor(
    client: ClientKind | null = "jabberwerx",
    tells: readonly ObservedKind[] = everything,
  ) {
    const source: ObservedSource = {
      name: "simulator",
      tells: new Set(tells),
      clientOf: (agent) => (agent === "1001003" ? client : null),
      watch: (_agent, listener) => {
        this.listener = listener;
        return () => (this.listener = null);
      },
    };
    const clock = { mono: () => this.at, wall: () => this.at };
    const after = (ms: number, run: () => void) => {
      const timer = { due: this.at + ms, run };
      this.timers.push(timer);
      return () => {
        const place = this.timers.indexOf(timer);
        if (place >= 0) this.timers.splice(place, 1);
      };
    };
    const timeScale = 1;
    this.book = new FaultBook({
      armed: this.armed,
      file: { load: () => ({ rules: [], next: 1 }), save: () => undefined },
      clock,
      timeScale,
      after,
      recorded: { load: async () => null },
    });
    this.runs = new ScenarioRuns({
      book: this.book,
      armed: this.armed,
      clock,
      timeScale,
      after,
      timeline: () => ({ sessions: [session], agents: [] }),
      sources: [source],
    });
    this.armed.directory.session("f382a015", "1001003", "open");
  }

  poll(rid: number): readonly string[] {
    const body = pollText("f382a015", rid);
    return this.armed.decide(described({ body }, this.armed.directory)).rules;
  }

  sees(at: number, kind: ObservedEvent["kind"], rid: number | null = null): void {
    this.listener?.({ kind, at, rid });
  }

  goTo(at: number): void {
    this.at = at;
    for (const timer of this.timers.filter(({ due }) => due <= at)) timer.run();
  }
}

describe("a run", () => {
  test("begins its clock with the first message touched, and writes down what the desktop's log says", async () => {
    const bench = new Bench();
    const started = await bench.runs.start("poll-lost", { agent: "1001003" });
    expect(started).toMatchObject({
      client: "jabberwerx",
      observedBy: "simulator",
      triggeredAt: null,
      agent: "1001003",
    });
    bench.goTo(12_000);
    expect(bench.poll(7)).toEqual(started.rules);
    bench.sees(46_000, "request-aborted", 6);
    bench.sees(47_020, "request-aborted", 7);
    bench.sees(47_530, "request-resent", 7);
    const [run] = bench.runs.states();
    expect(run?.triggeredAt).toBe("1970-01-01T00:00:12.000Z");
    expect(run?.steps.map(({ observedMs }) => observedMs)).toEqual([35_020, 35_530, null]);
    bench.goTo(12_000 + 66_000);
    expect(bench.runs.states()[0]).toMatchObject({ endedAt: "1970-01-01T00:01:18.000Z" });
    expect(bench.listener).toBeNull();
  });

  test("its rules are disarmed when it has lasted, counted from the first hit", async () => {
    const bench = new Bench();
    await bench.runs.start("tab-frozen-45s", { agent: "1001003" });
    bench.goTo(20_000);
    expect(bench.poll(7)).toHaveLength(1);
    bench.goTo(64_999);
    expect(bench.poll(8)).toHaveLength(1);
    bench.goTo(65_000);
    expect(bench.poll(9)).toEqual([]);
  });

  test("a run that never touches anything is over after a while", async () => {
    const bench = new Bench();
    await bench.runs.start("poll-lost", { agent: "1001003" });
    bench.goTo(150_000);
    expect(bench.runs.states()[0]).toMatchObject({
      triggeredAt: null,
      endedAt: expect.any(String),
    });
    expect(bench.poll(7)).toEqual([]);
  });

  test("it ends when a person disarms its rules before they hit", async () => {
    const bench = new Bench();
    await bench.runs.start("poll-lost", { agent: "1001003" });
    bench.book.disarmAll();
    expect(bench.runs.states()[0]?.endedAt).not.toBeNull();
  });

  test("without a desktop's word nothing counts as observed; its kind is taken from the session", async () => {
    const bench = new Bench(null);
    const run = await bench.runs.start("poll-lost", { agent: "1001003" });
    expect(run).toMatchObject({ observedBy: null, client: "jabberwerx" });
  });

  test("it ends before its time when its rules are disarmed and all was seen", async () => {
    const bench = new Bench("jabberwerx", ["disconnected", "connected"]);
    await bench.runs.start("invalid-session", { agent: "1001003" });
    bench.poll(7);
    bench.sees(7200, "disconnected");
    bench.book.disarmAll();
    expect(bench.runs.states()[0]?.endedAt).toBeNull();
    bench.at = 9000;
    bench.sees(9000, "connected");
    expect(bench.runs.states()[0]?.endedAt).toBe("1970-01-01T00:00:09.000Z");
  });

  test("steps that the observer could never tell are no part of the run", async () => {
    const bench = new Bench("jabberwerx", ["disconnected"]);
    const { steps } = await bench.runs.start("invalid-session", { agent: "1001003" });
    expect(steps).toMatchObject([{ expectedMs: [6480, 7920] }]);
  });

  test("a host's scenario is watched by an agent who is there", async () => {
    const bench = new Bench();
    const run = await bench.runs.start("notification-service-stopped", { host: "fin1.demo.test" });
    expect(run).toMatchObject({ agent: "1001003", host: "fin1.demo.test" });
    expect(bench.book.rules().map(({ match }) => match.agent)).toEqual([undefined, undefined]);
    expect(bench.armed.isActive("fin2.demo.test", 7443)).toBe(false);
  });

  test("a late answer's clock begins when its poll was sent, and the poll that waited before counts for nothing", async () => {
    const bench = new Bench();
    bench.goTo(1000);
    const { rules } = await bench.runs.start("answer-after-36s", { agent: "1001003" });
    expect(bench.book.rules()[0]?.match.afterRid).toBe(6);
    const body = pollText("f382a015", 7);
    const request = described({ body, askedAt: 1500 }, bench.armed.directory);
    bench.goTo(1600);
    expect(bench.armed.decide(request).rules).toEqual(rules);
    bench.sees(36_500, "request-aborted", 7);
    const [run] = bench.runs.states();
    expect(run?.triggeredAt).toBe("1970-01-01T00:00:01.500Z");
    expect(run?.steps[0]?.observedMs).toBe(35_000);
  });

  test("a scenario about polls is refused for a WebSocket desktop", async () => {
    const { runs, book } = new Bench("websocket");
    await expect(runs.start("poll-lost", { agent: "1001003" })).rejects.toMatchObject({
      code: "request-invalid",
      message: expect.stringContaining("does not apply to a WebSocket desktop"),
    });
    expect(runs.states()).toEqual([]);
    expect(book.rules()).toEqual([]);
  });

  test("a PC asleep begins with the first frame that is lost, too", async () => {
    const bench = new Bench("websocket");
    await bench.runs.start("pc-asleep", { agent: "1001003" });
    const seen = { host: "fin1.demo.test", port: 7443, connection: 1, exchange: 1, path: "/ws/" };
    bench.armed.directory.connection(1, "1001003");
    bench.goTo(4000);
    const ping = describeFrame(
      { ...seen, leg: "request", text: "<iq><ping xmlns='urn:xmpp:ping'/></iq>" },
      bench.armed.directory,
    );
    expect(bench.armed.decide(ping).request).not.toEqual([]);
    expect(bench.runs.states()[0]?.triggeredAt).toBe("1970-01-01T00:00:04.000Z");
  });

  test("what it can't do it says", async () => {
    const { runs } = new Bench();
    await expect(runs.start("poll-lost", {})).rejects.toMatchObject({ code: "request-invalid" });
    await expect(runs.start("tomcat-down", {})).rejects.toMatchObject({ code: "request-invalid" });
    await expect(runs.start("flood", {})).rejects.toMatchObject({ code: "not-found" });
  });
});
