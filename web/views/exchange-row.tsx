/** One recycled slot of the list. Repaints when its row, its selection or (while it waits) the clock changes; never otherwise. */
import type { JSX } from "preact";
import type { ExchangeSummary } from "../../src/domain/exchange.ts";
import type { Dictionary } from "../i18n/en.ts";
import { words } from "../i18n/words.ts";
import { columns } from "../model/columns.ts";
import { formatNumber, formatSpan } from "../model/format.ts";
import { isPending } from "../model/pending-age.ts";
import {
  hostText,
  processText,
  resultText,
  rowKind,
  typeText,
  urlText,
} from "../model/row-cells.ts";
import { clockTick, serverNow } from "../state/clock.ts";
import { language } from "../state/preferences.ts";
import { Icon } from "./icons.tsx";
import { rowState } from "./row-words.ts";

export const rowHeight = 22;

interface RowProps {
  readonly row: ExchangeSummary;
  readonly index: number;
  readonly selected: boolean;
  readonly active: boolean;
  readonly found: boolean;
}

export function ExchangeRow({ row, index, selected, active, found }: RowProps): JSX.Element {
  const dictionary = words.value;
  const tongue = language.value;
  // Reading the tick subscribes this slot to it: only rows that wait, and only while they are on screen.
  if (isPending(row)) void clockTick.value;
  const state = rowState(row, serverNow(), dictionary, tongue);
  const result = resultText(row);
  return (
    <div
      role="row"
      id={`row-${row.id}`}
      data-testid={`row-${row.id}`}
      data-id={row.id}
      data-level={state.level}
      class={rowClass(row, { selected, active, found })}
      style={{ transform: `translateY(${index * rowHeight}px)` }}
      aria-rowindex={index + 2}
      aria-selected={selected}
    >
      {cell("right faint", row.number)}
      <div role="gridcell" class="cell result" data-testid="result" data-value={result}>
        {state.icon === null ? null : Icon({ name: state.icon })}
        <span>{result}</span>
        {state.word === "" ? null : <span class="word">{state.word}</span>}
      </div>
      {cell("", row.protocol)}
      {cell("", hostText(row))}
      {cell("url", urlText(row))}
      {cell("right", formatNumber(row.sizes.responseBody, tongue), "body")}
      {cell("right hold", state.hold, "hold")}
      {cell("right", row.thinkGapMs === null ? "" : formatSpan(row.thinkGapMs, tongue), "gap")}
      {cell("", row.agent, "agent")}
      {cell("", row.event, "event")}
      {cell("", row.caching)}
      {cell("", typeText(row))}
      {cell("", processText(row))}
      {commentCell(row, dictionary)}
    </div>
  );
}

/** Plain functions, not components: a slot has fourteen cells, and some forty slots repaint in one frame. */
function cell(kind: string, text: string | number | null, test?: string): JSX.Element {
  return (
    <div role="gridcell" class={`cell ${kind}`} data-testid={test}>
      {text}
    </div>
  );
}

function commentCell(row: ExchangeSummary, { list }: Dictionary): JSX.Element {
  const mark = Object.entries(list.marks).find(([name]) => name === row.mark)?.[1];
  const failure = row.outcome.kind === "failed" ? row.outcome.detail : "";
  return (
    <div role="gridcell" class="cell comments" data-testid="comment">
      {mark === undefined ? null : (
        <span class="mark-dot" role="img" aria-label={list.marked(mark)} />
      )}
      {row.faults.length > 0 ? Icon({ name: "bolt" }) : null}
      {row.comment === null ? <span class="faint">{failure}</span> : <span>{row.comment}</span>}
    </div>
  );
}

function rowClass(
  row: ExchangeSummary,
  flags: { selected: boolean; active: boolean; found: boolean },
): string {
  let text = `row kind-${rowKind(row)}`;
  if (row.mark !== null && /^[a-z]+$/.test(row.mark)) text += ` mark-${row.mark}`;
  for (const [name, on] of Object.entries(flags)) if (on) text += ` ${name}`;
  return text;
}

/** Number of columns, for the grid's aria-colcount. */
export const columnCount = columns.length;
