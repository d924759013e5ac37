/** Whatever comes in whatever order: no throw, no finding without evidence, no finding that forgets. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Diagnosis } from "../../../src/diagnose/diagnosis.ts";
import type { ExchangeFact, Fact } from "../../../src/diagnose/fact.ts";
import { en } from "../../../src/diagnose/words/en.ts";
import { renderFinding } from "../../../src/diagnose/words/render.ts";
import type { ExchangeNote, Outcome } from "../../../src/domain/exchange.ts";
import type { Phrase } from "../../../src/domain/finding.ts";
import { startWall } from "./a-story.ts";

const notes: readonly ExchangeNote[] = [
  "empty",
  "early-empty",
  "invalid-sid",
  "ended-by-server",
  "ended-by-client",
  "conflict",
  "item-not-found",
  "auth-failed",
  "finesse-gone",
  "out-of-service",
  "clock-off",
  "invalid-xml-char",
  "session-created",
  "client-jabberwerx",
];

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant<Outcome>({ kind: "pending" }),
  fc
    .constantFrom(101, 200, 202, 401, 404, 418, 502, 503)
    .map((status): Outcome => ({ kind: "responded", status, reason: "" })),
  fc
    .record({
      phase: fc.constantFrom("connect", "tls", "request", "headers", "body", "frames"),
      cause: fc.constantFrom(
        "reset",
        "closed-early",
        "timeout",
        "refused",
        "unreachable",
        "dns",
        "tls-untrusted",
        "tls-failed",
        "certificate-changed",
      ),
      blame: fc.constantFrom("client", "server", "network", "boshscope"),
    })
    .map(
      (failed): Outcome => ({ kind: "failed", status: null, alert: 46, detail: "x", ...failed }),
    ),
);

const seconds = fc.integer({ min: 0, max: 400 });
const exchange: fc.Arbitrary<ExchangeFact> = fc.record({
  id: fc.integer({ min: 1, max: 40 }).map((number) => `cap1-${number}`),
  kind: fc.constantFrom("http", "websocket", "tunnel"),
  role: fc.constantFrom("poll", "systeminfo", "rest", "websocket", "tunnel", "other"),
  host: fc.constantFrom("fin1", "fin2"),
  port: fc.constantFrom(7443, 8445, 443),
  path: fc.constantFrom("/http-bind/", "/gadgets/makeRequest"),
  connection: fc.constantFrom("cap1-1", "cap1-2"),
  client: fc.constantFrom("a", "b"),
  agent: fc.constantFrom("1001", "1002", null),
  sid: fc.constantFrom("aa", "bb", null),
  outcome,
  at: seconds.map((at) => startWall + at * 1000),
  sent: fc.option(seconds.map((at) => startWall + at * 1000)),
  end: fc.option(seconds.map((at) => startWall + at * 1000)),
  holdMs: fc.option(fc.integer({ min: 0, max: 60_000 })),
  waitMs: fc.option(fc.constant(30_000)),
  notes: fc.subarray([...notes]),
  faults: fc.subarray(["r1"]),
  event: fc.constantFrom(null, "empty", "ping"),
});

const fact: fc.Arbitrary<Fact> = fc.oneof(
  { weight: 6, arbitrary: exchange.map((one): Fact => ({ kind: "exchange", exchange: one })) },
  fc
    .record({
      number: fc.integer({ min: 1, max: 40 }),
      at: seconds,
      from: fc.constantFrom("client" as const, "server" as const),
    })
    .map(
      ({ number, at, from }): Fact => ({
        kind: "frame",
        frame: {
          exchange: `cap1-${number}`,
          at: startWall + at * 1000,
          from,
          opcode: 1,
          event: "ping",
        },
      }),
    ),
  fc
    .record({
      id: fc.constantFrom("cap1-1", "cap1-2"),
      at: seconds,
      tls: fc.boolean(),
      ended: fc.boolean(),
    })
    .map(
      ({ id, at, tls, ended }): Fact => ({
        kind: "connection",
        connection: {
          id,
          at: startWall + at * 1000,
          host: "fin1",
          port: 7443,
          client: "a",
          serverConnected: tls,
          serverTls: tls,
          ended,
          clientEnd: ended ? "timeout" : null,
          clientEndAt: ended ? startWall + at * 1000 : null,
        },
      }),
    ),
);

const story = fc.array(fc.tuple(fact, fc.integer({ min: 0, max: 20_000 })), { maxLength: 60 });

const phrasesOf = (value: unknown): Phrase[] => {
  if (Array.isArray(value)) return value.flatMap(phrasesOf);
  if (value === null || typeof value !== "object") return [];
  if ("key" in value && "values" in value) return [value as Phrase];
  return Object.values(value).flatMap(phrasesOf);
};

test("any facts in any order: findings have evidence, sentences and a past that only grows", () => {
  fc.assert(
    fc.property(story, (facts) => {
      const diagnosis = new Diagnosis();
      const past = new Map<string, number>();
      let now = startWall;
      for (const [one, passes] of facts) {
        diagnosis.observe(one);
        diagnosis.tick((now += passes));
        for (const finding of diagnosis.takeChanges()) {
          expect(finding.evidence.length).toBeGreaterThan(0);
          expect(finding.confidence).toBeGreaterThan(0);
          expect(finding.confidence).toBeLessThan(1);
          expect(Date.parse(finding.foundAt)).toBeGreaterThanOrEqual(Date.parse(finding.at));
          expect(finding.revisions.length).toBeGreaterThanOrEqual(past.get(finding.id) ?? 0);
          past.set(finding.id, finding.revisions.length);
          for (const { key } of phrasesOf(finding)) expect(Object.keys(en)).toContain(key);
          for (const language of ["en", "es"] as const)
            expect(JSON.stringify(renderFinding(finding, language))).not.toMatch(/\{\w+\}/);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("memory stays bounded with thousands of agents", () => {
  const diagnosis = new Diagnosis();
  const base = {
    kind: "http",
    role: "poll",
    host: "fin1",
    port: 7443,
    path: "/http-bind/",
    client: "a",
    holdMs: 30_000,
    waitMs: 30_000,
    notes: [],
    faults: [],
    event: null,
  } as const;
  for (let index = 0; index < 20_000; index++) {
    const at = startWall + index;
    const own = {
      ...base,
      id: `cap1-${index}`,
      connection: `cap1-${index}`,
      agent: `${index}`,
      sid: `s${index}`,
    };
    diagnosis.observe({
      kind: "exchange",
      exchange: { ...own, at, sent: at, end: null, outcome: { kind: "pending" } },
    });
    if (index % 1000 === 0) diagnosis.tick(at);
  }
  // All of them overdue at once: one host, one incident, one finding.
  diagnosis.tick(startWall + 20_000);
  diagnosis.tick(startWall + 60_000);
  diagnosis.tick(startWall + 70_000);
  const findings = diagnosis.findings();
  expect(findings).toHaveLength(1);
  expect(findings[0]?.evidence.length).toBeLessThanOrEqual(13);
});
