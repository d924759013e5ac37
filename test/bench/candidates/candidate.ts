/** What the rows need to know of a program under load. */
import type { ProcessReport } from "../child.ts";

export interface Running {
  /** Where the load connects to; 0 = no proxy, straight to the server. */
  readonly port: number;
  /** Its own processes; their children are counted too. */
  readonly pids: readonly number[];
  /** Event-loop delay since the last call, ms; null where it can't be asked. */
  loopLag(): Promise<ProcessReport["loopLagMs"] | null>;
  /** Exchanges in its store since it started, and those still open; absent for programs without a store. */
  readonly stored?: () => Promise<{ readonly exchanges: number; readonly pending: number }>;
  /** Boshscope's page and token, for the page rows. */
  readonly api?: { readonly origin: string; readonly token: string };
  stop(): Promise<void>;
}

export interface Candidate {
  readonly id: string;
  /** With version, for the table. */
  readonly title: string;
  /** Why it can't be measured here, or null. */
  readonly missing: string | null;
  /** `folder`: an empty one of its own. */
  start(folder: string): Promise<Running>;
}
