/** A search that takes too long gives what it has, and where to go on. */
import { expect, test } from "vitest";
import type { Clock } from "../../../src/base/clock.ts";
import { FileReader } from "../../../src/store/file-reader.ts";
import { batch, exchange, startWall, summariesOf, temporaryWriter } from "./rows.ts";

/** Every look at it is three seconds later. */
const hurried = (): Clock => {
  let now = 0;
  const mono = () => {
    now += 3000;
    return now;
  };
  return { mono, wall: () => startWall };
};

test("after 10 s a page ends early, and its pages together are the whole", async () => {
  using store = temporaryWriter();
  const count = 12_000;
  store.writer.commit(
    batch({
      exchanges: Array.from({ length: count }, (_, at) =>
        exchange(at + 1, { agent: at % 3000 === 0 ? "1002" : "1001" }),
      ),
    }),
  );
  const reader = new FileReader(store.path, hurried());
  for (const direction of ["since", "before"] as const) {
    const found: number[] = [];
    let cursor = direction === "since" ? 0 : count + 1;
    let pages = 0;
    for (let more = true; more; pages += 1) {
      const page = await reader.exchanges("c0ffee", {
        [direction]: cursor,
        limit: 100,
        query: "agent:1002",
      });
      found.push(...summariesOf(page.rows).map((row) => row.number));
      cursor = page.next;
      ({ more } = page);
    }
    const whole = [1, 3001, 6001, 9001];
    expect(found).toEqual(direction === "since" ? whole : whole.toReversed());
    expect(pages).toBeGreaterThan(2);
  }
  reader.close();
});

test("changes that can't be told whole in 10 s are refused, not told in part", async () => {
  using store = temporaryWriter();
  for (let first = 1; first <= 12_000; first += 1000) {
    store.writer.commit(
      batch({ exchanges: Array.from({ length: 1000 }, (_, at) => exchange(first + at)) }),
    );
  }
  const reader = new FileReader(store.path, hurried());
  const asked = reader.changes("c0ffee", { since: 0, upTo: 12_000, query: "agent:1002" });
  await expect(asked).rejects.toMatchObject({ code: "query-stopped" });
  reader.close();
});
