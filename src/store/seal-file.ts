/** Makes a capture file that nobody writes any more fit to be passed on: one file, without the log beside it. */
import { openForWriting } from "./open-database.ts";
import { storeFailure } from "./transaction.ts";

/** Also brings an older file's schema up to date. Throws store-unreadable, store-newer or store-failed. */
export function sealFile(path: string): void {
  const database = openForWriting(path);
  try {
    database.exec("PRAGMA journal_mode = DELETE");
  } catch (thrown) {
    throw storeFailure(thrown);
  } finally {
    database.close();
  }
}
