/** Tells of one connection what there is to tell beside its HTTP: that it began, that it came to nothing, how it ended. Each once. */
import type { CaptureEvent, Side } from "../../domain/capture-event.ts";
import type { Blame, FailureCause, FailurePhase } from "../../domain/exchange.ts";
import type { Make } from "./packet-tap.ts";

export interface ConnectionPlace {
  readonly openedAt: number;
  readonly host: string;
  readonly port: number;
  readonly client: { readonly address: string; readonly port: number };
  /** null = behind a proxy. */
  readonly server: { readonly address: string; readonly port: number } | null;
  readonly serverName: string | null;
  readonly connectedAt: number | null;
  readonly isTls: boolean;
}

export interface Failure {
  readonly phase: FailurePhase;
  readonly cause: FailureCause;
  readonly blame: Blame;
  readonly detail: string;
  readonly alert?: number;
}

/** A row of the connection itself is its only exchange. */
const row = 0;

export class ConnectionTeller {
  readonly #push: (at: number, index: number, make: Make) => void;
  #isBegun = false;
  #hasRow = false;
  #isTunnel = false;

  constructor(push: (at: number, index: number, make: Make) => void) {
    this.#push = push;
  }

  get hasRow(): boolean {
    return this.#hasRow;
  }

  begin(place: ConnectionPlace, at: number): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    const { openedAt, host, port, client, server, connectedAt, isTls } = place;
    const timing = {
      serverConnected: connectedAt === null ? null : Math.max(0, connectedAt - openedAt),
      serverTls: isTls ? Math.max(0, at - openedAt) : null,
      clientTls: null,
    };
    const known = { host, port, reason: "packets", sni: place.serverName, timing };
    const facts = server === null ? known : { ...known, server };
    this.#tell(openedAt, (connection) => ({
      kind: "connection-opened",
      connection,
      at: openedAt,
      ...client,
    }));
    this.#tell(openedAt, (connection) => ({
      kind: "connection-facts",
      connection,
      at: openedAt,
      facts,
    }));
  }

  reads(secure: boolean, at: number): void {
    this.#tell(at, (connection) => ({
      kind: "connection-mode",
      connection,
      at,
      mode: secure ? "intercepted" : "plain",
    }));
  }

  /** Shown as a tunnel: that there was a connection is all that can be said. */
  tunnel(place: ConnectionPlace, at: number): void {
    this.begin(place, at);
    this.#openRow(place);
    this.#isTunnel = true;
  }

  fail(place: ConnectionPlace, failure: Failure, at: number): void {
    if (this.#hasRow) return;
    this.begin(place, at);
    this.#openRow(place);
    this.#push(at, row, (_connection, exchange) => ({
      kind: "exchange-failed",
      exchange,
      at,
      alert: null,
      ...failure,
    }));
  }

  left(side: Side, how: "fin" | "reset", at: number): void {
    if (!this.#isBegun) return;
    this.#tell(at, (connection) => ({
      kind: "leg-closed",
      connection,
      at,
      side,
      by: "peer",
      how,
      alert: null,
      detail: "",
    }));
  }

  /** `bytes`: by who sent them. */
  finish(bytes: Readonly<Record<Side, number>>, at: number): void {
    if (!this.#isBegun) return;
    const { client: toServer, server: toClient } = bytes;
    if (this.#isTunnel)
      this.#push(at, row, (_connection, exchange) => ({
        kind: "tunnel-ended",
        exchange,
        at,
        toServer,
        toClient,
      }));
    const facts = { bytes: { toServer, toClient } };
    this.#tell(at, (connection) => ({ kind: "connection-facts", connection, at, facts }));
    this.#tell(at, (connection) => ({ kind: "connection-ended", connection, at }));
  }

  #openRow({ openedAt: at, host, port }: ConnectionPlace): void {
    if (this.#hasRow) return;
    this.#hasRow = true;
    this.#tell(at, (connection) => ({ kind: "connection-mode", connection, at, mode: "tunnel" }));
    this.#push(at, row, (connection, exchange) => ({
      kind: "tunnel-opened",
      connection,
      exchange,
      at,
      host,
      port,
      imported: { decoded: false, cut: false },
    }));
  }

  /** Of the connection, not of an exchange. */
  #tell(at: number, make: (connection: number) => CaptureEvent): void {
    this.#push(at, -1, (connection) => make(connection));
  }
}
