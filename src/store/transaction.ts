/** All-or-nothing writes, and the one place where the disk's refusals get their name. */
import type { DatabaseSync } from "node:sqlite";
import { BoshscopeError, fail, reasonOf } from "../base/errors.ts";

/**
 * Runs `work` in one transaction. When it throws, nothing of it is kept and a later transaction may succeed; what SQLite refused
 * becomes "store-failed", errors of our own pass as they are.
 */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  try {
    database.exec("BEGIN IMMEDIATE");
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (thrown) {
    // A full disk may already have rolled back on its own.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw storeFailure(thrown);
  }
}

/** Names what SQLite refused; our own errors stay what they are. */
export function storeFailure(thrown: unknown): BoshscopeError {
  if (thrown instanceof BoshscopeError) return thrown;
  return fail("store-failed", { why: reasonOf(thrown) }, thrown);
}
