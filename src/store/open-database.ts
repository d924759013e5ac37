/** Opens a capture file for writing or reading: mode, settings, schema. Knows no table but the schema's version. */
import { chmodSync, closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { BoshscopeError, fail, reasonOf } from "../base/errors.ts";
import { applicationId, migrate, schemaVersion } from "./schema.ts";

/** Checkpoints and the first moment of the -shm file lock the other side out for some ms; this long means something is wrong. */
export const busyMs = 5000;

/**
 * Makes the file if there is none (mode 0600; SQLite gives -wal and -shm the same) and brings its schema up to date.
 * Throws store-unreadable (the file is left as it was), store-newer or store-failed.
 */
export function openForWriting(path: string): DatabaseSync {
  createPrivate(path);
  const database = connect(path, false);
  try {
    const version = checkedVersion(database, path);
    applySettings(database, version === 0);
    migrate(database, version);
    return database;
  } catch (thrown) {
    database.close();
    throw unreadableOr(thrown, path);
  }
}

/** For a thread that only reads, beside the writer. The file must be there, with a schema this program knows. */
export function openForReading(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = connect(path, true);
    const version = checkedVersion(database, path);
    if (version < schemaVersion)
      throw new Error("its schema is older and nobody has opened it for writing yet");
    // Sorting a page of rows must not make temporary files: they would hold what the capture holds, outside its mode.
    database.exec("PRAGMA temp_store = MEMORY");
    return database;
  } catch (thrown) {
    database?.close();
    throw unreadableOr(thrown, path);
  }
}

function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
  } catch (thrown) {
    throw fail("store-unreadable", { path, why: reasonOf(thrown) }, thrown);
  }
}

function connect(path: string, readOnly: boolean): DatabaseSync {
  return new DatabaseSync(path, {
    readOnly,
    // A frame or message without its exchange is a bug; let the file refuse what the schema forbids.
    enableForeignKeyConstraints: true,
    timeout: busyMs,
  });
}

/** Reads the header before anything is written. 0 = an empty file. */
function checkedVersion(database: DatabaseSync, path: string): number {
  const version = pragma(database, "user_version");
  const application = pragma(database, "application_id");
  const tables = Number(database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"]);
  if (version === 0 && application === 0 && tables === 0) return 0;
  if (application !== applicationId) throw new Error("it is a database of another program");
  if (version > schemaVersion) {
    throw fail("store-newer", { path, found: version, known: schemaVersion });
  }
  return version;
}

function applySettings(database: DatabaseSync, isNew: boolean): void {
  if (isNew) {
    // A row with its head and body is about 1 KB: larger pages waste less at their ends (measured: 15 % faster than 4096).
    database.exec("PRAGMA page_size = 8192");
    // Lets prune give space back to the disk in small steps; a full VACUUM would copy the whole file.
    database.exec("PRAGMA auto_vacuum = INCREMENTAL");
  }
  // Readers and the writer don't wait for each other, and a commit is one append.
  database.exec("PRAGMA journal_mode = WAL");
  // No fsync per commit: what is committed survives kill -9, and a power cut costs the last seconds but never the file.
  database.exec("PRAGMA synchronous = NORMAL");
  // 8 MiB of WAL between checkpoints.
  database.exec("PRAGMA wal_autocheckpoint = 4096");
  // A WAL that grew while a reader held it is cut back at the next reset.
  database.exec("PRAGMA journal_size_limit = 33554432");
  database.exec("PRAGMA temp_store = MEMORY");
}

/** One number of the file's header or state. `name` is ours, never a user's. */
export function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0);
}

function unreadableOr(thrown: unknown, path: string): BoshscopeError {
  if (thrown instanceof BoshscopeError) return thrown;
  return fail("store-unreadable", { path, why: reasonOf(thrown) }, thrown);
}
