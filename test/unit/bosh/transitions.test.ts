/** The table is sound, and the README shows it as it is: `npm test -- -u test/unit/bosh/transitions.test.ts` draws it anew. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { initialStates, nextState, transitions } from "../../../src/bosh/transitions.ts";
import { transitionDiagram, withDiagram } from "./transition-diagram.ts";

const readme = fileURLToPath(new URL("../../../src/bosh/README.md", import.meta.url));

test("the README's diagram is the table's", async () => {
  await expect(withDiagram(readFileSync(readme, "utf8"))).toMatchFileSnapshot(readme);
});

test("a stale diagram is noticed", () => {
  const stale = readFileSync(readme, "utf8").replace("creating --> open", "creating --> silent");
  expect(withDiagram(stale)).not.toBe(stale);
  expect(() => withDiagram("no marks")).toThrow(/marks/);
  expect(transitionDiagram().split("\n")).toHaveLength(
    transitions.length + initialStates.length + 3,
  );
});

test("no state has two ways for one sign, and all can be reached", () => {
  const pairs = transitions.map(({ from, on }) => `${from} ${on}`);
  expect(new Set(pairs).size).toBe(pairs.length);
  const reached = new Set(initialStates);
  for (let index = 0; index < transitions.length; index += 1) {
    for (const { from, to } of transitions) if (reached.has(from)) reached.add(to);
  }
  expect([...reached].toSorted()).toEqual(
    ["creating", "expired", "open", "replaced", "silent", "terminated"].toSorted(),
  );
  expect(nextState("terminated", "answer")).toBe("terminated");
  expect(nextState("expired", "answer")).toBe("open");
});
