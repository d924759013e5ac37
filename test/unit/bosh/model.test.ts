/**
 * Random client scripts against the simulator's Notification Service: after every step the tracked session must be what the service itself
 * knows. Where the wire can't tell, the difference that is allowed is named here. MODEL_RUNS raises the number of scripts.
 */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { BoshSessions } from "../../../src/bosh/sessions.ts";
import { agent, type Sent, SimulatedService } from "./simulated-service.ts";

const runs = Number(process.env["MODEL_RUNS"] ?? 3000);

const counted = { scripts: 0, steps: new Map<string, number>(), seen: new Map<string, number>() };
const count = (map: Map<string, number>, key: string): void => {
  map.set(key, (map.get(key) ?? 0) + 1);
};

interface Step {
  readonly kind: string;
  /** For the counterexample's text. */
  readonly value?: unknown;
  readonly run: (bench: SimulatedService) => Sent | null;
}

const step = (kind: string, run: Step["run"]): fc.Arbitrary<Step> => fc.constant({ kind, run });
const stepWith = <Value>(
  kind: string,
  values: fc.Arbitrary<Value>,
  run: (bench: SimulatedService, value: Value) => Sent | null,
): fc.Arbitrary<Step> =>
  values.map((value) => ({ kind, value, run: (bench) => run(bench, value) }));

/** What a healthy client sends to sign in; each step needs the answer of the one before. */
const signInSteps = [
  (bench: SimulatedService) =>
    bench.next(
      `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${Buffer.from(`\0${agent}\0Secret1!`).toString("base64")}</auth>`,
    ),
  (bench: SimulatedService) => bench.next("", " xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh'"),
  (bench: SimulatedService) =>
    bench.next(
      "<iq type='set' id='b' xmlns='jabber:client'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desktop</resource></bind></iq>",
    ),
  (bench: SimulatedService) => bench.next("<presence xmlns='jabber:client'/>"),
];

function signIn(bench: SimulatedService): null {
  for (const send of signInSteps) {
    const { answer } = send(bench);
    if (answer === null) return null;
  }
  return null;
}

const ping = "<iq type='get' id='p' xmlns='jabber:client'><ping xmlns='urn:xmpp:ping'/></iq>";
const waits = fc.constantFrom(1, 40, 500, 3000, 15_000, 29_990, 30_000, 31_000, 61_000, 95_000);

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: step("poll", (bench) => bench.next()) },
  { weight: 4, arbitrary: step("stanza", (bench) => bench.next(ping)) },
  {
    weight: 7,
    arbitrary: stepWith("wait", waits, (bench, ms) => {
      bench.turn(ms);
      return null;
    }),
  },
  {
    weight: 3,
    arbitrary: stepWith("resend", fc.nat(3), (bench, back) => {
      const own = bench.sent.filter((one) => one.sid === bench.sid && one.sid !== null);
      const old = own.at(-1 - back);
      return old === undefined ? null : bench.resend(old);
    }),
  },
  {
    weight: 1,
    arbitrary: stepWith("above", fc.integer({ min: 4, max: 9 }), (bench, by) =>
      bench.withRid(bench.rid + by),
    ),
  },
  {
    weight: 1,
    arbitrary: stepWith("below", fc.integer({ min: 40, max: 90 }), (bench, by) =>
      bench.withRid(bench.rid - by),
    ),
  },
  { weight: 1, arbitrary: step("pause", (bench) => bench.next("", " pause='60'")) },
  { weight: 1, arbitrary: step("terminate", (bench) => bench.next("", " type='terminate'")) },
  {
    weight: 2,
    arbitrary: step("abort", (bench) => {
      const [oldest] = bench.waiting;
      if (oldest !== undefined) bench.abort(oldest);
      return null;
    }),
  },
  {
    weight: 4,
    arbitrary: step("notify", (bench) => {
      bench.service.publish({ node: `/finesse/api/User/${agent}`, text: "<Update/>" } as never);
      return null;
    }),
  },
  {
    weight: 1,
    arbitrary: step("kick", (bench) => {
      bench.service.kick(agent);
      return null;
    }),
  },
  {
    weight: 1,
    arbitrary: step("restart", (bench) => {
      bench.service.stop("service-stopped");
      bench.service.start();
      return null;
    }),
  },
  {
    weight: 1,
    arbitrary: stepWith("create", fc.constantFrom(10, 30, 60), (bench, wait) => {
      const sent = bench.create(bench.rid + 1000, wait);
      signIn(bench);
      return sent;
    }),
  },
);

