/** Reads the values that settings are written in: sizes, times, hosts. Throws an Error whose message says what is wrong. */

const byteUnits: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1024,
  mb: 1024 ** 2,
  gb: 1024 ** 3,
};
const timeUnits: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `500mb`, `2gb`, `4096` → bytes. */
export function parseBytes(text: string): number {
  return parseUnits(text, byteUnits, "b", "a size such as 500mb or 2gb");
}

/** `90s`, `12h`, `7d` → ms. */
export function parseDuration(text: string): number {
  return parseUnits(text, timeUnits, "s", "a time such as 90s, 12h or 7d");
}

/** In the largest unit that is whole: 2147483648 → `2gb`. */
export const formatBytes = (value: number): string => formatUnits(value, byteUnits);

/** ms → `7d`. */
export const formatDuration = (value: number): string => formatUnits(value, timeUnits);

function formatUnits(value: number, units: Readonly<Record<string, number>>): string {
  const whole = Object.entries(units).findLast(([, size]) => value % size === 0);
  return whole === undefined ? String(value) : `${value / whole[1]}${whole[0]}`;
}

function parseUnits(
  text: string,
  units: Readonly<Record<string, number>>,
  plain: string,
  expected: string,
): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = units[(match?.[2] === "" ? plain : (match?.[2] ?? "")).toLowerCase()];
  const value = Number(match?.[1]) * (unit ?? Number.NaN);
  if (!(value > 0)) throw new Error(`"${text}" is not ${expected}`);
  return Math.round(value);
}

export interface FinesseHost {
  readonly host: string;
  /** null = the usual ones. */
  readonly ports: readonly number[] | null;
}

/** `fin1.ucce.local`, `fin1.ucce.local:443,8443`. */
export function parseFinesse(text: string): FinesseHost {
  const match = /^(\[[0-9a-f:.]+\]|[^:\s/]+)(?::([\d,]+))?$/i.exec(text.trim());
  if (match === null) throw new Error(`"${text}" is not HOST or HOST:PORT,PORT`);
  const host = (match[1] ?? "").replace(/^\[|\]$/g, "").toLowerCase();
  if (match[2] === undefined) return { host, ports: null };
  return { host, ports: match[2].split(",").map(parsePort) };
}

export interface ResolveRule {
  readonly from: string;
  readonly address: string;
  readonly port: number;
}

/** `fin1.demo.test:7443:127.0.0.1:50123`; the address may be `[v6]`. */
export function parseResolve(text: string): ResolveRule {
  const match = /^([^:[\]\s]+):(\d+):(\[[0-9a-f:.]+\]|[^:[\]\s]+):(\d+)$/i.exec(text.trim());
  if (match === null) throw new Error(`"${text}" is not HOST:PORT:ADDRESS:PORT`);
  const [, host = "", port = "", address = "", realPort = ""] = match;
  return {
    from: `${host.toLowerCase()}:${parsePort(port)}`,
    address: address.replace(/^\[|\]$/g, ""),
    port: parsePort(realPort),
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`"${text}" is not a port`);
  return port;
}
