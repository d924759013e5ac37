/** The windowed list: some sixty recycled slots over an array of up to 200,000 rows. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../i18n/words.ts";
import { rowWindow, scrollTopFor, slotCount } from "../model/row-window.ts";
import { evidence } from "../state/findings.ts";
import { focusTargets, following } from "../state/list-view.ts";
import { hasOlder, loadOlder, rows, version } from "../state/live.ts";
import { notePainted } from "../state/painted.ts";
import { widths } from "../state/preferences.ts";
import { matchesSearch, searched } from "../state/search.ts";
import { revealed, selection } from "../state/selected.ts";
import { columnCount, ExchangeRow, rowHeight } from "./exchange-row.tsx";
import { EmptyList } from "./list-empty.tsx";
import { gridTemplate, ListHeader, rowWidth } from "./list-header.tsx";
import { onListClick, onListKey, titleCut } from "./list-input.ts";

const headerHeight = 25;
const overscan = 6;
const nearTop = 40 * rowHeight;

/** The row at the top of the view and how far it is scrolled off: what stays put when rows come or go above it. */
interface Anchor {
  readonly id: string;
  readonly offset: number;
}

interface Place {
  readonly anchor: Anchor | null;
  /** Scroll position as last set or reported. Asking the element instead would force a layout in every frame. */
  readonly top: number;
}

export function ExchangeList(): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const place = useRef<Place>({ anchor: null, top: 0 });
  const scrollTop = useSignal(0);
  const height = useSignal(600);
  void version.value;
  const count = rows.length;
  const top = wantedTop(scrollTop.value, height.value, place.current.anchor);

  useLayoutEffect(() => watchSize(scroller.current, height), [height]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (Math.abs(place.current.top - top) > 0.5) element.scrollTop = top;
    place.current = { anchor: anchorAt(top), top };
  });
  useReveal(scroller, height.value);

  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const now = element.scrollTop;
    // A position we did not set is the user's.
    if (Math.abs(now - place.current.top) > 1) {
      following.value = now >= rows.length * rowHeight - height.peek() - 2;
    }
    place.current = { anchor: anchorAt(now), top: now };
    scrollTop.value = now;
    if (now < nearTop && hasOlder()) void loadOlder();
  };

  return (
    <div
      ref={(element) => {
        scroller.current = element;
        focusTargets.list = element;
      }}
      class="list"
      role="grid"
      data-testid="list"
      tabIndex={0}
      aria-label={words.value.list.label}
      aria-multiselectable
      aria-rowcount={count + 1}
      aria-colcount={columnCount}
      aria-activedescendant={activeId()}
      style={{
        "--columns": gridTemplate(widths.value),
        "--row-width": `${rowWidth(widths.value)}px`,
      }}
      onScroll={onScroll}
      onKeyDown={onListKey}
      onMouseDown={onListClick}
      onMouseOver={titleCut}
    >
      <ListHeader />
      <div class="list-rows" role="presentation" style={{ height: `${count * rowHeight}px` }}>
        <Slots top={top} height={height.value} />
      </div>
      {count === 0 ? <EmptyList /> : null}
    </div>
  );
}

function Slots({ top, height }: { readonly top: number; readonly height: number }): JSX.Element {
  void version.value;
  void searched.value;
  const chosen = selection.value;
  const proofs = evidence.value;
  const { first, end } = rowWindow({
    scrollTop: top,
    height,
    rowHeight,
    count: rows.length,
    overscan,
  });
  const slots = slotCount(height, rowHeight, overscan);
  const shown: JSX.Element[] = [];
  const ids: string[] = [];
  for (let index = first; index < end; index += 1) {
    const row = rows.at(index);
    if (row === undefined) continue;
    ids.push(row.id);
    shown.push(
      <ExchangeRow
        key={index % slots}
        row={row}
        index={index}
        selected={chosen.ids.has(row.id)}
        active={chosen.active === row.id}
        found={matchesSearch(row.id)}
        isEvidence={proofs.has(row.id)}
      />,
    );
  }
  useLayoutEffect(() => {
    for (const id of ids) notePainted(id);
  });
  return <>{shown}</>;
}

/** Where the list should be scrolled to now: the end while following, else wherever the anchor row went. */
function wantedTop(scrolled: number, height: number, anchor: Anchor | null): number {
  const last = Math.max(0, rows.length * rowHeight - height);
  if (following.value) return last;
  const index = anchor === null ? -1 : rows.indexOf(anchor.id);
  const wanted = anchor === null || index < 0 ? scrolled : index * rowHeight + anchor.offset;
  return Math.min(last, Math.max(0, wanted));
}

function anchorAt(top: number): Anchor | null {
  const index = Math.floor(top / rowHeight);
  const id = rows.at(index)?.id;
  return id === undefined ? null : { id, offset: top - index * rowHeight };
}

function activeId(): string | undefined {
  const { active } = selection.value;
  return active === null ? undefined : `row-${active}`;
}

function watchSize(
  element: HTMLElement | null,
  height: { value: number },
): (() => void) | undefined {
  if (element === null) return undefined;
  const measure = (): void => {
    height.value = Math.max(0, element.clientHeight - headerHeight);
  };
  const observer = new ResizeObserver(measure);
  observer.observe(element);
  measure();
  return () => observer.disconnect();
}

/** Scrolls as little as needed when a row is asked to be in view. */
function useReveal(scroller: { current: HTMLDivElement | null }, height: number): void {
  const done = useRef<object | null>(null);
  const asked = revealed.value;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (asked === null || element === null || done.current === asked) return;
    done.current = asked;
    const index = rows.indexOf(asked.id);
    if (index < 0) return;
    if (index < rows.length - 1) following.value = false;
    const viewport = {
      scrollTop: element.scrollTop,
      height,
      rowHeight,
      count: rows.length,
      overscan,
    };
    const next = scrollTopFor(index, viewport);
    if (next !== element.scrollTop) element.scrollTop = next;
  }, [asked, height, scroller]);
}
