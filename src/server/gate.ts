/** Which requests are not meant for this server at all: rebound names, other sites' pages, requests that came through a proxy. */
import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import { type BoshscopeError, fail } from "../base/errors.ts";

/** Where the server listens; decides which Host and Origin are ours. */
export interface OwnAddress {
  readonly host: string;
  readonly port: number;
}

const loopbackNames: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/** Why this request is refused whatever it asks for, or null. */
export function refusalOf(request: IncomingMessage, own: OwnAddress): BoshscopeError | null {
  const proxied = refuseProxied(request);
  if (proxied !== null) return proxied;
  const ours = ownAuthorities(own, request.socket.localAddress);
  const hosts = request.headersDistinct["host"] ?? [];
  const host = hosts[0] ?? "";
  if (hosts.length !== 1 || !ours.has(host.toLowerCase())) {
    return fail("host-refused", { host: printable(hosts.join(", ")) });
  }
  const origin = request.headers.origin;
  if (origin !== undefined && !isOwnOrigin(origin, ours)) {
    return fail("origin-refused", { origin: printable(origin) });
  }
  return null;
}

/** Browsers say where a request comes from; the API takes none from other sites' pages, other ports of this host included. */
export function foreignSiteRefusal(request: IncomingMessage): BoshscopeError | null {
  const site = request.headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return null;
  return fail("origin-refused", { origin: `another site (${printable(site)})` });
}

function refuseProxied(request: IncomingMessage): BoshscopeError | null {
  const target = request.url ?? "";
  if (target.startsWith("/") && request.headers.via === undefined) return null;
  return fail("request-invalid", {
    problem: "Requests that come through a proxy are not accepted here.",
  });
}

function ownAuthorities(own: OwnAddress, reached: string | undefined): ReadonlySet<string> {
  const names = new Set([...loopbackNames, authorityName(own.host)]);
  // Listening on every address: an IP literal we were really reached at can't be the product of DNS rebinding.
  if (isWildcard(own.host) && reached !== undefined)
    names.add(authorityName(plainAddress(reached)));
  const all = new Set([...names].map((name) => `${name}:${own.port}`));
  if (own.port === 80) for (const name of names) all.add(name);
  return all;
}

function isOwnOrigin(origin: string, ours: ReadonlySet<string>): boolean {
  return origin.startsWith("http://") && ours.has(origin.slice("http://".length).toLowerCase());
}

/** The host as it stands in a URL: IPv6 in brackets, lower case. */
export function authorityName(host: string): string {
  return isIPv6(host) ? `[${host.toLowerCase()}]` : host.toLowerCase();
}

/** Whether a listening address means "every address of this machine". */
export const isWildcard = (host: string): boolean => host === "0.0.0.0" || host === "::";

/** An IPv4 address as such, also when a dual-stack socket shows it mapped into IPv6. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, "");

/** Header text fit for a message: printable ASCII, not longer than a line. */
const printable = (text: string): string =>
  (text === "" ? "(none)" : text).replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 100);
