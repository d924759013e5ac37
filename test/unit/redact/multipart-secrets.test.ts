/** Parts, their heads, and what is encoded in them. */
import { describe, expect, test } from "vitest";
import { cpuTime } from "../../support/cpu-time.ts";
import { knowing, markerFor, newRedactor, readBody } from "./read.ts";

const secret = "Winter,2024!x";
const marker = markerFor(secret);
const type = "multipart/mixed; boundary=b1";
const basic = Buffer.from(`bob:${secret}`).toString("base64");
const lines = (text: string) => text.replace(/.{20}/g, "$&\r\n");

const parts = (...all: readonly string[]) =>
  `${all.map((part) => `--b1\r\n${part}\r\n`).join("")}--b1--\r\n`;

test("a part's own head is read like a message's", () => {
  const part = (authorization: string, cookie: string) =>
    parts(
      `Content-Type: text/plain\r\nAuthorization: ${authorization}\r\nCookie: a=${cookie}\r\n\r\nfine`,
    );
  expect(readBody(part(`Basic ${basic}`, "abcdef12"), type)).toBe(
    part(`Basic bob:${marker}`, markerFor("abcdef12")),
  );
});

test("so is the message in a part of a batch", () => {
  const part = (target: string, key: string, body: string) =>
    parts(
      `Content-Type: application/http\r\n\r\nPOST ${target} HTTP/1.1\r\nX-Key-Auth: ${key}\r\n\r\n${body}`,
    );
  expect(readBody(part("/a?code=abcdef12", "abcdef34", "password=abcdef56"), type)).toBe(
    part(
      `/a?code=${markerFor("abcdef12").replace(" ", "+")}`,
      markerFor("abcdef34"),
      `password=${markerFor("abcdef56").replace(" ", "+")}`,
    ),
  );
});

describe("a part in base64", () => {
  const part = (head: string, content: string) =>
    parts(`${head}\r\nContent-Transfer-Encoding: base64\r\n\r\n${content}`, "\r\n\r\nother");

  test("goes whole when a secret's name or a known secret is in it", () => {
    for (const text of [`login password=abcdef12 ok`, `<a>${secret} and more</a>`]) {
      const content = lines(Buffer.from(text).toString("base64"));
      const read = readBody(part("X: y", content), type, { redactor: knowing(secret) });
      expect(read).toBe(part("X: y", markerFor(content)));
    }
  });

  test("with a secret's name has the secret's own marker", () => {
    const head = 'Content-Disposition: form-data; name="password"';
    expect(readBody(part(head, Buffer.from(secret).toString("base64")), type)).toBe(
      part(head, marker),
    );
  });

  test("without secret stays, and so does what is none", () => {
    for (const content of [
      lines(Buffer.from("nothing is in here, nothing at all").toString("base64")),
      "no base64!",
    ])
      expect(readBody(part("X: y", content), type)).toBe(part("X: y", content));
  });
});

test("a file of bytes stays beside a password, and goes whole with a secret in it", () => {
  const picture = "\u0089PNG\u0000\u0001?st=1\u00ff\u0002";
  const form = (password: string, file: string) =>
    parts(
      `Content-Disposition: form-data; name="password"\r\n\r\n${password}`,
      `Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n${file}`,
    );
  const clean = picture.replace("?st=1", "");
  const redactor = newRedactor();
  expect(readBody(form(secret, clean), type, { redactor })).toBe(form(marker, clean));
  const told = `${clean} password=abcdef12`;
  expect(readBody(form(secret, told), type, { redactor })).toBe(form(marker, markerFor(told)));
  const long = `${clean} ${secret} ${"x".repeat(9000)}`;
  expect(readBody(form(secret, long), type, { redactor })).not.toMatch(/Winter|x{9}/);
});

test.each([
  "--b1\r\n\r\n",
  "--b1\r\nX: y\r\n\r\nab",
  "--b1\r\nContent-Transfer-Encoding: base64\r\n\r\nQUFB\r\n",
])("a megabyte of %j takes bounded time", (piece) => {
  const text = piece.repeat(Math.ceil((1024 * 1024) / piece.length));
  expect(cpuTime(() => readBody(text, type))).toBeLessThan(4000);
});
