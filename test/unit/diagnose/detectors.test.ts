/** Each cause from the smallest story that shows it, and what rules it out. */
import { expect, test } from "vitest";
import type { CauseCode, FindingSide } from "../../../src/domain/finding.ts";
import { Story, type Told } from "./a-story.ts";

const refused = { cause: "refused", blame: "server", phase: "connect" } as const;
const reset = { cause: "reset", blame: "server" } as const;
const fin = { cause: "closed-early", blame: "server" } as const;
const clientGaveUp = { cause: "closed-early", blame: "client" } as const;
const unnamed: Told = { kind: "tunnel", role: "tunnel", agent: null, sid: null, unsent: true };
const rest: Told = { role: "rest", port: 8445, sid: null, path: "/finesse/api/User/1001" };

interface Expected {
  readonly cause: CauseCode;
  readonly side: FindingSide;
}

/** Polls of a quiet session until second 61, then what the case adds; told until second 140. */
const cases: readonly (readonly [string, Expected, (story: Story, at: number) => void])[] = [
  [
    "F1: nobody answers a connection to 7443 while 8445 works",
    { cause: "F1", side: "network" },
    (story, at) => {
      story.connection(at, { id: "cap1-9", serverConnected: false, serverTls: false });
      story.poll(at, at + 35, { unsent: true, connection: "cap1-9" }, clientGaveUp);
      story.connection(at + 35, {
        id: "cap1-9",
        serverConnected: false,
        serverTls: false,
        ended: true,
      });
      story.systemInfo(at + 10);
    },
  ],
  [
    "F1: held polls are answered in full, and from then on new connections are refused",
    { cause: "F1", side: "network" },
    (story, at) => {
      for (const after of [0.1, 0.6, 2.6]) story.exchange(at + after, at + after, refused, unnamed);
      story.systemInfo(at + 3);
    },
  ],
  [
    "F2: polls cut at a constant age, the session goes on",
    { cause: "F2", side: "network" },
    (story, at) => {
      for (let from = at; from < at + 60; from += 20.5) story.poll(from, from + 20, {}, reset);
      story.systemInfo(at + 30);
      story.polls(at + 62, at + 100);
    },
  ],
  [
    "F2: every poll is taken, held, and cut at the same age, so that none is ever answered",
    { cause: "F2", side: "network" },
    (story, at) => {
      story.poll(at, at + 16, {}, reset);
      for (let from = at + 17; from < at + 80; from += 20.5) story.poll(from, from + 20, {}, reset);
    },
  ],
  [
    "F2: answers long after their time while SystemInfo is quick",
    { cause: "F2", side: "network" },
    (story, at) => {
      story.poll(at, at + 34.5, { notes: ["empty"] });
      story.systemInfo(at + 36);
      story.polls(at + 34.6, at + 120);
    },
  ],
  [
    "F2: answers trickle in until the clients give up, and new handshakes stall",
    { cause: "F2", side: "network" },
    (story, at) => {
      story.poll(at, at + 33, { notes: ["answer-trickles"] }, clientGaveUp);
      story.connection(at + 33, { id: "cap1-9", serverTls: false });
      story.poll(at + 33, at + 68, { unsent: true, connection: "cap1-9" }, clientGaveUp);
      story.systemInfo(at + 60);
    },
  ],
  [
    "F3: an interface went",
    { cause: "F3", side: "network" },
    (story, at) => {
      story.vitals(at + 1, at + 3, { network: "eth0 went" });
      story.exchange(
        at + 1,
        at + 1,
        { cause: "unreachable", blame: "network", phase: "connect" },
        unnamed,
      );
      story.poll(at, at + 35, {}, clientGaveUp);
    },
  ],
  [
    "F5: the page is alive, its polls wait for a minute's tick",
    { cause: "F5", side: "client" },
    (story, at) => {
      story.systemInfo(at + 20);
      story.systemInfo(at + 40);
      story.poll(at + 60, at + 60.5, { notes: ["empty"] });
    },
  ],
  [
    "F6: this program did not run either",
    { cause: "F6", side: "client" },
    (story, at) => {
      story.vitals(at + 70, at + 70, { lateMs: 68_000, wallJumpMs: 0 });
      story.poll(at + 70, at + 70.1, { notes: ["empty"] });
    },
  ],
  [
    "F6: all of the browser's processes were stopped",
    { cause: "F6", side: "client" },
    (story, at) => {
      story.vitals(at, at + 40, { browser: { pids: 7, stopped: 7, cpu: 0, memory: 1 } });
      story.poll(at + 40, at + 40.1, { notes: ["empty"] });
    },
  ],
  [
    "F4: one of the browser's processes was stopped",
    { cause: "F4", side: "client" },
    (story, at) => {
      story.vitals(at, at + 40, { browser: { pids: 7, stopped: 1, cpu: 0.1, memory: 1 } });
      story.poll(at + 40, at + 40.1, { notes: ["empty"] });
    },
  ],
  [
    "F4: one tab's own work takes the whole processor, of which this program still got its share",
    { cause: "F4", side: "client" },
    (story, at) => {
      story.vitals(at, at + 31, { systemCpu: 1, queuedMs: 40 });
      story.poll(at + 30, at + 30.1, { notes: ["empty"] });
    },
  ],
  [
    "F7: no CPU left, and this program late as well",
    { cause: "F7", side: "client" },
    (story, at) => {
      story.vitals(at - 5, at + 20, { systemCpu: 0.99, loopLagMs: 2400 });
      story.poll(at + 18, at + 18.1, { notes: ["empty"] });
    },
  ],
  [
    "F8: a storm of gadget calls at the beginning of the silence",
    { cause: "F8", side: "client" },
    (story, at) => {
      for (let index = 0; index < 30; index++)
        story.exchange(
          at - 2 + index / 10,
          at + 10,
          { status: 200 },
          { ...rest, role: "other", path: "/gadgets/makeRequest" },
        );
      story.poll(at + 15, at + 15.1, { notes: ["empty"] });
    },
  ],
  [
    "F7: this program stood ready and was given no processor",
    { cause: "F7", side: "client" },
    (story, at) => {
      story.vitals(at + 38, at + 38, { lateMs: 37_000, queuedMs: 36_500, systemCpu: 0.6 });
      story.poll(at, at + 38.5, { notes: ["overdue", "empty"] });
      story.polls(at + 38.6, at + 100);
    },
  ],
  [
    "F8: a storm of gadget calls that name no agent, from the same browser",
    { cause: "F8", side: "client" },
    (story, at) => {
      for (let index = 0; index < 15; index++)
        story.exchange(
          at + index,
          at + index + 0.3,
          { status: 200 },
          { ...rest, agent: null, role: "other", path: "/gadgets/makeRequest" },
        );
      story.poll(at + 15, at + 15.1, { notes: ["empty"] });
    },
  ],
  [
    "F9: clocks apart, seen twice",
    { cause: "F9", side: "configuration" },
    (story, at) => {
      for (const after of [1, 61])
        story.systemInfo(at + after, {
          notes: ["clock-off", "clock-far-off"],
          event: "SystemInfo drift +90000 ms",
        });
      story.polls(at, at + 100);
    },
  ],
  [
    "F10: the client refuses the certificate",
    { cause: "F10", side: "client" },
    (story, at) => {
      story.exchange(
        at,
        at,
        { cause: "tls-untrusted", blame: "client", phase: "tls" },
        { ...unnamed, client: "cap1 10.0.0.9 " },
      );
      story.polls(at, at + 100);
    },
  ],
  [
    "F10: the client leaves right after our certificate, again and again, and never asks for anything",
    { cause: "F10", side: "client" },
    (story, at) => {
      for (const after of [0, 0.1, 0.2, 0.3])
        story.exchange(
          at + after,
          at + after,
          { cause: "closed-early", blame: "client", phase: "tls" },
          { ...unnamed, client: "cap1 10.0.0.9 " },
        );
      story.polls(at, at + 100);
    },
  ],
  [
    "F12: cut by a reset, then refused",
    { cause: "F12", side: "server" },
    (story, at) => {
      story.poll(at, at + 5, {}, reset);
      for (const after of [5.5, 7.5]) story.exchange(at + after, at + after, refused, unnamed);
      story.systemInfo(at + 9);
    },
  ],
  [
    "F11: ended by the server with system-shutdown; its client asks no more, our own probe is refused",
    { cause: "F11", side: "server" },
    (story, at) => {
      const notes = ["stream-error", "terminate", "ended-by-server", "system-shutdown"] as const;
      story.poll(at, at + 3.8, { notes: [...notes] });
      story.probe(at + 4, { step: "tcp", ok: false, error: "ECONNREFUSED" });
      story.systemInfo(at + 5);
    },
  ],
  [
    "F12: cut by a FIN without a word, then refused",
    { cause: "F12", side: "server" },
    (story, at) => {
      story.poll(at, at + 5, {}, fin);
      for (const after of [5.5, 7.5]) story.exchange(at + after, at + after, refused, unnamed);
      story.systemInfo(at + 9);
    },
  ],
  [
    "F12: takes connections and answers nothing, while 8445 answers",
    { cause: "F12", side: "server" },
    (story, at) => {
      story.poll(at, at + 35, {}, clientGaveUp);
      story.probe(at + 36, { step: "tcp", ok: true });
      story.probe(at + 40, { step: "tls", ok: false, error: "TIMEOUT" });
      story.systemInfo(at + 38);
    },
  ],
  [
    "F13: a forbidden character, then both ports fall",
    { cause: "F13", side: "server" },
    (story, at) => {
      story.poll(at, at + 2, { notes: ["invalid-xml-char"] });
      story.poll(at + 2.1, at + 3, {}, reset);
      story.exchange(at + 3.6, at + 3.6, refused, unnamed);
      story.exchange(at + 4, at + 4, refused, { ...unnamed, port: 8445 });
    },
  ],
  [
    "F14: finesse is gone and 8445 refuses, polls go on",
    { cause: "F14", side: "server" },
    (story, at) => {
      story.poll(at, at + 2, { notes: ["finesse-gone"] });
      story.exchange(at + 2.2, at + 2.2, refused, { ...unnamed, port: 8445 });
      story.polls(at + 2.1, at + 100);
    },
  ],
  [
    "F15: the node says OUT_OF_SERVICE, both ports answer",
    { cause: "F15", side: "server" },
    (story, at) => {
      story.poll(at, at + 2, { notes: ["out-of-service"] });
      story.systemInfo(at + 3, { notes: ["out-of-service"] });
      story.polls(at + 2.1, at + 100);
    },
  ],
  [
    "F17: both ports refuse",
    { cause: "F17", side: "server" },
    (story, at) => {
      story.poll(at, at + 5, {}, reset);
      story.exchange(at + 5.5, at + 5.5, refused, unnamed);
      story.exchange(at + 6, at + 6, refused, { ...unnamed, port: 8445 });
    },
  ],
  [
    "F18: one session dropped early and empty, then 404",
    { cause: "F18", side: "server" },
    (story, at) => {
      story.poll(at, at + 5, { notes: ["empty", "early-empty"] });
      story.poll(at + 5.1, at + 5.2, { notes: ["invalid-sid"] }, { status: 404 });
      story.systemInfo(at + 6);
    },
  ],
  [
    "F19: the same user signed in elsewhere",
    { cause: "F19", side: "client" },
    (story, at) => {
      story.poll(at, at + 5, { notes: ["stream-error", "ended-by-server", "conflict"] });
      story.poll(at + 5.1, at + 5.2, { notes: ["invalid-sid"] }, { status: 404 });
    },
  ],
  [
    "F20: SASL failure",
    { cause: "F20", side: "configuration" },
    (story, at) => {
      story.poll(at, at + 0.1, { sid: "dead", notes: ["auth-failed"] });
      story.polls(at, at + 100);
    },
  ],
  [
    "F20: a REST request refused, and refused again seconds later",
    { cause: "F20", side: "configuration" },
    (story, at) => {
      for (const after of [1, 3]) story.exchange(at + after, at + after, { status: 401 }, rest);
      story.polls(at, at + 100);
    },
  ],
  [
    "F22: an agent's new session is dropped at once as well, and the rids were in order",
    { cause: "F22", side: "network" },
    (story, at) => {
      story.poll(at, at + 0.2, { notes: ["invalid-sid"] }, { status: 404 });
      story.poll(at + 0.5, at + 0.6, { sid: "new", notes: ["session-created"] });
      story.poll(at + 0.7, at + 0.8, { sid: "new", notes: ["invalid-sid"] }, { status: 404 });
      story.systemInfo(at + 2);
    },
  ],
  [
    "F22: the new session is dropped before it names its agent",
    { cause: "F22", side: "network" },
    (story, at) => {
      const gone: Told = { notes: ["invalid-sid"] };
      story.poll(at, at + 0.03, gone, { status: 404 });
      const anew: Told = { sid: "f2", agent: null };
      story.poll(at + 1, at + 1.1, { ...anew, notes: ["session-created"] });
      story.poll(at + 1.2, at + 1.3, { ...anew, ...gone }, { status: 404 });
    },
  ],
  [
    "F22: three agents lose their sessions, and their new ones as well: no service that was restarted does that",
    { cause: "F22", side: "network" },
    (story, at) => {
      const gone: Told = { notes: ["invalid-sid"] };
      const others = ["1001002", "1001003"].map((agent) => ({ agent, sid: `s${agent}` }));
      for (const other of others) story.poll(at - 12, at + 3, { ...other, notes: ["empty"] });
      story.poll(at, at + 0.03, gone, { status: 404 });
      const anew: Told = { sid: "f2", agent: null };
      story.poll(at + 1, at + 1.1, { ...anew, notes: ["session-created"] });
      story.poll(at + 1.2, at + 1.3, { ...anew, ...gone }, { status: 404 });
      for (const other of others)
        story.poll(at + 3.1, at + 3.2, { ...other, ...gone }, { status: 404 });
    },
  ],
  [
    "F22: ended over a request id",
    { cause: "F22", side: "client" },
    (story, at) =>
      story.poll(at, at + 0.1, {
        notes: ["rid-out-of-window", "terminate", "ended-by-server", "item-not-found"],
      }),
  ],
  [
    "F18: the server no longer knows the session, by a body instead of a status, and the rids were in order",
    { cause: "F18", side: "server" },
    (story, at) =>
      story.poll(at, at + 0.1, { notes: ["terminate", "ended-by-server", "item-not-found"] }),
  ],
  [
    "F23: shut out by the reverse proxy",
    { cause: "F23", side: "configuration" },
    (story, at) => {
      story.exchange(at, at + 0.1, { status: 418 }, rest);
      story.polls(at, at + 100);
    },
  ],
  [
    "F24: our own pipe broke",
    { cause: "F24", side: "boshscope" },
    (story, at) => story.poll(at, at + 5, {}, { cause: "closed-early", blame: "boshscope" }),
  ],
  [
    "F24: we stood still, and nothing broke",
    { cause: "F24", side: "boshscope" },
    (story, at) => {
      story.vitals(at + 20, at + 20, { lateMs: 12_000, queuedMs: 4 });
      story.polls(at, at + 100);
    },
  ],
  [
    "F25: a rule touched it, and nobody else is to blame",
    { cause: "F25", side: "fault-rule" },
    (story, at) => story.poll(at, at + 5, { faults: ["r1"] }, reset),
  ],
];

