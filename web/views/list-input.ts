/** Keys and clicks on the list. Single letters work only here, where nothing is typed. */
import {
  clearList,
  commenting,
  markSelected,
  marks,
  removeSelected,
  toggleRecording,
} from "../state/commands.ts";
import { compareSelected } from "../state/compare.ts";
import { replaying } from "../state/faults.ts";
import { following } from "../state/list-view.ts";
import { inspectorOpen } from "../state/navigation.ts";
import { findFailed, findMarked } from "../state/search.ts";
import {
  clickRow,
  dropSelection,
  moveSelection,
  selectEverything,
  selection,
} from "../state/selected.ts";

const pageStep = 20;

type Action = (event: KeyboardEvent) => void;

const moves: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -pageStep,
  PageDown: pageStep,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

const actions: Readonly<Record<string, Action>> = {
  Enter: () => {
    inspectorOpen.value = true;
    document.querySelector<HTMLElement>("[role=tab][aria-selected=true]")?.focus();
  },
  Escape: () => {
    if (inspectorOpen.peek() && selection.peek().active !== null) inspectorOpen.value = false;
    else dropSelection();
  },
  F2: () => {
    commenting.value = selection.peek().active;
  },
  Delete: (event) => removeSelected(event.shiftKey),
  m: () => findMarked(1),
  M: () => findMarked(-1),
  e: () => findFailed(1),
  E: () => findFailed(-1),
  p: toggleRecording,
  c: compareSelected,
  C: compareSelected,
  r: replayActive,
  R: replayActive,
  "0": () => markSelected(null),
  ...Object.fromEntries(marks.map((mark, index) => [String(index + 1), () => markSelected(mark)])),
};

function replayActive(): void {
  replaying.value = selection.peek().active;
}

const withControl: Readonly<Record<string, Action>> = {
  a: selectEverything,
  x: clearList,
  "0": () => markSelected(null),
  ...Object.fromEntries(marks.map((mark, index) => [String(index + 1), () => markSelected(mark)])),
};

export function onListKey(event: KeyboardEvent): void {
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey) return;
  const step = control ? undefined : moves[event.key];
  const action = control ? withControl[event.key.toLowerCase()] : actions[event.key];
  if (step === undefined && action === undefined) return;
  event.preventDefault();
  if (step === undefined) {
    action?.(event);
    return;
  }
  following.value = event.key === "End";
  moveSelection(step, event.shiftKey);
}

export function onListClick(event: MouseEvent): void {
  if (event.button !== 0 || !(event.target instanceof Element)) return;
  const id = event.target.closest<HTMLElement>("[data-id]")?.dataset["id"];
  if (id === undefined) return;
  // A shifted click would otherwise select text from the last click to here.
  if (event.shiftKey) event.preventDefault();
  clickRow(id, { ctrl: event.ctrlKey || event.metaKey, shift: event.shiftKey });
  if (!event.ctrlKey && !event.shiftKey) inspectorOpen.value = true;
}

/** Gives a cell its whole text as title when it is cut off; done on hover, since measuring all cells would cost frames. */
export function titleCut(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  const cell = event.target.closest<HTMLElement>(".row .cell");
  if (cell === null) return;
  const text = cell.scrollWidth > cell.clientWidth ? (cell.textContent ?? "") : "";
  if (cell.title !== text) cell.title = text;
}
