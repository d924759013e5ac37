/** Lines of the console: each reads as one command, or says how it is written. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BoshscopeError } from "../../../src/base/errors.ts";
import { commandHelp, readCommand } from "../../../src/console/command.ts";

test.each([
  ["nodes", { kind: "nodes", node: null }],
  ["  nodes  /finesse/api ", { kind: "nodes", node: "/finesse/api" }],
  ["services", { kind: "services" }],
  ["info", { kind: "info", jid: null, node: null }],
  ["info pubsub.a /n", { kind: "info", jid: "pubsub.a", node: "/n" }],
  ["subscribe /finesse/api/User/1", { kind: "subscribe", node: "/finesse/api/User/1" }],
  ['subscribe "a node"', { kind: "subscribe", node: "a node" }],
  ["unsubscribe /n 4711", { kind: "unsubscribe", node: "/n", subid: "4711" }],
  ["subscriptions", { kind: "subscriptions" }],
  ["items /n", { kind: "items", node: "/n", count: 10 }],
  ["items /n 3", { kind: "items", node: "/n", count: 3 }],
  ["ping", { kind: "ping", jid: null }],
  ["presence", { kind: "presence", show: "available", priority: -1 }],
  ["presence dnd 5", { kind: "presence", show: "dnd", priority: 5 }],
  ["presence 0", { kind: "presence", show: "available", priority: 0 }],
  ["<iq  a='1'/>", { kind: "send", xml: "<iq  a='1'/>" }],
  ["send <iq  a='1'/>", { kind: "send", xml: "<iq  a='1'/>" }],
])("%s", (line, command) => {
  expect(readCommand(line)).toEqual(command);
});

describe("refused with words", () => {
  test.each([
    "",
    "nodez",
    "subscribe",
    "items",
    "items /n 0",
    "items /n x",
    "send",
    "presence 200",
  ])("%j", (line) => {
    expect(() => readCommand(line)).toThrow(BoshscopeError);
  });

  test("any line reads or is refused, never worse", () => {
    const names = fc.constantFrom(...commandHelp.map(({ name }) => name));
    const line = fc.oneof(
      fc.string(),
      fc.tuple(names, fc.string()).map((words) => words.join(" ")),
    );
    fc.assert(
      fc.property(line, (text) => {
        try {
          expect(commandHelp.map(({ name }) => name)).toContain(readCommand(text).kind);
        } catch (error) {
          expect(error).toBeInstanceOf(BoshscopeError);
        }
      }),
    );
  });
});
