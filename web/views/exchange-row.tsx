/** One recycled slot of the list. Repaints when its row, its selection or (while it waits) the clock changes; never otherwise. */
import type { JSX } from "preact";
import type { ExchangeSummary } from "../../src/domain/exchange.ts";
import type { Dictionary } from "../i18n/en.ts";
import { words } from "../i18n/words.ts";
import { type ColumnName, columns } from "../model/columns.ts";
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
import { surelyFits } from "../model/surely-fits.ts";
import { clockTick, serverNow } from "../state/clock.ts";
import { language, widths } from "../state/preferences.ts";
import { Icon } from "./icons.tsx";
import { rowState } from "./row-words.ts";

export const rowHeight = 22;
/** Of a cell, both sides, px. */
const padding = 14;

interface RowProps {
  readonly row: ExchangeSummary;
  readonly index: number;
  readonly selected: boolean;
  readonly active: boolean;
  readonly found: boolean;
  readonly isEvidence: boolean;
}

export function ExchangeRow({ row, index, isEvidence, ...flags }: RowProps): JSX.Element {
  const touched = row.faults.length > 0;
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
      class={rowClass(row, { ...flags, touched })}
      style={{ transform: `translateY(${index * rowHeight}px)` }}
      aria-rowindex={index + 2}
      aria-selected={flags.selected}
    >
      {numberCell(row, isEvidence, dictionary)}
      <div
        role="gridcell"
        class={state.word === "" ? "cell result" : "cell result cut"}
        data-testid="result"
        data-value={result}
      >
        {state.icon === null ? null : Icon({ name: state.icon })}
        <span>{result}</span>
        {state.word === "" ? null : <span class="word">{state.word}</span>}
      </div>
      {cell("protocol", "", row.protocol)}
      {cell("host", "", hostText(row))}
      {cell("url", "url", urlText(row))}
      {cell("body", "right", formatNumber(row.sizes.responseBody, tongue), "body")}
      {cell("hold", "right hold", state.hold, "hold")}
      {cell(
        "gap",
        "right",
        row.thinkGapMs === null ? "" : formatSpan(row.thinkGapMs, tongue),
        "gap",
      )}
      {cell("agent", "", row.agent, "agent")}
      {cell("event", "", row.event, "event")}
      {cell("caching", "", row.caching)}
      {cell("type", "", typeText(row))}
      {cell("process", "", processText(row))}
      {commentCell(row, dictionary)}
    </div>
  );
}

/** Plain functions, not components: a slot has fourteen cells, and some forty slots repaint in one frame. */
function cell(column: ColumnName, kind: string, text: string | null, test?: string): JSX.Element {
  const cut = surelyFits(text ?? "", widths.value[column] - padding) ? "" : " cut";
  return (
    <div role="gridcell" class={`cell ${kind}${cut}`} data-testid={test}>
      {text}
    </div>
  );
}

function commentCell(row: ExchangeSummary, { list }: Dictionary): JSX.Element {
  const mark = Object.entries(list.marks).find(([name]) => name === row.mark)?.[1];
  const failure = row.outcome.kind === "failed" ? row.outcome.detail : "";
  return (
    <div role="gridcell" class="cell comments cut" data-testid="comment">
      {mark === undefined ? null : (
        <span class="mark-dot" role="img" aria-label={list.marked(mark)} />
      )}
      {row.comment === null ? <span class="faint">{failure}</span> : <span>{row.comment}</span>}
    </div>
  );
}

/** The signs stand in the first column: the last is seldom in view. */
function numberCell(
  row: ExchangeSummary,
  isEvidence: boolean,
  { findings, faults }: Dictionary,
): JSX.Element {
  return (
    <div role="gridcell" class="cell right faint">
      {isEvidence ? sign("flag", findings.isEvidence) : null}
      {row.faults.length > 0 ? sign("bolt", faults.isTouched) : null}
      {row.number}
    </div>
  );
}

const sign = (name: "flag" | "bolt", label: string): JSX.Element => (
  <span class={`sign ${name}`} role="img" aria-label={label} title={label}>
    {Icon({ name })}
  </span>
);

function rowClass(row: ExchangeSummary, flags: Readonly<Record<string, boolean>>): string {
  let text = `row kind-${rowKind(row)}`;
  if (row.mark !== null && /^[a-z]+$/.test(row.mark)) text += ` mark-${row.mark}`;
  for (const [name, on] of Object.entries(flags)) if (on) text += ` ${name}`;
  return text;
}

/** Number of columns, for the grid's aria-colcount. */
export const columnCount = columns.length;
