/** Opens a desktop. */
import { fail } from "../../base/errors.ts";
import { Desktop } from "./desktop.ts";
import type { DesktopOptions } from "./desktop-options.ts";

/** Starts to sign in at once; watch `log` and `state()` for what becomes of it. JabberWerx knows no WebSocket. */
export function startDesktop(options: DesktopOptions): Desktop {
  if (options.kind === "jabberwerx" && (options.transport as string) !== "bosh") {
    throw fail("internal", { why: "JabberWerx speaks BOSH only" });
  }
  return new Desktop(options);
}
