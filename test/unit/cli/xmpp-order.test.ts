/** What `boshscope xmpp` signs in to. */
import { describe, expect, test } from "vitest";
import { BoshscopeError } from "../../../src/base/errors.ts";
import { readFlags } from "../../../src/cli/flags.ts";
import { xmppCommand } from "../../../src/cli/xmpp.ts";
import { xmppOrder } from "../../../src/cli/xmpp-order.ts";

const order = (line: string) => xmppOrder(readFlags(line.split(" "), xmppCommand));

test("an agent and a domain are enough", () => {
  expect(order("1001003@Fin1.demo.test")).toEqual({
    user: "1001003",
    domain: "fin1.demo.test",
    host: "fin1.demo.test",
    port: 7443,
    transport: "bosh",
    path: "/http-bind/",
    resource: "boshscope",
    pubsub: "pubsub.fin1.demo.test",
    allowPlaintext: false,
  });
});

test.each([
  [
    "1001003 --server fin1.demo.test:8445 --transport websocket",
    { port: 8445, path: "/ws/", domain: "fin1.demo.test" },
  ],
  [
    "1001003@ucce.local --server 10.1.2.3 --transport starttls",
    { host: "10.1.2.3", port: 5222, domain: "ucce.local" },
  ],
  ["1@a --server [::1]:5223 --transport tls", { host: "::1", port: 5223 }],
  ["1@a/mine --pubsub p.a", { resource: "mine", pubsub: "p.a" }],
  ["1@a/mine --resource yours", { resource: "yours" }],
])("%s", (line, wanted) => {
  expect(order(line)).toMatchObject(wanted);
});

describe("refused", () => {
  test.each([
    "",
    "1",
    "1@a 2@b",
    "1@a --transport smtp",
    "1@a --server a:b",
    "1@a --server a:99999",
    "@a",
  ])("%j", (line) => {
    expect(() => order(line)).toThrow(BoshscopeError);
  });
});
