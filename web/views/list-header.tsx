/** The list's sticky header: names of the columns, each with a handle for its width (pointer, or arrow keys). */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { type Column, clampWidth, columns, type Widths } from "../model/columns.ts";
import { widths } from "../state/preferences.ts";

const keyStep = 12;

/** The grid template of a row; the comments take what is left. */
export function gridTemplate(all: Widths): string {
  return columns
    .map(({ name }) => (name === "comments" ? `minmax(${all[name]}px, 1fr)` : `${all[name]}px`))
    .join(" ");
}

/** px: what a row needs at least. Told, so that no row has to be laid out to know it. */
export const rowWidth = (all: Widths): number =>
  columns.reduce((sum, { name }) => sum + all[name], 0);

export function ListHeader(): JSX.Element {
  return (
    <div class="list-header row-grid" role="row" aria-rowindex={1}>
      {columns.map((column) => (
        <HeaderCell key={column.name} column={column} />
      ))}
    </div>
  );
}

function HeaderCell({ column }: { readonly column: Column }): JSX.Element {
  const { list } = words.value;
  const { name } = column;
  const label = list.columns[name];
  const width = widths.value[name];
  return (
    <div
      role="columnheader"
      class={column.align === "right" ? "cell right" : "cell"}
      title={list.columnHints[name]}
    >
      <span class="label">{label}</span>
      <div
        class="resizer"
        role="separator"
        aria-orientation="vertical"
        aria-label={list.resize(label)}
        aria-valuenow={width}
        tabIndex={-1}
        onPointerDown={(event) => startResize(event, column)}
        onDblClick={() => setWidth(column, column.width)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
          event.preventDefault();
          event.stopPropagation();
          setWidth(column, width + (event.key === "ArrowLeft" ? -keyStep : keyStep));
        }}
      />
    </div>
  );
}

function setWidth(column: Column, width: number): void {
  widths.value = { ...widths.peek(), [column.name]: clampWidth(width) };
}

function startResize(event: PointerEvent, column: Column): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  event.preventDefault();
  const handle = event.currentTarget;
  handle.setPointerCapture(event.pointerId);
  const from = event.clientX;
  const before = handle.parentElement?.getBoundingClientRect().width ?? column.width;
  const move = (moved: PointerEvent): void => setWidth(column, before + moved.clientX - from);
  handle.addEventListener("pointermove", move);
  handle.addEventListener(
    "lostpointercapture",
    () => handle.removeEventListener("pointermove", move),
    {
      once: true,
    },
  );
}
