/** The rows on screen: pages from the API and changes from the feed, merged by seq; one version bump per animation frame. */
import { effect, signal } from "@preact/signals";
import type { ExchangeSummary } from "../../src/domain/exchange.ts";
import type { RecorderStatus } from "../../src/domain/recording.ts";
import type { ExchangeList, FeedMessage } from "../../src/server/messages.ts";
import { ApiFailure, getJson } from "../feed/api.ts";
import { type Feed, type FeedState, openFeed } from "../feed/feed-socket.ts";
import { RowStore } from "../model/row-store.ts";
import { setServerTime } from "./clock.ts";
import { takeFaults } from "./faults.ts";
import { takeFindings } from "./findings.ts";
import { loadLanes, takeLanes } from "./lanes.ts";
import { language } from "./preferences.ts";

const cap = 200_000;
const newestPage = 500;
/** Read in one go: a thousand rows took 15 ms of a frame. */
const olderPage = 500;

export const rows = new RowStore<ExchangeSummary>(cap);
/** Rises when `rows` changed, at most once a frame. */
export const version = signal(0);
export const feedState = signal<FeedState>({ kind: "connecting" });
export const status = signal<RecorderStatus | null>(null);
export const loopLag = signal<{ readonly p50: number; readonly p99: number } | null>(null);
/** The filter whose rows are shown. */
export const filter = signal("");
export const filterError = signal<{ readonly message: string; readonly remedy: string } | null>(
  null,
);
export const loading = signal<"first" | "older" | null>("first");
/** Why nothing could be loaded, or null. */
export const loadError = signal<ApiFailure | null>(null);

let feed: Feed | null = null;
/** The filter asked for last; becomes `filter` when its rows have come. */
let wanted = "";
let loads = 0;
let older: { readonly before: number } | null = null;
/** The rows shown are those of before a reload that has not come yet. */
let stale = false;
let bumpAsked = false;
/** What the feed says while a page is on its way: pages are older than it. */
let arrived: ExchangeSummary[] = [];
let gone = new Set<string>();

const isNotGone = ({ id }: ExchangeSummary): boolean => !gone.has(id);

/** Asks for one repaint in the next frame. */
export function bump(): void {
  if (bumpAsked) return;
  bumpAsked = true;
  requestAnimationFrame(() => {
    bumpAsked = false;
    version.value += 1;
  });
}

/** Opens the feed; the newest rows are loaded as soon as it says hello. */
export function startLive(): void {
  effect(() => {
    const spoken = language.value;
    // The server's sentences come with the feed: another language is another feed, resumed where this one is.
    connect({ query: wanted, since: feed?.seq ?? null, epoch: feed?.epoch ?? null, spoken });
  });
}

export const retryFeed = (): void => feed?.retryNow();

interface Place {
  readonly query: string;
  readonly since: number | null;
  readonly epoch: string | null;
  readonly spoken: string;
}

function connect({ query, since, epoch, spoken }: Place): void {
  feed?.stop();
  const address = new URL("api/feed", document.baseURI);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.search = "";
  address.hash = "";
  feed = openFeed({
    address: address.href,
    query,
    language: spoken,
    since,
    epoch,
    onMessage: take,
    onState: (state) => {
      feedState.value = state;
    },
  });
}

const isFile = ({ alerts }: RecorderStatus): boolean =>
  alerts.some(({ code }) => code === "file-viewed");

function take(message: FeedMessage, resumed: boolean): void {
  switch (message.kind) {
    case "hello":
      setServerTime(message.now, isFile(message.status));
      status.value = message.status;
      if (!resumed) reload();
      void loadLanes(!resumed);
      return;
    case "status":
      setServerTime(message.now, isFile(message.status));
      loopLag.value = message.loopLagMs;
      status.value = message.status;
      return;
    case "rows":
      takeRows(message.rows, message.gone);
      return;
    case "resync":
      reload();
      void loadLanes(true);
      return;
    case "timeline":
    case "marks":
      takeLanes(message);
      return;
    case "findings":
      takeFindings(message);
      return;
    case "faults":
      takeFaults(message.faults);
      return;
    case "query-error":
      filterError.value = { message: message.message, remedy: message.remedy };
  }
}

