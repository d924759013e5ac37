/** Findings as the server tells them in the page's language, which one is looked at, and who is told of a new one. */
import { computed, signal } from "@preact/signals";
import type { FeedMessage, FindingView } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { everything, type FindingFilter, matchesFinding } from "../model/finding-filter.ts";
import { screen } from "./navigation.ts";
import { notifyFindings } from "./preferences.ts";
import { hideToast, showToast } from "./toast.ts";

/** Latest first. */
export const findings = signal<readonly FindingView[]>([]);
export const findingFilter = signal<FindingFilter>(everything);
/** Id of the one shown in full. */
export const pickedFinding = signal<string | null>(null);
/** Ids nobody has looked at yet. */
export const unseen = signal<ReadonlySet<string>>(new Set());

export const shownFindings = computed(() =>
  findings.value.filter((finding) => matchesFinding(finding, findingFilter.value)),
);

export interface Flag {
  readonly finding: FindingView;
  /** Wall ms. */
  readonly at: number;
}

/** Exchange id → the findings whose evidence it is. */
export const evidence = computed<ReadonlyMap<string, readonly FindingView[]>>(() =>
  grouped(findings.value, (finding) => finding.evidence),
);

/** Login id → its findings. */
export const findingsOfAgent = computed<ReadonlyMap<string, readonly FindingView[]>>(() =>
  grouped(findings.value, ({ agent, agents }) =>
    agents.length > 0 ? agents : agent === null ? [] : [agent],
  ),
);

/** Login id → flags for its lane, in order of time. */
export const flags = computed<ReadonlyMap<string, readonly Flag[]>>(() => {
  const all = new Map<string, readonly Flag[]>();
  for (const [agent, list] of findingsOfAgent.value) {
    const placed = list.map((finding) => ({ finding, at: Date.parse(finding.at) }));
    all.set(
      agent,
      placed.sort((one, other) => one.at - other.at),
    );
  }
  return all;
});

function grouped(
  all: readonly FindingView[],
  keysOf: (finding: FindingView) => readonly string[],
): ReadonlyMap<string, readonly FindingView[]> {
  const groups = new Map<string, FindingView[]>();
  for (const finding of all) {
    for (const key of new Set(keysOf(finding))) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [finding]);
      else group.push(finding);
    }
  }
  return groups;
}

let capture: string | null = null;
/** What the feed tells first is the past, and no news. */
let isNews = false;

/** Takes what the feed says of findings: all of them first, then those new or revised. */
export function takeFindings(message: Extract<FeedMessage, { kind: "findings" }>): void {
  if (message.captureId !== capture) {
    forgetFindings();
    capture = message.captureId;
  }
  const known = new Map(findings.peek().map((finding) => [finding.id, finding]));
  const fresh = message.findings.filter(({ id }) => !known.has(id));
  for (const finding of message.findings) known.set(finding.id, finding);
  findings.value = [...known.values()].sort((one, other) => (one.at < other.at ? 1 : -1));
  if (isNews) for (const finding of fresh) announce(finding);
  isNews = true;
}

function forgetFindings(): void {
  findings.value = [];
  unseen.value = new Set();
  pickedFinding.value = null;
  isNews = false;
}

function announce(finding: FindingView): void {
  if (screen.peek() === "findings" && document.hasFocus()) return;
  unseen.value = new Set([...unseen.peek(), finding.id]);
  const { findings: dictionary } = words.peek();
  const side = dictionary.side[finding.side];
  showToast(
    {
      text: `${dictionary.fresh} ${side}: ${finding.title}`,
      remedy: "",
      tone: finding.severity === "warning" ? "plain" : "error",
      action: { label: dictionary.show, run: () => openFinding(finding.id) },
    },
    15_000,
  );
  if (notifyFindings.peek() && !document.hasFocus()) notify(finding, side);
}

function notify(finding: FindingView, side: string): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const shown = new Notification(`Boshscope · ${side}`, { body: finding.title, tag: finding.id });
  shown.onclick = () => {
    window.focus();
    openFinding(finding.id);
    shown.close();
  };
}

/** Turns notifications by the browser on (asking it) or off; false when it refuses. */
export async function setNotifications(on: boolean): Promise<boolean> {
  const allowed =
    !on || ("Notification" in window && (await Notification.requestPermission()) === "granted");
  notifyFindings.value = on && allowed;
  return allowed;
}

export function openFinding(id: string): void {
  hideToast();
  const finding = findings.peek().find((one) => one.id === id);
  if (finding !== undefined && !matchesFinding(finding, findingFilter.peek()))
    findingFilter.value = everything;
  pickFinding(id);
  screen.value = "findings";
}

export function pickFinding(id: string): void {
  pickedFinding.value = id;
  if (!unseen.peek().has(id)) return;
  unseen.value = new Set([...unseen.peek()].filter((one) => one !== id));
}

/** Up or down the list as shown. */
export function movePick(step: number): void {
  const shown = shownFindings.peek();
  const here = shown.findIndex(({ id }) => id === pickedFinding.peek());
  const index = here < 0 ? 0 : Math.max(0, Math.min(shown.length - 1, here + step));
  const next = shown[index];
  if (next !== undefined) pickFinding(next.id);
}
