/** Everything known about the active row, in tabs; a tab that makes no sense for a row is left out but remembered for the next. */
import type { JSX } from "preact";
import type { ExchangeDetail } from "../../src/domain/exchange.ts";
import { words } from "../i18n/words.ts";
import { type BodyReading, readingsOf } from "../model/body-text.ts";
import { formatNumber } from "../model/format.ts";
import { hostText, resultText, urlText } from "../model/row-cells.ts";
import { compareSelected } from "../state/compare.ts";
import { detail } from "../state/detail.ts";
import { replaying } from "../state/faults.ts";
import { focusOn } from "../state/list-view.ts";
import { inspectorOpen, type Tab, tab, tabs } from "../state/navigation.ts";
import { inspectorPlace, language } from "../state/preferences.ts";
import { selection } from "../state/selected.ts";
import { IconButton } from "./button.tsx";
import { CopyMenu } from "./copy-menu.tsx";
import { Icon } from "./icons.tsx";
import { ConnectionTab } from "./tab-connection.tsx";
import { FormTab } from "./tab-form.tsx";
import { FramesTab } from "./tab-frames.tsx";
import { HeadersTab } from "./tab-headers.tsx";
import { HexTab } from "./tab-hex.tsx";
import { JsonTab } from "./tab-json.tsx";
import { RawTab } from "./tab-raw.tsx";
import { SummaryTab } from "./tab-summary.tsx";
import { TimingTab } from "./tab-timing.tsx";
import { TlsTab } from "./tab-tls.tsx";
import { XmlTab } from "./tab-xml.tsx";

export interface TabProps {
  readonly shown: ExchangeDetail;
}

const views: Record<Tab, (props: TabProps) => JSX.Element> = {
  summary: SummaryTab,
  headers: HeadersTab,
  raw: RawTab,
  hex: HexTab,
  xml: XmlTab,
  json: JsonTab,
  form: FormTab,
  frames: FramesTab,
  timing: TimingTab,
  tls: TlsTab,
  connection: ConnectionTab,
};

export function Inspector(): JSX.Element {
  const { inspector } = words.value;
  const loaded = detail.value;
  const many = selection.value.ids.size;
  return (
    <section class="inspector" aria-label={inspector.label}>
      {loaded?.kind === "ready" ? <Tabbed shown={loaded.value} /> : null}
      {loaded?.kind === "loading" ? <p class="hint">{inspector.loading}</p> : null}
      {loaded?.kind === "failed" ? (
        <p class="hint" role="alert">
          {loaded.failure.code === "not-found" ? inspector.gone : loaded.failure.message}{" "}
          {loaded.failure.remedy}
        </p>
      ) : null}
      {many > 1 ? (
        <div class="hint foot">
          {inspector.many(formatNumber(many, language.value))}{" "}
          {many === 2 ? (
            <button
              type="button"
              class="button small"
              title={words.value.compare.hint}
              data-testid="compare-rows"
              onClick={compareSelected}
            >
              <Icon name="compare" />
              {words.value.compare.open}
            </button>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

function Tabbed({ shown }: TabProps): JSX.Element {
  const offered = tabsFor(shown);
  const current = offered.includes(tab.value) ? tab.value : "summary";
  const View = views[current];
  return (
    <>
      <Heading shown={shown} />
      <div class="tabs" role="tablist" onKeyDown={(event) => moveTab(event, offered, current)}>
        {offered.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            data-testid={`tab-${name}`}
            aria-selected={name === current}
            aria-controls="tab-panel"
            tabIndex={name === current ? 0 : -1}
            onClick={() => {
              tab.value = name;
            }}
          >
            {words.value.inspector.tabs[name]}
          </button>
        ))}
      </div>
      <div
        id="tab-panel"
        class="tab-panel"
        role="tabpanel"
        aria-labelledby={`tab-${current}`}
        data-testid="tab-panel"
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.key === "Escape") focusOn("list");
        }}
      >
        <View key={`${shown.id} ${current}`} shown={shown} />
      </div>
    </>
  );
}

function Heading({ shown }: TabProps): JSX.Element {
  const { inspector, app, faults } = words.value;
  const right = inspectorPlace.value === "right";
  return (
    <div class="inspector-head">
      <div class="inspector-title">
        <span class="faint">{shown.number}</span> <strong>{resultText(shown)}</strong>{" "}
        {shown.method}{" "}
        <span class="mono">
          {shown.kind === "tunnel" ? urlText(shown) : `${hostText(shown)}${urlText(shown)}`}
        </span>
      </div>
      {shown.kind === "http" ? (
        <IconButton
          icon="send"
          label={faults.replay.open}
          hint={faults.replay.openHint}
          test="replay"
          onClick={() => {
            replaying.value = shown.id;
          }}
        />
      ) : null}
      {shown.kind === "tunnel" ? null : <CopyMenu shown={shown} />}
      <IconButton
        icon={right ? "bottom" : "right"}
        label={right ? inspector.place.bottom : inspector.place.right}
        onClick={() => {
          inspectorPlace.value = right ? "bottom" : "right";
        }}
      />
      <IconButton
        icon="close"
        label={app.close}
        onClick={() => {
          inspectorOpen.value = false;
          focusOn("list");
        }}
      />
    </div>
  );
}

function tabsFor(shown: ExchangeDetail): readonly Tab[] {
  const readings = new Set<BodyReading>();
  for (const message of [shown.request, shown.response]) {
    const type = message?.body?.contentType ?? null;
    const length = message?.body?.wireLength ?? 0;
    if (length > 0) for (const reading of readingsOf(type)) readings.add(reading);
  }
  if (shown.role === "poll" || shown.role === "rest") readings.add("xml");
  if (shown.url.includes("?")) readings.add("form");
  const tunnel = shown.kind === "tunnel";
  return tabs.filter((name) => {
    if (name === "xml" || name === "json" || name === "form") return readings.has(name);
    if (name === "frames") return shown.kind === "websocket";
    return !(tunnel && name === "hex");
  });
}

function moveTab(event: KeyboardEvent, offered: readonly Tab[], current: Tab): void {
  if (event.key === "Escape") focusOn("list");
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const index = (offered.indexOf(current) + step + offered.length) % offered.length;
  const next = offered[index];
  if (next === undefined) return;
  tab.value = next;
  requestAnimationFrame(() => document.getElementById(`tab-${next}`)?.focus());
}
