/**
 * Clock drift from one SystemInfo exchange: its `nocache` is the client's clock, its `currentTimestamp` the server's, and the proxy saw both pass.
 * Confirmed by a desktop's own log line (client 08.872 to 08.886, server 09.370: round trip 14, drift 491).
 */
import type { WallMs } from "../domain/instant.ts";

export interface DriftMarks {
  /** The client's clock when it asked; null when the request did not say. */
  readonly nocache: WallMs | null;
  /** First byte of the request and last byte of the answer on the client's leg, by the proxy's clock. */
  readonly tReqWall: WallMs;
  readonly tRespWall: WallMs;
  /** The server's clock as it answered; null when the answer did not say. */
  readonly currentTimestamp: WallMs | null;
}

export interface Drift {
  /** Server ahead of client, ms; null without both clocks. */
  readonly driftMs: number | null;
  readonly rttMs: number;
  /** Client ahead of this machine; close to 0 when both are one. */
  readonly clientVsProxyMs: number | null;
  /** Server ahead of this machine. */
  readonly serverVsProxyMs: number | null;
}

export function driftOf(marks: DriftMarks): Drift {
  const { nocache, tReqWall, tRespWall, currentTimestamp } = marks;
  const rttMs = Math.max(0, tRespWall - tReqWall);
  const half = rttMs / 2;
  return {
    driftMs:
      nocache === null || currentTimestamp === null ? null : currentTimestamp - (nocache + half),
    rttMs,
    clientVsProxyMs: nocache === null ? null : nocache - tReqWall,
    serverVsProxyMs: currentTimestamp === null ? null : currentTimestamp - (tReqWall + half),
  };
}

/** `drift +491 ms`; null when it is not known. */
export function driftLabel({ driftMs }: Drift): string | null {
  if (driftMs === null) return null;
  const rounded = Math.round(driftMs);
  return `drift ${rounded > 0 ? "+" : ""}${rounded} ms`;
}