/** The wire told the client that the session is over. */
const wasTold = (bench: SimulatedService): boolean =>
  bench.sent.some(
    ({ sid, status, answer, aborted }) =>
      sid === bench.sid &&
      !aborted &&
      status !== null &&
      (status !== 200 || answer?.includes("terminate") === true),
  );

/** The first thing that is not as the service knows it; null = all is. */
function difference(bench: SimulatedService): string | null {
  const truth = bench.truth();
  const tracked = bench.tracked();
  if (truth === null) return null;
  if (tracked === null) return `session ${truth.sid} is not tracked`;
  const isOver = tracked.state === "terminated" || tracked.state === "expired";
  if (truth.state === "open") {
    // Not "replaced": the client goes on with the session it made last.
    if (isOver) return `tracked as ${tracked.state}, and the service has it open`;
  } else if (wasTold(bench) && !isOver) {
    // Without a word (reaper, a stop that answers empty) nobody on the wire can know; it falls silent, and expires by arithmetic.
    return `the service closed it (${truth.closedBecause}) and said so; tracked as ${tracked.state}`;
  }
  if (truth.state !== "open") return null;
  const aborted = bench.sent.filter((one) => one.aborted && one.sid === bench.sid);
  const lost = new Set(aborted.map(({ rid }) => rid));
  // What the client no longer waits for is held all the same; its answer goes nowhere.
  const held = truth.open.filter((rid) => bench.waiting.some((one) => one.rid === rid));
  const open = [...new Set(tracked.open.map(({ rid }) => rid))].sort((a, b) => (a ?? 0) - (b ?? 0));
  if (JSON.stringify(open) !== JSON.stringify(held))
    return `open rids ${JSON.stringify(open)}, held ${JSON.stringify(held)}`;
  const highest = tracked.highest ?? 0;
  if (highest !== truth.rid && !(lost.size > 0 && highest <= (truth.rid ?? 0)))
    return `highest rid answered ${highest}, in truth ${truth.rid}`;
  const { wait, requests, inactivity } = tracked.granted;
  if (wait !== bench.wait || requests !== 2 || inactivity !== 60)
    return `granted ${wait} ${requests} ${inactivity}`;
  // An aborted sign-in is answered all the same, to nobody.
  if (truth.jid !== tracked.jid && lost.size === 0)
    return `jid ${tracked.jid}, in truth ${truth.jid}`;
  return null;
}

/** What was noticed about one request against what happened to it. */
function misjudged(bench: SimulatedService, kind: string, sent: Sent | null): string | null {
  if (sent === null) return null;
  const { observed, rid } = sent;
  const before = bench.sent.slice(0, sent.exchange - 1).filter((one) => one.sid === sent.sid);
  // By the rid, not by the step: one that was sent too high comes again when counting reaches it. Old ones may be forgotten.
  const mayRepeat = before.some((one) => one.rid === rid);
  const mustRepeat = before.slice(-5).some((one) => one.rid === rid);
  const told = observed.includes("retransmission");
  if (told ? !mayRepeat : mustRepeat) return `${kind} of rid ${rid}: retransmission ${told}`;
  const isRefused = (kind === "above" || kind === "below") && sent.answer !== null;
  const said = sent.answer?.includes("item-not-found") === true;
  if (isRefused && said && !observed.includes("rid-out-of-window"))
    return `${kind}: refused for its rid, and not noticed`;
  return null;
}

