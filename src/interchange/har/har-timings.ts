/** HAR's timings and ours. HAR: lengths one after another, `ssl` inside `connect`, -1 = none. Ours: marks after the first byte. */
import type { Timing } from "../../domain/exchange.ts";
import { noTiming } from "../exchange-copy.ts";
import { numberOr } from "../loose.ts";

export interface HarTimings {
  readonly blocked: number;
  readonly dns: number;
  readonly connect: number;
  readonly ssl: number;
  readonly send: number;
  readonly wait: number;
  readonly receive: number;
}

/** `elapsedMs`: how long it had been going on, for what has no end. */
export function harTimings(timing: Timing, elapsedMs: number): HarTimings {
  const { serverConnected, serverTls, requestSent, requestEnd, responseFirst } = timing;
  const connected = Math.max(0, serverTls ?? serverConnected ?? 0);
  const sent = Math.max(connected, requestSent ?? requestEnd ?? connected);
  const end = Math.max(sent, timing.responseEnd ?? timing.failed ?? elapsedMs);
  const first = responseFirst === null ? end : Math.min(end, Math.max(sent, responseFirst));
  const hasTls = serverTls !== null && serverConnected !== null && serverTls > 0;
  return {
    blocked: -1,
    dns: -1,
    connect: connected > 0 ? round(connected) : -1,
    ssl: hasTls ? round(serverTls - Math.max(0, serverConnected)) : -1,
    send: round(sent - connected),
    wait: round(first - sent),
    receive: round(end - first),
  };
}

/** What HAR says the sum is: without `ssl`, which is inside `connect`, and without what is -1. */
export function totalOf({ blocked, dns, connect, send, wait, receive }: HarTimings): number {
  const all = [blocked, dns, connect, send, wait, receive];
  return round(all.reduce((sum, part) => sum + Math.max(0, part), 0));
}

/** Marks from another tool's lengths; `hasAnswer`: a head came. Missing, negative and odd lengths count as none. */
export function marksOf(timings: Readonly<Record<string, unknown>>, hasAnswer: boolean): Timing {
  const part = (name: string): number => Math.max(0, numberOr(timings[name], 0));
  const sent = part("blocked") + part("dns") + part("connect") + part("send");
  const first = sent + part("wait");
  const connected = part("blocked") + part("dns") + part("connect");
  const isNew = part("connect") > 0;
  return {
    ...noTiming,
    requestEnd: round(sent),
    requestSent: round(sent),
    serverConnected: isNew ? round(connected - part("ssl")) : null,
    serverTls: isNew && part("ssl") > 0 ? round(connected) : null,
    responseFirst: hasAnswer ? round(first) : null,
    responseEnd: hasAnswer ? round(first + part("receive")) : null,
    delivered: hasAnswer ? round(first + part("receive")) : null,
  };
}

/** Clocks resolve no finer. */
const round = (ms: number): number => Math.round(ms * 1000) / 1000;
