/** Boshscope as its user starts it: a process of its own, on any free ports, with folders of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExchangeSummary } from "../../src/domain/exchange.ts";

export interface BoshscopeProcess extends AsyncDisposable {
  readonly proxyPort: number;
  readonly pagePort: number;
  /** With the token. */
  readonly url: string;
  readonly dataDir: string;
  readonly caPem: string;
  readonly caPath: string;
  readonly child: ChildProcess;
  output(): string;
  /** POST below /api with a JSON body, parsed. */
  post<T>(path: string, body: unknown): Promise<T>;
  /** GET below /api, parsed. */
  get<T>(path: string): Promise<T>;
  raw(path: string): Promise<Uint8Array>;
  exchanges(query?: string): Promise<ExchangeSummary[]>;
  /** Polls the API until the exchanges satisfy the test. */
  until(
    accept: (exchanges: readonly ExchangeSummary[]) => boolean,
    query?: string,
    withinMs?: number,
  ): Promise<ExchangeSummary[]>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
/** A second or two on a quiet machine. */
const startDeadlineMs = 90_000;

export async function startBoshscopeProcess(
  args: readonly string[],
  options: {
    readonly dataDir?: string;
    readonly keepData?: boolean;
    /** With the words that come first; "start" if left out. */
    readonly command?: "start" | "demo" | readonly ["playback", string];
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<BoshscopeProcess> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "boshscope-data-"));
  const child = spawn(
    process.execPath,
    [
      "scripts/boshscope.mjs",
      ...[options.command ?? "start"].flat(),
      "--proxy-port",
      "0",
      "--page-port",
      "0",
      "--data-dir",
      dataDir,
      ...args,
    ],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...options.env } },
  );
  let output = "";
  child.stdout.on("data", (text) => (output += String(text)));
  child.stderr.on("data", (text) => (output += String(text)));
  const exited = once(child, "exit");
  const address = join(dataDir, "boshscope.json");
  await waitFor(
    () => existsSync(address) || child.exitCode !== null,
    startDeadlineMs,
    () => output,
  );
  if (child.exitCode !== null) throw new Error(`Boshscope did not start:\n${output}`);
  const running = JSON.parse(readFileSync(address, "utf8")) as {
    proxyPort: number;
    pagePort: number;
    url: string;
    token: string;
  };
  const caPath = join(dataDir, "certs", "boshscope-ca.pem");
  const fetchApi = async (path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(`http://127.0.0.1:${running.pagePort}/api${path}`, {
      headers: {
        authorization: `Bearer ${running.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const exchanges = async (query = ""): Promise<ExchangeSummary[]> => {
    const response = await fetchApi(`/exchanges?limit=5000&q=${encodeURIComponent(query)}`);
    return ((await response.json()) as { exchanges: ExchangeSummary[] }).exchanges;
  };
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    const [code] = (await exited) as [number | null];
    return code;
  };
  return {
    ...running,
    dataDir,
    caPath,
    caPem: readFileSync(caPath, "utf8"),
    child,
    output: () => output,
    post: async <T>(path: string, body: unknown) => {
      // Some orders are answered without a body.
      const text = await (await fetchApi(path, body)).text();
      return (text === "" ? null : JSON.parse(text)) as T;
    },
    get: async <T>(path: string) => (await (await fetchApi(path)).json()) as T,
    raw: async (path) => new Uint8Array(await (await fetchApi(path)).arrayBuffer()),
    exchanges,
    async until(accept, query, withinMs = 15_000) {
      let last: ExchangeSummary[] = [];
      await waitFor(
        async () => accept((last = await exchanges(query))),
        withinMs,
        () => JSON.stringify(last.map(({ url, outcome }) => [url, outcome.kind])),
      );
      return last;
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      if (options.keepData !== true) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Asks again every 50 ms until it is so; fails with what was seen last. */
export async function waitFor(
  isSo: () => boolean | Promise<boolean>,
  withinMs: number,
  lastSeen: () => string = () => "",
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not so within ${withinMs} ms: ${lastSeen()}`);
}
