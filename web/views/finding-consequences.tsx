/** What the clock says will happen, or has: a running countdown to the next, and the whole list. */
import type { JSX } from "preact";
import type { FindingView } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { formatClock, formatTime } from "../model/format.ts";
import { clockTick, serverNow } from "../state/clock.ts";
import { language } from "../state/preferences.ts";
import { Icon } from "./icons.tsx";

interface Props {
  readonly finding: FindingView;
}
type Consequence = FindingView["consequences"][number];

/** Of those still to come the forced logout counts most; else the next one. */
function awaited(all: readonly Consequence[], now: number): Consequence | null {
  const coming = all
    .filter(({ at, certainty }) => certainty === "expected" && Date.parse(at) > now)
    .sort((one, other) => (one.at < other.at ? -1 : 1));
  return coming.find(({ kind }) => kind === "forced-logout") ?? coming[0] ?? null;
}

export function Countdown({ finding }: Props): JSX.Element | null {
  void clockTick.value;
  const now = serverNow();
  const next = awaited(finding.consequences, now);
  if (next === null) return null;
  const { findings } = words.value;
  const until = {
    "forced-logout": findings.untilLogout,
    "session-closed": findings.untilClosed,
    failover: findings.untilFailover,
    "client-gives-up": findings.untilGivesUp,
  }[next.kind];
  return (
    <div class="countdown" role="timer" aria-live="off" data-testid="countdown">
      <Icon name="clock" />
      <strong>{formatClock(Date.parse(next.at) - now, language.value)}</strong> {until}
      <span class="faint">{next.what}</span>
    </div>
  );
}

export function Consequences({ finding }: Props): JSX.Element | null {
  const { findings } = words.value;
  if (finding.consequences.length === 0) return null;
  return (
    <ul class="consequences">
      {finding.consequences.map((one) => (
        <li key={`${one.at} ${one.kind}`}>
          <span class="when">{formatTime(one.at).slice(0, 8)}</span>
          <div>
            <strong>{findings.consequence[one.kind]}</strong>{" "}
            <span class="faint">
              <Distance at={one.at} />, {findings.certainty[one.certainty]}
            </span>
            <p>{one.what}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Distance({ at }: { readonly at: string }): JSX.Element {
  void clockTick.value;
  const { findings } = words.value;
  const ms = Date.parse(at) - serverNow();
  const text = formatClock(Math.abs(ms), language.value);
  return <>{ms > 0 ? findings.inTime(text) : findings.ago(text)}</>;
}