test.each(cases)("%s", (_name, expected, add) => {
  const story = new Story();
  story.systemInfo(1);
  const at = story.polls(0, 61);
  add(story, at);
  const findings = story.tell(140);
  expect(findings.map(({ cause, side }) => ({ cause, side }))).toEqual([expected]);
  for (const { evidence, advice } of findings) {
    expect(evidence.length).toBeGreaterThan(0);
    expect(advice.length).toBeGreaterThan(0);
  }
});

test("a sign-in that carries the request ids of refused attempts follows from the rule that refused them", () => {
  const story = new Story();
  story.systemInfo(1);
  const at = story.polls(0, 61);
  const refused = { cause: "fault-rule", blame: "fault-rule" } as const;
  story.poll(at, at + 5, { faults: ["r1"] }, refused);
  for (const after of [6, 12])
    story.exchange(at + after, at + after, refused, { ...unnamed, faults: ["r1"] });
  const anew: Told = { sid: "f2", agent: null };
  story.poll(at + 20, at + 20.1, { ...anew, notes: ["session-created"] });
  story.poll(at + 20.2, at + 20.3, {
    ...anew,
    notes: ["rid-gap", "rid-out-of-window", "terminate", "ended-by-server", "item-not-found"],
  });
  expect(story.tell(at + 60).map(({ cause }) => cause)).toEqual(["F25"]);
});

