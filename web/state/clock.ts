/** The server's time in the page, and the one tick by which visible running clocks move. */
import { signal } from "@preact/signals";

const tickMs = 250;
let offsetMs = 0;

/** Rises four times a second while the page is visible; only what shows a running clock reads it. */
export const clockTick = signal(0);

/** Takes the server's wall time as just received. */
export function setServerTime(iso: string): void {
  const server = Date.parse(iso);
  if (Number.isFinite(server)) offsetMs = server - Date.now();
}

/** ms since 1970 by the server's clock. */
export const serverNow = (): number => Date.now() + offsetMs;

export function startClock(): void {
  setInterval(() => {
    if (document.visibilityState === "visible") clockTick.value += 1;
  }, tickMs);
}
