/** Notifications of the samples, from the BOSH body down to the agent's state, and broken ones. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agentOfNode, notificationsIn } from "../../../src/finesse/notifications.ts";
import { readUpdate } from "../../../src/finesse/update.ts";
import { readStanza } from "../../../src/xmpp/read-stanza.ts";
import { cpuTime } from "../../support/cpu-time.ts";
import { sample } from "../bosh/samples.ts";
import { bodyOf } from "../bosh/session-log.ts";

const notificationsOf = (path: string) =>
  bodyOf(sample(path)).stanzas.flatMap((element) => notificationsIn(readStanza(element)));

const updateOf = (path: string) => {
  const [notification] = notificationsOf(path);
  if (notification?.update.kind !== "update") throw new Error(`${path} holds no update`);
  return notification.update;
};

describe("samples", () => {
  test("an agent is ready", () => {
    const path = "bosh/40_notification_user_put.1571.reconstructed.xml";
    expect(notificationsOf(path)).toMatchObject([
      {
        pubsubNode: "/finesse/api/User/47483648",
        itemId: "26a3e421-0000-4752-8a1d-5adbdac74a7717",
        to: "47483648@fin1.ucce.local",
      },
    ]);
    expect(updateOf(path)).toEqual({
      kind: "update",
      event: "PUT",
      source: "/finesse/api/User/47483648",
      requestId: "07f14a42-6b3c-4855-a4c9-af50ab5e7cc6",
      subject: {
        kind: "user",
        user: {
          loginId: "47483648",
          extension: "10005",
          state: "READY",
          pendingState: null,
          reason: null,
          stateChangeTime: Date.UTC(2019, 0, 11, 23, 56, 54, 783),
          teamId: "5000",
          teamName: "Maths",
        },
      },
    });
    expect(readUpdate(sample("bosh/41_notification_user_put.inner.reconstructed.xml"))).toEqual(
      updateOf(path),
    );
  });

  test.each([
    ["42_notification_dialog_post", "POST", "ALERTING"],
    ["43_notification_dialog_delete", "DELETE", "DROPPED"],
  ])("%s", (name, event, state) => {
    expect(updateOf(`bosh/${name}.composed.xml`)).toEqual({
      kind: "update",
      event,
      source: "/finesse/api/User/47483648/Dialogs",
      requestId: null,
      subject: {
        kind: "dialogs",
        dialogs: [
          {
            id: "16804377",
            state,
            mediaType: "Voice",
            fromAddress: "5551002",
            toAddress: "10005",
            participants: [],
          },
        ],
      },
    });
  });

  test("the system is out of service", () => {
    expect(updateOf("bosh/44_notification_systeminfo_oos.composed.xml")).toMatchObject({
      event: "PUT",
      requestId: null,
      subject: { kind: "system-info", status: "OUT_OF_SERVICE", currentTimestamp: null },
    });
  });
});

describe("readUpdate", () => {
  const subject = (data: string) => {
    const update = readUpdate(`<Update><data>${data}</data><event>put</event></Update>`);
    if (update.kind !== "update") throw new Error(update.reason);
    return update.subject;
  };

  test("reads events in any case, and no others", () => {
    expect(readUpdate("<Update><event>delete</event></Update>")).toMatchObject({ event: "DELETE" });
    expect(readUpdate("<update><event>Move</event></update>")).toMatchObject({
      event: null,
      source: null,
      subject: { kind: "none" },
    });
  });

  test("reads reasons, a call with its participants, and errors", () => {
    expect(
      subject(
        `<User><loginId>1</loginId><state>NOT_READY</state><reasonCodeId>7</reasonCodeId><reasonCode><code>255</code><id>7</id></reasonCode></User>`,
      ),
    ).toMatchObject({ user: { state: "NOT_READY", reason: "255" } });
    expect(subject(`<user><reasonCodeId>7</reasonCodeId></user>`)).toMatchObject({
      user: { reason: "7", loginId: null },
    });
    expect(
      subject(
        `<dialog><id>5</id><state>ACTIVE</state><participants><Participant><mediaAddress>10005</mediaAddress><state>HELD</state></Participant></participants></dialog>`,
      ),
    ).toMatchObject({
      kind: "dialogs",
      dialogs: [{ id: "5", participants: [{ address: "10005", state: "HELD" }] }],
    });
    expect(
      subject(
        `<apiErrors><apiError><errorType>Invalid Input</errorType><errorMessage>CF_INVALID</errorMessage></apiError></apiErrors>`,
      ),
    ).toEqual({
      kind: "api-errors",
      errors: [{ type: "Invalid Input", message: "CF_INVALID", data: null }],
    });
  });

  test("reads teams, queues, media, and names what it does not know", () => {
    expect(
      subject(
        `<Team><uri>/finesse/api/Team/5000</uri><name>Maths</name><users><User><loginId>1</loginId><state>READY</state></User></users></Team>`,
      ),
    ).toMatchObject({ kind: "team", id: "5000", name: "Maths", users: [{ state: "READY" }] });
    expect(subject("<users><User><loginId>1</loginId></User></users>")).toMatchObject({
      kind: "team",
      users: [{ loginId: "1" }],
    });
    expect(
      subject(
        `<Queue><uri>/finesse/api/Queue/26</uri><name>Sales</name><statistics><callsInQueue>3</callsInQueue><agentsReady>-1</agentsReady></statistics></Queue>`,
      ),
    ).toEqual({ kind: "queue", id: "26", name: "Sales", callsInQueue: 3, agentsReady: -1 });
    expect(subject("<Media><id>5001</id><state>READY</state></Media>")).toEqual({
      kind: "media",
      id: "5001",
      name: null,
      state: "READY",
    });
    expect(subject("<layout/>")).toEqual({ kind: "unknown", name: "layout" });
  });

  test("a cut notification says where, and items without one are left out", () => {
    const inner = sample("bosh/41_notification_user_put.inner.reconstructed.xml");
    expect(readUpdate(inner.slice(0, 400))).toMatchObject({ kind: "unparseable", cut: true });
    expect(readUpdate("<html/>")).toMatchObject({ reason: "the root is <html>, not <update>" });
    const event = (item: string) =>
      `<body xmlns='http://jabber.org/protocol/httpbind'><message xmlns='jabber:client'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='n'>${item}</items></event></message></body>`;
    const read = (item: string) =>
      bodyOf(event(item)).stanzas.flatMap((element) => notificationsIn(readStanza(element)));
    expect(read("<item id='1'/><retract id='2'/>")).toEqual([]);
    expect(read("<item><notification>&lt;Update&gt;</notification></item>")).toMatchObject([
      { itemId: null, update: { kind: "unparseable", cut: true } },
    ]);
  });

  test("several stanzas in one body give what they give one by one", () => {
    const bodies = [
      "40_notification_user_put.1571.reconstructed",
      "42_notification_dialog_post.composed",
      "44_notification_systeminfo_oos.composed",
    ];
    const stanzas = bodies.map((name) =>
      sample(`bosh/${name}.xml`).replace(/^<body[^>]*>|<\/body>$/g, ""),
    );
    const wrap = (inside: string) =>
      `<body xmlns='http://jabber.org/protocol/httpbind'>${inside}</body>`;
    const read = (inside: string) =>
      bodyOf(wrap(inside)).stanzas.flatMap((element) => notificationsIn(readStanza(element)));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...stanzas), { maxLength: 6 }), (some) => {
        expect(read(some.join("\n"))).toEqual(some.flatMap(read));
      }),
      { numRuns: 30 },
    );
  });

  test("is total", () => {
    const inner = sample("bosh/41_notification_user_put.inner.reconstructed.xml");
    const mutated = fc
      .tuple(fc.nat(inner.length), fc.nat(40), fc.string({ maxLength: 5 }))
      .map(([at, length, text]) => inner.slice(0, at) + text + inner.slice(at + length));
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string({ unit: "binary" })), (text) => {
        expect(["update", "unparseable"]).toContain(readUpdate(text).kind);
      }),
    );
  });

  test("reads a long list of users in time linear to it", () => {
    const users = (count: number) =>
      `<Update><data><Team><users>${"<User><loginId>1</loginId><state>READY</state></User>".repeat(count)}</users></Team></data></Update>`;
    const time = (text: string) => {
      readUpdate(text);
      return cpuTime(() => readUpdate(text));
    };
    const small = time(users(1000));
    expect(time(users(8000))).toBeLessThan(Math.max(small, 2) * 8 * 6);
  });
});

test("nodes name their agent", () => {
  expect(agentOfNode("/finesse/api/User/47483648/Dialogs")).toBe("47483648");
  expect(agentOfNode("/finesse/api/SystemInfo")).toBeNull();
});
