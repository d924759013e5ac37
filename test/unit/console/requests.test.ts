/** The stanzas behind the commands read as what they mean, whatever is put into them. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as requests from "../../../src/console/requests.ts";
import { readXml } from "../../../src/xml/read-xml.ts";
import { readStanza } from "../../../src/xmpp/read-stanza.ts";

function read(text: string) {
  const document = readXml(text);
  if (document.kind === "unparseable") throw new Error(document.reason);
  return readStanza(document.root);
}

test("addresses and nodes come through unchanged", () => {
  const word = fc.string({ unit: "grapheme-ascii", minLength: 1 });
  fc.assert(
    fc.property(word, word, word, word, (id, to, node, jid) => {
      const at = { id, to };
      expect(read(requests.subscribe(at, node, jid))).toMatchObject({
        kind: "iq",
        type: "set",
        ...at,
        payload: { kind: "subscribe", pubsubNode: node, jid },
      });
      expect(read(requests.unsubscribe(at, { node, jid, subid: id }))).toMatchObject({
        payload: { kind: "unsubscribe", pubsubNode: node, jid },
      });
      expect(read(requests.discoInfo(at, node))).toMatchObject({
        type: "get",
        payload: { kind: "disco-info", pubsubNode: node },
      });
    }),
  );
});

test("the list of all nodes is asked as the article does", () => {
  expect(requests.discoItems({ id: "nodes1", to: "pubsub.fin1.ucce.local" }, null)).toBe(
    `<iq xmlns="jabber:client" type="get" id="nodes1" to="pubsub.fin1.ucce.local"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>`,
  );
});

test("presence says what was asked", () => {
  expect(read(requests.presence("available", -1))).toMatchObject({ available: true, priority: -1 });
  expect(read(requests.presence("dnd", 3))).toMatchObject({ available: true, priority: 3 });
  expect(read(requests.presence("unavailable", -1))).toMatchObject({ available: false });
});
