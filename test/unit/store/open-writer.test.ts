/** What is saved is what is read: rows, changes, clearing, deleting, and a disk that refuses. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { silentLog } from "../../../src/base/log.ts";
import type { StoredExchange } from "../../../src/domain/recording.ts";
import { openForReading, openForWriting } from "../../../src/store/open-database.ts";
import { openReader } from "../../../src/store/open-reader.ts";
import { openWriter, SqliteWriter } from "../../../src/store/open-writer.ts";
import { anyExchange } from "./any-exchange.ts";
import {
  batch,
  connection,
  exchange,
  expectedSummary,
  frame,
  message,
  pending,
  summariesOf,
  TurnedClock,
  temporaryFolder,
  temporaryWriter,
} from "./rows.ts";

const numbersOf = (json: string): number[] => summariesOf(json).map((row) => row.number);

const query = (path: string, sql: string): Record<string, unknown>[] => {
  const database = openForReading(path);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
};

describe("commit", () => {
  test("any row comes back as it was saved", () => {
    using store = temporaryWriter();
    let number = 0;
    fc.assert(
      fc.property(anyExchange(1), (row) => {
        number += 1;
        const saved = { ...row, number };
        const since = store.writer.seq;
        const seq = store.writer.commit(batch({ exchanges: [saved] }));
        expect(summariesOf(store.writer.summaries(since, seq))).toEqual([
          expectedSummary(saved, seq),
        ]);
      }),
      { numRuns: 300 },
    );
  });

  test("the same row saved twice is the second one, wherever it is saved again", () => {
    using store = temporaryWriter();
    let number = 0;
    fc.assert(
      fc.property(anyExchange(1), anyExchange(1), fc.boolean(), (first, second, together) => {
        number += 1;
        const earlier = { ...first, number };
        const later = { ...second, number };
        const since = store.writer.seq;
        if (together) store.writer.commit(batch({ exchanges: [earlier, later] }));
        else {
          store.writer.commit(batch({ exchanges: [earlier] }));
          store.writer.commit(batch({ exchanges: [later] }));
        }
        expect(summariesOf(store.writer.summaries(since, store.writer.seq))).toEqual([
          expectedSummary(later, since + 2),
        ]);
      }),
      { numRuns: 100 },
    );
    expect(query(store.path, "SELECT rows, hidden FROM captures")).toEqual([
      { rows: number, hidden: 0 },
    ]);
  });

  test("a poll is there while it waits, and keeps its request when its answer is saved alone", async () => {
    using store = temporaryWriter();
    const waiting = pending(7);
    store.writer.commit(batch({ exchanges: [waiting] }));
    const answered = exchange(7, {
      request: null,
      response: message("HTTP/1.1 200 OK\r\n\r\n", "READY"),
    });
    const seq = store.writer.commit(batch({ exchanges: [answered] }));
    expect(seq).toBe(2);
    const reader = openReader(store.path, { captureId: () => "c0ffee", log: silentLog });
    const detail = await reader.exchange("c0ffee-7");
    const body = await reader.body("c0ffee-7", "request");
    await reader.close();
    expect(detail).toMatchObject(expectedSummary(answered, 2));
    expect(detail?.request?.startLine).toBe("POST /http-bind/ HTTP/1.1");
    expect(detail?.response?.body?.keptLength).toBe(5);
    expect(new TextDecoder().decode(body?.bytes)).toBe("<body rid='1' sid='f382a015'/>");
  });

  test("seq rises with every row and is never used again after a restart, even when the newest row is gone", () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "capture.sqlite");
    const clock = new TurnedClock();
    const first = openWriter(path, { captureId: "a1", name: "first", clock, secretsKept: false });
    first.commit(batch({ exchanges: [exchange(1), exchange(2)], connections: [connection(1)] }));
    expect(first.seq).toBe(3);
    first.deleteExchanges(["a1-2"]);
    expect(first.seq).toBe(4);
    first.close();
    const second = openWriter(path, { captureId: "b2", name: "second", clock, secretsKept: false });
    const before = second.seq;
    expect(before).toBeGreaterThanOrEqual(4);
    expect(second.commit(batch({ exchanges: [exchange(1)] }))).toBe(before + 1);
    second.close();
  });

  test("frames of an exchange that is not stored are passed over, and the rest of the batch is kept", () => {
    using store = temporaryWriter();
    store.writer.commit(batch({ exchanges: [exchange(1)], frames: [frame(1, 0), frame(99, 0)] }));
    expect(query(store.path, "SELECT count(*) AS n FROM frames")).toEqual([{ n: 1 }]);
  });

  test("nobody but the owner may read the file, its WAL or its index", () => {
    using store = temporaryWriter();
    store.writer.commit(batch({ exchanges: [exchange(1)] }));
    const modes = ["", "-wal", "-shm"].map((end) => statSync(store.path + end).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });
});

describe("what people set", () => {
  test("a comment and a mark show in the row, raise its seq, and outlive later saves", () => {
    using store = temporaryWriter();
    store.writer.commit(batch({ exchanges: [pending(1), exchange(2)] }));
    expect(store.writer.setComment("c0ffee-1", 'said "why"')).toBe(3);
    expect(store.writer.setMark("c0ffee-1", "gold")).toBe(4);
    store.writer.commit(batch({ exchanges: [exchange(1)] }));
    expect(summariesOf(store.writer.summaries(2, 5))).toEqual([
      { ...expectedSummary(exchange(1), 5), comment: 'said "why"', mark: "gold" },
    ]);
    store.writer.setComment("c0ffee-1", null);
    expect(summariesOf(store.writer.summaries(5, 6))[0]?.comment).toBeNull();
  });

  test("an id that is not there is said so, and costs no seq", () => {
    using store = temporaryWriter();
    for (const id of ["c0ffee-1", "other-1", "nonsense", "c0ffee-99999999999"]) {
      expect(() => store.writer.setMark(id, "red")).toThrow(`There is no exchange ${id}.`);
    }
    expect(() => store.writer.renameCapture("nope", "x")).toThrow("There is no capture nope.");
    expect(store.writer.seq).toBe(0);
  });
});

describe("clear", () => {
  test("hides what is there, and undo brings it back", () => {
    using store = temporaryWriter();
    const { writer } = store;
    writer.commit(batch({ exchanges: [exchange(1), pending(2)] }));
    writer.clear();
    expect(writer.summaries(0, writer.seq)).toBe("[]");
    writer.commit(batch({ exchanges: [exchange(2), exchange(3)] }));
    expect(numbersOf(writer.summaries(0, writer.seq))).toEqual([3]);
    expect(query(store.path, "SELECT rows - hidden AS n FROM captures")).toEqual([{ n: 1 }]);
    writer.undoClear();
    expect(numbersOf(writer.summaries(0, writer.seq))).toEqual([1, 2, 3]);
    expect(query(store.path, "SELECT rows - hidden AS n FROM captures")).toEqual([{ n: 3 }]);
  });

  test("a second clear makes the first one final; a poll that was open then does not come back", () => {
    using store = temporaryWriter();
    const { writer } = store;
    writer.commit(batch({ exchanges: [exchange(1), pending(2)] }));
    writer.clear();
    writer.commit(batch({ exchanges: [exchange(3)] }));
    writer.clear();
    writer.commit(batch({ exchanges: [exchange(2, { request: null })], frames: [frame(2, 0)] }));
    writer.undoClear();
    expect(numbersOf(writer.summaries(0, writer.seq))).toEqual([3]);
    const bounds = { maxBytes: 1e9, maxAgeMs: 1e12, nowWall: Date.now() };
    expect(writer.prune(bounds)).toBe(2);
    expect(query(store.path, "SELECT rows, hidden FROM captures")).toEqual([
      { rows: 1, hidden: 0 },
    ]);
    expect(query(store.path, "SELECT count(*) AS n FROM messages")).toEqual([{ n: 1 }]);
  });
});

describe("deleteExchanges", () => {
  test("drops rows with their messages and frames, and later saves of them", () => {
    using store = temporaryWriter();
    const { writer } = store;
    writer.commit(
      batch({ exchanges: [exchange(1), pending(2), exchange(3)], frames: [frame(2, 0)] }),
    );
    writer.deleteExchanges(["c0ffee-2", "c0ffee-3", "c0ffee-77", "nonsense"]);
    writer.commit(batch({ exchanges: [exchange(2), exchange(3, { event: "late" }), exchange(4)] }));
    expect(numbersOf(writer.summaries(0, writer.seq))).toEqual([1, 4]);
    expect(query(store.path, "SELECT count(*) AS n FROM messages")).toEqual([{ n: 2 }]);
    expect(query(store.path, "SELECT count(*) AS n FROM frames")).toEqual([{ n: 0 }]);
    expect(query(store.path, "SELECT rows FROM captures")).toEqual([{ rows: 2 }]);
  });
});

describe("startCapture", () => {
  test("a poll that was open goes on in its own capture, and new rows in the new one", () => {
    using store = temporaryWriter();
    const { writer } = store;
    writer.commit(batch({ exchanges: [pending(5)], connections: [connection(1)] }));
    const info = writer.startCapture("second");
    expect(info).toMatchObject({
      id: writer.captureId,
      name: "second",
      exchanges: 0,
      endedAt: null,
    });
    expect(writer.captureId).not.toBe("c0ffee");
    writer.commit(batch({ exchanges: [exchange(5, { request: null }), exchange(6)] }));
    expect(numbersOf(writer.summaries(0, writer.seq))).toEqual([6]);
    expect(query(store.path, "SELECT id, rows, ended IS NULL AS open FROM captures")).toEqual([
      { id: "c0ffee", rows: 1, open: 0 },
      { id: writer.captureId, rows: 1, open: 1 },
    ]);
    expect(query(store.path, "SELECT state FROM exchanges ORDER BY key")).toEqual([
      { state: "responded" },
      { state: "responded" },
    ]);
    expect(query(store.path, "SELECT open FROM connections ORDER BY key")).toEqual([
      { open: 0 },
      { open: 1 },
    ]);
  });

  test("numbers may begin again: the moment of the first byte tells two exchanges apart", () => {
    using store = temporaryWriter();
    const { writer } = store;
    writer.commit(batch({ exchanges: [pending(1)] }));
    writer.startCapture("second");
    writer.commit(batch({ exchanges: [exchange(1, { atWall: 5 })] }));
    expect(summariesOf(writer.summaries(0, writer.seq))).toEqual([
      expectedSummary(exchange(1, { atWall: 5 }), writer.seq, writer.captureId),
    ]);
    expect(query(store.path, "SELECT state FROM exchanges ORDER BY key")).toEqual([
      { state: "pending" },
      { state: "responded" },
    ]);
  });
});

const large = (number: number): StoredExchange =>
  exchange(number, { response: message("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(60_000)) });

describe("a disk that is full", () => {
  test("refuses the batch whole, says why, and takes the next one when there is room", () => {
    using folder = temporaryFolder();
    const database = openForWriting(join(folder.path, "capture.sqlite"));
    const clock = new TurnedClock();
    const writer = new SqliteWriter(database, {
      captureId: "c0ffee",
      name: "full",
      clock,
      secretsKept: false,
    });
    writer.commit(batch({ exchanges: [exchange(1)] }));
    database.exec("PRAGMA max_page_count = 60");
    const many = batch({
      exchanges: [pending(2), ...Array.from({ length: 40 }, (_, at) => large(3 + at))],
    });
    expect(() => writer.commit(many)).toThrow(
      expect.objectContaining({ code: "store-failed", message: expect.stringContaining("full") }),
    );
    expect(writer.seq).toBe(1);
    expect(numbersOf(writer.summaries(0, 100))).toEqual([1]);
    database.exec("PRAGMA max_page_count = 100000");
    expect(writer.commit(many)).toBe(42);
    expect(numbersOf(writer.summaries(0, 100))).toHaveLength(42);
    expect(database.prepare("SELECT rows FROM captures").get()).toEqual({ rows: 42 });
    writer.close();
  });

  const mount = (path: string) =>
    spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", path]).status === 0;
  const mayMount = (() => {
    using folder = temporaryFolder();
    const done = mount(folder.path);
    if (done) spawnSync("umount", [folder.path]);
    return done;
  })();

  test.runIf(mayMount)("also when it is the disk itself, once somebody frees some of it", () => {
    using folder = temporaryFolder();
    const small = join(folder.path, "disk");
    mkdirSync(small);
    expect(mount(small)).toBe(true);
    const ballast = join(small, "somebody-elses-file");
    writeFileSync(ballast, new Uint8Array(700_000));
    try {
      const writer = openWriter(join(small, "capture.sqlite"), {
        captureId: "c0ffee",
        name: "full",
        clock: new TurnedClock(),
        secretsKept: false,
      });
      let number = 0;
      const fill = () => {
        for (;;) {
          number += 1;
          writer.commit(batch({ exchanges: [large(number)] }));
        }
      };
      expect(fill).toThrow(expect.objectContaining({ code: "store-failed" }));
      const kept = numbersOf(writer.summaries(0, writer.seq));
      expect(kept).toEqual(Array.from({ length: number - 1 }, (_, at) => at + 1));
      rmSync(ballast);
      writer.commit(batch({ exchanges: [large(number)] }));
      expect(numbersOf(writer.summaries(0, writer.seq))).toContain(number);
      writer.close();
    } finally {
      spawnSync("umount", [small]);
    }
  });
});
