/** Toolbar over list and inspector, side by side or one above the other. */
import type { JSX } from "preact";
import { inspectorOpen } from "../state/navigation.ts";
import { inspectorPlace, inspectorSize } from "../state/preferences.ts";
import { selection } from "../state/selected.ts";
import { ExchangeList } from "./exchange-list.tsx";
import { Inspector } from "./inspector.tsx";
import { LanesPane } from "./lanes-pane.tsx";
import { OriginBar } from "./origin-bar.tsx";
import { Splitter } from "./splitter.tsx";
import { Toolbar } from "./toolbar.tsx";

export function LiveScreen(): JSX.Element {
  const right = inspectorPlace.value === "right";
  const open = inspectorOpen.value && selection.value.active !== null;
  const size = `${inspectorSize.value}px`;
  return (
    <div class="live-screen">
      <OriginBar />
      <Toolbar />
      <LanesPane />
      <div class={right ? "panes beside" : "panes below"}>
        <ExchangeList />
        {open ? (
          <>
            <Splitter />
            <div class="inspector-pane" style={right ? { width: size } : { height: size }}>
              <Inspector />
            </div>
          </>
        ) : null}
      </div>
    </div>
  );
}
