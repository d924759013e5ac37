/** What is known of each open connection, folded from its events, and which records have changed since they were last saved. */
import { unreachable } from "../base/errors.ts";
import type { CaptureEvent, ConnectionFacts } from "../domain/capture-event.ts";
import type { ConnectionError, LegClose } from "../domain/connection.ts";
import type { StoredConnection } from "../domain/recording.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** `openedAt`: monotonic ms. `unnamed`: exchanges seen before the client's process was known. */
export type OpenConnection = Mutable<StoredConnection> & {
  openedAt: number;
  readonly unnamed: number[];
};

/** One connection's errors are a handful; a client that makes more is cut off in the record, not in the count. */
const maxErrors = 20;

export class ConnectionBook {
  readonly #open = new Map<number, OpenConnection>();
  readonly #dirty = new Map<number, StoredConnection>();
  readonly errorCounts: Record<string, number> = {};

  get size(): number {
    return this.#open.size;
  }

  get hasDirty(): boolean {
    return this.#dirty.size > 0;
  }

  get(id: number): OpenConnection | undefined {
    return this.#open.get(id);
  }

  all(): Iterable<OpenConnection> {
    return this.#open.values();
  }

  /** Folds one event in; `iso` turns a monotonic mark into wall time. */
  observe(event: CaptureEvent, iso: (mono: number) => string): OpenConnection | undefined {
    if (!isAboutConnection(event))
      return "connection" in event ? this.#open.get(event.connection) : undefined;
    const known = this.#open.get(event.connection);
    if (event.kind === "connection-opened") return this.#add(event, iso(event.at));
    if (known === undefined) return undefined;
    switch (event.kind) {
      case "connection-facts":
        this.#learn(known, event.facts);
        break;
      case "connection-mode":
        known.mode = event.mode;
        break;
      case "connection-error":
        this.#addError(known, {
          name: event.name,
          at: iso(event.at),
          detail: event.detail,
          alert: event.alert,
        });
        break;
      case "leg-closed":
        this.#close(known, event, iso(event.at));
        break;
      case "connection-ended":
        known.endedAt ??= iso(event.at);
        this.#open.delete(known.id);
        break;
      default:
        unreachable(event);
    }
    this.#dirty.set(known.id, known);
    return known;
  }

  touch(connection: OpenConnection): void {
    this.#dirty.set(connection.id, connection);
  }

  /** Rows that could not be saved: tried again with the next, unless they changed meanwhile. */
  putBack(rows: readonly StoredConnection[]): void {
    for (const row of rows) {
      if (!this.#dirty.has(row.id)) this.#dirty.set(row.id, this.#open.get(row.id) ?? row);
    }
  }

  /** Records to save; those still open keep being followed. */
  takeDirty(): StoredConnection[] {
    const rows = [...this.#dirty.values()].map(withoutMarks);
    this.#dirty.clear();
    return rows;
  }

  #add(event: Extract<CaptureEvent, { kind: "connection-opened" }>, at: string): OpenConnection {
    const connection: OpenConnection = {
      id: event.connection,
      openedAt: event.at,
      unnamed: [],
      at,
      endedAt: null,
      mode: "undecided",
      reason: "",
      host: null,
      port: null,
      client: {
        address: event.address,
        port: event.port,
        process: event.process ?? null,
        pid: null,
      },
      server: null,
      sni: null,
      alpnOffered: [],
      clientTls: null,
      serverTls: null,
      certificate: null,
      shownNames: [],
      timing: { serverConnected: null, serverTls: null, clientTls: null },
      bytes: { toServer: 0, toClient: 0 },
      exchanges: 0,
      clientClose: null,
      serverClose: null,
      firstToEnd: null,
      failure: null,
      errors: [],
      interference: [],
    };
    this.#open.set(connection.id, connection);
    this.#dirty.set(connection.id, connection);
    return connection;
  }

  #learn(connection: OpenConnection, facts: ConnectionFacts): void {
    const interference = [...new Set([...connection.interference, ...(facts.interference ?? [])])];
    Object.assign(connection, facts, { interference });
    const offersHttp2 = facts.alpnOffered?.includes("h2") === true;
    if (offersHttp2)
      connection.interference = [...new Set([...interference, "http2-not-offered" as const])];
  }

  #addError(connection: OpenConnection, error: ConnectionError): void {
    this.errorCounts[error.name] = (this.errorCounts[error.name] ?? 0) + 1;
    if (connection.errors.length < maxErrors) connection.errors = [...connection.errors, error];
  }

  #close(
    connection: OpenConnection,
    event: Extract<CaptureEvent, { kind: "leg-closed" }>,
    at: string,
  ): void {
    const { by, how, alert, detail } = event;
    const close: LegClose = { at, by, how, alert, detail };
    if (by === "peer") connection.firstToEnd ??= event.side;
    if (event.side === "client") connection.clientClose ??= close;
    else connection.serverClose ??= close;
  }
}

type ConnectionEvent = Extract<CaptureEvent, { kind: `connection-${string}` | "leg-closed" }>;

const isAboutConnection = (event: CaptureEvent): event is ConnectionEvent =>
  event.kind === "leg-closed" || event.kind.startsWith("connection-");

function withoutMarks(connection: StoredConnection | OpenConnection): StoredConnection {
  if (!("openedAt" in connection)) return connection;
  const { openedAt: _openedAt, unnamed: _unnamed, ...row } = connection;
  return row;
}
