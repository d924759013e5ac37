/** Packets taken while Boshscope runs, and its key log: Wireshark reads in them what Boshscope shows, and Boshscope finds in them what it found live. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { importFile } from "../../src/capture-folder.ts";
import { runAnalyze } from "../../src/cli/analyze.ts";
import type { ExchangeSummary } from "../../src/domain/exchange.ts";
import type { CauseCode } from "../../src/domain/finding.ts";
import type { ExchangeList, FindingView, Health } from "../../src/server/messages.ts";
import { polled } from "../support/changes.ts";
import { freePort } from "../support/listening.ts";
import { atTerminal } from "../support/surroundings.ts";
import { startWatchedPair, type WatchedPair } from "../support/watched-pair.ts";
import { capturePackets, fieldsOf } from "../support/wireshark.ts";
import { temporaryFolder } from "../unit/interchange/copies.ts";

const limitMs = 120_000;
/** A network of this machine's own, so that the nodes can have Finesse's ports. */
const net = (): string => `127.${100 + Math.floor(Math.random() * 100)}.${process.pid % 250}`;

const polls = async (watched: WatchedPair): Promise<ExchangeSummary[]> => {
  const { exchanges } = await watched.get<ExchangeList>("/exchanges?limit=5000&q=is%3Apoll");
  return [...exchanges];
};

const essence = ({ cause, side, severity, host, agents }: FindingView): unknown => ({
  cause,
  side,
  severity,
  host,
  agents: agents.toSorted(),
});

const failures: readonly (readonly [string, CauseCode, (watched: WatchedPair) => unknown])[] = [
  ["the Notification Service is stopped", "F11", ({ pair }) => pair.publisher.stopNotification()],
  ["… crashes", "F12", ({ pair }) => pair.publisher.stopNotification("crash")],
];

test.each(failures)(
  "%s: the same by packets and keys as live",
  { timeout: limitMs },
  async (_name, cause, fail) => {
    using folder = temporaryFolder();
    const [packets, keys] = [join(folder.path, "wire.pcapng"), join(folder.path, "keys.log")];
    const [prefix, proxyPort] = [net(), await freePort()];
    await using taken = await capturePackets(
      packets,
      `net ${prefix}.0/24 or tcp port ${proxyPort}`,
    );
    await using watched = await startWatchedPair(3, 1, {
      addresses: [`${prefix}.1`, `${prefix}.2`],
      keylog: keys,
      proxyPort,
    });
    expect((await watched.get<Health>("/health")).alerts).toContain("keys-logged");
    expect(statSync(keys).mode & 0o777).toBe(0o600);
    await fail(watched);
    await watched.found((finding) => finding.cause === cause);
    // All tabs close, so that nothing is under way any more when it is counted.
    await watched.demo.close();
    await polled(
      async () => {
        const { pending, openConnections } = await watched.get<Health>("/health");
        return pending + openConnections === 0 ? true : undefined;
      },
      "nothing waits",
      30_000,
    );
    const shown = await polls(watched);
    const live = await watched.findings();
    await taken.stop();

    // Both legs: what the browser sent to Boshscope, and what Boshscope sent to the server.
    const readable = ["-o", `tls.keylog_file:${keys}`, "-d", "tls.port==7443,http"];
    const asked = 'http.request.method == "POST" && http.request.uri contains "http-bind"';
    for (const leg of ["tcp.dstport == 7443", `tcp.dstport == ${proxyPort}`]) {
      const sent = fieldsOf(packets, `${asked} && ${leg}`, ["http.file_data"], readable);
      expect(sent).toHaveLength(shown.length);
      for (const [body] of sent) expect(body).toContain("<body");
    }
    const answered = shown.filter(({ outcome }) => outcome.kind === "responded");
    const answers = fieldsOf(
      packets,
      'tcp.srcport == 7443 && http.response && http.content_type contains "xml"',
      ["http.content_length"],
      readable,
    );
    const inOrder = (lengths: number[]): number[] => lengths.toSorted((a, b) => a - b);
    expect(inOrder(answers.map(([length]) => Number(length)))).toEqual(
      inOrder(answered.map(({ sizes }) => sizes.responseBody)),
    );

    const imported = await importFile(packets, {
      folder: folder.path,
      password: null,
      keys,
      keepSecrets: false,
      bodyLimit: 1_000_000,
      onProgress: () => undefined,
    });
    const analyzed = await runAnalyze([packets, "--keylog", keys, "--json"], atTerminal);
    const { findings } = JSON.parse(analyzed.text) as { findings: FindingView[] };
    expect(findings.map(essence)).toEqual(live.map(essence));
    await expect(runAnalyze([packets, "--json"], atTerminal)).rejects.toMatchObject({
      code: "file-unreadable",
      remedy: expect.stringContaining("--keylog"),
    });
    expect(imported.facts.packets).toMatchObject({ sealed: 0, http2: 0 });
    expect(imported.findings.map((finding) => essence(finding as unknown as FindingView))).toEqual(
      live.map(essence),
    );
  },
);
