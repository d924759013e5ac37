/** How the list is looked at: following the newest row or not, and which parts of the toolbar have the keyboard. */
import { signal } from "@preact/signals";

/** True: the newest row is kept in view. Scrolling up ends it, scrolling to the end begins it. */
export const following = signal(true);

/** Elements that shortcuts jump to; each is set by the view that owns it. */
export const focusTargets: Record<
  "filter" | "search" | "list" | "stanzaFilter",
  HTMLElement | null
> = {
  filter: null,
  search: null,
  list: null,
  stanzaFilter: null,
};

export function focusOn(target: keyof typeof focusTargets): void {
  const element = focusTargets[target];
  element?.focus();
  if (element instanceof HTMLInputElement) element.select();
}
