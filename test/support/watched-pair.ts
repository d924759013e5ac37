/** Boshscope between a simulated pair and its desktops, in this process and in a hurry: what it finds is compared with what was done. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, startApp } from "../../src/app.ts";
import { silentLog } from "../../src/base/log.ts";
import { readConfig } from "../../src/config.ts";
import type { FindingList, FindingView } from "../../src/server/messages.ts";
import { type FinessePair, startFinessePair } from "../../src/simulator/finesse-pair.ts";
import { type Demo, demoAgents, startDemo } from "../../src/simulator/start-demo.ts";
import { polled } from "./changes.ts";

export interface WatchedPair extends AsyncDisposable {
  readonly pair: FinessePair;
  readonly demo: Demo;
  readonly dataDir: string;
  readonly app: Pick<App, "proxy" | "page">;
  get<T>(path: string): Promise<T>;
  findings(): Promise<readonly FindingView[]>;
  /** Until a finding satisfies the test. */
  found(accept: (finding: FindingView) => boolean): Promise<FindingView>;
}

/** Signed in as an agent; calls may have come already. */
const isAtWork = ({ phase, agentState }: { phase: string; agentState: string }): boolean =>
  phase === "active" && agentState !== "LOGOUT" && agentState !== "NOT_READY";

const token = "a-token-for-tests";

export async function startWatchedPair(
  agents: number,
  speed: number,
  more: {
    /** Of this machine: the nodes listen there on Finesse's own ports. */
    readonly addresses?: readonly [string, string];
    readonly keylog?: string;
    /** Left out = any. */
    readonly proxyPort?: number;
  } = {},
): Promise<WatchedPair> {
  const { keylog, proxyPort = 0, ...place } = more;
  const dataDir = mkdtempSync(join(tmpdir(), "boshscope-watched-"));
  const pair = await startFinessePair({ agents: demoAgents(agents), speed, ...place });
  const words = ["--proxy-port", `${proxyPort}`, "--page-port", "0", "--token", token];
  const base = readConfig([...words, "--data-dir", dataDir, "--certs-dir", dataDir], {});
  const resolve = pair.resolve.map(({ host, port, address, realPort }) => ({
    from: `${host}:${port}`,
    address,
    port: realPort,
  }));
  const settings = { ...base.settings, serverCerts: "off" as const, resolve, keylog };
  const app = await startApp({ ...base, settings }, silentLog, speed);
  const ca = app.authority.certificatePem;
  const demo = await startDemo({ agents, proxy: app.proxy, ca, speed, pair });
  const get = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${app.page.port}/api${path}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    return (await answer.json()) as T;
  };
  const findings = async (): Promise<readonly FindingView[]> =>
    (await get<FindingList>("/findings")).findings;
  await polled(
    () =>
      demo.desktops.length === agents && demo.desktops.every((one) => isAtWork(one.state()))
        ? true
        : undefined,
    "all agents at work",
    60_000,
  );
  return {
    pair,
    demo,
    dataDir,
    app,
    get,
    findings,
    found: async (accept) => {
      const deadline = Date.now() + 30_000;
      for (;;) {
        const all = await findings();
        const found = all.find(accept);
        if (found !== undefined) return found;
        if (Date.now() > deadline)
          throw new Error(
            `not found in time: ${all.map(({ cause, title }) => `${cause} ${title}`).join("; ")}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    [Symbol.asyncDispose]: async () => {
      await demo.close();
      await pair.close();
      await app.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
