/** Reads the connection lists of Linux, Windows and macOS. Pure: text in, owners out; a line that is not understood is skipped. */

export interface ClientProcess {
  readonly pid: number;
  /** File name of the program: `chrome.exe`, `firefox`. */
  readonly name: string;
}

/** A connection as its client sees it: from `localPort` to the proxy's. */
export interface OwnerQuery {
  readonly localPort: number;
  readonly proxyPort: number;
}

/** Answers what it can, by `queryKey`. */
export type Scan = (queries: readonly OwnerQuery[]) => Promise<ReadonlyMap<string, ClientProcess>>;

export const queryKey = (query: OwnerQuery): string => `${query.localPort}>${query.proxyPort}`;

const keysOf = (queries: readonly OwnerQuery[]): ReadonlySet<string> =>
  new Set(queries.map(queryKey));

/** Socket inodes by `queryKey`, from /proc/net/tcp or tcp6. */
export function inodesInProcNet(
  text: string,
  queries: readonly OwnerQuery[],
): ReadonlyMap<string, string> {
  const wanted = keysOf(queries);
  const found = new Map<string, string>();
  const row =
    /^ *\d+: ([0-9A-F]{8,32}):([0-9A-F]{4}) ([0-9A-F]{8,32}):([0-9A-F]{4}) [0-9A-F]{2} \S+ \S+ \S+ +\d+ +\d+ (\d+)/gm;
  for (const [, from = "", fromPort = "", to = "", toPort = "", inode = "0"] of text.matchAll(
    row,
  )) {
    const key = queryKey({
      localPort: Number.parseInt(fromPort, 16),
      proxyPort: Number.parseInt(toPort, 16),
    });
    // Inode 0 is a connection that its program has closed.
    if (wanted.has(key) && inode !== "0" && isLoopbackHex(from) && isLoopbackHex(to)) {
      found.set(key, inode);
    }
  }
  return found;
}

/** Words of /proc/net are little-endian: 127.0.0.1 is `0100007F`. */
const isLoopbackHex = (address: string): boolean =>
  /^([0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F)$/.test(address);

/** Process ids by `queryKey`, from `netstat -ano`. State words are translated on localised systems, so only columns count. */
export function ownersInNetstat(
  text: string,
  queries: readonly OwnerQuery[],
): ReadonlyMap<string, number> {
  const wanted = keysOf(queries);
  const found = new Map<string, number>();
  const row = /^[ \t]*TCP[ \t]+(\S+):(\d+)[ \t]+(\S+):(\d+)[ \t]+\S.*?[ \t](\d+)[ \t\r]*$/gm;
  for (const [, from = "", fromPort, to = "", toPort, pid] of text.matchAll(row)) {
    const key = queryKey({ localPort: Number(fromPort), proxyPort: Number(toPort) });
    // Process 0 owns what is in TIME_WAIT.
    if (wanted.has(key) && Number(pid) > 0 && isLoopback(from) && isLoopback(to)) {
      found.set(key, Number(pid));
    }
  }
  return found;
}

/** Program names by process id, from `tasklist /fo csv /nh`. */
export function programsInTasklist(text: string): ReadonlyMap<number, string> {
  const row = /^"((?:[^"]|"")*)","(\d+)"/gm;
  return new Map(
    [...text.matchAll(row)].map(([, name = "", pid]) => [Number(pid), name.replaceAll('""', '"')]),
  );
}

/** Programs by `queryKey`, from `lsof -nP -iTCP -Fpcn`: lines of one field, its letter first; `p` opens a process. */
export function ownersInLsof(
  text: string,
  queries: readonly OwnerQuery[],
): Map<string, ClientProcess> {
  const wanted = keysOf(queries);
  const found = new Map<string, ClientProcess>();
  let pid = 0;
  let name = "unknown";
  for (const line of text.split("\n")) {
    const value = line.slice(1);
    if (line.startsWith("p")) {
      pid = Number.parseInt(value, 10) || 0;
      name = "unknown";
    } else if (line.startsWith("c")) name = unescapeLsof(value);
    else if (line.startsWith("n")) {
      const match = /^(\S+):(\d+)->(\S+):(\d+)$/.exec(value);
      if (match === null || !isLoopback(match[1] ?? "") || !isLoopback(match[3] ?? "")) continue;
      const key = queryKey({ localPort: Number(match[2]), proxyPort: Number(match[4]) });
      if (wanted.has(key) && pid > 0) found.set(key, { pid, name });
    }
  }
  return found;
}

/** lsof writes `Google\x20Chrome`. */
const unescapeLsof = (text: string): string =>
  text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );

const isLoopback = (address: string): boolean =>
  /^(127\.\d+\.\d+\.\d+|\[::1\]|\[::ffff:127\.\d+\.\d+\.\d+\])$/i.test(address);
