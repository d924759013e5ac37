/** The filter: typed, sent after a pause, its error beneath it, the language explained in a popover. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { words } from "../i18n/words.ts";
import { focusOn, focusTargets } from "../state/list-view.ts";
import { applyFilter, filter, filterError } from "../state/live.ts";
import { IconButton } from "./button.tsx";
import { Icon } from "./icons.tsx";

const pauseMs = 250;

export function FilterBox(): JSX.Element {
  const text = useSignal(filter.peek());
  const helpOpen = useSignal(false);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const { filter: dictionary } = words.value;
  const error = filterError.value;

  // The filter can also be set from elsewhere: a connection's rows, a search in bodies.
  useEffect(() => {
    text.value = filter.value;
  }, [filter.value, text]);

  const apply = (query: string, now: boolean): void => {
    text.value = query;
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(() => applyFilter(query.trim()), now ? 0 : pauseMs);
  };

  return (
    <div class="filter-box">
      <label class={error === null ? "field" : "field invalid"}>
        <Icon name="filter" />
        <input
          ref={(element) => {
            focusTargets.filter = element;
          }}
          type="text"
          spellcheck={false}
          autocomplete="off"
          data-testid="filter"
          aria-label={dictionary.label}
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : "filter-error"}
          placeholder={dictionary.placeholder}
          value={text.value}
          onInput={(event) => apply(event.currentTarget.value, false)}
          onKeyDown={(event) => {
            if (event.key === "Enter") apply(text.value, true);
            if (event.key === "ArrowDown") focusOn("list");
            if (event.key !== "Escape") return;
            if (text.value === "") focusOn("list");
            else apply("", true);
          }}
        />
        {text.value === "" ? null : (
          <IconButton icon="close" label={dictionary.clear} onClick={() => apply("", true)} />
        )}
      </label>
      <IconButton
        icon="help"
        label={dictionary.help}
        pressed={helpOpen.value}
        test="filter-help"
        onClick={() => {
          helpOpen.value = !helpOpen.value;
        }}
      />
      {error === null ? null : (
        <div id="filter-error" class="filter-error" role="alert" data-testid="filter-error">
          <strong>{error.message}</strong> <span>{error.remedy}</span>
        </div>
      )}
      {helpOpen.value ? (
        <FilterHelp
          onPick={(query) => apply(query, true)}
          onClose={() => {
            helpOpen.value = false;
            focusOn("filter");
          }}
        />
      ) : null}
    </div>
  );
}

function FilterHelp(props: {
  readonly onPick: (query: string) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const { filter: dictionary, app } = words.value;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div
      ref={box}
      class="popover filter-help"
      role="dialog"
      aria-label={dictionary.help}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") props.onClose();
      }}
    >
      <div class="popover-head">
        <h2>{dictionary.help}</h2>
        <IconButton icon="close" label={app.close} onClick={props.onClose} />
      </div>
      <p>{dictionary.helpIntro}</p>
      <dl>
        {dictionary.examples.map(([example, meaning]) => (
          <div key={example}>
            <dt>
              {example.split(" · ").map((query) => (
                <button
                  key={query}
                  type="button"
                  class="example"
                  onClick={() => props.onPick(query)}
                >
                  {query}
                </button>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
