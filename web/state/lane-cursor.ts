/** The keyboard cursor on the lanes, and its tie to the list: a mark opens its exchange, a selected exchange shows its mark. */
import { computed } from "@preact/signals";
import { cursor } from "./lanes.ts";
import { status } from "./live.ts";
import { chooseOnly, selection } from "./selected.ts";

/** Puts the cursor on a mark and its exchange into the inspector. */
export function openMark(number: number): void {
  cursor.value = number;
  const captureId = status.peek()?.captureId;
  if (captureId !== undefined) chooseOnly(`${captureId}-${number}`);
}

/** The mark of the exchange that is selected in the list, else the cursor's. */
export const shownMark = computed<number | null>(() => {
  const { active } = selection.value;
  if (active === null) return cursor.value;
  const number = Number(active.slice(active.lastIndexOf("-") + 1));
  return Number.isSafeInteger(number) ? number : cursor.value;
});