test("two rules, each about an agent of its own, make two findings; one rule about both makes one", () => {
  const told = (rules: readonly string[]) => {
    const story = new Story();
    story.systemInfo(1);
    for (const [index, rule] of rules.entries()) {
      const own = {
        agent: `100${index}`,
        sid: `f${index}`,
        connection: `cap1-${index}`,
        client: `cap1 10.0.0.${index} chrome`,
      };
      const at = story.polls(index / 10, 61, own);
      story.poll(at, at + 5, { ...own, faults: [rule] }, reset);
    }
    return story.tell(140).map(({ agents, faults }) => ({ agents, faults }));
  };
  expect(told(["r1", "r2"])).toEqual([
    { agents: ["1000"], faults: ["r1"] },
    { agents: ["1001"], faults: ["r2"] },
  ]);
  expect(told(["r1", "r1"])).toEqual([{ agents: ["1000", "1001"], faults: ["r1"] }]);
});

test("one agent cut off among many that go on is not the server's doing", () => {
  const story = new Story();
  story.systemInfo(1);
  const at = story.polls(0, 61);
  for (const index of [2, 3, 4])
    story.polls(index, 160, {
      agent: `100${index}`,
      sid: `f${index}`,
      connection: `cap1-${index}`,
    });
  story.poll(at, at + 35, {}, clientGaveUp);
  const [finding] = story.tell(at + 45);
  expect(finding).toMatchObject({ side: "network", cause: "F2", agent: "1001" });
});

