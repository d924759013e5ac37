import { createPublicKey, generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  bits,
  bytesOf,
  childrenOf,
  contentOf,
  decode,
  encode,
  isTagged,
  nothing,
  objectId,
  octets,
  sequence,
  smallInteger,
  tagged,
  taggedList,
  truth,
} from "../../../src/ca/der.ts";

test("elements encode to the bytes that X.690 asks for", () => {
  const hex = (element: Parameters<typeof encode>[0]) => encode(element).toString("hex");
  expect(hex(sequence(truth(), smallInteger(0)))).toBe("30060101ff020100");
  expect(hex(bits(Buffer.from([0x80]), 7))).toBe("03020780");
  expect(hex(octets(Buffer.from([1, 2])))).toBe("04020102");
  expect(hex(objectId("2.5.29.17"))).toBe("0603551d11");
  expect(hex(nothing())).toBe("0500");
  expect(hex(tagged(7, Buffer.from([127, 0, 0, 1])))).toBe("87047f000001");
  expect(hex(taggedList(0, [nothing()]))).toBe("a0020500");
});

test("any bytes come back from an octet string", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const [only] = childrenOf(decode(encode(sequence(octets(bytes)))));
      expect(contentOf(only)).toEqual(Buffer.from(bytes));
    }),
  );
});

test("a public key stays the same bytes through decode and encode", () => {
  for (let round = 0; round < 300; round += 1) {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
    expect(encode(decode(spki))).toEqual(spki);
  }
});

test("context tags are told from universal ones of the same number", () => {
  expect(isTagged(tagged(2, bytesOf("a")), 2)).toBe(true);
  expect(isTagged(tagged(2, bytesOf("a")), 7)).toBe(false);
  expect(isTagged(smallInteger(2), 2)).toBe(false);
});

test("asking a plain element for children, or the reverse, fails by name", () => {
  expect(() => childrenOf(nothing())).toThrow(/no children/);
  expect(() => childrenOf(undefined)).toThrow(/no children/);
  expect(() => contentOf(sequence())).toThrow(/no plain content/);
});
