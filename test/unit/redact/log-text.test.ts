/** Words that announce a secret in text without grammar, and where the value after them ends. */
import { describe, expect, test } from "vitest";
import { knowing, markerFor, newRedactor, readBody } from "./read.ts";

const clientLog = (text: string) => `<ClientLog><logData>${text}</logData></ClientLog>`;

describe("a password that is known goes whole, where a reader would see its end too early", () => {
  const plus = (secret: string) => markerFor(secret).replace(" ", "+");

  test.each(["Winter,2024!x", "Winter 2024!x", "Winter;2024)x}", 'Win"ter&2024'])(
    "%s",
    (secret) => {
      const escaped = secret.replaceAll("&", "&amp;");
      const log = `signIn failed: password=${escaped} for bob`;
      const redactor = knowing(secret);
      expect(readBody(clientLog(log), "application/xml", { redactor })).toMatch(
        /^<ClientLog><logData>signIn failed: password=‹secret[ +][0-9a-f]{8}› for bob<\/logData><\/ClientLog>$/,
      );
      for (const type of ["text/plain", "text/html", "application/javascript"])
        expect(readBody(`a password=${secret} for bob`, type, { redactor })).toBe(
          `a password=${markerFor(secret)} for bob`,
        );
      expect(redactor.url(`/x?password=${secret}&a=b`).text).toBe(
        `/x?password=${plus(secret)}&a=b`,
      );
    },
  );

  test("and one that begins with it has its own marker", () => {
    const redactor = knowing("Winter,2024!x");
    expect(readBody("password=Winter,2024!x99 ok", "text/plain", { redactor })).toBe(
      `password=${plus("Winter,2024!x99")} ok`,
    );
  });

  test("one that is a field's name too does not hide that name", () => {
    const redactor = knowing("password1");
    expect(readBody("password1=Autumn77", "text/plain", { redactor })).not.toContain("Autumn77");
  });
});

describe("a quoted value", () => {
  test("ends at its own quote, not at one that is escaped", () => {
    const text = String.raw`sent {"password":"Sec\"ret!pw99","id":1}`;
    expect(readBody(text, "text/plain")).toBe(
      `sent {"password":"${markerFor('Sec"ret!pw99')}","id":1}`,
    );
  });

  test("ends at its own quote inside strings of strings", () => {
    const inner = JSON.stringify({ password: 'Sec"ret!pw99', id: 1 });
    for (const text of [JSON.stringify(inner), JSON.stringify(JSON.stringify(inner))]) {
      const read = readBody(`sent ${text}`, "text/plain");
      expect(read).not.toMatch(/Sec|ret!|pw99/);
      expect(read).toMatch(/id\\+":1\}/);
    }
  });

  test("ends with its line", () => {
    expect(readBody('password="Secret1!x\nnext', "text/plain")).toBe(
      `password="${markerFor("Secret1!x")}\nnext`,
    );
  });
});

describe("a name of secrets", () => {
  const secret = "Secr3t!x";
  const marker = markerFor(secret);
  const plus = marker.replace(" ", "+");

  test.each([
    [`pass=${secret} jwt=eyJx.y1.z otp: 123456`, /^pass=‹.{15}› jwt=‹.{15}› otp: ‹.{15}›$/],
    [
      `userPwd=${secret}, newpwd=${secret}; txtPass: ${secret}`,
      /^(?:\w+(?:=|: )‹.{15}›\W{0,2}){3}$/,
    ],
    [`x-access-key: ${secret}`, /^x-access-key: ‹.{15}›$/],
    [
      `private_key=${secret} code_verifier=${secret}`,
      /^private_key=‹.{15}› code_verifier=‹.{15}›$/,
    ],
  ])("%s: its value goes", (text, expected) => {
    expect(readBody(text, "text/plain")).toMatch(expected);
    expect(readBody(clientLog(text), "application/xml")).not.toContain(secret);
  });

  test("STOMP's login frame keeps its user", () => {
    const { text } = newRedactor().frame(`CONNECT\nlogin:bob\npasscode:${secret}\n\n`);
    expect(text).toBe(`CONNECT\nlogin:bob\npasscode:${plus}\n\n`);
  });

  test.each([
    "bypass=Secr3t!x compass: north42 passed=12 passive: yes",
    "typing: on, ping=25 ms, spin=12, hotplug=1, session=done",
    '<button accesskey="s">Save</button>',
    "state=READY reasonCodeId=25 extension: 10005 requestId=07f14a42",
  ])("%s stays", (text) => {
    expect(readBody(text, "text/plain")).toBe(text);
  });
});
