import { describe, expect, test } from "vitest";
import {
  answered,
  begun,
  body,
  firstRid,
  host,
  message,
  Played,
  poll,
  presence,
  signIn,
  taken,
} from "./some-recording.ts";

const sid = "recorded1";
/** A request of the recorded client after its sign-in. */
const asked = (rid: number, inner = ""): { readonly body: string } => ({
  body: poll(sid, rid, inner),
});
const httpBind = "http://jabber.org/protocol/httpbind";

describe("a session", () => {
  test("has the client's own sid, rids and ids, and the server's words as they were", () => {
    const played = new Played([
      ...signIn(),
      taken(80, answered(300, body(message("one"))), asked(1004, presence)),
    ]);
    const mine = played.signIn(70_000, "my bind");
    expect(mine).toBe("played1");
    expect(played.textOf(1)).toBe(
      `<body xmlns='${httpBind}' sid="played1" authid="played1" wait="2" requests="2"><features xmlns="http://etherx.jabber.org/streams"/></body>`,
    );
    expect(played.textOf(4)).toContain('type="result" id="my bind"');
    played.until(5000);
    expect(played.textOf(5)).toBe(body(message("one")));
    expect(played.endOf(5)?.at).toBe(300);
    expect(played.notes).toContainEqual({
      kind: "session-started",
      sid: mine,
      recorded: sid,
      agent: "1001001",
    });
  });

  test("a short recorded sid is replaced where it is one, and nowhere else", () => {
    const end = answered(300, body(message("7 calls")));
    const played = new Played([
      ...signIn("7"),
      taken(80, end, { body: poll("7", 1004, presence) }),
    ]);
    played.signIn();
    expect(played.textOf(1)).toContain('sid="played1" authid="played1"');
    played.until(1000);
    expect(played.textOf(5)).toBe(body(message("7 calls")));
  });

  test("holds polls for the granted wait, at the speed asked for", () => {
    const recording = [...signIn(), taken(80, answered(2085, body()), asked(1004, presence))];
    for (const speed of [1, 4]) {
      const played = new Played(recording, speed);
      const mine = played.signIn();
      played.until(80 + 2000 / speed - 1);
      expect(played.textOf(5)).toBe("(waits)");
      played.until(80 + 2000 / speed + 5);
      expect(played.textOf(5)).toBe(body());
      const more = played.ask({ body: poll(mine, 1005) });
      played.until(10_000);
      expect(played.textOf(more)).toBe(body());
    }
  });

  test("of a demo that ran faster than the clock holds polls as long as that one did", () => {
    const polls = [0, 1, 2, 3].map((turn) =>
      taken(80 + turn * 205, answered(280 + turn * 205, body()), {
        body: poll(sid, 1004 + turn, turn === 0 ? presence : ""),
      }),
    );
    const played = new Played([...signIn(), ...polls]);
    const mine = played.signIn();
    played.until(2900);
    const more = played.ask({ body: poll(mine, 1005) });
    played.until(9000);
    expect(played.endOf(more)?.at).toBe(3100);
  });

  test("gives a held poll back when a newer request comes", () => {
    const played = new Played([
      ...signIn(),
      taken(80, answered(3000, body(message("late"))), asked(1004, presence)),
    ]);
    const mine = played.signIn();
    played.until(500);
    const newer = played.ask({ body: poll(mine, 1005, presence) });
    expect(played.textOf(5)).toBe(body());
    expect(played.textOf(newer)).toBe("(waits)");
  });

  test("answers the same request again with the same words", () => {
    const played = new Played([
      ...signIn(),
      taken(80, answered(300, body(message("one"))), asked(1004, presence)),
    ]);
    const mine = played.signIn();
    played.until(400);
    const again = played.ask({ body: poll(mine, 1004, presence) });
    expect(played.textOf(again)).toBe(body(message("one")));
  });

  test("breaks where it broke, with what had come of the answer by then", () => {
    const half = { status: 200, reason: "OK", headers: [], body: new TextEncoder().encode("<bo") };
    const played = new Played([
      ...signIn(),
      taken(80, { kind: "cut", at: begun + 900, how: "fin", begun: half }, asked(1004, presence)),
      taken(910, answered(1200, body(message("after"))), asked(1004, presence)),
    ]);
    const mine = played.signIn();
    played.until(899);
    expect(played.textOf(5)).toBe("(waits)");
    played.until(900);
    expect(played.endOf(5)).toEqual({
      at: 900,
      act: { kind: "cut", request: 5, how: "fin", begun: half },
    });
    played.until(910);
    const again = played.ask({ body: poll(mine, 1004, presence) });
    played.until(2000);
    expect(played.textOf(again)).toBe(body(message("after")));
    expect(played.endOf(again)?.at).toBe(1200);
  });

  test("says nothing while the server said nothing, and goes on after it", () => {
    const played = new Played([
      ...signIn(),
      taken(80, { kind: "silent", until: begun + 7080 }, asked(1004, presence)),
      taken(7600, answered(7800, body(message("after"))), asked(1004, presence)),
    ]);
    const mine = played.signIn();
    played.until(7080);
    expect(played.textOf(5)).toBe("(waits)");
    played.player.gone(5);
    played.until(7600);
    const again = played.ask({ body: poll(mine, 1004, presence) });
    played.until(7800);
    expect(played.textOf(again)).toBe(body(message("after")));
  });

  test("is late where the answer was late", () => {
    const played = new Played([
      ...signIn(),
      taken(80, answered(6080, body()), asked(1004, presence)),
    ]);
    played.signIn();
    played.until(10_000);
    expect(played.endOf(5)?.at).toBe(6080);
  });

  test("ends as it ended: 404, for this request and all after it", () => {
    const played = new Played([
      ...signIn(),
      taken(80, answered(2080, body()), asked(1004, presence)),
      taken(2090, answered(2095, "<html>Invalid SID.</html>", 404), asked(1005)),
    ]);
    const mine = played.signIn();
    played.until(2090);
    const next = played.ask({ body: poll(mine, 1005) });
    played.until(3000);
    const after = played.ask({ body: poll(mine, 1006) });
    for (const request of [next, after]) {
      expect(played.endOf(request)?.act).toMatchObject({ answer: { status: 404 } });
      expect(played.textOf(request)).toBe("<html>Invalid SID.</html>");
    }
    expect(played.notes.at(-1)).toEqual({ kind: "session-ended", sid: mine, recorded: sid });
  });

  test("is that of the agent who signs in, and plays on when all of it was played", () => {
    const played = new Played([
      ...signIn(),
      taken(80, answered(300, body(message("one"))), asked(1004, presence)),
    ]);
    const mine = played.signIn();
    played.until(400);
    expect(played.notes.at(-1)).toEqual({ kind: "session-played", sid: mine, recorded: sid });
    const more = played.ask({ body: poll(mine, 1005) });
    played.until(3000);
    expect(played.textOf(more)).toBe(body());
  });

  test("an iq that was never answered is refused, and told", () => {
    const played = new Played([
      ...signIn(),
      taken(80, answered(2085, body()), asked(1004, presence)),
    ]);
    const mine = played.signIn();
    played.until(100);
    const iq =
      '<iq xmlns="jabber:client" type="get" id="v1"><query xmlns="jabber:iq:version"/></iq>';
    played.ask({ body: poll(mine, 1005, iq) });
    played.until(200);
    // On the request that has waited longest.
    expect(played.textOf(5)).toContain("not in the recording");
    expect(played.textOf(5)).toContain('type="error" id="v1"');
    expect(played.notes.at(-1)).toMatchObject({
      kind: "unanswered",
      what: expect.stringContaining("jabber:iq:version"),
    });
  });

  test("a call that is not in it is told without its query, which may hold credentials", () => {
    const played = new Played([taken(0, answered(30, body()), asked(1004))]);
    const secret = "Zm9vOmJhcg";
    played.ask({
      method: "GET",
      path: `/gadgets/makeRequest?headers=Authorization%3DBasic%2520${secret}`,
      body: "",
    });
    played.until(10);
    const told = JSON.stringify(played.notes);
    expect(told).toContain("/gadgets/makeRequest?…");
    expect(told).not.toContain(secret);
  });

  test("that began before the recording can't be signed in to, and says so", () => {
    const played = new Played([taken(0, answered(30, body()), asked(1004))]);
    const request = played.ask({ body: poll("", firstRid).replace(' sid=""', "") });
    played.until(10);
    expect(played.endOf(request)?.act).toMatchObject({ answer: { status: 404 } });
    expect(played.textOf(request)).toContain("not how they began");
  });
});

