import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLog } from "../../../src/base/log.ts";
import { FaultBook } from "../../../src/fault-book/fault-book.ts";
import { ruleFile } from "../../../src/fault-book/rule-file.ts";
import { ArmedRules } from "../../../src/faults/armed-rules.ts";
import { described, ruleWith } from "../faults/some-rule.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "boshscope-book-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

class Bench {
  at = 0;
  readonly timers: { due: number; run: () => void }[] = [];
  readonly logged: string[] = [];
  readonly armed = new ArmedRules({ now: () => this.at, dice: () => 0, timeScale: 10 });
  readonly book: FaultBook;
  readonly path = join(folder, "faults.json");

  constructor() {
    const log = createLog({
      level: "info",
      format: "json",
      write: (line) => this.logged.push(line),
    });
    this.book = new FaultBook({
      armed: this.armed,
      file: ruleFile(this.path, log),
      clock: { mono: () => this.at, wall: () => 1_000_000 + this.at },
      timeScale: 10,
      after: (ms, run) => {
        const timer = { due: this.at + ms, run };
        this.timers.push(timer);
        return () => void this.timers.splice(this.timers.indexOf(timer), 1);
      },
      recorded: { load: async () => null },
    });
  }

  passes(ms: number): void {
    this.at += ms;
    for (const timer of this.timers.filter(({ due }) => due <= this.at)) {
      this.timers.splice(this.timers.indexOf(timer), 1);
      timer.run();
    }
  }
}

describe("the book of rules", () => {
  test("keeps rules for its owner alone, and none comes back armed", async () => {
    const { book, path } = new Bench();
    const { id } = book.add(ruleWith({ name: "late" }));
    await book.arm(id);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const [again] = new Bench().book.rules();
    expect(again).toMatchObject({ id, name: "late", armed: false, armedAt: null });
  });

  test("never gives an id twice, not even after a restart", () => {
    const { book } = new Bench();
    book.add(ruleWith({}));
    const second = book.add(ruleWith({}));
    book.remove(second.id);
    expect(new Bench().book.add(ruleWith({})).id).toBe("r3");
  });

  test("says how a rule stands: armed, hits, until when", async () => {
    const bench = new Bench();
    const { id } = bench.book.add(ruleWith({ expiresAfterMs: 30_000 }));
    expect(await bench.book.arm(id)).toMatchObject({
      armed: true,
      armedAt: "1970-01-01T00:16:40.000Z",
      expiresAt: "1970-01-01T00:16:43.000Z",
    });
    bench.armed.decide(described());
    expect(bench.book.rules()[0]).toMatchObject({ hits: 1 });
    bench.passes(3000);
    expect(bench.book.rules()[0]).toMatchObject({ armed: false, hits: 1 });
    expect(bench.timers).toEqual([]);
  });

  test("another rule in its place stays armed unless told otherwise, and acts as it now says", async () => {
    const { book, armed } = new Bench();
    const { id } = book.add(ruleWith({}));
    await book.arm(id);
    await book.replace(id, ruleWith({ match: { kind: "rest" } }));
    expect(book.rules()[0]).toMatchObject({ id, armed: true, match: { kind: "rest" } });
    expect(armed.decide(described()).rules).toEqual([]);
    expect(await book.replace(id, ruleWith({}), false)).toMatchObject({ armed: false });
  });

  test("panic disarms all", async () => {
    const { book, armed } = new Bench();
    for (const { id } of [book.add(ruleWith({})), book.add(ruleWith({}))]) await book.arm(id);
    book.disarmAll();
    expect(book.rules().map((rule) => rule.armed)).toEqual([false, false]);
    expect(armed.isActive("fin1.demo.test", 7443)).toBe(false);
  });

  test("import: what is there stays, what is new is added, an id that is taken is given anew", () => {
    const { book } = new Bench();
    const { id } = book.add(ruleWith({ name: "mine" }));
    const mine = { ...ruleWith({ name: "mine" }), id };
    expect(book.importRules([mine, { ...mine, name: "theirs" }, { ...mine, id: "r9" }])).toBe(2);
    expect(book.rules().map((rule) => `${rule.id} ${rule.name}`)).toEqual([
      "r1 mine",
      "r2 theirs",
      "r9 mine",
    ]);
    expect(book.add(ruleWith({})).id).toBe("r10");
  });

  test("a rule that gives a recorded answer is not armed when that is gone", async () => {
    const { book, armed } = new Bench();
    const template = { kind: "recorded", exchange: "c1-7" } as const;
    const { id } = book.add(ruleWith({ actions: [{ kind: "answer", template }] }));
    await expect(book.arm(id)).rejects.toMatchObject({ code: "not-found" });
    expect(armed.isArmed(id)).toBe(false);
  });

  test("rules of a scenario are not kept on disk", () => {
    const { book, path } = new Bench();
    book.add(ruleWith({ name: "of a run" }), "run1");
    expect(readFileSync(path, "utf8")).not.toContain("of a run");
  });

  test("a file that can't be read is put aside and told; a rule in it that is none is left out", () => {
    writeFileSync(join(folder, "faults.json"), "{");
    const broken = new Bench();
    expect(broken.book.rules()).toEqual([]);
    expect(broken.logged.join()).toContain("faults.unreadable");
    expect(readFileSync(`${broken.path}.unreadable`, "utf8")).toBe("{");
    const saved = { rules: [{ ...ruleWith({ id: "r4" }) }, { id: "r5" }], next: 1 };
    writeFileSync(broken.path, JSON.stringify(saved));
    const { book, logged } = new Bench();
    expect(book.rules().map(({ id }) => id)).toEqual(["r4"]);
    expect(logged.join()).toContain("actions: is missing");
    expect(book.add(ruleWith({})).id).toBe("r5");
  });
});
