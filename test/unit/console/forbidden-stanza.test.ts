/** What would harm the agent is not sent, however it is written. */
import { expect, test } from "vitest";
import { isDesktopResource, whyForbidden } from "../../../src/console/forbidden-stanza.ts";
import { readXml } from "../../../src/xml/read-xml.ts";

function why(text: string): string | null {
  const read = readXml(text);
  if (read.kind === "unparseable") throw new Error(read.reason);
  return whyForbidden(read.root);
}

const bind = (resource: string): string =>
  `<iq type="set"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>${resource}</resource></bind></iq>`;

test.each(["desktop", "Desktop", " desktop\n", "DESKTOP", "ｄｅｓｋｔｏｐ"])(
  "%j is the desktop's",
  (resource) => {
    expect(isDesktopResource(resource)).toBe(true);
    expect(why(bind(resource))).toMatch(/conflict/);
  },
);

test.each(["boshscope", "desktop2", "my desktop"])("%j is not", (resource) => {
  expect(isDesktopResource(resource)).toBe(false);
  expect(why(bind(resource))).toBeNull();
});

test("an entity or a CDATA section does not hide it", () => {
  expect(why(bind("desk&#116;op"))).toMatch(/conflict/);
  expect(why(bind("<![CDATA[desktop]]>"))).toMatch(/conflict/);
});

test.each(["<auth/>", "<stream:stream/>", "<starttls/>", "<body/>"])("%s is no stanza", (text) => {
  expect(why(text)).toMatch(/no stanza/);
});
