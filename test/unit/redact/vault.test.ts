/** What was redacted comes back as it was, whole or after an edit, and what is not known any more is not guessed. */
import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { createRedactor } from "../../../src/redact/redactor.ts";

const hash = (secret: string): string => createHmac("sha256", "k").update(secret).digest("hex");
const redactor = () => createRedactor({ hash, keepSecrets: false });

const basic = Buffer.from("47483648:Secr3t!pass").toString("base64");
const head = `PUT /finesse/api/User/47483648?token=abcdef123456 HTTP/1.1\r\nHost: fin1\r\nAuthorization: Basic ${basic}\r\nCookie: a=1; JSESSIONID=AB12CD34EF56AB12CD34\r\n\r\n`;
const body = "<User><password>Secr3t!pass</password><state>READY</state></User>";

function redacted(by: ReturnType<typeof redactor>) {
  const kind = {
    contentType: "application/xml",
    path: "/finesse/api/User/1",
    side: "request",
  } as const;
  return { head: by.head(head).text, body: by.body({ text: body, ...kind }).text };
}

test("a message comes back byte for byte", () => {
  const by = redactor();
  const kept = redacted(by);
  expect(kept.head + kept.body).not.toContain("Secr3t");
  expect(kept.head).not.toContain(basic);
  expect(by.reveal(kept)).toEqual({ head, body });
});

test("also where other parts of it were edited, and again when it was read twice", () => {
  const by = redactor();
  redacted(by);
  const kept = redacted(by);
  const edited = {
    head: kept.head.replace("Host: fin1", "Host: fin2"),
    body: kept.body.replace("READY", "NOT_READY"),
  };
  expect(by.reveal(edited)).toEqual({
    head: head.replace("Host: fin1", "Host: fin2"),
    body: body.replace("READY", "NOT_READY"),
  });
});

test("a marker that nobody knows is not sent", () => {
  const unknown = { head: "GET / HTTP/1.1\r\nX-Token: ‹secret 00000000›\r\n\r\n", body: "" };
  expect(redactor().reveal(unknown)).toBeNull();
});

test("without redaction everything is as it is", () => {
  const open = createRedactor({ hash, keepSecrets: true });
  expect(open.reveal({ head, body })).toEqual({ head, body });
});
