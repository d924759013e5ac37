/** The exchanges still in memory, for those who have something to add to one. */
import type { RelatedExchange } from "../domain/exchange.ts";
import type { OpenExchange } from "./open-exchange.ts";

export interface Ledger {
  /** undefined once it is saved whole. */
  open(number: number): OpenExchange | undefined;
  /** It has changed and is to be saved again. */
  touch(exchange: OpenExchange): void;
  /** Adds a relation to an exchange, in memory or on disk. */
  relate(number: number, related: RelatedExchange): void;
}
