/** The server's time in the page, and the one tick by which visible running clocks move. */
import { signal } from "@preact/signals";

const tickMs = 250;
let offsetMs = 0;
let stoppedAt: number | null = null;

/** Rises four times a second while the page is visible; only what shows a running clock reads it. */
export const clockTick = signal(0);

/** Takes the server's wall time as just received. `isStopped`: a file is shown, and it is always the moment at which it ends. */
export function setServerTime(iso: string, isStopped = false): void {
  const server = Date.parse(iso);
  if (Number.isFinite(server)) offsetMs = server - Date.now();
  stoppedAt = isStopped && Number.isFinite(server) ? server : null;
}

/** ms since 1970 by the server's clock. */
export const serverNow = (): number => stoppedAt ?? Date.now() + offsetMs;

export function startClock(): void {
  setInterval(() => {
    if (document.visibilityState === "visible") clockTick.value += 1;
  }, tickMs);
}
