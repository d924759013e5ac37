/** What every connection of one proxy shares: where events go, how servers are reached, who numbers what. */

import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { Log } from "../base/log.ts";
import type { Authority } from "../ca/authority.ts";
import type { CaptureEvent, CaptureSink, ConnectionFacts } from "../domain/capture-event.ts";
import type { ConnectionErrorName, ConnectionMode } from "../domain/connection.ts";
import type { Dial } from "./dial.ts";
import type { EndpointMemory } from "./endpoint-memory.ts";
import type { FaultGate } from "./gate/fault-gate.ts";
import type { Scope } from "./scope.ts";

export interface Context {
  readonly authority: Authority;
  readonly emit: CaptureSink;
  readonly mono: () => number;
  readonly log: Log;
  readonly scope: Scope;
  readonly dial: Dial;
  readonly endpoints: EndpointMemory;
  readonly serverContext: SecureContext;
  readonly serverCerts: "pin" | "strict" | "off";
  readonly legacyTls: boolean;
  readonly viaUpstream: boolean;
  readonly bodyLimit: number;
  readonly keylog: ((line: Buffer) => void) | null;
  readonly nextExchange: () => number;
  /** True for a server socket that turned out to be one of our own listeners. */
  readonly isOurselves: (address: string, port: number) => boolean;
  /** null = this proxy has no fault rules. */
  readonly faults: FaultGate | null;
  /** Sockets to destroy when the proxy closes. */
  readonly track: (socket: Socket) => void;
}

/** Shorthand for the events of one connection. */
export class ConnectionReport {
  readonly id: number;
  readonly #emit: CaptureSink;
  readonly #mono: () => number;

  constructor(context: Pick<Context, "emit" | "mono">, id: number) {
    this.id = id;
    this.#emit = context.emit;
    this.#mono = context.mono;
  }

  facts(facts: ConnectionFacts): void {
    this.#emit({ kind: "connection-facts", connection: this.id, at: this.#mono(), facts });
  }

  error(name: ConnectionErrorName, detail: string, alert: number | null = null): void {
    this.#emit({
      kind: "connection-error",
      connection: this.id,
      at: this.#mono(),
      name,
      detail,
      alert,
    });
  }

  mode(mode: ConnectionMode): void {
    this.#emit({ kind: "connection-mode", connection: this.id, at: this.#mono(), mode });
  }

  event(event: CaptureEvent): void {
    this.#emit(event);
  }
}
