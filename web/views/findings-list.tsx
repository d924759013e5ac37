/** The list of findings: windowed, walked with j and k or the arrow keys. */
import { useSignal } from "@preact/signals";
import type { JSX, RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { FindingView } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { formatTime } from "../model/format.ts";
import { rowWindow, scrollTopFor } from "../model/row-window.ts";
import { movePick, pickedFinding, pickFinding, unseen } from "../state/findings.ts";
import { SeverityMark, SideMark } from "./side-mark.tsx";

const itemHeight = 74;
const overscan = 3;
const pageStep = 8;

interface ListProps {
  readonly list: RefObject<HTMLDivElement | null>;
  readonly shown: readonly FindingView[];
  readonly onOpen: () => void;
}

const steps: Readonly<Record<string, number>> = {
  j: 1,
  k: -1,
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: pageStep,
  PageUp: -pageStep,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

export function FindingsList({ list, shown, onOpen }: ListProps): JSX.Element {
  const scrollTop = useSignal(0);
  const height = useSignal(600);
  const { findings } = words.value;
  const picked = pickedFinding.value;
  const place = { scrollTop: scrollTop.value, height: height.value, rowHeight: itemHeight };
  const window = rowWindow({ ...place, count: shown.length, overscan });
  useLayoutEffect(() => watchHeight(list.current, height), [list, height]);
  useLayoutEffect(() => {
    const index = shown.findIndex(({ id }) => id === picked);
    if (list.current === null || index < 0) return;
    const viewport = {
      scrollTop: list.current.scrollTop,
      height: height.peek(),
      rowHeight: itemHeight,
      count: shown.length,
      overscan,
    };
    const next = scrollTopFor(index, viewport);
    if (next !== list.current.scrollTop) list.current.scrollTop = next;
  }, [picked]);
  return (
    <div
      ref={list}
      class="scroll findings-list"
      role="listbox"
      tabIndex={0}
      aria-label={`${findings.label}. ${findings.keysHint}`}
      aria-activedescendant={picked === null ? undefined : `finding-${picked}`}
      data-testid="findings-list"
      onScroll={(event) => {
        scrollTop.value = event.currentTarget.scrollTop;
      }}
      onKeyDown={(event) => onKey(event, onOpen)}
    >
      {shown.length === 0 ? <p class="empty static">{findings.noMatch}</p> : null}
      <div class="findings-rows" style={{ height: `${shown.length * itemHeight}px` }}>
        {shown.slice(window.first, window.end).map((finding, index) => (
          <Item key={finding.id} finding={finding} index={window.first + index} />
        ))}
      </div>
    </div>
  );
}

function Item(props: { readonly finding: FindingView; readonly index: number }): JSX.Element {
  const { finding, index } = props;
  const { agent, agents, host } = finding;
  const who = agent ?? (agents.length > 3 ? `${agents.length}×` : agents.join(", "));
  return (
    <div
      id={`finding-${finding.id}`}
      class={unseen.value.has(finding.id) ? "finding-item unseen" : "finding-item"}
      role="option"
      aria-selected={pickedFinding.value === finding.id}
      data-testid={`finding-${finding.id}`}
      style={{ transform: `translateY(${index * itemHeight}px)`, height: `${itemHeight}px` }}
      onClick={() => pickFinding(finding.id)}
    >
      <div class="finding-line">
        <SideMark side={finding.side} />
        <SeverityMark severity={finding.severity} />
        <span class="spacer" />
        <span class="faint">{formatTime(finding.at).slice(0, 8)}</span>
      </div>
      <div class="finding-title">{finding.title}</div>
      <div class="faint finding-who">
        {[who, host].filter((part) => part !== null && part !== "").join(" · ")}
      </div>
    </div>
  );
}

function onKey(event: KeyboardEvent, onOpen: () => void): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    onOpen();
    return;
  }
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  movePick(step);
}

function watchHeight(
  element: HTMLElement | null,
  height: { value: number },
): (() => void) | undefined {
  if (element === null) return undefined;
  const measure = (): void => {
    height.value = element.clientHeight;
  };
  const observer = new ResizeObserver(measure);
  observer.observe(element);
  measure();
  return () => observer.disconnect();
}
