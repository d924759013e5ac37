/** What the gate needs of a connection. */
import type { ConnectionEnd } from "../connection-end.ts";
import type { ExchangeTap } from "../exchange-tap.ts";
import type { Target } from "../target.ts";

export interface GatedConnection {
  readonly id: number;
  readonly target: Target;
  readonly tap: ExchangeTap;
  readonly end: ConnectionEnd;
  /** Says once that a rule interfered with this connection. */
  readonly interfered: () => void;
}
