/** What is wrong right now, in words, with what to do; announced to screen readers as it appears. */
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import type { Alert } from "../../src/domain/recording.ts";
import { words } from "../i18n/words.ts";
import { formatBytes, formatNumber, formatTime } from "../model/format.ts";
import { clockTick } from "../state/clock.ts";
import { feedState, retryFeed, status } from "../state/live.ts";
import { language } from "../state/preferences.ts";
import { Icon } from "./icons.tsx";

/** Their detail repeats what the title says. */
const plain: ReadonlySet<Alert["code"]> = new Set(["recording-paused", "secrets-kept"]);

const grave: ReadonlySet<Alert["code"]> = new Set([
  "store-failed",
  "recorder-stopped",
  "certificate-changed",
  "undecrypted-7443",
]);

export function AlertBanners(): JSX.Element {
  const alerts = status.value?.alerts ?? [];
  return (
    <div class="banners" aria-live="polite" data-testid="banners">
      <FeedBanner />
      {alerts.map((alert) => (
        <AlertBanner key={alert.code} alert={alert} />
      ))}
    </div>
  );
}

function AlertBanner({ alert }: { readonly alert: Alert }): JSX.Element {
  const { wire } = words.value;
  const text = wire.alert[alert.code];
  const count =
    alert.code === "undecrypted-7443"
      ? wire.alertCount.bytes(formatBytes(alert.count, language.value))
      : wire.alertCount.exchanges(formatNumber(alert.count, language.value));
  return (
    <div
      class={grave.has(alert.code) ? "banner grave" : "banner"}
      data-testid={`alert-${alert.code}`}
    >
      <Icon name="alert" />
      <div>
        <strong>{text.title}</strong>{" "}
        <span class="faint">
          {wire.alertCount.since(formatTime(alert.since).slice(0, 8))}
          {alert.count > 0 ? `, ${count}` : ""}
        </span>
        <div>
          {alert.detail === "" || plain.has(alert.code) ? null : <code>{alert.detail}</code>}{" "}
          {text.remedy}
        </div>
      </div>
    </div>
  );
}

/** Shown only once a loss has lasted: a reconnect within a moment is not worth a banner. */
function FeedBanner(): JSX.Element | null {
  const state = feedState.value;
  const seconds = useComputed(() => {
    void clockTick.value;
    const now = feedState.value;
    return now.kind === "lost" ? Math.max(0, Math.ceil((now.retryAt - Date.now()) / 1000)) : 0;
  });
  if (state.kind !== "lost") return null;
  const { feed } = words.value;
  return (
    <div class="banner grave" data-testid="feed-lost">
      <Icon name="plug" />
      <div>
        <strong>{feed.lost}</strong>{" "}
        <span class="faint" aria-live="off">
          {feed.retryIn(seconds.value)}
        </span>
        <div>{feed.lostLong}</div>
      </div>
      <button type="button" class="button" onClick={retryFeed}>
        {feed.retry}
      </button>
    </div>
  );
}
