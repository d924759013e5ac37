/** What is shown of a stanza: node and addresses are found, SASL loses its secret, whatever it is. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { showStanza } from "../../../src/console/show-stanza.ts";

const carried = {
  key: "k",
  at: "2026-03-01T10:00:00.000Z",
  direction: "in",
  exchange: null,
} as const;
const show = (text: string) => showStanza(text, carried);
const pubsub = "http://jabber.org/protocol/pubsub";

test.each([
  [
    `<message><event xmlns="${pubsub}#event"><items node="/a"><item/></items></event></message>`,
    "/a",
  ],
  [`<iq type="set"><pubsub xmlns="${pubsub}"><subscribe node="/b" jid="c"/></pubsub></iq>`, "/b"],
  [`<iq type="set"><pubsub xmlns="${pubsub}#owner"><delete node="/c"/></pubsub></iq>`, "/c"],
  [`<iq><query xmlns="http://jabber.org/protocol/disco#items" node="/d"/></iq>`, "/d"],
  [
    `<iq><query xmlns="http://jabber.org/protocol/disco#items"><item node="/e"/></query></iq>`,
    null,
  ],
  [`<iq><query xmlns="other" node="/f"/></iq>`, null],
])("the node of %s", (text, node) => {
  expect(show(text).node).toBe(node);
});

test("addresses, kind and a few words", () => {
  const text = `<iq xmlns="jabber:client" type="get" from="a@b/c" to="b" id="7"><ping xmlns="urn:xmpp:ping"/></iq>`;
  expect(show(text)).toMatchObject({
    kind: "iq",
    type: "get",
    from: "a@b/c",
    to: "b",
    id: "7",
    about: "ping",
    text,
    cut: false,
  });
});

test.each(["auth", "response", "challenge", "success"])("nothing of SASL %s is kept", (step) => {
  const secret = Buffer.from("\0agent\0Pl4nted!Secret").toString("base64");
  const text = `<${step} xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">${secret}</${step}>`;
  expect(show(text).text).not.toContain(secret);
  expect(show(text)).toMatchObject({ kind: "sasl" });
});

test("why SASL failed is kept", () => {
  const text = `<failure xmlns="urn:ietf:params:xml:ns:xmpp-sasl"><not-authorized/></failure>`;
  expect(show(text).text).toBe(text);
});

test("a long one is cut, and says so", () => {
  const shown = show(`<message><body>${"x".repeat(100_000)}</body></message>`);
  expect(shown.cut).toBe(true);
  expect(shown.text).toHaveLength(64 * 1024);
});

test("anything can be shown", () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (text, inside) => {
      const shown = show(inside ? `<iq>${text}</iq>` : text);
      expect(shown.key).toBe("k");
    }),
  );
});