test("a keep-alive connection that ends as the next request is sent is no finding", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  story.poll(at, at + 0.01, {}, fin);
  const end = story.polls(at + 0.02, at + 100, { connection: "cap1-2" });
  expect(story.tell(end)).toEqual([]);
});

test("a first 401 each time an agent signs in is how Basic authentication asks", () => {
  const story = new Story();
  const end = story.polls(0, 100);
  for (const at of [10, 40, 70]) {
    story.exchange(at, at + 0.01, { status: 401 }, rest);
    story.exchange(at + 0.02, at + 0.03, { status: 200 }, rest);
  }
  expect(story.tell(end)).toEqual([]);
});

test("a browser that trusts us may close connections it opened in advance", () => {
  const story = new Story();
  const end = story.polls(0, 100);
  for (const at of [10, 20, 30, 40])
    story.exchange(at, at, { cause: "closed-early", blame: "client", phase: "tls" }, unnamed);
  expect(story.tell(end)).toEqual([]);
});

test("a service that comes back knows nobody: no trouble with request ids, whatever was lost meanwhile", () => {
  const story = new Story();
  story.systemInfo(1);
  const at = story.polls(0, 61);
  story.poll(at, at + 5, {}, reset);
  for (const after of [5.5, 7.5]) story.exchange(at + after, at + after, refused, unnamed);
  story.poll(at + 20, at + 20.1, {
    notes: ["rid-gap", "terminate", "ended-by-server", "item-not-found"],
  });
  expect(story.tell(at + 60)).toMatchObject([{ cause: "F12", side: "server" }]);
});

