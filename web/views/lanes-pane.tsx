/** Agent strips beside their lanes: windowed rows, one canvas, zoom and pan by wheel, mouse and keys. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../i18n/words.ts";
import { formatClock } from "../model/format.ts";
import type { LaneRow } from "../model/lane-rows.ts";
import { rowWindow } from "../model/row-window.ts";
import { serverNow } from "../state/clock.ts";
import { flags } from "../state/findings.ts";
import { shownMark } from "../state/lane-cursor.ts";
import { asText, currentView, lanes, lanesVersion, timeScale } from "../state/lanes.ts";
import { lanesHeight, language, theme } from "../state/preferences.ts";
import { AgentStrip } from "./agent-strip.tsx";
import { drawLanes, type LaneColors, type LanePicture, laneHeight } from "./draw-lanes.ts";
import { laneColors } from "./lane-colors.ts";
import { freshRows, laneRows } from "./lane-order.ts";
import { LaneTip, type Tip } from "./lane-tip.tsx";
import { LanesAxis } from "./lanes-axis.tsx";
import { lanesKey, lanesPointer } from "./lanes-input.ts";
import { LanesText } from "./lanes-text.tsx";
import { LanesToolbar } from "./lanes-toolbar.tsx";

export function LanesPane(): JSX.Element {
  void lanesVersion.value;
  const { lanes: dictionary } = words.value;
  if (lanes.agents.size + lanes.sessions.size === 0) {
    return <p class="lanes-hint faint">{dictionary.hint}</p>;
  }
  const open = lanesHeight.value > 0;
  return (
    <section class="lanes" aria-label={dictionary.title} data-testid="lanes">
      <LanesToolbar />
      {open ? <LanesBody /> : null}
    </section>
  );
}

function LanesBody(): JSX.Element {
  return (
    <div class="lanes-body" style={{ height: `${lanesHeight.value}px` }}>
      {asText.value ? <LanesText /> : <LanesPicture />}
    </div>
  );
}

interface Painted {
  readonly colors: LaneColors | null;
  readonly theme: string;
}

function LanesPicture(): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painted = useRef<Painted>({ colors: null, theme: "" });
  const picture = useRef<LanePicture | null>(null);
  const size = useSignal({ width: 600, height: 200 });
  const scrollTop = useSignal(0);
  const tip = useSignal<Tip | null>(null);
  void lanesVersion.value;
  const rows = laneRows();
  const { height } = size.value;
  const window = rowWindow({
    scrollTop: scrollTop.value,
    height,
    rowHeight: laneHeight,
    count: rows.length,
    overscan: 1,
  });

  useLayoutEffect(() => watchSize(canvas.current, size), [size]);
  useLayoutEffect(() => {
    const paint = (): void => {
      picture.current = paintNow(canvas.current, painted, {
        rows: freshRows(laneRows(), window),
        first: window.first,
        end: window.end,
        top: window.first * laneHeight - scrollTop.peek(),
        size: size.peek(),
      });
    };
    paint();
    // Held polls grow and clocks run also when nothing arrives.
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") paint();
    }, 500);
    return () => clearInterval(timer);
  });

  const { lanes: dictionary } = words.value;
  const total = Math.max(rows.length * laneHeight, height);
  return (
    <>
      <LanesAxis width={size.value.width} />
      <div
        ref={scroller}
        class="lanes-scroller"
        onScroll={(event) => {
          scrollTop.value = event.currentTarget.scrollTop;
        }}
      >
        <div class="lanes-inner" style={{ height: `${total}px` }}>
          <canvas
            ref={canvas}
            class="lanes-canvas"
            style={{ height: `${height}px` }}
            data-testid="lanes-canvas"
            role="application"
            tabIndex={0}
            aria-label={`${dictionary.label}. ${dictionary.keys}`}
            aria-describedby="lane-cursor"
            onKeyDown={(event) => lanesKey(event, picture.current, scroller.current)}
            {...lanesPointer(picture, scroller, tip)}
          />
          <Strips rows={rows} {...window} />
        </div>
      </div>
      <LaneTip tip={tip.value} />
    </>
  );
}

function Strips({
  rows,
  first,
  end,
}: {
  readonly rows: readonly LaneRow[];
  readonly first: number;
  readonly end: number;
}): JSX.Element {
  const strips = freshRows(rows, { first, end }).slice(first, end);
  return (
    <>
      {strips.map((row, index) => (
        <Strip key={keyOf(row)} row={row} index={first + index} />
      ))}
    </>
  );
}

function Strip({ row, index }: { readonly row: LaneRow; readonly index: number }): JSX.Element {
  return (
    <div
      class={index % 2 === 1 ? "strip odd" : "strip"}
      style={{ transform: `translateY(${index * laneHeight}px)`, height: `${laneHeight}px` }}
    >
      <AgentStrip row={row} />
    </div>
  );
}

const keyOf = ({ agent, session, isFirst }: LaneRow): string =>
  isFirst && agent !== null ? agent.agent : `${agent?.agent ?? ""} ${session?.id ?? ""}`;

interface Place {
  readonly rows: readonly LaneRow[];
  readonly first: number;
  readonly end: number;
  readonly top: number;
  readonly size: { readonly width: number; readonly height: number };
}

function paintNow(
  canvas: HTMLCanvasElement | null,
  painted: { current: Painted },
  { size, ...place }: Place,
): LanePicture | null {
  const pen = canvas?.getContext("2d") ?? null;
  if (canvas === null || pen === null) return null;
  const inForce = `${theme.peek()} ${matchMedia("(prefers-color-scheme: dark)").matches}`;
  let { colors } = painted.current;
  if (colors === null || painted.current.theme !== inForce) {
    colors = laneColors(canvas.parentElement ?? document.body);
    painted.current = { colors, theme: inForce };
  }
  const ratio = devicePixelRatio;
  const pixels = { width: Math.round(size.width * ratio), height: Math.round(size.height * ratio) };
  if (canvas.width !== pixels.width) canvas.width = pixels.width;
  if (canvas.height !== pixels.height) canvas.height = pixels.height;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const picture: LanePicture = {
    ...place,
    ...size,
    view: currentView(),
    now: serverNow(),
    timeScale: timeScale.peek(),
    cursor: shownMark.value,
    colors,
    store: lanes,
    flags: flags.value,
    quietWords: (ms) => {
      const time = formatClock(ms, language.peek());
      return [words.peek().lanes.quietLong(time), time];
    },
  };
  drawLanes(pen, picture);
  return picture;
}

function watchSize(
  canvas: HTMLCanvasElement | null,
  size: { value: { readonly width: number; readonly height: number } },
): (() => void) | undefined {
  const outer = canvas?.closest<HTMLElement>(".lanes-scroller") ?? null;
  if (canvas === null || outer === null) return undefined;
  const measure = (): void => {
    size.value = { width: canvas.clientWidth, height: outer.clientHeight };
  };
  const observer = new ResizeObserver(measure);
  observer.observe(outer);
  measure();
  return () => observer.disconnect();
}
