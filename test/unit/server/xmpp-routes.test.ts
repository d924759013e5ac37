/** The XMPP console by the API: orders reach the desk, input is checked, and what servers refuse comes back with words. */
import { expect, test } from "vitest";
import { fail } from "../../../src/base/errors.ts";
import type { XmppDesk, XmppSessionInfo } from "../../../src/domain/xmpp-console.ts";
import { stanza } from "../console/a-stanza.ts";
import { noXmpp, startTestServer } from "./started-server.ts";

const info: XmppSessionInfo = {
  id: "x1",
  jid: "1001003@fin1.demo.test/boshscope",
  transport: "bosh",
  host: "fin1.demo.test",
  port: 7443,
  pubsub: "pubsub.fin1.demo.test",
  secure: true,
  certificate: { fingerprint256: "AA:BB", problem: "DEPTH_ZERO", pin: "first-seen" },
  since: "2026-03-01T10:00:00.000Z",
  state: "open",
  ending: null,
};
const page = { stanzas: [stanza()], next: "7", more: false, dropped: 0 };

function deskThat(asked: unknown[]): XmppDesk {
  return {
    signIn: async (order, password) => {
      asked.push([order, password.length]);
      if (password === "wrong") throw fail("xmpp-refused", { why: "not-authorized" });
      return info;
    },
    sessions: () => [info],
    run: async (id, line) => {
      asked.push([id, line]);
      if (id !== "x1") throw fail("not-found", { what: "XMPP session" });
      if (line === "ping") throw fail("xmpp-failed", { host: "h", port: 1, why: "gone" });
      return { command: "nodes", text: "", nodes: [], subscriptions: null, answer: null };
    },
    stanzas: (id, query) => {
      asked.push([id, query]);
      return page;
    },
    signOut: async (id) => void asked.push([id]),
  };
}

const order = { user: "1001003", domain: "Fin1.Demo.Test", host: "fin1.demo.test", port: 7443 };
const signIn = (body: object) => ({
  method: "POST",
  body: { ...order, transport: "bosh", ...body },
});

test("signing in, commands, stanzas and signing out reach the desk", async () => {
  const asked: unknown[] = [];
  await using bench = await startTestServer({ xmpp: deskThat(asked) });
  const opened = await bench.ask("/api/xmpp/sessions", signIn({ password: "secret" }));
  expect(opened).toMatchObject({ status: 200, value: info });
  expect((await bench.ask("/api/xmpp/sessions")).value).toEqual({ sessions: [info] });
  const command = { method: "POST", body: { line: "nodes" } };
  const answer = await bench.ask("/api/xmpp/sessions/x1/commands", command);
  expect(answer).toMatchObject({ status: 200, value: { nodes: [] } });
  const stanzas = "/api/xmpp/sessions/x1/stanzas";
  expect((await bench.ask(`${stanzas}?after=3&filter=kind:iq&limit=10`)).value).toEqual(page);
  expect((await bench.ask("/api/xmpp/sessions/x1", { method: "DELETE" })).status).toBe(204);
  const full = {
    ...order,
    domain: "fin1.demo.test",
    transport: "bosh",
    path: "/http-bind/",
    pubsub: "pubsub.fin1.demo.test",
    resource: "boshscope",
    allowPlaintext: false,
  };
  expect(asked).toEqual([
    [full, 6],
    ["x1", "nodes"],
    ["x1", { after: "3", filter: "kind:iq", limit: 10 }],
    ["x1"],
  ]);
});

test("what goes wrong has its own status, and the password is in no answer and no log line", async () => {
  await using bench = await startTestServer({ xmpp: deskThat([]) });
  const refused = await bench.ask("/api/xmpp/sessions", signIn({ password: "wrong" }));
  expect(refused).toMatchObject({ status: 422, value: { error: { code: "xmpp-refused" } } });
  const run = (id: string, line: string) =>
    bench.ask(`/api/xmpp/sessions/${id}/commands`, { method: "POST", body: { line } });
  expect((await run("x1", "ping")).status).toBe(502);
  expect((await run("x2", "nodes")).status).toBe(404);
  expect((await run("nobody", "nodes")).status).toBe(400);
  expect(JSON.stringify(refused.value) + bench.logged.join("")).not.toContain("wrong");
});

test.each([
  { password: "" },
  { password: "p", user: "a@b" },
  { password: "p", user: "<x>" },
  { password: "p", port: 0 },
  { password: "p", path: "http-bind" },
  { password: "p", path: "/a b\r\nHost: c" },
  { password: "p", transport: "smtp" },
  { password: "p", unknown: 1 },
])("%j is not accepted", async (body) => {
  const asked: unknown[] = [];
  await using bench = await startTestServer({ xmpp: deskThat(asked) });
  expect((await bench.ask("/api/xmpp/sessions", signIn(body))).status).toBe(400);
  expect(asked).toEqual([]);
});

test("an agent's own stanzas are asked for by agent", async () => {
  const asked: unknown[] = [];
  const agentStanzas = async (...given: unknown[]) => {
    asked.push(given);
    return page;
  };
  await using bench = await startTestServer({ ...noXmpp, agentStanzas });
  const answer = await bench.ask("/api/xmpp/agents/1001003/stanzas?filter=node:/User");
  expect(answer.value).toEqual(page);
  expect(asked).toEqual([["1001003", { after: null, filter: "node:/User", limit: 200 }]]);
  expect((await bench.ask("/api/xmpp/agents/1001003/stanzas?limit=5000")).status).toBe(400);
});

test("nothing without the token, and nothing for another site's page", async () => {
  await using bench = await startTestServer({ xmpp: deskThat([]) });
  expect((await bench.ask("/api/xmpp/sessions", { bearer: null })).status).toBe(401);
  const foreign = { ...signIn({ password: "p" }), headers: { origin: "https://evil.example" } };
  expect((await bench.ask("/api/xmpp/sessions", foreign)).status).toBe(403);
});
