/** Any rule that makes sense, for property tests. */
import * as fc from "fast-check";
import type {
  AnswerTemplate,
  FaultAction,
  FaultMatch,
  FaultRule,
} from "../../../src/domain/fault-rule.ts";

const ms = fc.integer({ min: 0, max: 200_000 });
const leg = fc.constantFrom("request" as const, "response" as const);
const how = fc.constantFrom("fin" as const, "reset" as const, "silence" as const);
const word = fc.stringMatching(/^[A-Za-z<>/*]{1,12}$/);

const template: fc.Arbitrary<AnswerTemplate> = fc.oneof(
  fc.constantFrom(
    { kind: "invalid-sid" } as const,
    { kind: "conflict" } as const,
    { kind: "out-of-service" } as const,
    { kind: "invalid-character" } as const,
    { kind: "terminate", condition: null } as const,
    { kind: "terminate", condition: "item-not-found" } as const,
    { kind: "empty", form: "openfire" } as const,
  ),
  fc.record({ kind: fc.constant("oversized" as const), bytes: fc.integer({ min: 1, max: 5000 }) }),
  fc.record({ kind: fc.constant("system-info" as const), status: word }),
  fc.record({
    kind: fc.constant("custom" as const),
    status: fc.integer({ min: 200, max: 599 }),
    reason: word,
    headers: fc.constant([["Content-Type", "text/xml"]] as const),
    body: fc.string(),
  }),
);

/** For requests and their answers. */
const anyAction: fc.Arbitrary<FaultAction> = fc.oneof(
  fc.record({ kind: fc.constant("delay" as const), leg, ms, jitterMs: ms }),
  fc.record({ kind: fc.constant("delay-until" as const), ageMs: ms }),
  fc.record({ kind: fc.constant("hold" as const), leg }),
  fc.record({ kind: fc.constant("drop" as const), leg, how }),
  fc.record({ kind: fc.constant("cut" as const), leg, afterBytes: ms, how }),
  fc.record({
    kind: fc.constant("throttle" as const),
    leg,
    bytesPerSecond: fc.integer({ min: 1, max: 1_000_000 }),
  }),
  fc.record({ kind: fc.constant("answer" as const), template }),
  fc.record({
    kind: fc.constant("alter" as const),
    leg,
    setHeaders: fc.constant([["X-A", "1"]] as const),
    removeHeaders: fc.constant(["Cookie"]),
    replace: fc.array(fc.record({ text: word, by: word }), { maxLength: 2 }),
    setPaths: fc.constant([{ path: "Update/data/user/state", text: "READY" }]),
  }),
  fc.record({ kind: fc.constant("duplicate" as const), leg }),
  fc.record({ kind: fc.constant("pause-polls" as const), ms: fc.option(ms) }),
);

const forget: fc.Arbitrary<FaultAction> = fc.record({
  kind: fc.constant("forget" as const),
  ms: fc.integer({ min: 1, max: 100_000 }),
  counts: fc.constantFrom("idle", "open"),
  how: fc.constantFrom("reset", "silence"),
});

const match: fc.Arbitrary<FaultMatch> = fc.record(
  {
    host: word,
    port: fc.integer({ min: 1, max: 65_535 }),
    method: word,
    path: word,
    agent: word,
    sid: word,
    kind: fc.constantFrom("poll", "http-bind", "systeminfo", "rest", "websocket", "frame", "any"),
    state: word,
    afterRid: ms,
    everyNth: fc.integer({ min: 1, max: 9 }),
    probability: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
    window: fc.record({ fromMs: ms, untilMs: fc.constant(null) }),
  },
  { requiredKeys: [] },
);

export const anyRule: fc.Arbitrary<FaultRule> = fc.record({
  id: fc.stringMatching(/^[a-z0-9.-]{1,10}$/),
  name: fc.string({ maxLength: 50 }),
  match,
  actions: fc.oneof(
    { weight: 9, arbitrary: fc.array(anyAction, { minLength: 1, maxLength: 5 }) },
    { weight: 1, arbitrary: forget.map((one) => [one]) },
  ),
  times: fc.option(fc.integer({ min: 1, max: 50 })),
  expiresAfterMs: fc.option(fc.integer({ min: 1, max: 100_000 })),
  alsoWaiting: fc.boolean(),
});