test.each([
  ["our loop late", { loopLagMs: 2600 }],
  ["a wait for the processor", { queuedMs: 2600, lateMs: 2600 }],
])("%s for a moment does not explain what was cut and refused, nor a long silence", (_, late) => {
  const cut = new Story();
  cut.systemInfo(1);
  const at = cut.polls(0, 61);
  cut.vitals(at + 4, at + 4, late);
  cut.poll(at, at + 4, {}, reset);
  for (const after of [4.5, 6]) cut.exchange(at + after, at + after, refused, unnamed);
  cut.systemInfo(at + 7);
  expect(cut.tell(at + 20)).toMatchObject([{ cause: "F12", side: "server" }]);
  const silent = new Story();
  const from = silent.polls(0, 61);
  silent.vitals(from + 9, from + 9, late);
  silent.poll(from + 40, from + 40.1, { notes: ["empty"] });
  expect(silent.tell(from + 60)).toMatchObject([{ cause: "F4", side: "client" }]);
});

test("a short silence after a long one does not change what the long one was", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  story.vitals(at, at + 80, { browser: { pids: 9, stopped: 9, cpu: 0, memory: 1 } });
  story.poll(at + 80, at + 80.1, { notes: ["empty"] });
  story.vitals(at + 81, at + 90, { systemCpu: 1, loopLagMs: 900, queuedMs: 600 });
  story.poll(at + 88, at + 88.1, { notes: ["empty"] });
  const [finding] = story.tell(at + 100);
  expect(finding).toMatchObject({ cause: "F6", side: "client" });
});

test("a silence that ends with two requests at once was as long as it was", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  story.poll(at + 80, at + 100, { notes: ["empty"] });
  story.poll(at + 80.01, at + 80.1, { notes: ["empty"] });
  const [finding] = story.tell(at + 101);
  expect(finding?.title.values).toMatchObject({ seconds: 80 });
});

