/** Reads what a client asks to be connected to. Strict: the text is hostile and ends in a dial and a certificate. */
import { isIP } from "node:net";

export interface Target {
  /** Lower case, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

const namePattern =
  /^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_-]{1,63})*\.?$/;
const authorityPattern = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([^:[\]/@\s]{1,253})):(\d{1,5})$/;

/** `host:port`, `1.2.3.4:port` or `[v6]:port`; null = can't be meant (RFC 9110 9.3.6 wants exactly this form). */
export function parseAuthority(text: string): Target | null {
  const match = authorityPattern.exec(text);
  if (match === null) return null;
  const port = Number(match[3]);
  if (port < 1 || port > 65_535) return null;
  const v6 = match[1];
  if (v6 !== undefined) return isIP(v6) === 6 ? { host: v6.toLowerCase(), port } : null;
  const host = match[2] ?? "";
  return isHostName(host) ? { host: host.toLowerCase(), port } : null;
}

/** A DNS name or IPv4 literal. All-digit last labels that are no IPv4 address (`1.2.3`) are refused, as the URL standard does. */
function isHostName(host: string): boolean {
  if (isIP(host) === 4) return true;
  if (!namePattern.test(host)) return false;
  const labels = host.replace(/\.$/, "").split(".");
  return !/^\d+$/.test(labels.at(-1) ?? "");
}

/** Splits an absolute-form request target (`http://host[:port]/path`); null = not one we relay. */
export function parseAbsoluteForm(
  target: string,
): (Target & { readonly originForm: string }) | null {
  const match = /^(?:http|ws):\/\/([^/?#]*)([^#]*)/i.exec(target);
  if (match === null) return null;
  const authority = match[1] ?? "";
  const withPort = /:\d+$/.test(authority.replace(/^\[[^\]]*\]/, ""))
    ? authority
    : `${authority}:80`;
  const parsed = parseAuthority(withPort);
  if (parsed === null) return null;
  const rest = match[2] ?? "";
  return { ...parsed, originForm: rest.startsWith("/") ? rest : `/${rest}` };
}
