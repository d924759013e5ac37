/** Answers of servers, read as far as they say something. */
import { expect, test } from "vitest";
import { infoIn, nodesIn, refusalIn, subscriptionsIn } from "../../../src/console/answers.ts";
import { readXml } from "../../../src/xml/read-xml.ts";
import type { XmlElement } from "../../../src/xml/tree.ts";

function element(text: string): XmlElement {
  const read = readXml(text);
  if (read.kind === "unparseable") throw new Error(read.reason);
  return read.root;
}

test("nodes in order, whatever the server's", () => {
  const list = `<iq><query xmlns="d"><item jid="p" node="/b" name=""/><item jid="p" node="/a/c"/><item jid="q"/></query></iq>`;
  expect(nodesIn(element(list))).toEqual([
    { service: "q", node: null, name: null },
    { service: "p", node: "/a/c", name: null },
    { service: "p", node: "/b", name: "" },
  ]);
  expect(nodesIn(element("<iq/>"))).toEqual([]);
});

test("one subscription, or all; the node may stand on either", () => {
  const one = `<iq><pubsub><subscription node="/a" jid="j" subid="1" subscription="subscribed"/></pubsub></iq>`;
  expect(subscriptionsIn(element(one))).toEqual([
    { node: "/a", jid: "j", state: "subscribed", subid: "1" },
  ]);
  const all = `<iq><pubsub><subscriptions node="/z"><subscription jid="j"/><subscription node="/b" jid="j" subscription="pending"/></subscriptions></pubsub></iq>`;
  expect(subscriptionsIn(element(all))).toEqual([
    { node: "/b", jid: "j", state: "pending", subid: null },
    { node: "/z", jid: "j", state: "", subid: null },
  ]);
});

test("identities before features", () => {
  const info = `<iq><query><feature var="f"/><identity category="pubsub" type="service" name=""/></query></iq>`;
  expect(infoIn(element(info))).toEqual(["identity pubsub service", "feature f"]);
});

test.each([
  [`<iq type="result"/>`, null],
  [`<iq type="error"/>`, "error"],
  [`<iq type="error"><error code="503"/></iq>`, "503"],
  [
    `<iq type="error"><error><item-not-found/><text>no such node</text></error></iq>`,
    "item-not-found: no such node",
  ],
  [`<iq type="error"><error><a/><b/></error></iq>`, "a, b"],
])("%s", (text, why) => {
  expect(refusalIn(element(text))).toBe(why);
});
