import { expect, test } from "vitest";
import { allAdvice } from "../../../src/diagnose/advice.ts";
import { en } from "../../../src/diagnose/words/en.ts";
import { es } from "../../../src/diagnose/words/es.ts";
import { sentence } from "../../../src/diagnose/words/render.ts";

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").toSorted();

test("both languages have all phrases, with the same placeholders", () => {
  expect(Object.keys(es).toSorted()).toEqual(Object.keys(en).toSorted());
  for (const [key, text] of Object.entries(en)) {
    const spanish = es[key as keyof typeof en];
    expect([key, placeholders(spanish)]).toEqual([key, placeholders(text)]);
    expect(spanish.length).toBeGreaterThan(0);
  }
});

test("every advice has its sentence", () => {
  for (const key of allAdvice) expect(Object.keys(en)).toContain(key);
});

test("agents are named in the reader's language", () => {
  const values = { count: 1, agents: "1001001", host: "fin1", seconds: 31 };
  const title = { key: "title.F4", values };
  expect(sentence(title, "en")).toBe(
    "Agent 1001001: the desktop's tab stopped asking fin1 for 31 s",
  );
  expect(sentence(title, "es")).toContain("Agente 1001001: la pestaña");
  const many = { key: "title.F11", values: { ...values, count: 3 } };
  expect(sentence(many, "es")).toContain("(3 agentes)");
});
