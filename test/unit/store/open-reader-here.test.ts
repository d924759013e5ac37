/** The reader in the caller's own thread, beside a writer of the same file. */
import { expect, test } from "vitest";
import { silentLog } from "../../../src/base/log.ts";
import { openReader } from "../../../src/store/open-reader.ts";
import { openReaderHere } from "../../../src/store/open-reader-here.ts";
import { openWriter } from "../../../src/store/open-writer.ts";
import {
  batch,
  exchange,
  frame,
  message,
  TurnedClock,
  temporaryFolder,
  temporaryWriter,
} from "./rows.ts";

test("answers as the reading thread does", async () => {
  using store = temporaryWriter();
  store.writer.commit(
    batch({
      exchanges: [
        exchange(1, { response: message("HTTP/1.1 200 OK\r\n\r\n", "<Update/>") }),
        exchange(2),
      ],
      frames: [frame(2, 0)],
    }),
  );
  const here = openReaderHere(store.path, () => store.writer.captureId);
  const thread = openReader(store.path, {
    captureId: () => store.writer.captureId,
    log: silentLog,
  });
  const id = `${store.writer.captureId}-1`;
  for (const reader of [here, thread]) {
    const page = await reader.exchanges({ since: 0, limit: 10 });
    expect(page).toEqual(await thread.exchanges({ since: 0, limit: 10 }));
    expect(await reader.exchange(id)).toEqual(await thread.exchange(id));
    const { bytes } = (await reader.body(id, "response")) ?? {};
    expect(new TextDecoder().decode(bytes)).toBe("<Update/>");
    expect(await reader.exchange("none-1")).toBeNull();
  }
  await here.close();
  await thread.close();
});

test("the writer goes on while it reads", async () => {
  using store = temporaryWriter();
  store.writer.commit(batch({ exchanges: [exchange(1)] }));
  const here = openReaderHere(store.path, () => store.writer.captureId);
  expect((await here.exchanges({ since: 0, limit: 10 })).count).toBe(1);
  store.writer.commit(batch({ exchanges: [exchange(2)] }));
  await expect
    .poll(async () => (await here.exchanges({ since: 0, limit: 10 })).count, { timeout: 5000 })
    .toBe(2);
  await here.close();
});

test("without a file a call fails, and the next one works once there is one", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/capture.sqlite`;
  const here = openReaderHere(path, () => "c0ffee");
  await expect(here.captures()).rejects.toMatchObject({ code: "store-unreadable" });
  const options = { captureId: "c0ffee", name: "t", clock: new TurnedClock(), secretsKept: false };
  const writer = openWriter(path, options);
  expect(await here.captures()).toMatchObject([{ id: "c0ffee" }]);
  await here.close();
  writer.close();
});
