/** Redacts one text with a key of its own; for tests that look at one place. */
import { createHmac } from "node:crypto";
import { createRedactor, type Redactor } from "../../../src/redact/redactor.ts";

const hash = (secret: string): string =>
  createHmac("sha256", "test key").update(secret).digest("hex");

export const newRedactor = (): Redactor => createRedactor({ hash, keepSecrets: false });

export const markerFor = (secret: string): string => `‹secret ${hash(secret).slice(0, 8)}›`;

/** One that has seen the user bob log in with that password. */
export function knowing(password: string): Redactor {
  const redactor = newRedactor();
  const basic = Buffer.from(`bob:${password}`).toString("base64");
  redactor.head(`GET / HTTP/1.1\r\nAuthorization: Basic ${basic}\r\n\r\n`);
  return redactor;
}

/** The body after redaction, which reading it again must not change; null when it may not be kept. */
export function readBody(
  text: string,
  contentType: string | null,
  { redactor = newRedactor(), path = "/x" } = {},
): string | null {
  const view = { contentType, path, side: "request" } as const;
  const once = redactor.body({ text, ...view });
  if (!once.readable) return null;
  const twice = redactor.body({ text: once.text, ...view });
  if (twice.text !== once.text) throw new Error(`read again: ${once.text} became ${twice.text}`);
  return once.text;
}

/** One header's value after redaction. */
export function readHeader(name: string, value: string): string {
  const { text } = newRedactor().head(`GET /x HTTP/1.1\r\n${name}: ${value}\r\n\r\n`);
  return text.slice(text.indexOf(": ") + 2, -4);
}
