/** The line at the foot: feed, rows, open requests, connections, and the tool's own lag. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { formatBytes, formatNumber, formatSpan } from "../model/format.ts";
import { config } from "../state/config.ts";
import { feedState, loading, loopLag, rows, status, version } from "../state/live.ts";
import { language } from "../state/preferences.ts";
import { selection } from "../state/selected.ts";

export function StatusBar(): JSX.Element {
  const { list, feed } = words.value;
  const tongue = language.value;
  const now = status.value;
  const lag = loopLag.value;
  const count = (value: number): string => formatNumber(value, tongue);
  void version.value;
  const chosen = selection.value.ids.size;
  const state = feedState.value.kind;
  const proxy = config.value.kind === "ready" ? config.value.value.proxy : null;
  return (
    <footer class="status-bar">
      <span class={`feed-state ${state}`} data-testid="feed-state" data-state={state}>
        {feed[state]}
      </span>
      <span data-testid="row-count">{list.rows(count(rows.length))}</span>
      {chosen > 1 ? <span>{list.selected(count(chosen))}</span> : null}
      {loading.value === "older" ? <span class="faint">{list.loadingOlder}</span> : null}
      <span class="spacer" />
      {now === null ? null : (
        <>
          <span>{list.pending(count(now.pending))}</span>
          <span>{list.connections(count(now.openConnections))}</span>
          {now.notKept > 0 ? <span class="bad">{list.notKept(count(now.notKept))}</span> : null}
          <span>{list.stored(formatBytes(now.bytes, tongue))}</span>
        </>
      )}
      {lag === null ? null : (
        <span title={list.lagHint} class={lag.p99 > 20 ? "warn" : ""}>
          {list.lag(formatSpan(lag.p99, tongue))}
        </span>
      )}
      {proxy === null ? null : (
        <span class="mono">
          proxy {proxy.host}:{proxy.port}
        </span>
      )}
    </footer>
  );
}
