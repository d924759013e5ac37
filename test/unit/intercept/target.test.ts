import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAbsoluteForm, parseAuthority } from "../../../src/intercept/target.ts";

test.each([
  ["fin1.ucce.local:7443", { host: "fin1.ucce.local", port: 7443 }],
  ["FIN1.UCCE.LOCAL:8445", { host: "fin1.ucce.local", port: 8445 }],
  ["10.1.2.3:443", { host: "10.1.2.3", port: 443 }],
  ["[2001:db8::1]:7443", { host: "2001:db8::1", port: 7443 }],
  ["finesse_pub:7443", { host: "finesse_pub", port: 7443 }],
])("%s is a target", (text, target) => expect(parseAuthority(text)).toEqual(target));

test.each([
  "",
  "fin1",
  ":7443",
  "fin1:",
  "fin1:0",
  "fin1:65536",
  "fin1:7443x",
  "1.2.3:443",
  "8445:8445",
  "../../../../tmp/x:443",
  "a@b:443",
  "fin1:7443/path",
  "[::1:7443",
  "[zz]:1",
  "fin 1:443",
  "fin1\0:443",
  `${"a".repeat(300)}:443`,
  "fin1:7443:7443",
])("%j is refused", (text) => expect(parseAuthority(text)).toBeNull());

test("any text gives a target or null, and a target can be written back", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const target = parseAuthority(text);
      if (target === null) return;
      expect(target.port).toBeGreaterThan(0);
      const host = target.host.includes(":") ? `[${target.host}]` : target.host;
      expect(parseAuthority(`${host}:${target.port}`)).toEqual(target);
    }),
  );
});

test.each([
  ["http://fin1:8082/desktop?x=1", { host: "fin1", port: 8082, originForm: "/desktop?x=1" }],
  ["http://fin1", { host: "fin1", port: 80, originForm: "/" }],
  ["http://[::1]:81/a", { host: "::1", port: 81, originForm: "/a" }],
  ["ws://fin1:7071/ws/", { host: "fin1", port: 7071, originForm: "/ws/" }],
])("%s goes to its host", (text, parsed) => expect(parseAbsoluteForm(text)).toEqual(parsed));

test.each(["/origin/form", "*", "https://fin1/", "ftp://fin1/", "http://h:99999/", "http:///x"])(
  "%s is not relayed",
  (text) => expect(parseAbsoluteForm(text)).toBeNull(),
);
