/** Words that announce a secret in text without grammar, and where the value after them ends. */
import { describe, expect, test } from "vitest";
import { knowing, markerFor, readBody } from "./read.ts";

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
