/** The selection of the list, and how keys and clicks change it. */
import { computed, signal } from "@preact/signals";
import type { ExchangeSummary } from "../../src/domain/exchange.ts";
import {
  extendTo,
  moveBy,
  noSelection,
  type RowOrder,
  type Selection,
  selectAll,
  selectOnly,
  toggleRow,
  withoutRows,
} from "../model/selection.ts";
import { rows, version } from "./live.ts";

export const selection = signal<Selection>(noSelection);

/** The row shown in the inspector as the list knows it now; null when it left the list. */
export const activeRow = computed<ExchangeSummary | null>(() => {
  const id = selection.value.active;
  return version.value >= 0 && id !== null ? (rows.get(id) ?? null) : null;
});

/** Asks the list to bring a row into view; a new object each time, so that the same row can be asked for twice. */
export const revealed = signal<{ readonly id: string } | null>(null);

const order: RowOrder = {
  get length() {
    return rows.length;
  },
  idAt: (index) => rows.at(index)?.id,
  indexOf: (id) => rows.indexOf(id),
};

export function choose(next: Selection): void {
  selection.value = next;
  if (next.active !== null) revealed.value = { id: next.active };
}

export const chooseOnly = (id: string): void => choose(selectOnly(id));

export function clickRow(id: string, keys: { ctrl: boolean; shift: boolean }): void {
  const now = selection.peek();
  if (keys.shift) choose(extendTo(now, id, order));
  else choose(keys.ctrl ? toggleRow(now, id) : selectOnly(id));
}

export const moveSelection = (step: number, extend: boolean): void =>
  choose(moveBy(selection.peek(), step, extend, order));

export const selectEverything = (): void => {
  selection.value = selectAll(selection.peek(), order);
};

export const dropSelection = (): void => {
  selection.value = noSelection;
};

/** Call before rows are taken from the list: gives the way to settle the selection after it. */
export function beforeRemoval(gone: ReadonlySet<string>): () => void {
  const { active } = selection.peek();
  const at = active === null ? -1 : rows.indexOf(active);
  let before = 0;
  for (let index = 0; index < at; index += 1) {
    const id = rows.at(index)?.id;
    if (id !== undefined && gone.has(id)) before += 1;
  }
  return () => choose(withoutRows(selection.peek(), gone, at - before, order));
}
