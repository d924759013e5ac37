/** The bar between list and inspector: dragged, or moved with the arrow keys. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { inspectorPlace, inspectorSize } from "../state/preferences.ts";

const least = 220;
const leftForList = 200;
const keyStep = 24;

function resize(size: number): void {
  const room = inspectorPlace.peek() === "right" ? innerWidth : innerHeight;
  inspectorSize.value = Math.round(Math.min(room - leftForList, Math.max(least, size)));
}

export function Splitter(): JSX.Element {
  const right = inspectorPlace.value === "right";
  return (
    <div
      class={right ? "splitter vertical" : "splitter horizontal"}
      role="separator"
      tabIndex={0}
      aria-orientation={right ? "vertical" : "horizontal"}
      aria-label={words.value.inspector.resize}
      aria-valuenow={inspectorSize.value}
      onPointerDown={startDrag}
      onKeyDown={(event) => {
        const grow = right ? "ArrowLeft" : "ArrowUp";
        const shrink = right ? "ArrowRight" : "ArrowDown";
        if (event.key !== grow && event.key !== shrink) return;
        event.preventDefault();
        resize(inspectorSize.peek() + (event.key === grow ? keyStep : -keyStep));
      }}
    />
  );
}

function startDrag(event: PointerEvent): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  event.preventDefault();
  const bar = event.currentTarget;
  bar.setPointerCapture(event.pointerId);
  const right = inspectorPlace.peek() === "right";
  const from = right ? event.clientX : event.clientY;
  const before = inspectorSize.peek();
  const move = (moved: PointerEvent): void =>
    resize(before + from - (right ? moved.clientX : moved.clientY));
  bar.addEventListener("pointermove", move);
  bar.addEventListener("lostpointercapture", () => bar.removeEventListener("pointermove", move), {
    once: true,
  });
}
