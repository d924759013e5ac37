/** What is said about a request that was sent by hand: that it went, or why it did not and what can be done all the same. */
import type { JSX } from "preact";
import type { ReplayAnswer } from "../../src/server/messages.ts";
import { ApiFailure } from "../feed/api.ts";
import { words } from "../i18n/words.ts";
import { openExchange } from "../state/evidence.ts";
import { attempt, hideToast, showToast } from "../state/toast.ts";

export function Refusal(props: {
  readonly failure: ApiFailure | null;
  readonly onForce: () => void;
  /** Left out = it has none. */
  readonly onOwnSession?: () => void;
}): JSX.Element | null {
  const { failure, onOwnSession } = props;
  const dictionary = words.value.faults.replay;
  if (failure === null) return null;
  return (
    <div class="objections" role="alert" data-testid="replay-refused">
      <strong>{failure.message}</strong>
      <p>{failure.remedy}</p>
      <div class="dialog-buttons">
        {onOwnSession === undefined ? null : (
          <button
            type="button"
            class="button"
            title={dictionary.ownSessionHint}
            data-testid="own-session"
            onClick={onOwnSession}
          >
            {dictionary.ownSession}
          </button>
        )}
        <button
          type="button"
          class="button danger"
          title={dictionary.forceHint}
          data-testid="force-replay"
          onClick={props.onForce}
        >
          {dictionary.force}
        </button>
      </div>
    </div>
  );
}

/** Closes the dialog when it went; tells the server's refusal when it did not. */
export function sendByHand(
  sent: Promise<ReplayAnswer>,
  say: (count: number) => string,
  close: () => void,
  refused: (failure: ApiFailure) => void,
): void {
  attempt(
    sent.then(
      ({ exchanges }) => {
        close();
        said(say(exchanges.length), exchanges.at(-1));
      },
      (thrown: unknown) => {
        if (!(thrown instanceof ApiFailure)) throw thrown;
        refused(thrown);
      },
    ),
  );
}

/** With a way to the last of the exchanges it made. */
function said(text: string, last: string | undefined): void {
  const { findings } = words.peek();
  showToast({
    text,
    remedy: "",
    tone: "plain",
    action:
      last === undefined
        ? null
        : {
            label: findings.show,
            run: () => {
              hideToast();
              openExchange(last);
            },
          },
  });
}
