/** What became of the exchange in one sentence, then what it was, how long it took, and what the capture has to add. */
import type { JSX } from "preact";
import type { ExchangeDetail } from "../../src/domain/exchange.ts";
import { words } from "../i18n/words.ts";
import { formatClock, formatDate, formatNumber, formatSpan } from "../model/format.ts";
import { outcomeSentence } from "../model/outcome-sentence.ts";
import { isPending } from "../model/pending-age.ts";
import { alertName } from "../model/tls-alerts.ts";
import { clockTick, serverNow } from "../state/clock.ts";
import { language } from "../state/preferences.ts";
import { activeRow, chooseOnly } from "../state/selected.ts";
import { Fact, Facts } from "./facts.tsx";
import { Icon } from "./icons.tsx";
import type { TabProps } from "./inspector.tsx";
import { rowState } from "./row-words.ts";
import { SummaryMarks } from "./summary-marks.tsx";
import { TimingBarView } from "./timing-bar-view.tsx";

export function SummaryTab({ shown }: TabProps): JSX.Element {
  const { summary, wire } = words.value;
  return (
    <div class="summary">
      <Verdict shown={shown} />
      <SummaryMarks shown={shown} />
      <p class="what">{summary.what[shown.role]}</p>
      <TimingBarView shown={shown} />
      <WhatFacts shown={shown} />
      <Related shown={shown} />
      {shown.notes.length === 0 ? null : (
        <section class="section">
          <h3>{summary.notes}</h3>
          <ul class="notes">
            {shown.notes.map((note) => (
              <li key={note}>{wire.note[note]}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** Exchanges that belong to this one, each a click away. */
function Related({ shown }: TabProps): JSX.Element | null {
  const { summary, wire } = words.value;
  if (shown.related.length === 0) return null;
  return (
    <section class="section">
      <h3>{summary.related}</h3>
      <ul class="notes">
        {shown.related.map(({ kind, number, afterMs }) => (
          <li key={`${kind} ${number}`}>
            {wire.related[kind]}{" "}
            <button
              type="button"
              class="link"
              onClick={() => chooseOnly(`${shown.captureId}-${number}`)}
            >
              #{number}
            </button>
            {afterMs === null ? "" : ` (${formatSpan(afterMs, language.value)})`}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Verdict({ shown }: TabProps): JSX.Element {
  if (isPending(shown)) void clockTick.value;
  const dictionary = words.value;
  const tongue = language.value;
  const state = rowState(shown, serverNow(), dictionary, tongue);
  const { outcome } = shown;
  const bad = outcome.kind === "responded" && outcome.status >= 400;
  return (
    <div class={`verdict level-${bad ? "red" : state.level}`} data-testid="outcome">
      {state.icon === null ? <Icon name={bad ? "alert" : "check"} /> : <Icon name={state.icon} />}
      <div>
        <p>{outcomeSentence(shown, serverNow(), dictionary, tongue)}</p>
        {outcome.kind === "failed" ? (
          <Facts>
            <Fact name={dictionary.summary.detail}>{outcome.detail}</Fact>
            <Fact name={dictionary.summary.alert}>
              {outcome.alert === null ? null : alertName(outcome.alert)}
            </Fact>
          </Facts>
        ) : null}
      </div>
    </div>
  );
}

function WhatFacts({ shown }: { readonly shown: ExchangeDetail }): JSX.Element {
  const { summary } = words.value;
  const tongue = language.value;
  const span = (ms: number | null): string | null => (ms === null ? null : formatSpan(ms, tongue));
  const size = (bytes: number): string => formatNumber(bytes, tongue);
  const { sizes } = shown;
  return (
    <Facts>
      <Fact name={summary.started}>{formatDate(shown.at)}</Fact>
      <Fact name={summary.method}>{shown.method}</Fact>
      <Fact name={summary.url} mono>
        {shown.url}
      </Fact>
      <Fact name={summary.hold} hint={summary.holdHint}>
        {span(shown.holdMs)}
      </Fact>
      <Fact name={summary.gap} hint={summary.gapHint}>
        {span(shown.thinkGapMs)}
      </Fact>
      <Fact name={summary.granted}>
        {shown.waitMs === null ? null : formatClock(shown.waitMs, tongue)}
      </Fact>
      <Fact name={summary.agent}>{shown.agent}</Fact>
      <Fact name={summary.session} mono>
        {shown.sid}
      </Fact>
      <Fact name={summary.rid} mono>
        {shown.rid}
      </Fact>
      <Fact name={summary.event}>{shown.event}</Fact>
      <Fact name={summary.client} mono>
        {`${shown.client.address}:${shown.client.port}${
          shown.client.process === null ? "" : ` ${shown.client.process}`
        }`}
      </Fact>
      <Fact name={summary.version}>{shown.httpVersion}</Fact>
      <Fact name={`${summary.sizes} ↑`}>
        {summary.sizesText(size(sizes.requestHead), size(sizes.requestBody))}
      </Fact>
      <Fact name={`${summary.sizes} ↓`}>
        {summary.sizesText(size(sizes.responseHead), size(sizes.responseBody))}
      </Fact>
      <Fact name={summary.comment}>{activeRow.value?.comment ?? shown.comment}</Fact>
      <Fact name={summary.id} mono>
        {shown.id}
      </Fact>
    </Facts>
  );
}
