/** Events find their sessions, and a client that starts anew is noticed. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SessionChange } from "../../../src/bosh/sessions.ts";
import { BoshSessions } from "../../../src/bosh/sessions.ts";
import { fastest } from "../../support/fastest.ts";
import { sample } from "./samples.ts";
import { bodyOf, emptyBody, namespace, pollText } from "./session-log.ts";

const node = { host: "fin1.ucce.local", port: 7443 };
const other = { host: "fin2.ucce.local", port: 7443 };
const create = sample("bosh/01_create_req.jabberwerx.captured.xml");
const strophe = sample("bosh/11_create_req.strophe.captured.xml");
const granted = (sid: string) =>
  sample("bosh/21_create_resp.composed.xml").replaceAll("f382a015", sid);

class Play {
  readonly sessions: BoshSessions;
  constructor(capacity?: number) {
    this.sessions = new BoshSessions(capacity);
  }
  request(seconds: number, exchange: number, text: string, connection = 1, endpoint = node) {
    const body = bodyOf(text);
    return this.sessions.request(endpoint, {
      kind: "request",
      at: seconds * 1000,
      exchange,
      connection,
      body,
      hash: text,
    });
  }
  answer(seconds: number, exchange: number, text: string = emptyBody) {
    return this.sessions.answer({
      kind: "answer",
      at: seconds * 1000,
      exchange,
      holdMs: null,
      status: 200,
      body: bodyOf(text),
    });
  }
  fail(seconds: number, exchange: number) {
    return this.sessions.failure({
      kind: "failure",
      at: seconds * 1000,
      exchange,
      cause: "refused",
      blame: "server",
    });
  }
}

const kinds = (changes: readonly SessionChange[]) =>
  changes.flatMap(({ observations }) => observations.map(({ kind }) => kind));

describe("BoshSessions", () => {
  test("keeps a session's number from its creation on", () => {
    const play = new Play();
    const [created] = play.request(0, 1, create);
    expect(created?.session).toMatchObject({ state: "creating", sid: null });
    const [answered] = play.answer(0.1, 1, granted("a1"));
    expect(answered).toMatchObject({ number: created?.number, session: { sid: "a1" } });
    const [polled] = play.request(0.2, 2, pollText(2_861_121_872, "a1"));
    expect(polled?.number).toBe(created?.number);
    expect(play.sessions.get("fin1.ucce.local", 7443, "a1")?.open).toHaveLength(1);
    expect(play.sessions.get("fin2.ucce.local", 7443, "a1")).toBeNull();
    expect(play.sessions.ofExchange(2)?.sid).toBe("a1");
  });

  test("the same sid on two servers is two sessions", () => {
    const play = new Play();
    play.request(0, 1, pollText(5), 1, node);
    play.request(0, 2, pollText(5), 2, other);
    expect(play.sessions.size).toBe(2);
  });

  test("a resent creation is a retransmission, not a second session", () => {
    const play = new Play();
    play.request(0, 1, create);
    play.fail(0.1, 1);
    expect(kinds(play.request(0.6, 2, create, 2))).toEqual(["retransmission"]);
    expect(play.sessions.size).toBe(1);
    play.answer(0.7, 2, granted("a1"));
    expect(play.sessions.get("fin1.ucce.local", 7443, "a1")?.state).toBe("open");
  });

  test("a new creation of the same agent replaces, also at the other node", () => {
    const play = new Play();
    play.request(0, 1, create);
    play.answer(0.1, 1, granted("a1"));
    play.request(0.2, 2, pollText(2_861_121_872, "a1"));
    const changes = play.request(20, 3, create.replace("2861121871", "99"), 7, other);
    expect(changes.map(({ session }) => [session.sid, session.state])).toEqual([
      ["a1", "replaced"],
      [null, "creating"],
    ]);
    expect(changes[1]?.observations).toMatchObject([
      {
        kind: "reconnect-without-terminate",
        previousSid: "a1",
        previousState: "open",
        previousEndpoint: "fin1.ucce.local:7443",
        otherNode: true,
        exchanges: [3, 2],
      },
    ]);
  });

  test("Strophe does not say who it is: the socket tells, or the bind", () => {
    const bound = sample("bosh/24_bind_resp.composed.xml");
    const play = new Play();
    play.request(0, 1, strophe, 1);
    play.answer(0.1, 1, granted("a1"));
    play.request(0.2, 2, pollText(1_631_916_952, "a1"), 1);
    play.answer(0.3, 2, bound);
    expect(kinds(play.request(9, 3, strophe.replace("1631916951", "5"), 1))).toEqual([
      "reconnect-without-terminate",
    ]);
    const apart = new Play();
    apart.request(0, 1, strophe, 1);
    apart.answer(0.1, 1, granted("a1"));
    apart.request(0.2, 2, pollText(1_631_916_952, "a1"), 1);
    apart.answer(0.3, 2, bound);
    expect(kinds(apart.request(9, 3, strophe.replace("1631916951", "5"), 2))).toEqual([]);
    apart.answer(9.1, 3, granted("b2"));
    apart.request(9.2, 4, pollText(6, "b2"), 2);
    expect(kinds(apart.answer(9.3, 4, bound))).toContain("reconnect-without-terminate");
  });

  test("after a goodbye, and for another agent on the same socket, it is no reconnect", () => {
    const play = new Play();
    play.request(0, 1, create);
    play.answer(0.1, 1, granted("a1"));
    play.request(1, 2, pollText(2_861_121_872, "a1", ' type="terminate"'));
    expect(kinds(play.request(2, 3, create.replace("2861121871", "7")))).toEqual([]);
    const two = new Play();
    two.request(0, 1, create);
    two.answer(0.1, 1, granted("a1"));
    expect(kinds(two.request(2, 3, create.replace("47483648@", "47483649@")))).toEqual([]);
  });

  test("one joined late learns its agent from what it receives", () => {
    const play = new Play();
    play.request(0, 1, pollText(5, "a1"), 1);
    play.answer(3, 1, sample("bosh/40_notification_user_put.1571.reconstructed.xml"));
    expect(play.sessions.get("fin1.ucce.local", 7443, "a1")?.jid).toBe("47483648@fin1.ucce.local");
    expect(kinds(play.request(9, 2, create, 9))).toEqual(["reconnect-without-terminate"]);
  });

  test("time passes for those that are due", () => {
    const play = new Play();
    play.request(0, 1, pollText(5, "a1"));
    play.request(10, 2, pollText(5, "b2"));
    expect(play.sessions.nextDeadline()).toBe(32_000);
    expect(play.sessions.tick(31_999)).toEqual([]);
    expect(kinds(play.sessions.tick(32_000))).toEqual(["late-poll"]);
    expect(play.sessions.nextDeadline()).toBe(35_000);
    expect(kinds(play.sessions.tick(50_000))).toEqual(["overdue-poll", "overdue-poll"]);
    expect(play.sessions.nextDeadline()).toBeNull();
  });

  test("answers to nobody change nothing", () => {
    const play = new Play();
    expect(play.answer(1, 5)).toEqual([]);
    expect(play.fail(1, 5)).toEqual([]);
  });

  test("forgets the one longest unused, and all about it", () => {
    const play = new Play(2);
    play.request(0, 1, pollText(5, "a1"), 1);
    play.request(1, 2, pollText(5, "b2"), 2);
    play.request(2, 3, pollText(6, "a1"), 1);
    play.request(3, 4, pollText(5, "c3"), 3);
    expect(play.sessions.all().map(({ sid }) => sid)).toEqual(["a1", "c3"]);
    expect(play.answer(4, 2)).toEqual([]);
    expect(play.sessions.size).toBe(2);
  });

  test("an answer that comes after its session was forgotten brings nothing back", () => {
    const play = new Play(1);
    for (let index = 1; index <= 17; index += 1) play.request(index, index, pollText(index, "a1"));
    play.request(20, 20, pollText(5, "b2"), 2);
    expect(play.answer(21, 1)).toEqual([]);
    expect(play.sessions.all().map(({ sid }) => sid)).toEqual(["b2"]);
  });

  test("a socket is remembered as a session's own until four others came", () => {
    const reconnects = (sockets: number) => {
      const play = new Play();
      for (let socket = 1; socket <= sockets; socket += 1) {
        play.request(socket, socket, pollText(socket, "a1"), socket);
      }
      return kinds(play.request(30, 30, strophe, 1));
    };
    expect(reconnects(4)).toEqual(["reconnect-without-terminate"]);
    expect(reconnects(5)).toEqual([]);
  });

  test("never holds more than its capacity, whatever comes", () => {
    const step = fc.record({
      sid: fc.constantFrom("a", "b", "c", "d", "e", null),
      rid: fc.integer({ min: 1, max: 6 }),
      exchange: fc.integer({ min: 1, max: 20 }),
      connection: fc.integer({ min: 1, max: 9 }),
      what: fc.constantFrom("request", "request", "answer", "fail", "tick"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const play = new Play(3);
        for (const [at, { sid, rid, exchange, connection, what }] of steps.entries()) {
          const own = sid === null ? "" : ` sid="${sid}"`;
          const text = `<body xmlns="${namespace}"${own} rid="${rid}"/>`;
          if (what === "request") play.request(at, exchange, text, connection);
          else if (what === "answer") play.answer(at, exchange, granted(`g${rid}`));
          else if (what === "fail") play.fail(at, exchange);
          else play.sessions.tick(at * 1000);
          expect(play.sessions.size).toBeLessThanOrEqual(3);
          expect(new Set(play.sessions.all()).size).toBe(play.sessions.size);
        }
      }),
    );
  });

  test("a thousand sessions cost little more than one", () => {
    const play = new Play();
    for (let index = 0; index < 1000; index += 1) {
      play.request(0, index + 1, pollText(1, `s${index}`), index);
    }
    const body = bodyOf(pollText(1, "s1"));
    const empty = bodyOf(emptyBody);
    const micros = fastest(10, 500, (index) => {
      const exchange = 1001 + index;
      play.sessions.request(node, {
        kind: "request",
        at: index,
        exchange,
        connection: 1,
        body: { ...body, sid: `s${index % 1000}`, rid: 2 + index },
        hash: `${index}`,
      });
      play.sessions.answer({
        kind: "answer",
        at: index,
        exchange,
        holdMs: 1,
        status: 200,
        body: empty,
      });
      play.sessions.tick(index);
    });
    // Measured about 5 µs.
    expect(micros).toBeLessThan(60);
  });
});
