/** What the demo's desktops write in their own logs, as scenario runs want to hear it. */
import type { ObservedEvent, ObservedSource } from "./fault-book/observed-source.ts";
import type { ObservedKind } from "./faults/scenarios/scenario.ts";
import type { Desktop } from "./simulator/desktop/desktop.ts";
import type { DesktopEvent, DesktopEventKind } from "./simulator/desktop/desktop-log.ts";
import type { DesktopPhase } from "./simulator/desktop/desktop-options.ts";

const observed: Readonly<Partial<Record<DesktopEventKind, ObservedKind>>> = {
  "request-answered": "request-answered",
  "request-failed": "request-failed",
  "request-aborted": "request-aborted",
  "request-resent": "request-resent",
  "ping-lost": "ping-lost",
  "rest-failed": "rest-failed",
  disconnected: "disconnected",
  "banner-shown": "banner",
  failover: "failover",
  connected: "connected",
  "sign-out": "signed-out",
};

const gone: ReadonlySet<DesktopPhase> = new Set(["signing-out", "signed-out", "closed"]);

/** `desktops`: as they are now; the list may grow. */
export function desktopLogs(desktops: () => readonly Desktop[]): ObservedSource {
  const desktopOf = (agent: string) => desktops().find((desktop) => desktop.agent === agent);
  return {
    name: "simulator",
    tells: new Set(Object.values(observed)),
    // One that is signed out (its agent signed in elsewhere) can tell nothing of what comes.
    clientOf: (agent) => {
      const desktop = desktopOf(agent);
      const isThere = desktop !== undefined && !gone.has(desktop.state().phase);
      return isThere ? desktop.library : null;
    },
    watch: (agent, listener) => {
      const { log } = desktopOf(agent) ?? {};
      return (
        log?.onEvent(() => {
          const event = log.events.at(-1);
          const told = event === undefined ? null : observedIn(event);
          if (told !== null) listener(told);
        }) ?? null
      );
    },
  };
}

function observedIn(event: DesktopEvent): ObservedEvent | null {
  const kind = observed[event.kind];
  if (kind === undefined) return null;
  const { wall, rid } = event;
  return { kind, at: wall, rid: typeof rid === "number" ? rid : null };
}
