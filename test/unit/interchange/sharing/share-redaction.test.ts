/** Bodies that are no UTF-8 are shared without names and secrets, or not at all. */
import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { ShareRedaction } from "../../../../src/interchange/sharing/share-redaction.ts";
import { createRedactor } from "../../../../src/redact/redactor.ts";
import { copy, message } from "../copies.ts";

const hash = (secret: string): string => createHmac("sha256", "k").update(secret).digest("hex");
const xml = (id: string, password: string) =>
  `<User><loginId>${id}</loginId><firstName>José</firstName><password>${password}</password></User>`;
const known = "<User><loginId>rosalind.meyer</loginId></User>";

/** The response's body as it is shared, of a capture in which rosalind.meyer was mentioned. */
function shared(contentType: string, body: Buffer): Uint8Array | null | undefined {
  const head = `HTTP/1.1 200 OK\nContent-Type: ${contentType}\n\n`;
  const redaction = new ShareRedaction({
    hosts: false,
    secrets: createRedactor({ hash, keepSecrets: false }),
  });
  const first = copy(1, { response: message(head, Buffer.from(known)) });
  const second = copy(2, { response: message(head, body) });
  for (const each of [first, second]) redaction.learn(each);
  return redaction.redact(second).response?.body;
}

test.each([
  ["text/xml; charset=iso-8859-1", "latin1"],
  ["text/xml; charset=utf-16", "utf16le"],
] as const)("%s", (type, encoding) => {
  const body = shared(type, Buffer.from(xml("rosalind.meyer", "Winter,2024!x"), encoding));
  const text = Buffer.from(body ?? []).toString(encoding);
  expect(text).toMatch(/<loginId>agent~\d+<\/loginId>/);
  expect(text).toContain(`secret ${hash("Winter,2024!x").slice(0, 8)}`);
  expect(text).not.toMatch(/rosa|Winter|José/);
});

test("a picture stays as it is, and is left out when a name is in it", () => {
  const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff]);
  expect(shared("image/png", picture)).toEqual(picture);
  const told = Buffer.concat([picture, Buffer.from(" rosalind.meyer "), picture]);
  expect(shared("image/png", told)).toBe(null);
});
