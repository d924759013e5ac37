/** What stands where rows would be, while there are none. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { applyFilter, filter, loadError, loading, reload, status } from "../state/live.ts";
import { screen } from "../state/navigation.ts";

export function EmptyList(): JSX.Element {
  const { list, feed, filter: filterWords } = words.value;
  if (loadError.value !== null) {
    return (
      <div class="empty" role="alert">
        <h2>{loadError.value.code === "unreachable" ? feed.lost : loadError.value.message}</h2>
        <p>{loadError.value.remedy}</p>
        <button type="button" class="button" onClick={reload}>
          {feed.retry}
        </button>
      </div>
    );
  }
  if (loading.value === "first") return <div class="empty">{list.loadingFirst}</div>;
  if (filter.value !== "") {
    return (
      <div class="empty">
        <h2>{list.noMatch}</h2>
        <button type="button" class="button" onClick={() => applyFilter("")}>
          {filterWords.clear}
        </button>
      </div>
    );
  }
  return (
    <div class="empty">
      <h2>{status.value?.recording === false ? list.pausedTitle : list.emptyTitle}</h2>
      <p>{list.emptyText}</p>
      <button
        type="button"
        class="button primary"
        onClick={() => {
          screen.value = "setup";
        }}
      >
        {list.emptyAction}
      </button>
    </div>
  );
}
