/** The lanes' data and what is looked at: loaded page by page from the latest back, kept up to date by the feed. */
import { signal } from "@preact/signals";
import type { FeedMessage, LaneMarkList } from "../../src/server/messages.ts";
import { ApiFailure, getJson } from "../feed/api.ts";
import { following, type LaneView, panned, zoomed } from "../model/lane-scale.ts";
import { LaneStore } from "../model/lane-store.ts";
import { serverNow } from "./clock.ts";

const capacity = 300_000;
const pageMarks = 1500;
const usualSpanMs = 3 * 60_000;

export const lanes = new LaneStore(capacity);
/** Rises when `lanes` changed, at most four times a second. */
export const lanesVersion = signal(0);
export const laneView = signal<LaneView>({ from: 0, to: usualSpanMs });
/** The right edge keeps to now. */
export const followingNow = signal(true);
/** Number of the mark under the keyboard cursor. */
export const cursor = signal<number | null>(null);
export const agentOrder = signal<"id" | "trouble">("id");
/** Lanes as text instead of a picture. */
export const asText = signal(false);
/** Protocol ms in a real one; the server's configuration says it. */
export const timeScale = signal(1);

let older: number | null = null;
let loads = 0;
let bumpAsked = false;

/** Bars move by a pixel a second: painting them with every batch would only take frames from the list. */
const bumpMs = 250;

function bump(): void {
  if (bumpAsked) return;
  bumpAsked = true;
  setTimeout(() => {
    bumpAsked = false;
    lanesVersion.value += 1;
  }, bumpMs);
}

/** Takes what the feed says of lanes. */
export function takeLanes(message: FeedMessage): void {
  if (message.kind === "timeline") {
    lanes.takeTimeline(message.sessions, message.agents);
    bump();
  }
  if (message.kind === "marks") {
    lanes.put(message.marks);
    bump();
  }
}

/** Loads the latest marks; `anew` forgets what was there, sessions come with the feed. */
export async function loadLanes(anew: boolean): Promise<void> {
  if (anew) {
    lanes.clear();
    older = null;
  }
  await loadPage(Number.MAX_SAFE_INTEGER);
}

/** Loads on while the view begins before what is loaded. */
export function loadEarlier(): void {
  const before = older;
  if (before === null) return;
  older = null;
  void loadPage(before);
}

async function loadPage(before: number): Promise<void> {
  loads += 1;
  const mine = loads;
  try {
    const page = await getJson<LaneMarkList>("lanes", { before, limit: pageMarks });
    if (mine !== loads) return;
    lanes.put(page.marks);
    older = page.more && lanes.size < capacity ? page.next : null;
    const earliest = page.marks.at(-1)?.at ?? 0;
    bump();
    if (earliest > laneView.peek().from) loadEarlier();
  } catch (thrown) {
    // The list shows why nothing can be loaded; lanes go on with what the feed brings.
    if (!(thrown instanceof ApiFailure)) throw thrown;
  }
}

/** The view as of now. */
export function currentView(): LaneView {
  const view = laneView.peek();
  return followingNow.peek() ? following(view, serverNow()) : view;
}

export function setView(view: LaneView, keepsFollowing = false): void {
  laneView.value = view;
  if (!keepsFollowing) followingNow.value = view.to >= serverNow();
  if (view.from < earliestLoaded()) loadEarlier();
}

const earliestLoaded = (): number => (older === null ? 0 : Number.POSITIVE_INFINITY);

export const zoom = (factor: number, around?: number): void => {
  const view = currentView();
  const keeps = followingNow.peek() && around === undefined;
  setView(zoomed(view, factor, around ?? (keeps ? view.to : (view.from + view.to) / 2)), keeps);
};

export const pan = (part: number): void => {
  const view = currentView();
  setView(panned(view, (view.to - view.from) * part));
};

export const followNow = (): void => {
  followingNow.value = true;
  lanesVersion.value += 1;
};