test("a gadget's storm, then a poll held for its wait, then the silence: the storm all the same", () => {
  const told = (everyMs: number): unknown => {
    const story = new Story();
    const at = story.polls(0, 61);
    for (let index = 0; index < 20; index++)
      story.exchange(
        at + 1 + (index * everyMs) / 1000,
        at + 2 + (index * everyMs) / 1000,
        { status: 200 },
        { ...rest, role: "other", path: "/gadgets/makeRequest" },
      );
    story.poll(at, at + 30, { notes: ["empty"] });
    story.poll(at + 60, at + 60.1, { notes: ["empty"] });
    return story.tell(at + 70)[0]?.cause;
  };
  expect(told(100)).toBe("F8");
  expect(told(2000)).not.toBe("F8");
});

test("a storm on connections so new that their program is not known yet is that of the browser at that address", () => {
  const told = (client: string): unknown => {
    const story = new Story();
    const at = story.polls(0, 61);
    for (let index = 0; index < 20; index++)
      story.exchange(
        at + index / 10,
        at + index / 10 + 0.3,
        { status: 200 },
        { ...rest, client, agent: null, role: "other", path: "/gadgets/makeRequest" },
      );
    story.poll(at + 15, at + 15.1, { notes: ["empty"] });
    return story.tell(at + 30)[0]?.cause;
  };
  expect(told("cap1 127.0.0.1 ")).toBe("F8");
  expect(told("cap1 127.0.0.1 firefox")).not.toBe("F8");
  expect(told("cap1 127.0.0.2 ")).not.toBe("F8");
});

test("a gadget that asks every ten seconds as ever is no storm, however long the silence", () => {
  const story = new Story();
  story.polls(0, 95);
  const call: Told = { role: "other", port: 8445, sid: null, path: "/gadgets/makeRequest" };
  for (let at = 2; at < 300; at += 10) story.exchange(at, at + 0.1, { status: 200 }, call);
  expect(story.tell(290).map(({ cause }) => cause)).toEqual(["F5"]);
});

test("unnamed gadget calls are shared out among the agents of their address", () => {
  const told = (agents: number): unknown => {
    const story = new Story();
    const client = "cap1 10.0.0.9 ";
    for (let index = 1; index <= agents; index++) {
      const own = { agent: `10${index}`, sid: `f${index}`, connection: `cap1-${index}`, client };
      story.polls(0, index === 1 ? 95 : 200, own);
      for (let at = index / 10; at < 95; at += 60) story.systemInfo(at, own);
    }
    for (let index = 0; index < 24; index++)
      story.exchange(
        90 + index / 2,
        91 + index / 2,
        { status: 200 },
        { ...rest, client, agent: null, role: "other", path: "/gadgets/makeRequest" },
      );
    return story.tell(120)[0]?.cause;
  };
  expect(told(1)).toBe("F8");
  expect(told(2)).toBe("F8");
  expect(told(6)).toBe("F4");
});

test("two answers a little late are no finding, three are", () => {
  const found = (count: number): unknown => {
    const story = new Story();
    let at = story.polls(0, 61);
    for (let index = 0; index < count; index++, at += 32.6)
      story.poll(at, at + 32.5, { notes: ["empty", "overdue"] });
    story.systemInfo(at);
    story.polls(at, at + 70);
    return story.tell(at + 40).map(({ cause }) => cause);
  };
  expect(found(2)).toEqual([]);
  expect(found(3)).toEqual(["F2"]);
});

test("a stop that was a wait for the processor is not our own fault", () => {
  const story = new Story();
  const end = story.polls(0, 100);
  story.vitals(40, 40, { lateMs: 12_000, queuedMs: 11_900 });
  expect(story.tell(end)).toEqual([]);
});

test("clients that leave as their polls are due and are refused from then on: the service cut nobody", () => {
  const story = new Story();
  story.systemInfo(1);
  const at = story.polls(0, 61);
  story.poll(at, at + 30, {}, clientGaveUp);
  for (const after of [30, 30.5, 32]) story.exchange(at + after, at + after, refused, unnamed);
  story.systemInfo(at + 33);
  expect(story.tell(at + 40)).toMatchObject([{ cause: "F1", side: "network" }]);
});

