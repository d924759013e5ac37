import { isIP } from "node:net";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addressBytes,
  altNameOf,
  maxExtraNames,
  serverNameOf,
  serverNames,
} from "../../../src/ca/alt-name.ts";

const dns = (value: string) => ({ kind: "dns", value });
const ip = (value: string) => ({ kind: "ip", value });

describe("a host", () => {
  test.each([
    ["fin1.corp", dns("fin1.corp")],
    ["FIN1.Corp.", dns("fin1.corp")],
    ["finesse1", dns("finesse1")],
    ["my_pc.corp", dns("my_pc.corp")],
    ["__proto__", dns("__proto__")],
    ["constructor", dns("constructor")],
    ["bücher.example", dns("xn--bcher-kva.example")],
    ["10.1.0.4", ip("10.1.0.4")],
    ["::1", ip("::1")],
    ["[::1]", ip("::1")],
    ["[2001:DB8:0:0::7]", ip("2001:db8::7")],
    ["::ffff:1.2.3.4", ip("::ffff:102:304")],
    ["fe80::1%eth0", ip("fe80::1")],
  ])("%s is named", (host, name) => {
    expect(altNameOf(host)).toEqual(name);
  });

  test.each([
    "",
    ".",
    "a..b",
    "../../x",
    "1.2.3",
    "8445",
    "0x7f.1",
    "256.1.1.1",
    "[::1",
    "[fin1.corp]",
    "a b.corp",
    "a\0b",
    "a/b",
    "user@host",
    "*.corp.example",
    `${"a".repeat(64)}.corp`,
    `${"a.".repeat(130)}corp`,
    "x".repeat(100_000),
    "\ud800.corp",
  ])("%j has no name", (host) => {
    expect(altNameOf(host)).toBeNull();
  });

  test("of any text gives a plain name or none, and never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), fc.ipV6(), fc.ipV4(), fc.domain()),
        (host) => {
          const name = altNameOf(host);
          if (name?.kind === "dns") {
            expect(name.value).toMatch(/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/);
            expect(isIP(name.value)).toBe(0);
          }
          if (name?.kind === "ip") expect(isIP(name.value)).toBeGreaterThan(0);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test("an address in any spelling becomes its four or sixteen bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.boolean(), (bytes, quad) => {
      const groups = Array.from({ length: quad ? 6 : 8 }, (_, at) =>
        (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
      );
      const text = groups.join(":") + (quad ? `:${bytes.slice(12).join(".")}` : "");
      const name = altNameOf(text);
      expect(addressBytes(name?.value ?? "")).toEqual(Buffer.from(bytes));
    }),
  );
  expect([...addressBytes("10.1.0.254")]).toEqual([10, 1, 0, 254]);
});

describe("names of the server's certificate", () => {
  test("may be wildcards over two labels, not over one", () => {
    expect(serverNameOf("*.ucce.local")).toEqual(dns("*.ucce.local"));
    expect(serverNameOf("*.UCCE.Local")).toEqual(dns("*.ucce.local"));
    for (const bad of ["*.local", "*", "*.", "a.*.local", "*.*.local", "**.ucce.local", "*.1.2"]) {
      expect(serverNameOf(bad), bad).toBeNull();
    }
  });

  test("lose junk, repeats and the host itself", () => {
    const names = ["fin1.corp", "FIN2.corp", "fin2.corp", "", "not a name", "10.0.0.2", "*.tld"];
    expect(serverNames(names, { kind: "dns", value: "fin1.corp" })).toEqual([
      dns("fin2.corp"),
      ip("10.0.0.2"),
    ]);
  });

  test("are cut at their limit", () => {
    const names = Array.from({ length: 500 }, (_, at) => `n${at}.corp`);
    expect(serverNames(names, { kind: "dns", value: "x" })).toHaveLength(maxExtraNames);
  });
});
