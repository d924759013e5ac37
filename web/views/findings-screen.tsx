/** Findings, latest first, with the one picked in full beside them. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../i18n/words.ts";
import { findings, pickedFinding, pickFinding, shownFindings } from "../state/findings.ts";
import { FindingDetail } from "./finding-detail.tsx";
import { FindingsList } from "./findings-list.tsx";
import { FindingsToolbar } from "./findings-toolbar.tsx";

export function FindingsScreen(): JSX.Element {
  const { findings: dictionary } = words.value;
  const detail = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const shown = shownFindings.value;
  const picked = findings.value.find(({ id }) => id === pickedFinding.value) ?? null;
  const first = shown[0]?.id ?? null;
  useLayoutEffect(() => {
    if (pickedFinding.peek() === null && first !== null) pickFinding(first);
    list.current?.focus();
  }, [first]);
  if (findings.value.length === 0) {
    return (
      <div class="findings">
        <FindingsToolbar />
        <div class="empty static">
          <h2>{dictionary.none}</h2>
          <p>{dictionary.noneHint}</p>
        </div>
      </div>
    );
  }
  return (
    <div class="findings">
      <FindingsToolbar />
      <div class="panes beside">
        <FindingsList
          list={list}
          shown={shown}
          onOpen={() => detail.current?.querySelector<HTMLElement>("[data-evidence]")?.focus()}
        />
        <section
          ref={detail}
          class="scroll finding-pane"
          aria-label={picked?.title ?? dictionary.label}
          onKeyDown={(event) => {
            if (event.key === "Escape") list.current?.focus();
          }}
        >
          {picked === null ? (
            <p class="empty static">{dictionary.pick}</p>
          ) : (
            <FindingDetail key={picked.id} finding={picked} />
          )}
        </section>
      </div>
    </div>
  );
}
