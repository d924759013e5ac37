/** Times that run while they are looked at. */
import type { JSX } from "preact";
import { formatClock } from "../model/format.ts";
import { clockTick, serverNow } from "../state/clock.ts";
import { language } from "../state/preferences.ts";

interface Props {
  /** ISO time by the server's clock. */
  readonly at: string;
  readonly say: (time: string) => string;
}

export function TimeSince({ at, say }: Props): JSX.Element {
  void clockTick.value;
  return <>{say(formatClock(Math.max(0, serverNow() - Date.parse(at)), language.value))}</>;
}

export function TimeUntil({ at, say }: Props): JSX.Element {
  void clockTick.value;
  return <>{say(formatClock(Math.max(0, Date.parse(at) - serverNow()), language.value))}</>;
}
