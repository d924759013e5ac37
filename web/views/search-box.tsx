/** Finds text in the list without hiding rows; F3 goes on, and one button turns it into a filter on bodies. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { focusOn, focusTargets } from "../state/list-view.ts";
import { applyFilter } from "../state/live.ts";
import { findNext, searched, searchFailed } from "../state/search.ts";
import { IconButton } from "./button.tsx";
import { Icon } from "./icons.tsx";

export function SearchBox(): JSX.Element {
  const { search } = words.value;
  const active = searched.value !== "";
  return (
    <div class="search-box">
      <label class={searchFailed.value ? "field invalid" : "field"}>
        <Icon name="search" />
        <input
          ref={(element) => {
            focusTargets.search = element;
          }}
          type="text"
          spellcheck={false}
          autocomplete="off"
          data-testid="search"
          aria-label={search.label}
          placeholder={search.placeholder}
          value={searched.value}
          onInput={(event) => {
            searched.value = event.currentTarget.value;
            searchFailed.value = false;
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") findNext(event.shiftKey ? -1 : 1);
            if (event.key !== "Escape") return;
            searched.value = "";
            searchFailed.value = false;
            focusOn("list");
          }}
        />
        {searchFailed.value ? (
          <span class="field-note" role="status">
            {search.none}
          </span>
        ) : null}
        {active ? (
          <>
            <IconButton icon="up" label={search.previous} onClick={() => findNext(-1)} />
            <IconButton icon="down" label={search.next} onClick={() => findNext(1)} />
          </>
        ) : null}
      </label>
      {active ? (
        <button
          type="button"
          class="button small"
          title={search.inBodiesHint}
          onClick={() => applyFilter(`body~${quoted(searched.value.trim())}`)}
        >
          {search.inBodies}
        </button>
      ) : null}
    </div>
  );
}

/** As the filter language wants it: quotes around anything but a plain word. */
function quoted(text: string): string {
  return /^[\w.-]+$/.test(text)
    ? text
    : `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