describe("other requests", () => {
  const user = (at: number, state: string) =>
    taken(at, answered(at + 4, `<User><state>${state}</state></User>`), {
      method: "GET",
      port: 8445,
      path: "/finesse/api/User/1001001?nocache=1",
      body: "",
    });
  const get = (path: string) => ({ method: "GET", port: 8445, path, body: "" });

  test("have the latest answer of their path, as far as the recording has come", () => {
    const played = new Played([
      user(0, "NOT_READY"),
      user(60_000, "READY"),
      user(90_000, "TALKING"),
    ]);
    const path = "/finesse/api/User/1001001?nocache=77";
    const states = [0, 30_000, 61_000, 100_000, 200_000].map((at) => {
      played.until(at);
      const request = played.ask(get(path));
      played.until(at + 10);
      return /<state>(\w+)/.exec(played.textOf(request))?.[1];
    });
    expect(states).toEqual(["NOT_READY", "NOT_READY", "READY", "TALKING", "TALKING"]);
  });

  test("are answered in the name of who asks", () => {
    const played = new Played([
      ...signIn(),
      user(200, "READY"),
      taken(210, answered(214, "<User><loginId>1001001</loginId></User>"), {
        ...get("/finesse/api/User/1001001/Self"),
      }),
    ]);
    const request = played.ask({
      ...get("/finesse/api/User/2002/Self"),
      authorization: `Basic ${Buffer.from("2002:x").toString("base64")}`,
    });
    played.until(100);
    expect(played.textOf(request)).toBe("<User><loginId>2002</loginId></User>");
  });

  test("SystemInfo's clock is as far off as it was", () => {
    const info = (time: string): string =>
      `<SystemInfo><currentTimestamp>${time}</currentTimestamp><status>IN_SERVICE</status></SystemInfo>`;
    const played = new Played([
      taken(1000, answered(1004, info("2026-11-20T09:00:06.004Z")), {
        ...get("/finesse/api/SystemInfo?timestamponly&nocache=1"),
      }),
    ]);
    const request = played.ask(get("/finesse/api/SystemInfo?timestamponly&nocache=2"));
    played.until(10);
    // 5 s ahead of the answer's time, a day later.
    expect(played.textOf(request)).toBe(info("2026-11-21T09:00:05.004Z"));
  });

  test("that nobody made are refused by name, and told", () => {
    const played = new Played([user(0, "READY")]);
    const request = played.ask(get("/finesse/api/Team/5"));
    played.until(1);
    expect(played.endOf(request)?.act).toMatchObject({ answer: { status: 404 } });
    expect(played.textOf(request)).toBe(
      `Boshscope playback has no answer for GET https://${host}:8445/finesse/api/Team/5: no such request is in the recording.\n`,
    );
    expect(played.notes).toHaveLength(1);
  });

  test("a change's outcome comes when the client asks for it, under the client's requestId", () => {
    const [theirs, mine] = ["11111111-aaaa-4000-8000-000000000001", "22222222-bbbb-4000-8000-2"];
    const outcome = message(`state&lt;requestId&gt;${theirs}&lt;/requestId&gt;`);
    const put = (state: string) => ({
      method: "PUT",
      port: 8445,
      path: "/finesse/api/User/1001001",
      contentType: "application/xml",
      body: `<User><state>${state}</state></User>`,
    });
    const { contentType: _unused, ...recordedPut } = put("READY");
    const played = new Played([
      ...signIn(),
      taken(500, answered(510, "", 202), {
        ...recordedPut,
        headers: [
          { name: "Content-Type", value: "application/xml" },
          { name: "requestId", value: theirs },
        ],
      }),
      taken(80, answered(530, body(outcome)), asked(1004, presence)),
    ]);
    const session = played.signIn();
    // One that makes REST requests is not told of the outcome before.
    played.ask({ ...get("/finesse/api/User/1001001") });
    played.until(1500);
    expect(played.textOf(5)).toBe("(waits)");
    played.ask({ ...put("READY"), requestId: mine });
    played.until(1530);
    expect(played.textOf(5)).toBe(body(outcome.replace(theirs, mine)));
    expect(session).toBe("played1");
  });
});