function takeRows(changed: readonly ExchangeSummary[], left: readonly string[]): void {
  if (loading.peek() !== null) {
    arrived.push(...changed);
    for (const id of left) gone.add(id);
    for (const row of changed) gone.delete(row.id);
  }
  rows.put(changed);
  rows.remove(left);
  bump();
}

/** Loads the newest page again and forgets the rest. */
export function reload(): void {
  stale = true;
  void load(wanted);
}

/** Shows only what matches; an unreadable filter leaves the list as it is and fills `filterError`. */
export function applyFilter(query: string): void {
  if (query === wanted && filterError.peek() === null) return;
  wanted = query;
  void loadWanted(query);
}

async function loadWanted(query: string): Promise<void> {
  if (await load(query)) filterError.value = null;
}

/** Whether its rows are shown now. */
async function load(query: string): Promise<boolean> {
  const since = feed?.seq ?? null;
  const epoch = feed?.epoch ?? null;
  const page = await fetchPage("first", Number.MAX_SAFE_INTEGER, newestPage, query);
  if (page === null) return false;
  stale = false;
  const same = feed?.query === query;
  const floor = page.more ? page.next : 0;
  rows.reset(floor);
  const isThere = same ? isNotGone : () => true;
  rows.putPage(page.exchanges.filter(isThere).toReversed(), floor);
  if (same) rows.put(arrived.filter(isNotGone));
  older = page.more ? { before: page.next } : null;
  filter.value = query;
  settle();
  // Without a seq to resume from, the new feed's hello loads the list once more.
  if (!same) connect({ query, since, epoch, spoken: language.peek() });
  return true;
}

/** Fetches the next page of older rows, then, when the page is idle, the one after it. */
export async function loadOlder(): Promise<void> {
  if (older === null || loading.peek() !== null || rows.full) return;
  const { before } = older;
  const page = await fetchPage("older", before, olderPage, filter.peek());
  if (page === null) return;
  rows.putPage(page.exchanges.filter(isNotGone).toReversed(), page.more ? page.next : 0);
  rows.put(arrived.filter(isNotGone));
  older = page.more && page.next < before ? { before: page.next } : null;
  settle();
}

/** null = refused (and shown so), or a later load has taken over. */
async function fetchPage(
  part: "first" | "older",
  before: number,
  limit: number,
  query: string,
): Promise<ExchangeList | null> {
  loads += 1;
  const mine = loads;
  loading.value = part;
  arrived = [];
  gone = new Set();
  try {
    const page = await getJson<ExchangeList>("exchanges", { before, limit, q: query });
    return mine === loads ? page : null;
  } catch (thrown) {
    if (mine !== loads) return null;
    loading.value = null;
    refuse(thrown, query);
    return null;
  }
}

function settle(): void {
  loadError.value = null;
  loading.value = null;
  bump();
  goOn();
}

function goOn(): void {
  if (older !== null) whenIdle(() => void loadOlder());
}

function refuse(thrown: unknown, query: string): void {
  if (!(thrown instanceof ApiFailure)) throw thrown;
  if (thrown.code === "query-invalid") {
    filterError.value = { message: thrown.message, remedy: thrown.remedy };
    wanted = filter.peek();
    if (query !== wanted) takeUp();
  } else {
    loadError.value = thrown;
  }
}

/** The filter that was refused had taken over from a page on its way, which was dropped. */
function takeUp(): void {
  if (stale) reload();
  else goOn();
}

/** True while older rows exist that are not loaded. */
export const hasOlder = (): boolean => older !== null;

function whenIdle(work: () => void): void {
  if ("requestIdleCallback" in window) window.requestIdleCallback(work, { timeout: 1000 });
  else setTimeout(work, 100);
}
