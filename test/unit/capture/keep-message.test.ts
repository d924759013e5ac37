/** Bodies that are no UTF-8 are kept without their secrets, and the rest of them as it was. */
import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { keepMessage } from "../../../src/capture/keep-message.ts";
import type { ExchangeNote } from "../../../src/domain/exchange.ts";
import { createRedactor } from "../../../src/redact/redactor.ts";

const hash = (text: string | Uint8Array): string =>
  createHmac("sha256", "k").update(text).digest("hex");
const marker = `‹secret ${hash("Winter,2024!x").slice(0, 8)}›`;

function kept(contentType: string, body: Buffer, limit = 10_000) {
  const notes = new Set<ExchangeNote>();
  const head = `POST /x HTTP/1.1\r\nContent-Type: ${contentType}\r\n\r\n`;
  const message = keepMessage(
    { head, trailers: "", body, wireLength: body.length, imported: null },
    {
      redactor: createRedactor({ hash, keepSecrets: false }),
      hash,
      path: "/x",
      side: "request",
      bodyLimit: limit,
      keepSecrets: false,
    },
    notes,
  );
  expect(message.wireLength).toBe(body.length);
  return { ...message, notes: [...notes] };
}

const upload = (password: string) =>
  Buffer.concat([
    Buffer.from(`--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${password}\r\n`),
    Buffer.from('--b\r\nContent-Disposition: form-data; name="f"; filename="ä.png"\r\n\r\n'),
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0x80, 0xc3]),
    Buffer.from("\r\n--b--\r\n"),
  ]);

test("a password beside a picture in an upload goes, and the picture stays", () => {
  const {
    body,
    cut,
    hash: hashed,
    notes,
  } = kept("multipart/form-data; boundary=b", upload("Winter,2024!x"));
  expect(body).toEqual(upload(marker));
  expect({ cut, hashed, notes }).toEqual({ cut: false, hashed: null, notes: ["secrets-replaced"] });
});

test("so does one in latin1 and in UTF-16", () => {
  const xml = (password: string) => `<a><name>José</name><password>${password}</password></a>`;
  const latin1 = kept("text/xml; charset=iso-8859-1", Buffer.from(xml("Winter,2024!x"), "latin1"));
  expect(Buffer.from(latin1.body ?? []).toString("latin1")).toBe(
    xml(Buffer.from(marker).toString("latin1")),
  );
  const wide = kept("text/xml; charset=utf-16", Buffer.from(xml("Winter,2024!x"), "utf16le"));
  expect(Buffer.from(wide.body ?? []).toString("utf16le")).toBe(xml(marker));
});

test("what should be text and can't be read is not kept, and a picture is", () => {
  const noise = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10]);
  const json = kept("application/json", noise);
  expect(json).toMatchObject({ body: null, hash: hash(noise), notes: ["body-unreadable"] });
  expect(kept("image/jpeg", noise)).toMatchObject({ body: noise, cut: false, notes: [] });
  expect(kept("image/jpeg", noise, 4)).toMatchObject({
    body: noise.subarray(0, 4),
    cut: true,
    notes: ["body-cut"],
  });
});
