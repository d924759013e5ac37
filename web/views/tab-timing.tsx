/** The marks of the exchange: a bar, then each with its time and its distance from the one before. */
import type { JSX } from "preact";
import type { Timing } from "../../src/domain/exchange.ts";
import { words } from "../i18n/words.ts";
import { formatSpan } from "../model/format.ts";
import { language } from "../state/preferences.ts";
import { Fact, Facts } from "./facts.tsx";
import type { TabProps } from "./inspector.tsx";
import { TimingBarView } from "./timing-bar-view.tsx";

const marks: readonly (keyof Timing)[] = [
  "requestEnd",
  "serverConnected",
  "serverTls",
  "requestSent",
  "responseFirst",
  "responseEnd",
  "delivered",
  "failed",
];

export function TimingTab({ shown }: TabProps): JSX.Element {
  const { timing, summary } = words.value;
  const tongue = language.value;
  const span = (ms: number | null): string | null => (ms === null ? null : formatSpan(ms, tongue));
  return (
    <>
      <TimingBarView shown={shown} />
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{timing.mark}</th>
            <th scope="col" class="right">
              {timing.after}
            </th>
            <th scope="col" class="right">
              {timing.step}
            </th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(shown.timing).map(({ name, at, step }) => (
            <tr key={name}>
              <th scope="row">{timing.marks[name]}</th>
              <td class="right">
                {at === null ? <span class="faint">{timing.not}</span> : null}
                {at !== null && at < 0 ? <span class="faint">{timing.reused}</span> : null}
                {at !== null && at >= 0 ? span(at) : null}
              </td>
              <td class="right faint">{step === null ? "" : `+${span(step)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Facts>
        <Fact name={summary.hold} hint={summary.holdHint}>
          {span(shown.holdMs)}
        </Fact>
        <Fact name={summary.gap} hint={summary.gapHint}>
          {span(shown.thinkGapMs)}
        </Fact>
        <Fact name={timing.own} hint={timing.ownHint}>
          {span(ownShare(shown.timing))}
        </Fact>
      </Facts>
    </>
  );
}

interface MarkRow {
  readonly name: keyof Timing;
  readonly at: number | null;
  readonly step: number | null;
}

function rowsOf(timing: Timing): readonly MarkRow[] {
  let before = 0;
  return marks
    .filter((name) => name !== "failed" || timing.failed !== null)
    .map((name) => {
      const at = timing[name];
      const step = at === null || at < before ? null : at - before;
      if (at !== null) before = Math.max(before, at);
      return { name, at, step };
    });
}

/** Time between a message's last byte in and its last byte out, both ways; null while not known. */
function ownShare(timing: Timing): number | null {
  const { requestEnd, requestSent, responseEnd, delivered } = timing;
  if (requestEnd === null || requestSent === null) return null;
  const connecting = Math.max(requestEnd, timing.serverTls ?? timing.serverConnected ?? 0);
  const up = Math.max(0, requestSent - connecting);
  const down =
    responseEnd === null || delivered === null ? 0 : Math.max(0, delivered - responseEnd);
  return up + down;
}
