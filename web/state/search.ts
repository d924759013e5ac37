/** Finding text in the rows of the list, without hiding any. */
import { computed, signal } from "@preact/signals";
import { rowKind, searchText } from "../model/row-cells.ts";
import { rows } from "./live.ts";
import { chooseOnly, selection } from "./selected.ts";

export const searched = signal("");
/** True when the last search went all round without a match. */
export const searchFailed = signal(false);

const needle = computed(() => searched.value.trim().toLowerCase());

/** Whether a row on screen is to be highlighted. */
export function matchesSearch(id: string): boolean {
  const text = needle.value;
  if (text === "") return false;
  const row = rows.get(id);
  return row !== undefined && searchText(row).includes(text);
}

/** Selects the next (1) or previous (-1) matching row, going round at the ends. */
export function findNext(direction: 1 | -1): void {
  const text = needle.peek();
  if (text === "") return;
  const found = goRound(direction, (index) => {
    const row = rows.at(index);
    return row !== undefined && searchText(row).includes(text);
  });
  searchFailed.value = !found;
}

/** Selects the next or previous row that carries a mark. */
export function findMarked(direction: 1 | -1): void {
  goRound(direction, (index) => (rows.at(index)?.mark ?? null) !== null);
}

/** Selects the next or previous failed or erroneous row. */
export function findFailed(direction: 1 | -1): void {
  goRound(direction, (index) => {
    const row = rows.at(index);
    return row !== undefined && ["failed", "error", "auth"].includes(rowKind(row));
  });
}

function goRound(direction: 1 | -1, fits: (index: number) => boolean): boolean {
  const count = rows.length;
  const { active } = selection.peek();
  const here = active === null ? -1 : rows.indexOf(active);
  const start = here < 0 && direction < 0 ? count : here;
  for (let step = 1; step <= count; step += 1) {
    const index = (start + direction * step + count * 2) % count;
    if (fits(index)) {
      const id = rows.at(index)?.id;
      if (id !== undefined) chooseOnly(id);
      return true;
    }
  }
  return false;
}
