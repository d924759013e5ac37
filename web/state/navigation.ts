/** Which screen and which inspector tab are shown; the screen is kept in the address, so that reload and back work. */
import { effect, signal } from "@preact/signals";

export const screens = ["live", "findings", "faults", "connections", "xmpp", "setup"] as const;
export type Screen = (typeof screens)[number];

export const tabs = [
  "summary",
  "headers",
  "raw",
  "hex",
  "xml",
  "json",
  "form",
  "frames",
  "timing",
  "tls",
  "connection",
] as const;
export type Tab = (typeof tabs)[number];

export const screen = signal<Screen>(screenOf(location.hash));
export const tab = signal<Tab>("summary");
export const inspectorOpen = signal(true);
/** The connection picked on the Connections screen. */
export const pickedConnection = signal<number | null>(null);

function screenOf(hash: string): Screen {
  return screens.find((name) => `#${name}` === hash) ?? "live";
}

/** Keeps address and screen in step; also takes the token out of the address once the cookie is set. */
export function followAddress(): void {
  addEventListener("hashchange", () => {
    screen.value = screenOf(location.hash);
  });
  effect(() => {
    const address = new URL(location.href);
    address.hash = screen.value === "live" ? "" : screen.value;
    if (address.href !== location.href) history.replaceState(null, "", address.href);
  });
}
