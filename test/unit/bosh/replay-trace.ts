/** The measured failures of the real client libraries, told to the session machine. */
import { sample, traceRows } from "./samples.ts";
import { SessionLog } from "./session-log.ts";

/** Plays a trace: each request is the same rid again, each failure ends the last one. */
export function replayTrace(trace: string): SessionLog {
  const log = new SessionLog();
  let exchange = 0;
  for (const row of traceRows(`traces/${trace}`)) {
    const at = Number(row["t_ms"]) / 1000;
    const { event = "" } = row;
    if (event.startsWith("poll_")) log.poll(at, ++exchange, 101);
    if (event === "http_404") log.status(at, exchange, 404);
    if (event === "upstream_reset") log.fail(at, exchange);
    if (event.startsWith("client_abort")) log.fail(at, exchange, "closed-early", "client");
    if (event === "http_200_terminate_item_not_found")
      log.answer(at, exchange, sample("bosh/34_error_item_not_found.composed.xml"));
    // The trace names only the first failure; the server fails every retry alike.
    if (event === "poll_resent_same_rid" && trace.includes("404"))
      log.status(at + 0.002, exchange, 404);
    if (event === "poll_resent_same_rid" && trace.includes("reset")) log.fail(at + 0.002, exchange);
  }
  return log;
}
