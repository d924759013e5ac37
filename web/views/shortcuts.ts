/** Keys that work wherever the focus is; those of the list alone are in list-input. */
import { focusOn } from "../state/list-view.ts";
import { screen } from "../state/navigation.ts";
import { findNext } from "../state/search.ts";
import { keysShown } from "./dialogs.tsx";

export function listenForShortcuts(): void {
  addEventListener("keydown", (event) => {
    if (runShortcut(event)) event.preventDefault();
  });
}

function runShortcut(event: KeyboardEvent): boolean {
  if (event.altKey || event.defaultPrevented) return false;
  const control = event.ctrlKey || event.metaKey;
  if (event.key === "F3") {
    findNext(event.shiftKey ? -1 : 1);
    return true;
  }
  if (event.key === "?" && !isTyping(event.target)) {
    keysShown.value = true;
    return true;
  }
  if (!control || screen.peek() !== "live") return false;
  if (event.key === "f") focusOn("filter");
  else if (event.key === "g") focusOn("search");
  else return false;
  return true;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
