import { expect, test } from "vitest";
import { createLeafCache } from "../../../src/ca/leaf-cache.ts";

test("the entry unused for longest goes first", () => {
  const cache = createLeafCache<number>(2);
  cache.set("a", 1);
  cache.set("b", 2);
  expect(cache.get("a")).toBe(1);
  cache.set("c", 3);
  expect(cache.get("b")).toBeUndefined();
  expect(cache.get("a")).toBe(1);
  expect(cache.get("c")).toBe(3);
  expect(cache.size).toBe(2);
});

test("peeking does not count as use", () => {
  const cache = createLeafCache<number>(2);
  cache.set("a", 1);
  cache.set("b", 2);
  expect(cache.peek("a")).toBe(1);
  cache.set("c", 3);
  expect(cache.peek("a")).toBeUndefined();
});

test("a replaced entry does not push another out", () => {
  const cache = createLeafCache<number>(2);
  cache.set("a", 1);
  cache.set("b", 2);
  cache.set("b", 3);
  expect(cache.get("a")).toBe(1);
  expect(cache.get("b")).toBe(3);
});

test("names of Object's own members are only names", () => {
  const cache = createLeafCache<number>(5);
  expect(cache.get("__proto__")).toBeUndefined();
  expect(cache.get("constructor")).toBeUndefined();
  cache.set("__proto__", 1);
  expect(cache.get("__proto__")).toBe(1);
});
