/**
 * Which program on this computer opened a connection to the proxy, asked of the system: /proc on Linux, netstat and tasklist on
 * Windows, lsof on macOS. One scan answers everyone waiting; scans are a second apart, so thousands of connections cost no more.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  type ClientProcess,
  type OwnerQuery,
  ownersInLsof,
  ownersInNetstat,
  programsInTasklist,
  queryKey,
  type Scan,
} from "./client-process-formats.ts";
import { createProcScan } from "./client-process-linux.ts";

export type { ClientProcess } from "./client-process-formats.ts";

export interface ProcessLookup {
  /** The program on the other end of a loopback connection; null when it is gone, another user's, or the system does not tell. */
  lookup(localPort: number, proxyPort: number): Promise<ClientProcess | null>;
  /** Answers null to whoever still waits, and scans no more. */
  close(): void;
}

export interface ProcessLookupOptions {
  readonly platform?: NodeJS.Platform;
  /** How long a lookup may wait for others to share its scan, in ms. */
  readonly intervalMs?: number;
  /** Replaces the platform's scan. */
  readonly scan?: Scan;
}

interface Waiting {
  readonly query: OwnerQuery;
  readonly answer: (found: ClientProcess | null) => void;
}

const scanGapMs = 1000;
/** Beyond this, connections come faster than anyone reads their programs' names. */
const maxWaiting = 5000;

export function createProcessLookup(options: ProcessLookupOptions = {}): ProcessLookup {
  const { platform = process.platform, intervalMs = 250 } = options;
  const scan = options.scan ?? scanFor(platform);
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | null = null;
  let lastScan = Number.NEGATIVE_INFINITY;
  let scanning = false;
  let closed = false;

  const schedule = (): void => {
    if (timer !== null || scanning || closed || waiting.length === 0) return;
    const delay = Math.max(intervalMs, lastScan + scanGapMs - performance.now());
    timer = setTimeout(() => void run(), delay);
    timer.unref();
  };
  const run = async (): Promise<void> => {
    timer = null;
    scanning = true;
    lastScan = performance.now();
    const batch = waiting;
    waiting = [];
    // A tool that is missing or refuses means "not known", which is an answer here.
    const found = await scan(batch.map(({ query }) => query)).catch(() => new Map());
    for (const { query, answer } of batch) answer(found.get(queryKey(query)) ?? null);
    scanning = false;
    schedule();
  };
  return {
    lookup: (localPort, proxyPort) => {
      if (closed || waiting.length >= maxWaiting) return Promise.resolve(null);
      return new Promise((answer) => {
        waiting.push({ query: { localPort, proxyPort }, answer });
        schedule();
      });
    },
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      for (const { answer } of waiting) answer(null);
      waiting = [];
    },
  };
}

function scanFor(platform: NodeJS.Platform): Scan {
  if (platform === "linux") return createProcScan();
  if (platform === "win32") return scanWindows;
  if (platform === "darwin") return scanMac;
  return () => Promise.resolve(new Map());
}

async function scanWindows(queries: readonly OwnerQuery[]): Promise<Map<string, ClientProcess>> {
  const [tcp, tcp6, tasks] = await Promise.all([
    output("netstat", ["-ano", "-p", "TCP"]),
    output("netstat", ["-ano", "-p", "TCPv6"]),
    output("tasklist", ["/fo", "csv", "/nh"]),
  ]);
  const names = programsInTasklist(tasks);
  const owners = ownersInNetstat(`${tcp}\n${tcp6}`, queries);
  return new Map(
    [...owners].map(([key, pid]) => [key, { pid, name: names.get(pid) ?? "unknown" }]),
  );
}

async function scanMac(queries: readonly OwnerQuery[]): Promise<Map<string, ClientProcess>> {
  const ports = [...new Set(queries.map(({ proxyPort }) => proxyPort))].join(",");
  const text = await output("lsof", ["-nP", "+c", "0", `-iTCP:${ports}`, "-Fpcn"]);
  return ownersInLsof(text, queries);
}

const run = promisify(execFile);

/** A tool that ends with an error may still have printed most of its list: lsof does when one process is out of bounds. */
async function output(command: string, args: readonly string[]): Promise<string> {
  const limits = { timeout: 5000, maxBuffer: 32 * 1024 * 1024, windowsHide: true };
  try {
    return (await run(command, [...args], limits)).stdout;
  } catch (thrown) {
    if (thrown instanceof Error && "stdout" in thrown && typeof thrown.stdout === "string") {
      return thrown.stdout;
    }
    throw thrown;
  }
}
