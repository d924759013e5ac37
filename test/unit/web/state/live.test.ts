/** The list's rows while pages of the API and the feed's changes cross each other. The browser is a stand-in; each test has a page of its own. */
import { beforeEach, expect, test, vi } from "vitest";
import type { ExchangeSummary } from "../../../../src/domain/exchange.ts";
import type { FeedMessage } from "../../../../src/server/messages.ts";

class StandInSocket {
  static latest: StandInSocket | null = null;
  onmessage: ((event: { readonly data: string }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor() {
    StandInSocket.latest = this;
  }

  close(): void {
    this.onmessage = null;
  }
}

interface Asked {
  readonly url: string;
  readonly answer: (response: Response) => void;
}
let asked: Asked[] = [];

beforeEach(() => {
  vi.resetModules();
  asked = [];
  vi.stubGlobal("WebSocket", StandInSocket);
  vi.stubGlobal("window", { addEventListener: () => undefined });
  vi.stubGlobal("location", { hash: "" });
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("document", { baseURI: "http://boshscope/" });
  vi.stubGlobal("requestAnimationFrame", (paint: () => void) => setTimeout(paint, 0));
  vi.stubGlobal(
    "fetch",
    async (url: string) => new Promise<Response>((resolve) => asked.push({ url, answer: resolve })),
  );
  return () => vi.unstubAllGlobals();
});

const say = (message: object): void =>
  StandInSocket.latest?.onmessage?.({ data: JSON.stringify(message) });

/** Answers the request whose address has that part, once it was made. */
async function answer(part: string, body: object, code = 200): Promise<void> {
  const made = await vi.waitFor(() => {
    const index = asked.findIndex(({ url }) => url.includes(part));
    if (index < 0) throw new Error(`no ${part} in ${asked.map(({ url }) => url).join(" ")}`);
    return asked.splice(index, 1)[0];
  });
  made?.answer(Response.json(body, { status: code }));
  await new Promise((resolve) => setTimeout(resolve, 0));
}

const row = (number: number) =>
  ({ id: `c1-${number}`, number, seq: number }) as unknown as ExchangeSummary;
const page = (numbers: readonly number[], next = 0) => ({
  exchanges: numbers.map(row),
  more: next > 0,
  next,
});
const changed = (
  seq: number,
  numbers: readonly number[],
  gone: readonly number[],
): FeedMessage => ({
  kind: "rows",
  seq,
  rows: numbers.map(row),
  gone: gone.map((number) => `c1-${number}`),
});
const badFilter = { error: { code: "query-invalid", message: "bad", remedy: "mend it" } };

/** A page that shows these rows. */
async function shown(first: ReturnType<typeof page>) {
  const live = await import("../../../../web/state/live.ts");
  live.startLive();
  const now = "2026-11-22T10:00:00.000Z";
  const status = { alerts: [], captureId: "c1", pending: 0 };
  say({ kind: "hello", captureId: "c1", epoch: "c1/a/0", seq: 300, now, status });
  await answer("exchanges", first);
  return { ...live, numbers: () => live.rows.all().map(({ number }) => number) };
}

test("a row that came and left while an older page was on its way stays away", async () => {
  const { numbers } = await shown(page([300, 200], 200));
  await vi.waitFor(() => expect(asked.map(({ url }) => url).join()).toContain("before=200"));
  say(changed(301, [301], []));
  say(changed(302, [302], [301]));
  await answer("before=200", page([100]));
  expect(numbers()).toEqual([100, 200, 300, 302]);
});

test("nor does it come back with the newest page", async () => {
  const { numbers } = await shown(page([3, 2]));
  say({ kind: "resync", reason: "cleared", epoch: "c1/a/1" });
  say(changed(301, [4], []));
  say(changed(302, [5], [4]));
  await answer("exchanges", page([3]));
  expect(numbers()).toEqual([3, 5]);
});

test("a list that was cleared while an unfinished filter was tried is cleared, and the filter's fault stays told", async () => {
  const { numbers, applyFilter, filterError, loading } = await shown(page([3, 2, 1]));
  say({ kind: "resync", reason: "cleared", epoch: "c1/a/1" });
  applyFilter("status:");
  await answer("exchanges", page([]));
  await answer("q=status", badFilter, 400);
  await answer("exchanges", page([]));
  expect(numbers()).toEqual([]);
  expect(loading.value).toBeNull();
  expect(filterError.value).toEqual({ message: "bad", remedy: "mend it" });
  applyFilter("");
  await answer("exchanges", page([]));
  expect(filterError.value).toBeNull();
});

test("a filter that is refused asks for nothing anew when the list was whole", async () => {
  const { numbers, applyFilter } = await shown(page([3, 2, 1]));
  applyFilter("status:");
  await answer("q=status", badFilter, 400);
  expect(asked.filter(({ url }) => url.includes("exchanges"))).toEqual([]);
  expect(numbers()).toEqual([1, 2, 3]);
});

test("older pages go on after a filter was refused", async () => {
  const { numbers, applyFilter } = await shown(page([300, 200], 200));
  await vi.waitFor(() => expect(asked.map(({ url }) => url).join()).toContain("before=200"));
  applyFilter("status:");
  await answer("before=200", page([100]));
  await answer("q=status", badFilter, 400);
  await answer("before=200", page([100]));
  expect(numbers()).toEqual([100, 200, 300]);
});
