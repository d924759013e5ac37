/** Controls of the lanes: how much time, which order, picture or text, and how high they are. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { statusOf } from "../model/agent-status.ts";
import { sessionsOf } from "../model/lane-rows.ts";
import { serverNow } from "../state/clock.ts";
import { comparing } from "../state/compare.ts";
import {
  agentOrder,
  asText,
  followingNow,
  followNow,
  lanes,
  lanesVersion,
  pan,
  timeScale,
  zoom,
} from "../state/lanes.ts";
import { lanesHeight } from "../state/preferences.ts";
import { IconButton } from "./button.tsx";

const usualHeight = 240;
const heights = { least: 90, step: 30, most: 900 };

export function LanesToolbar(): JSX.Element {
  void lanesVersion.value;
  const { lanes: dictionary } = words.value;
  const open = lanesHeight.value > 0;
  return (
    <div class="lanes-toolbar" role="toolbar" aria-label={dictionary.title}>
      <IconButton
        icon={open ? "down" : "up"}
        label={open ? dictionary.collapse : dictionary.expand}
        test="lanes-toggle"
        onClick={() => {
          lanesHeight.value = open ? 0 : usualHeight;
        }}
      />
      <strong>
        {dictionary.title}{" "}
        <span class="faint" data-testid="agent-count">
          {lanes.agents.size}
        </span>
      </strong>
      {open ? <Controls /> : null}
    </div>
  );
}

function Controls(): JSX.Element {
  const { lanes: dictionary } = words.value;
  return (
    <>
      <IconButton
        icon="minus"
        label={dictionary.zoomOut}
        onClick={() => zoom(1.6)}
        test="zoom-out"
      />
      <IconButton
        icon="plus"
        label={dictionary.zoomIn}
        onClick={() => zoom(1 / 1.6)}
        test="zoom-in"
      />
      <IconButton icon="left" label={dictionary.back} onClick={() => pan(-0.5)} />
      <IconButton icon="forth" label={dictionary.forth} onClick={() => pan(0.5)} />
      <IconButton
        icon="tail"
        label={dictionary.follow}
        pressed={followingNow.value}
        onClick={followNow}
        test="follow-now"
      />
      <IconButton
        icon="overdue"
        label={dictionary.troubleFirst}
        pressed={agentOrder.value === "trouble"}
        test="trouble-first"
        onClick={() => {
          agentOrder.value = agentOrder.value === "id" ? "trouble" : "id";
        }}
      />
      <IconButton
        icon="text"
        label={asText.value ? dictionary.asPicture : dictionary.asText}
        pressed={asText.value}
        test="lanes-as-text"
        onClick={() => {
          asText.value = !asText.value;
        }}
      />
      <IconButton
        icon="compare"
        label={words.value.compare.captures}
        test="compare-captures-open"
        onClick={compareCaptures}
      />
      <HeightBar />
    </>
  );
}

/** Begins with the calmest beside the most troubled. */
function compareCaptures(): void {
  const grave = { calm: 0, off: 1, amber: 2, red: 3 } as const;
  const now = serverNow();
  const ranked = [...lanes.agents.values()]
    .map((agent) => {
      const [session = null] = sessionsOf(lanes, agent);
      return {
        id: agent.agent,
        rank: grave[statusOf(agent, session, now, timeScale.peek()).level],
      };
    })
    .sort((one, other) => one.rank - other.rank);
  const left = ranked[0]?.id ?? "";
  comparing.value = { kind: "captures", left, right: ranked.at(-1)?.id ?? left };
}

/** Dragged, or moved with the arrow keys. */
function HeightBar(): JSX.Element {
  const resize = (height: number): void => {
    const most = Math.min(heights.most, innerHeight - 260);
    lanesHeight.value = Math.round(Math.max(heights.least, Math.min(most, height)));
  };
  return (
    <div
      class="lanes-height"
      role="separator"
      tabIndex={0}
      aria-orientation="horizontal"
      aria-label={words.value.lanes.resize}
      aria-valuenow={lanesHeight.value}
      onKeyDown={(event) => {
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        event.preventDefault();
        resize(lanesHeight.peek() + (event.key === "ArrowDown" ? heights.step : -heights.step));
      }}
      onPointerDown={(event) => {
        event.preventDefault();
        const bar = event.currentTarget;
        bar.setPointerCapture(event.pointerId);
        const from = event.clientY;
        const before = lanesHeight.peek();
        const move = (moved: PointerEvent): void => resize(before + moved.clientY - from);
        bar.addEventListener("pointermove", move);
        const stop = (): void => bar.removeEventListener("pointermove", move);
        bar.addEventListener("lostpointercapture", stop, { once: true });
      }}
    />
  );
}
