/** The shapes in which XML puts a secret's name beside its value, and the logins of XMPP. */
import { describe, expect, test } from "vitest";
import { markerFor, newRedactor, readBody } from "./read.ts";

const secret = "Secr3t!x";
const marker = markerFor(secret);

describe("a value goes with the name in the element beside it", () => {
  test.each([
    "<m><name>password</name><value>*</value></m>",
    "<m><Value>*</Value><Key> Pin </Key></m>",
    "<p><member><name>password</name><value><string>*</string></value></member><member><name>user</name><value>bob</value></member></p>",
  ])("%s", (text) => {
    expect(readBody(text.replace("*", secret), "text/xml")).toBe(text.replace("*", marker));
  });

  test.each([
    "<m><name>state</name><value>READY</value></m>",
    "<Team><id>5</id><name>Passive</name><uri>/finesse/api/Team/5</uri></Team>",
  ])("%s stays", (text) => {
    expect(readBody(text, "text/xml")).toBe(text);
  });
});

describe("logins of XMPP", () => {
  const plain = Buffer.from(`\0bob\0${secret}`).toString("base64");

  test.each([
    `<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>${plain}</initial-response><user-agent id='d4565fa7'/></authenticate>`,
    `<response xmlns='urn:xmpp:sasl:2'>${plain}</response>`,
    `<success xmlns='urn:xmpp:sasl:2'><additional-data>${plain}</additional-data><authorization-identifier>bob@demo.test</authorization-identifier></success>`,
  ])("%s", (frame) => {
    const expected = frame.replace(plain, `bob:${marker}`);
    expect(newRedactor().frame(frame).text).toBe(expected);
    expect(readBody(`sent ${frame}`, "text/plain")).toContain("bob:‹secret");
    expect(readBody(frame, "text/xml")).toBe(expected);
  });

  test("before SASL there was a digest", () => {
    const frame = `<iq type='set'><query xmlns='jabber:iq:auth'><username>bob</username><digest>${secret}</digest><resource>desktop</resource></query></iq>`;
    expect(newRedactor().frame(frame).text).toBe(frame.replace(secret, marker));
  });
});
