/** Every stanza of the samples, the errors Openfire may answer, and elements nobody expects. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readXml } from "../../../src/xml/read-xml.ts";
import { finessePresenceOf } from "../../../src/xmpp/finesse-presence.ts";
import { readFrame } from "../../../src/xmpp/read-frame.ts";
import { readStanza } from "../../../src/xmpp/read-stanza.ts";
import type { Stanza } from "../../../src/xmpp/stanza.ts";
import { sample } from "../bosh/samples.ts";
import { bodyOf } from "../bosh/session-log.ts";

const stanzasIn = (path: string): Stanza[] => bodyOf(sample(path)).stanzas.map(readStanza);

function stanzaOf(text: string): Stanza {
  const document = readXml(text);
  if (document.kind === "unparseable") throw new Error(document.reason);
  return readStanza(document.root);
}

describe("samples", () => {
  test.each(["02_auth_req.jabberwerx", "12_auth_req.strophe"])("%s", (name) => {
    expect(stanzasIn(`bosh/${name}.captured.xml`)).toEqual([
      { kind: "sasl", step: "auth", mechanism: "PLAIN", condition: null },
    ]);
  });

  test("what the server offers, before and after signing in", () => {
    expect(stanzasIn("bosh/21_create_resp.composed.xml")).toEqual([
      { kind: "features", mechanisms: ["PLAIN"], names: ["compression", "bind", "session"] },
    ]);
    expect(stanzasIn("bosh/23_restart_resp.composed.xml")).toEqual([
      { kind: "features", mechanisms: [], names: ["compression", "bind", "session"] },
    ]);
  });

  test("SASL's outcome", () => {
    expect(stanzasIn("bosh/22_auth_ok_resp.composed.xml")).toMatchObject([{ step: "success" }]);
    expect(stanzasIn("bosh/22b_auth_fail_resp.composed.xml")).toMatchObject([
      { step: "failure", condition: "not-authorized" },
    ]);
  });

  test("bind", () => {
    expect(stanzasIn("bosh/04_bind_req.jabberwerx.captured.xml")).toMatchObject([
      {
        kind: "iq",
        type: "set",
        id: "OTSVp5fRclJdXkeZ4A47/VMZAgE=",
        payload: { kind: "bind", resource: "desktop", jid: null },
      },
    ]);
    expect(stanzasIn("bosh/14_bind_req.strophe.captured.xml")).toMatchObject([
      { id: "_bind_auth_2", payload: { kind: "bind", resource: "desktop" } },
    ]);
    expect(stanzasIn("bosh/24_bind_resp.composed.xml")).toMatchObject([
      { type: "result", payload: { jid: "47483648@fin1.ucce.local/desktop", resource: null } },
    ]);
  });

  test("session, ping, discovery", () => {
    expect(stanzasIn("bosh/15_session_req.strophe.captured.xml")).toMatchObject([
      { payload: { kind: "session" } },
    ]);
    expect(stanzasIn("bosh/25_session_resp.composed.xml")).toMatchObject([
      { type: "result", id: "_session_auth_2", payload: { kind: "none" } },
    ]);
    expect(stanzasIn("bosh/17_ping_req.strophe.captured.xml")).toMatchObject([
      { type: "get", to: "fin1.ucce.local", payload: { kind: "ping" } },
    ]);
    expect(stanzasIn("bosh/05_disco_req.jabberwerx.captured.xml")).toMatchObject([
      { payload: { kind: "disco-info", pubsubNode: null } },
      { payload: { kind: "disco-items", items: [] } },
    ]);
  });

  test("presence, one's own and Finesse's", () => {
    for (const name of ["06_presence_req.jabberwerx", "16_presence_req.strophe"]) {
      const [presence] = stanzasIn(`bosh/${name}.captured.xml`);
      expect(presence).toMatchObject({ kind: "presence", available: true, priority: null });
      expect(presence === undefined || finessePresenceOf(presence)).toBeNull();
    }
    expect(stanzasIn("bosh/19_terminate_req.strophe.captured.xml")).toMatchObject([
      { kind: "presence", available: false },
    ]);
    const [here] = stanzasIn("bosh/26_presence_finesse_available.composed.xml");
    const [gone] = stanzasIn("bosh/27_presence_finesse_unavailable.composed.xml");
    expect([here, gone].map((one) => one && finessePresenceOf(one))).toEqual([
      "available",
      "unavailable",
    ]);
  });

  test("a conflict", () => {
    expect(stanzasIn("bosh/36_error_remote_stream_conflict.composed.xml")).toEqual([
      { kind: "stream-error", condition: "conflict", text: null },
    ]);
  });

  test.each([
    ["40_notification_user_put.1571.reconstructed", "/finesse/api/User/47483648", 832],
    ["42_notification_dialog_post.composed", "/finesse/api/User/47483648/Dialogs", null],
    ["43_notification_dialog_delete.composed", "/finesse/api/User/47483648/Dialogs", null],
    ["44_notification_systeminfo_oos.composed", "/finesse/api/SystemInfo", null],
  ])("%s is published by its node", (name, pubsubNode, length) => {
    const [message] = stanzasIn(`bosh/${name}.xml`);
    expect(message).toMatchObject({
      kind: "message",
      from: "pubsub.fin1.ucce.local",
      to: "47483648@fin1.ucce.local",
      event: { pubsubNode, retracted: [] },
    });
    if (message?.kind !== "message") throw new Error("no message");
    const [item] = message.event?.items ?? [];
    expect(item?.itemId).toHaveLength(38);
    expect(item?.notification).toMatch(/^<Update>/);
    if (length === null) return;
    expect(item?.notification).toBe(
      sample("bosh/41_notification_user_put.inner.reconstructed.xml"),
    );
    expect(item?.notification).toHaveLength(length);
  });

  test("nodes are listed and subscribed to", () => {
    expect(stanzaOf(sample("xmpp/01_disco_items_req.composed.xml"))).toMatchObject({
      to: "pubsub.fin1.ucce.local",
      payload: { kind: "disco-items", items: [] },
    });
    const listed = stanzaOf(sample("xmpp/02_disco_items_resp.composed.xml"));
    if (listed.kind !== "iq" || listed.payload.kind !== "disco-items") throw new Error("no list");
    expect(listed.payload.items).toHaveLength(10);
    expect(listed.payload.items[9]).toEqual({
      jid: "pubsub.fin1.ucce.local",
      pubsubNode: "/finesse/api/Team/5000/Users",
    });
    const jid = "47483650@fin1.ucce.local/desktop";
    const pubsubNode = "/finesse/api/Team/5000/Users";
    expect(stanzaOf(sample("xmpp/03_subscribe_team_req.composed.xml"))).toMatchObject({
      payload: { kind: "subscribe", pubsubNode, jid },
    });
    expect(stanzaOf(sample("xmpp/04_subscribe_team_resp.composed.xml"))).toMatchObject({
      payload: { kind: "subscription", pubsubNode, jid, state: "subscribed" },
    });
  });

  test("a whole WebSocket session", () => {
    const frames = sample("ws/01_websocket_session.strophe.captured.txt")
      .split("\n")
      .filter((line) => /^[CS] /.test(line))
      .map((line) => readFrame(line.slice(2)));
    expect(frames.map((frame) => frame?.kind)).toEqual([
      "open",
      "open",
      "features",
      "sasl",
      "sasl",
      "open",
      "open",
      "features",
      "iq",
      "iq",
      "iq",
      "iq",
      "presence",
      "iq",
      "iq",
    ]);
    expect(frames[1]).toEqual({
      kind: "open",
      to: "fin1.ucce.local",
      from: "fin1.ucce.local",
      id: "4bg0uv6wvk",
      version: "1.0",
    });
    expect(frames[9]).toMatchObject({ payload: { jid: "1001003@fin1.ucce.local/desktop" } });
    expect(frames[13]).toMatchObject({ payload: { kind: "ping" } });
  });
});

describe("readFrame", () => {
  test("close, white space, and half a stanza", () => {
    expect(readFrame("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")).toEqual({
      kind: "close",
      seeOther: null,
    });
    expect(readFrame(" \n")).toBeNull();
    expect(readFrame("<iq type='get'><ping")).toMatchObject({ kind: "unparseable", cut: true });
    expect(readFrame("HTTP/1.1 400")).toMatchObject({ kind: "unparseable", at: 0 });
  });

  test("pings and other errors carry their condition", () => {
    expect(
      readFrame(
        `<iq type="error" id="1" xmlns="jabber:client"><ping xmlns="urn:xmpp:ping"/><error code="503" type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
      ),
    ).toMatchObject({ error: "service-unavailable", payload: { kind: "ping" } });
    expect(readFrame(`<iq type="error"><error code="501"/></iq>`)).toMatchObject({ error: "501" });
    expect(readFrame(`<message type="error"/>`)).toMatchObject({ error: "", event: null });
  });

  test("stream errors carry their text, with or without a declared prefix", () => {
    const error = `<stream:error xmlns:stream="http://etherx.jabber.org/streams"><text xmlns="urn:ietf:params:xml:ns:xmpp-streams">bye</text><system-shutdown xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></stream:error>`;
    expect(readFrame(error)).toEqual({
      kind: "stream-error",
      condition: "system-shutdown",
      text: "bye",
    });
    expect(readFrame("<stream:error/>")).toMatchObject({ kind: "stream-error", condition: "" });
  });

  test("a presence of user finesse that is an error says nothing of Tomcat", () => {
    const stanza = readFrame(`<presence from="Finesse@fin1.ucce.local" type="error"/>`);
    expect(stanza?.kind === "presence" && finessePresenceOf(stanza)).toBeNull();
  });

  test("what nobody expects is named", () => {
    expect(readFrame(`<iq type="get"><query xmlns="jabber:iq:roster"/></iq>`)).toMatchObject({
      payload: { kind: "other", name: "query", namespace: "jabber:iq:roster" },
    });
    expect(readFrame("<stream:unknown/>")).toMatchObject({ kind: "other" });
  });

  test("is total, also for samples cut anywhere", () => {
    const texts = sample("ws/01_websocket_session.strophe.captured.txt")
      .split("\n")
      .map((line) => line.slice(2));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.tuple(fc.constantFrom(...texts), fc.nat(300)).map(([text, end]) => text.slice(0, end)),
        ),
        (text) => {
          const read = readFrame(text);
          if (read?.kind === "unparseable") expect(read.at).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});
