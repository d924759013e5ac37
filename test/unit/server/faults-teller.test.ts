/** The feed's word on fault rules: all at hello, in the language asked for; changes at once, then not more often than it may. */
import { expect, test } from "vitest";
import type { FeedMessage } from "../../../src/server/messages.ts";
import { startTestServer } from "./started-server.ts";

type Faults = Extract<FeedMessage, { kind: "faults" }>;
const isFaults = (message: FeedMessage): message is Faults => message.kind === "faults";
const rule = {
  name: "late",
  match: { kind: "poll", agent: "1001003" },
  actions: [{ kind: "delay-until", ageMs: 36_000 }],
  times: 1,
  expiresAfterMs: null,
  alsoWaiting: false,
} as const;

test("who asks for a language is told of all rules, and of each change", async () => {
  await using started = await startTestServer();
  const spanish = await started.feed("?lang=es");
  const first = await spanish.until(isFaults);
  expect(first).toMatchObject({ kind: "faults", faults: { rules: [], armed: 0, held: [] } });
  await started.faults.desk.add({ id: "", ...rule }, true);
  const told = await spanish.until((message) => isFaults(message) && message.faults.armed === 1);
  const [shown] = (told as Faults).faults.rules;
  expect(shown).toMatchObject({ name: "late", armed: true, hits: 0 });
  expect(shown?.sentence).toMatch(/agente 1001003/);
});

test("who asks for no language hears nothing of rules", async () => {
  await using started = await startTestServer();
  const [silent, english] = [await started.feed(), await started.feed("?lang=en")];
  await started.faults.desk.add({ id: "", ...rule }, true);
  await english.until((message) => isFaults(message) && message.faults.armed === 1);
  expect(silent.messages.filter(isFaults)).toEqual([]);
});

test("a burst of changes is told first and last, not one by one", async () => {
  await using started = await startTestServer();
  const english = await started.feed("?lang=en");
  await english.until(isFaults);
  for (let count = 0; count < 50; count++)
    await started.faults.desk.add({ id: "", ...rule }, false);
  await english.until((message) => isFaults(message) && message.faults.rules.length === 50);
  expect(english.messages.filter(isFaults).length).toBeLessThan(10);
});
