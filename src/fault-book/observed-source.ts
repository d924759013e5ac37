/** Who can tell what an agent's desktop saw: the desktop's own log, wherever it comes from. Never the proxy. */
import type { ClientKind, ObservedKind } from "../faults/scenarios/scenario.ts";

export interface ObservedEvent {
  readonly kind: ObservedKind;
  /** Wall ms. */
  readonly at: number;
  /** Of the http-bind request it is about; null = of none, or not said. */
  readonly rid: number | null;
}

export interface ObservedSource {
  readonly name: "simulator" | "client-log";
  /** What it can tell at all: what is left out it can neither confirm nor deny. */
  readonly tells: ReadonlySet<ObservedKind>;
  /** What that agent's desktop runs; null = not known here. */
  readonly clientOf: (agent: string) => ClientKind | null;
  /** Tells what the desktop writes from now on, or writes down late. Gives the way to stop; null = it knows nothing of that agent. */
  readonly watch: (agent: string, listener: (event: ObservedEvent) => void) => (() => void) | null;
}
