/** Requests meet their notifications in either order; agents' states are remembered within bounds. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { AgentStates } from "../../../src/finesse/agent-states.ts";
import { RequestJoin } from "../../../src/finesse/request-join.ts";

test("the notification comes later, and one more", () => {
  const join = new RequestJoin();
  expect(join.request("a", 1, 100)).toEqual([]);
  const joined = { requestId: "a", requestExchange: 1, notificationExchange: 2, afterMs: 30 };
  expect(join.notification("a", 2, 130)).toEqual(joined);
  expect(join.notification("a", 3, 150)).toMatchObject({ notificationExchange: 3, afterMs: 50 });
});

test("the notification comes first, as in the article's capture", () => {
  const join = new RequestJoin();
  expect(join.notification("a", 2, 90)).toBeNull();
  expect(join.notification("a", 3, 95)).toBeNull();
  expect(join.request("a", 1, 100)).toMatchObject([
    { requestExchange: 1, notificationExchange: 2, afterMs: -10 },
    { notificationExchange: 3, afterMs: -5 },
  ]);
  expect(join.request("a", 9, 100)).toEqual([]);
  expect(join.notification("a", 4, 110)).toMatchObject({ requestExchange: 1 });
});

test("no id joins nothing", () => {
  const join = new RequestJoin();
  join.request("", 1, 0);
  join.request("x".repeat(1000), 1, 0);
  expect(join.notification("", 2, 0)).toBeNull();
  expect(join.size).toBe(0);
});

test("joins whatever the order, each pair once, within its bound", () => {
  const step = fc.record({
    id: fc.constantFrom("a", "b", "c"),
    isRequest: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 24 }),
      fc.integer({ min: 1, max: 4 }),
      (steps, most) => {
        const join = new RequestJoin(most);
        const pairs: string[] = [];
        for (const [exchange, { id, isRequest }] of steps.entries()) {
          const joined = isRequest
            ? join.request(id, exchange, exchange)
            : [join.notification(id, exchange, exchange)];
          for (const one of joined) {
            if (one === null) continue;
            pairs.push(`${one.requestExchange} ${one.notificationExchange}`);
            expect(steps[one.requestExchange]).toEqual({ id, isRequest: true });
            expect(steps[one.notificationExchange]).toEqual({ id, isRequest: false });
          }
          expect(join.size).toBeLessThanOrEqual(most);
        }
        expect(new Set(pairs).size).toBe(pairs.length);
      },
    ),
  );
});

test("states are told as changes, and forgotten oldest first", () => {
  const agents = new AgentStates(2);
  expect(agents.change("1", "READY")).toBeNull();
  expect(agents.change("1", "TALKING")).toBe("READY");
  agents.change("2", "READY");
  agents.change("1", "WORK");
  agents.change("3", "READY");
  expect([agents.of("1"), agents.of("2"), agents.of("3"), agents.size]).toEqual([
    "WORK",
    null,
    "READY",
    2,
  ]);
});