test("polls ended by FIN, then refused: a crash or a stop, told apart by the server's log only", () => {
  const story = new Story();
  story.systemInfo(1);
  const at = story.polls(0, 61);
  story.poll(at, at + 5, {}, fin);
  for (const after of [5.5, 7.5]) story.exchange(at + after, at + after, refused, unnamed);
  story.systemInfo(at + 9);
  const [finding] = story.tell(at + 20);
  expect(finding).toMatchObject({ side: "server" });
  expect(finding?.confidence).toBeLessThan(0.75);
  expect(JSON.stringify(finding)).toContain("F11");
});

test("polls that TLS closed in order, then refused: a stop, as nothing that was killed can do that", () => {
  const story = new Story();
  story.systemInfo(1);
  const at = story.polls(0, 61);
  story.poll(at, at + 4, { notes: ["closed-in-order"] }, fin);
  for (const after of [4.1, 4.5, 6]) story.exchange(at + after, at + after, refused, unnamed);
  story.systemInfo(at + 7);
  expect(story.tell(at + 20)).toMatchObject([{ side: "server", cause: "F11" }]);
});

test("polls cut at a constant age, of which one session does not survive: still the path, as the others are known after it", () => {
  const story = new Story();
  story.systemInfo(1);
  for (const index of [1, 2, 3]) {
    const told = { agent: `100${index}`, sid: `f${index}`, connection: `cap1-${index}` };
    const at = story.polls(index * 0.3, 61, told);
    story.poll(at, at + 18, told, fin);
    if (index === 1)
      story.poll(at + 18.5, at + 18.6, { ...told, notes: ["item-not-found", "ended-by-server"] });
    else
      for (let from = at + 18.5; from < at + 60; from += 19) {
        story.poll(from, from + 0.01, { ...told, notes: ["empty", "retransmission"] });
        story.poll(from + 0.02, from + 18, told, fin);
      }
  }
  story.systemInfo(100);
  expect(story.tell(130)).toMatchObject([{ side: "network", cause: "F2" }]);
});

test("a poll ended by FIN just when its answer was due was ended by the service", () => {
  const story = new Story();
  story.systemInfo(1);
  const at = story.polls(0, 61);
  story.poll(at, at + 30, {}, fin);
  for (const after of [30.1, 30.5, 32]) story.exchange(at + after, at + after, refused, unnamed);
  story.systemInfo(at + 33);
  expect(story.tell(at + 40)).toMatchObject([{ side: "server" }]);
});

test("foreign hosts may fail as they like", () => {
  const story = new Story();
  story.exchange(1, 1, refused, { ...unnamed, host: "cdn.example", port: 443 });
  const end = story.polls(0, 100);
  expect(story.tell(end)).toEqual([]);
});

test("a WebSocket whose pings stop is a silent client; one whose pings get no reply is not", () => {
  const told: Told = {
    role: "websocket",
    kind: "websocket",
    sid: null,
    notes: ["session-created"],
    path: "/ws/",
  };
  const silent = new Story();
  const socket = silent.exchange(0, 0.1, { status: 101 }, told);
  for (let at = 1; at < 60; at += 10) {
    silent.frame(at, socket, "client");
    silent.frame(at + 0.02, socket, "server", null);
  }
  expect(silent.tell(90)).toMatchObject([{ cause: "F4", side: "client" }]);
  const unheard = new Story();
  const other = unheard.exchange(0, 0.1, { status: 101 }, told);
  for (let at = 1; at < 60; at += 10) {
    unheard.frame(at, other, "client");
    if (at < 30) unheard.frame(at + 0.02, other, "server", null);
  }
  unheard.systemInfo(58);
  expect(unheard.tell(62)).toMatchObject([{ cause: "F12", side: "server" }]);
});

test("a finding that changes its mind keeps what it had said", () => {
  const story = new Story();
  story.systemInfo(1);
  const at = story.polls(0, 61);
  story.poll(at, at + 5, {}, reset);
  for (const after of [5.5, 7.5]) story.exchange(at + after, at + after, refused, unnamed);
  story.exchange(at + 30, at + 30, refused, { ...unnamed, port: 8445 });
  const [finding] = story.tell(at + 60);
  expect(finding?.cause).toBe("F17");
  expect(finding?.revisions.map(({ cause, why }) => [cause, why.key])).toContainEqual([
    "F12",
    "revised.cause",
  ]);
});
