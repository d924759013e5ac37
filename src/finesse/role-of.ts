/** Says what a request is for by method and path alone, before any body has been seen. */
import { isHttpBindPath } from "../bosh/http-bind-path.ts";
import type { ExchangeRole } from "../domain/exchange.ts";

/** `path` may carry its query. A GET of /http-bind is a liveness probe, not a poll: it is answered at once. */
export function roleOf(method: string, path: string, isWebSocket: boolean): ExchangeRole {
  if (isWebSocket) return "websocket";
  if (isHttpBindPath(path)) return method.toUpperCase() === "POST" ? "poll" : "other";
  if (!path.startsWith("/finesse/api/")) return "other";
  const rest = path.slice("/finesse/api/".length);
  return /^SystemInfo\/?(?:[?#]|$)/.test(rest) ? "systeminfo" : "rest";
}
