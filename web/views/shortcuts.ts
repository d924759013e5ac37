/** Keys that work wherever the focus is; those of the list alone are in list-input. */
import { disarmAll } from "../state/faults.ts";
import { focusOn } from "../state/list-view.ts";
import { screen } from "../state/navigation.ts";
import { findNext } from "../state/search.ts";
import { keysShown } from "./dialogs.tsx";

export function listenForShortcuts(): void {
  addEventListener("keydown", panic, { capture: true });
  addEventListener("keydown", (event) => {
    if (runShortcut(event)) event.preventDefault();
  });
}

/** Before anything else may take the key: whatever is open or typed in, it must work. */
function panic(event: KeyboardEvent): void {
  const control = event.ctrlKey || event.metaKey;
  if (!control || !event.shiftKey || event.key.toLowerCase() !== "x") return;
  event.preventDefault();
  event.stopPropagation();
  disarmAll();
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
  return control && jump(event.key);
}

/** To what Ctrl and the letter look for on this screen; false = to nothing. */
function jump(key: string): boolean {
  const on = screen.peek();
  if (key === "f" && on === "xmpp") focusOn("stanzaFilter");
  else if (key === "f" && on === "live") focusOn("filter");
  else if (key === "g" && on === "live") focusOn("search");
  else return false;
  return true;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
