/** The Setup screen's three ticks: has the proxy been used, who trusts the CA, has http-bind been seen. */
import type { CaptureEvent } from "../domain/capture-event.ts";
import type { EndpointTrust, SetupState } from "../domain/recording.ts";
import type { OpenConnection } from "./connection-book.ts";

/** Endpoints remembered at most; hostile clients can name any number. */
const maxEndpoints = 200;

/** Turns a monotonic mark into wall time; called only where that is shown, as it runs for every event. */
export type Iso = (mono: number) => string;

export class SetupBook {
  #proxySeen: string | null = null;
  #httpBindSeen: string | null = null;
  readonly #endpoints = new Map<string, EndpointTrust>();

  state(): SetupState {
    return {
      proxySeen: this.#proxySeen,
      httpBindSeen: this.#httpBindSeen,
      endpoints: [...this.#endpoints.values()],
    };
  }

  sawPoll(at: number, iso: Iso): void {
    this.#httpBindSeen ??= iso(at);
  }

  sawRequest(connection: OpenConnection, at: number, iso: Iso): void {
    if (connection.mode !== "intercepted" || connection.exchanges !== 1) return;
    this.#set(connection, "trusted", null, iso(at));
  }

  observe(event: CaptureEvent, connection: OpenConnection | undefined, iso: Iso): void {
    const at = iso(event.at);
    if (event.kind === "connection-opened") this.#proxySeen ??= at;
    if (connection === undefined || connection.host === null) return;
    if (
      event.kind === "connection-mode" &&
      event.mode === "tunnel" &&
      isFinessePort(connection.port)
    ) {
      this.#set(connection, "tunnel", null, at);
    }
    if (event.kind === "connection-mode" && event.mode === "intercepted") {
      const known = this.#endpoints.get(keyOf(connection));
      if (known === undefined) this.#set(connection, "seen", null, at);
    }
    if (event.kind === "connection-error" && event.name === "tls-client-alert") {
      this.#set(connection, "rejected", event.alert, at);
    }
  }

  #set(
    connection: OpenConnection,
    state: EndpointTrust["state"],
    alert: number | null,
    at: string,
  ): void {
    const key = keyOf(connection);
    const known = this.#endpoints.get(key);
    if (known === undefined && this.#endpoints.size >= maxEndpoints) return;
    if (known?.state === state && known.alert === alert) return;
    this.#endpoints.set(key, {
      host: connection.host ?? "",
      port: connection.port ?? 0,
      state,
      alert,
      at,
    });
  }
}

const keyOf = ({ host, port }: OpenConnection): string => `${host}:${port}`;
const isFinessePort = (port: number | null): boolean => port === 7443 || port === 8445;
