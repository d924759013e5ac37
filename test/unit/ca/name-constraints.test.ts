import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { altNameOf } from "../../../src/ca/alt-name.ts";
import {
  constraintsFor,
  decodeConstraints,
  encodeConstraints,
  permits,
} from "../../../src/ca/name-constraints.ts";

const permitted = (permit: string[], host: string): boolean => {
  const name = altNameOf(host);
  if (name === null) throw new Error(`no name: ${host}`);
  return permits(constraintsFor(permit), name);
};

describe("a root permitted for ucce.local and 10.1.0.0/16", () => {
  test.each([
    ["ucce.local", true],
    ["fin1.ucce.local", true],
    ["evilucce.local", false],
    ["ucce.local.evil", false],
    ["10.1.255.1", true],
    ["10.2.0.1", false],
    ["::1", false],
    ["::ffff:10.1.0.1", false],
  ])("%s: %s", (host, expected) => {
    expect(permitted(["ucce.local", "10.1.0.0/16"], host)).toBe(expected);
  });
});

test("a kind that is not listed is shut out as a whole", () => {
  expect(permitted(["ucce.local"], "10.1.0.1")).toBe(false);
  expect(permitted(["ucce.local"], "::1")).toBe(false);
  expect(permitted(["10.1.0.0/16"], "fin1.corp")).toBe(false);
  expect(permitted(["2001:db8::/32"], "2001:db8:1::5")).toBe(true);
  expect(permitted(["2001:db8::/32"], "2001:db9::5")).toBe(false);
  expect(permitted(["2001:db8::/32"], "1.2.3.4")).toBe(false);
});

test("a lone address is itself only, and prefixes cut inside a byte", () => {
  expect(permitted(["10.1.2.3"], "10.1.2.3")).toBe(true);
  expect(permitted(["10.1.2.3"], "10.1.2.4")).toBe(false);
  expect(permitted(["10.1.2.3/12"], "10.15.0.1")).toBe(true);
  expect(permitted(["10.1.2.3/12"], "10.16.0.1")).toBe(false);
  expect(permitted(["0.0.0.0/0"], "203.0.113.9")).toBe(true);
});

test("the ways to write a suffix mean the same, whatever the order", () => {
  const one = encodeConstraints(constraintsFor([" .UCCE.local", "10.1.0.0/16"]));
  const two = encodeConstraints(constraintsFor(["10.1.0.0/16", "*.ucce.local", "ucce.local"]));
  expect(one).toEqual(two);
});

test.each([
  "",
  "a b",
  "10.1.0.0/33",
  "10.1.0.0/x",
  "10.1/16",
  "ucce.local/16",
  "::/129",
  "10.0.0.0/8/8",
  ".",
])("%j is refused with an example", (entry) => {
  expect(() => constraintsFor([entry])).toThrow(
    expect.objectContaining({
      code: "config-invalid",
      remedy: expect.stringContaining("10.1.0.0/16"),
    }),
  );
});

test("what is encoded is read back", () => {
  const entry = fc.oneof(
    fc.domain(),
    fc.tuple(fc.ipV4(), fc.nat(32)).map(([address, length]) => `${address}/${length}`),
    fc.tuple(fc.ipV6(), fc.nat(128)).map(([address, length]) => `${address}/${length}`),
  );
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 6 }), (permit) => {
      const constraints = constraintsFor(permit);
      const plain = (trees: typeof constraints.permitted) =>
        trees.map((tree) => (tree.kind === "dns" ? tree.suffix : [...tree.range]));
      const read = decodeConstraints(encodeConstraints(constraints));
      expect(plain(read.permitted)).toEqual(plain(constraints.permitted));
      expect(plain(read.excluded)).toEqual(plain(constraints.excluded));
    }),
  );
});
