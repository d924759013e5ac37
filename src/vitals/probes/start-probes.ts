/**
 * Asks a Finesse server, on an incident alone, whether it can be reached and is alive: name, TCP, TLS to 7443 and 8445, `GET /http-bind/` (404 = the
 * service is alive, Openfire 3.8.2 doGet) and `GET SystemInfo`. Results are facts; what they mean is the diagnosis's business.
 */
import { reasonOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { OwnGet, OwnStep, ProbeResult } from "../../domain/vitals.ts";

export interface ProbeOptions {
  readonly get: (get: OwnGet) => Promise<void>;
  /** Wall ms, and monotonic ms. */
  readonly clock: { readonly wall: () => number; readonly mono: () => number };
  readonly emit: (result: ProbeResult) => void;
  /** Id in the capture of an exchange by its number. */
  readonly exchangeId: (number: number) => string;
  readonly log: Log;
  /** Given up when one step takes longer; default: `probeLimits`. */
  readonly stepMs?: number;
}

export interface Probes {
  /** False = not now: that server was asked a moment ago, or too many were. `port`: where the trouble was, besides the usual two. */
  want(host: string, port: number | null): boolean;
  stop(): void;
}

/** A server in trouble is not to be troubled more. */
export const probeLimits = {
  gapPerHostMs: 20_000,
  hostsAtOnce: 2,
  waiting: 8,
  hourly: 60,
  stepMs: 4000,
} as const;

const hourMs = 3_600_000;
const notificationPort = 7443;
const usualPorts = [notificationPort, 8445];

interface Wanted {
  readonly host: string;
  readonly ports: readonly number[];
}

export function startProbes(options: ProbeOptions): Probes {
  const { clock, log } = options;
  const lastAt = new Map<string, number>();
  const waiting: Wanted[] = [];
  let recent: number[] = [];
  let running = 0;
  let isStopped = false;

  const next = (): void => {
    while (running < probeLimits.hostsAtOnce) {
      const wanted = waiting.shift();
      if (wanted === undefined) return;
      running++;
      void ask(options, wanted)
        .catch((error: unknown) => log.warn("probe.failed", { why: reasonOf(error) }))
        .finally(() => {
          running--;
          next();
        });
    }
  };
  return {
    want(host, port) {
      const now = clock.mono();
      recent = recent.filter((at) => now - at < hourMs);
      for (const [known, at] of lastAt)
        if (now - at >= probeLimits.gapPerHostMs) lastAt.delete(known);
      const isRefused =
        isStopped ||
        lastAt.has(host) ||
        recent.length >= probeLimits.hourly ||
        waiting.length >= probeLimits.waiting;
      if (isRefused) return false;
      lastAt.set(host, now);
      recent.push(now);
      waiting.push({
        host,
        ports: [...new Set([...usualPorts, ...(port === null ? [] : [port])])],
      });
      next();
      return true;
    },
    stop() {
      isStopped = true;
      waiting.length = 0;
    },
  };
}

/** All ports at once: whether they fail together is what tells network from service. */
async function ask(options: ProbeOptions, { host, ports }: Wanted): Promise<void> {
  await Promise.all(
    ports.map((port) => {
      const path = port === notificationPort ? "/http-bind/" : "/finesse/api/SystemInfo";
      const onStep = (step: OwnStep): void => options.emit(resultOf(options, { host, port }, step));
      const { stepMs = probeLimits.stepMs } = options;
      return options.get({ host, port, path, stepMs, onStep });
    }),
  );
}

function resultOf(
  { clock, exchangeId }: ProbeOptions,
  { host, port }: { readonly host: string; readonly port: number },
  { step, ok, ms, status, error, exchange, body }: OwnStep,
): ProbeResult {
  const isService = port === notificationPort;
  return {
    at: clock.wall(),
    host,
    port,
    step: step !== "http" ? step : isService ? "http-bind" : "systeminfo",
    ok,
    ms,
    status,
    error,
    serverStatus:
      step === "http" && !isService
        ? (/<status>\s*(IN_SERVICE|OUT_OF_SERVICE)\s*</.exec(body)?.[1] ?? null)
        : null,
    exchange: exchangeId(exchange),
  };
}