/** Of all the session's polls answered empty: let go for a newer one, run out, or neither. */
function misread(bench: SimulatedService): string | null {
  for (const sent of bench.sent.filter(({ sid }) => sid === bench.sid)) {
    const { observed, answeredAt, at, status, answer } = sent;
    if (status !== 200 || answeredAt === null || sent.aborted) continue;
    const isTimeout = observed.includes("normal-timeout");
    const isRelease = observed.includes("hold-release");
    if (isTimeout && isRelease) return `exchange ${sent.exchange} both timed out and was let go`;
    const newer = bench.sent.some(
      (one) => one.exchange > sent.exchange && one.sid === sent.sid && one.at === answeredAt,
    );
    if (isRelease && !newer) return `exchange ${sent.exchange} let go, and nothing newer came`;
    if (isTimeout && answeredAt - at < 1000) return `exchange ${sent.exchange} timed out at once`;
    const isEmpty = answer !== null && /^<body[^>]*(\/>|><\/body>)$/.test(answer);
    const isFullWait = answeredAt - at >= bench.wait * 1000 && answeredAt !== at;
    if (isEmpty && isFullWait && observed.includes("early-empty"))
      return `exchange ${sent.exchange} ran out, and was called early`;
  }
  return null;
}

function play(tracker: BoshSessions, phase: number, steps: readonly Step[]): string | null {
  const bench = new SimulatedService(tracker, phase);
  bench.create(1000, 30);
  signIn(bench);
  for (const { kind, run } of [{ kind: "sign in", run: () => null }, ...steps]) {
    const sent = run(bench);
    count(counted.steps, kind);
    const wrong = difference(bench) ?? misjudged(bench, kind, sent) ?? misread(bench);
    if (wrong !== null) return `after ${kind}: ${wrong}`;
  }
  counted.scripts += 1;
  for (const { kind } of bench.observations) count(counted.seen, kind);
  return null;
}

const scripts = [fc.nat(29), fc.array(anyStep, { maxLength: 30 })] as const;

/** Forgets what was sent before: every request looks new. */
class Forgetful extends BoshSessions {
  override request(...[endpoint, event]: Parameters<BoshSessions["request"]>) {
    const shifted = { ...event.body, rid: (event.body.rid ?? 0) + 1 };
    return super.request(endpoint, event.hash === "" ? event : { ...event, body: shifted });
  }
}

/** Believes in no answer. */
class Deaf extends BoshSessions {
  override answer(event: Parameters<BoshSessions["answer"]>[0]) {
    return event.status === 200 && event.holdMs !== 0 ? [] : super.answer(event);
  }
}

describe("the tracked session against the simulator's own truth", () => {
  test(`${runs} random client scripts`, { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(...scripts, (phase, steps) => {
        expect(play(new BoshSessions(), phase, steps)).toBeNull();
      }),
      { numRuns: runs },
    );
  });

  test.each([
    ["one that reads rids wrongly", Forgetful],
    ["one that misses answers", Deaf],
  ])("the check finds %s", (_, Broken) => {
    const found = fc.check(
      fc.property(...scripts, (phase, steps) => play(new Broken(), phase, steps) === null),
      { numRuns: 300 },
    );
    expect(found.failed).toBe(true);
  });

  afterAll(() => {
    const table = (map: ReadonlyMap<string, number>): string =>
      [...map].map(([name, number]) => `${name} ${number}`).join(", ");
    const all = [...counted.steps.values()].reduce((sum, number) => sum + number, 0);
    process.stdout.write(
      `model check: ${counted.scripts} scripts, ${all} steps (${table(counted.steps)})\n` +
        `noticed: ${table(counted.seen)}\n`,
    );
  });
});
