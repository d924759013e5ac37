/** How large the capture file is, and how much of it is in use. */
import type { DatabaseSync } from "node:sqlite";
import { pragma } from "./open-database.ts";

/** Bytes of the file on disk, without its WAL. */
export const fileBytes = (database: DatabaseSync): number =>
  pragma(database, "page_count") * pragma(database, "page_size");

/** Bytes that hold something; the rest is free and will be written first. */
export const usedBytes = (database: DatabaseSync): number =>
  (pragma(database, "page_count") - pragma(database, "freelist_count")) *
  pragma(database, "page_size");
