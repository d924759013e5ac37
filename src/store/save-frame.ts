/** Writes rows of table `frames`. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { StoredFrame } from "../domain/recording.ts";

const saveFrameSql = `
  INSERT INTO frames (exchange, position, at, from_client, opcode, final, length, body, cut, event)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 WHERE EXISTS (SELECT 1 FROM exchanges WHERE key = ?1)
  ON CONFLICT (exchange, position) DO NOTHING`;

export class FrameTable {
  readonly #save: StatementSync;

  constructor(database: DatabaseSync) {
    this.#save = database.prepare(saveFrameSql);
  }

  /** A frame of an exchange that is gone is dropped. */
  save(key: number, frame: StoredFrame): void {
    this.#save.run(
      key,
      frame.index,
      frame.atWall,
      frame.from === "client" ? 1 : 0,
      frame.opcode,
      frame.final ? 1 : 0,
      frame.length,
      frame.body,
      frame.cut ? 1 : 0,
      frame.event,
    );
  }
}
