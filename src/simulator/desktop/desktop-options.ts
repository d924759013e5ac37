/** How a simulated desktop is described by who starts it. */
import type { ScaledTime } from "../scaled-time.ts";

interface CommonOptions {
  /** Login id. */
  readonly agent: string;
  readonly password: string;
  /** Default: 1 and the last four digits of the id. */
  readonly extension?: string;
  /** The HTTP proxy it was told to use; null = none, then `resolve` says where the nodes are. */
  readonly proxy: { readonly host: string; readonly port: number } | null;
  /** PEM of what it trusts: the proxy's root CA, or without a proxy the nodes' certificates. */
  readonly ca: string;
  /** Hosts of the pair; it signs in at the first. */
  readonly nodes: readonly [string, string];
  readonly resolve?: ReadonlyMap<string, { readonly address: string; readonly port: number }>;
  /** Simulated ms per real ms; must be the servers'. Default 1. */
  readonly speed?: number;
  /** Shared time, instead of `speed`. */
  readonly time?: ScaledTime;
  /** Where http-bind and ws are asked for: 7443, or 8445 as from 12.6 on. Default 7443. */
  readonly notificationPort?: 7443 | 8445;
  /** BOSH wait asked for, seconds. Default 30. */
  readonly wait?: number;
  /** Goes READY after sign-in and answers calls. Default true. */
  readonly works?: boolean;
  /** Asks through the gadget server now and then. Default false. */
  readonly gadgets?: boolean;
  /** Events kept in its log. Default 1000. */
  readonly logLimit?: number;
}

export type DesktopOptions = CommonOptions &
  (
    | { readonly kind: "jabberwerx"; readonly transport: "bosh" }
    | { readonly kind: "strophe"; readonly transport: "bosh" | "websocket" }
  );

export type DesktopPhase =
  | "signing-in"
  | "active"
  | "failover"
  | "signing-out"
  | "signed-out"
  | "closed";

/** The banner's words, as the article quotes them. */
export const bannerFor = (host: string): string =>
  `Lost connection to ${host}. Please wait for a reachable Finesse Server...`;
