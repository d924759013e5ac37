/** Samples as they are kept: some together in one row, as bare numbers. A week of seconds is 600,000; written out each would take 300 bytes. */
import type { BrowserVitals, VitalsSample } from "../domain/vitals.ts";

type Packed = readonly [
  at: number,
  mono: number,
  loopLagMs: number,
  wallJumpMs: number,
  lateMs: number,
  systemCpu: number | null,
  ownCpu: number | null,
  freeKb: number,
  totalKb: number,
  ownKb: number,
  browser: readonly [number, number, number, number] | null,
  network: string | null,
  /** Not in blocks of before it was measured. */
  queuedMs?: number | null,
];

const kb = (bytes: number): number => Math.round(bytes / 1024);

export function packVitals(samples: readonly VitalsSample[]): string {
  return JSON.stringify(
    samples.map((one): Packed => {
      const { at, loopLagMs, wallJumpMs, lateMs, systemCpu, ownCpu, browser, network } = one;
      const packed =
        browser === null
          ? null
          : ([browser.pids, browser.cpu, kb(browser.memory), browser.stopped] as const);
      const memory = [kb(one.freeMemory), kb(one.totalMemory), kb(one.ownMemory)] as const;
      const mono = Math.round(one.mono * 10) / 10;
      const times = [at, mono, loopLagMs, wallJumpMs, lateMs] as const;
      return [...times, systemCpu, ownCpu, ...memory, packed, network, one.queuedMs ?? null];
    }),
  );
}

export function unpackVitals(text: string): VitalsSample[] {
  return (JSON.parse(text) as readonly Packed[]).map((packed) => {
    const [at, mono, loopLagMs, wallJumpMs, lateMs, systemCpu, ownCpu] = packed;
    const [free, total, own, browser, network, queuedMs = null] = packed.slice(7) as [
      ...[number, number, number],
      Packed[10],
      Packed[11],
      Packed[12],
    ];
    return {
      at,
      mono,
      loopLagMs,
      wallJumpMs,
      lateMs,
      ...(queuedMs === null ? {} : { queuedMs }),
      systemCpu,
      ownCpu,
      network,
      freeMemory: free * 1024,
      totalMemory: total * 1024,
      ownMemory: own * 1024,
      browser: browser === null ? null : unpackBrowser(browser),
    };
  });
}

const unpackBrowser = ([pids, cpu, memory, stopped]: NonNullable<Packed[10]>): BrowserVitals => ({
  pids,
  cpu,
  memory: memory * 1024,
  stopped,
});
