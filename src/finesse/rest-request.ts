/** A request as the readers of REST calls want it: what HTTP said, undecoded. */
import type { Header } from "../domain/exchange.ts";

export interface RestRequest {
  readonly method: string;
  /** Request target with its query. */
  readonly path: string;
  readonly headers: readonly Header[];
  /** Text, or null when there is none or it was not kept. */
  readonly body: string | null;
}
