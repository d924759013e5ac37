/** The way from a finding, a rule or a log line to its exchange in the Live list, and back. */
import { effect, signal } from "@preact/signals";
import { panned } from "../model/lane-scale.ts";
import { openFinding } from "./findings.ts";
import { currentView, setView } from "./lanes.ts";
import { applyFilter, filter, rows, version } from "./live.ts";
import { inspectorOpen, type Screen, screen } from "./navigation.ts";
import { chooseOnly, selection } from "./selected.ts";

/** Where the reader came from, for the way back; null = by itself. */
export type Origin = { readonly screen: Screen; readonly finding: string | null };
export const cameFrom = signal<Origin | null>(null);

/** Shows an exchange in the Live list, by whatever filter hides it, and in the lanes when its time is known (wall ms). */
export function openExchange(id: string, options: { finding?: string; at?: number } = {}): void {
  if (screen.peek() !== "live")
    cameFrom.value = { screen: screen.peek(), finding: options.finding ?? null };
  screen.value = "live";
  inspectorOpen.value = true;
  if (options.at !== undefined) bringIntoLanes(options.at);
  chooseOnly(id);
  if (rows.indexOf(id) >= 0) return;
  if (filter.peek() !== "") applyFilter("");
  revealWhenLoaded(id);
}

export function goBack(): void {
  const origin = cameFrom.peek();
  cameFrom.value = null;
  if (origin === null) return;
  if (origin.finding !== null) openFinding(origin.finding);
  else screen.value = origin.screen;
}

function bringIntoLanes(at: number): void {
  if (!Number.isFinite(at)) return;
  const view = currentView();
  if (at >= view.from && at <= view.to) return;
  setView(panned(view, at - (view.from + view.to) / 2));
}

/** Older rows come page by page; the row is brought into view once it is there, unless another was chosen meanwhile. */
function revealWhenLoaded(id: string): void {
  const stop = effect(() => {
    void version.value;
    const isWanted = selection.value.active === id;
    if (isWanted && rows.indexOf(id) < 0) return;
    queueMicrotask(() => {
      stop();
      if (isWanted) chooseOnly(id);
    });
  });
}
