/** What a line of a Finesse log says, whatever the log. */
import type { LogFactKind, LogSource } from "../domain/log-fact.ts";

export type { LogFact, LogFactKind, LogSource } from "../domain/log-fact.ts";

/** What one line says, before it is known where it stands. */
export interface LineReading {
  readonly source: LogSource;
  readonly at: number | null;
  readonly local: number;
  readonly kind: LogFactKind;
  readonly sid?: string | undefined;
  readonly jid?: string | undefined;
  readonly agent?: string | undefined;
  readonly requestId?: string | undefined;
  readonly values?: Readonly<Record<string, string | number | undefined>>;
}
