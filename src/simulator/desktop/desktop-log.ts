/** What a desktop saw and did, with times: to be held against what an observer between it and the server concluded. */
import type { ScaledTime } from "../scaled-time.ts";

export type DesktopEventKind =
  | "sign-in"
  | "request-sent"
  | "request-answered"
  | "request-failed"
  | "request-aborted"
  | "request-resent"
  | "connected"
  | "disconnected"
  | "notification"
  | "ping-lost"
  | "rest-sent"
  | "rest-answered"
  | "rest-failed"
  | "state-requested"
  | "state-confirmed"
  | "state"
  | "call"
  | "banner-shown"
  | "banner-hidden"
  | "failover"
  | "sign-out"
  | "closed";

export interface DesktopEvent {
  /** Simulated ms, monotonic, comparable within one process. */
  readonly at: number;
  /** Wall ms. */
  readonly wall: number;
  readonly kind: DesktopEventKind;
  readonly [detail: string]: string | number | boolean | null | undefined;
}

export class DesktopLog {
  readonly events: DesktopEvent[] = [];
  private readonly time: ScaledTime;
  private readonly limit: number;
  private readonly listeners = new Set<() => void>();

  constructor(time: ScaledTime, limit: number) {
    this.time = time;
    this.limit = limit;
  }

  add(kind: DesktopEventKind, details: Omit<DesktopEvent, "at" | "wall" | "kind"> = {}): void {
    this.events.push({ at: this.time.now(), wall: this.time.wall(), kind, ...details });
    // In blocks: shifting a full log for each event would cost its length each time.
    if (this.events.length > this.limit * 1.25) this.events.splice(0, this.limit * 0.25);
    for (const listener of this.listeners) listener();
  }

  /** Called after each event; gives the way to stop. */
  onEvent(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
