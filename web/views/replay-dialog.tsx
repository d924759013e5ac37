/** Sends a recorded request again, as it was or edited, once or several times. Says why the server refuses, and how to do it all the same. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ExchangeDetail } from "../../src/domain/exchange.ts";
import type { ApiFailure } from "../feed/api.ts";
import { words } from "../i18n/words.ts";
import { answerRule } from "../model/answer-rule.ts";
import { type Loaded, load } from "../state/detail.ts";
import { replay, replaying, saveRule } from "../state/faults.ts";
import { inputOf, type Recorded, recordedOf } from "../state/recorded.ts";
import { attempt, showToast } from "../state/toast.ts";
import { FormField } from "./form-field.tsx";
import { DialogHead, Modal } from "./modal.tsx";
import { Refusal, sendByHand } from "./sent-by-hand.tsx";

export function ReplayDialog(): JSX.Element | null {
  const id = replaying.value;
  return id === null ? null : <Replay key={id} id={id} />;
}

const close = (): void => {
  replaying.value = null;
};

function Replay({ id }: { readonly id: string }): JSX.Element {
  const loaded = useSignal<Loaded<Recorded>>({ kind: "loading" });
  const { replay: dictionary } = words.value.faults;
  useEffect(() => {
    void load(recordedOf(id)).then((value) => {
      loaded.value = value;
    });
  }, [id, loaded]);
  const title = dictionary.title(id.slice(id.lastIndexOf("-") + 1));
  const state = loaded.value;
  return (
    <Modal label={title} onClose={close} wide>
      <DialogHead title={title} onClose={close} />
      {state.kind === "loading" ? <p class="hint">{dictionary.loading}</p> : null}
      {state.kind === "failed" ? <p role="alert">{state.failure.message}</p> : null}
      {state.kind === "ready" ? <ReplayForm recorded={state.value} /> : null}
    </Modal>
  );
}

function ReplayForm({ recorded }: { readonly recorded: Recorded }): JSX.Element {
  const { shown, head, body } = recorded;
  const dictionary = words.value.faults.replay;
  const edited = useSignal({ head, body, times: "1" });
  const refusal = useSignal<ApiFailure | null>(null);
  const change = (part: Partial<typeof edited.value>): void => {
    edited.value = { ...edited.peek(), ...part };
  };
  const sendIt = (how: How): void =>
    sendByHand(replay(inputOf(recorded, edited.peek(), how)), dictionary.sent, close, (failure) => {
      refusal.value = failure;
    });
  return (
    <form
      class="rule-form"
      onSubmit={(event) => {
        event.preventDefault();
        sendIt("asked");
      }}
    >
      <p class="mono">
        {shown.method} {shown.url}
      </p>
      <FormField
        label={dictionary.head}
        text={head.replaceAll("\r\n", "\n")}
        long
        objection=""
        test="replay-head"
        onText={(text) => change({ head: text.replaceAll("\n", "\r\n") })}
      />
      {body === null ? (
        <p class="hint">{dictionary.bodyGone}</p>
      ) : (
        <FormField
          label={dictionary.body}
          text={body}
          long
          objection=""
          test="replay-body"
          onText={(text) => change({ body: text })}
        />
      )}
      <FormField
        label={dictionary.times}
        text="1"
        numeric
        objection=""
        onText={(times) => change({ times })}
      />
      <p class="hint">{dictionary.asItWas}</p>
      <Refusal
        failure={refusal.value}
        onForce={() => sendIt("forced")}
        onOwnSession={() => sendIt("own-session")}
      />
      <div class="dialog-buttons">
        <AnswerAgain shown={shown} />
        <button type="submit" class="button primary" data-testid="send-replay">
          {dictionary.send}
        </button>
      </div>
    </form>
  );
}

type How = Parameters<typeof inputOf>[2];

/** Its recorded answer, given to the next request of the kind: a rule that is gone after one hit. */
function AnswerAgain({ shown }: { readonly shown: ExchangeDetail }): JSX.Element | null {
  const dictionary = words.value.faults.replay;
  if (shown.outcome.kind !== "responded") return null;
  const serve = (): void => {
    const rule = answerRule(shown, dictionary.answerName(String(shown.number)));
    attempt(
      saveRule(rule).then(() => {
        close();
        showToast({ text: dictionary.answerArmed, remedy: "", tone: "plain", action: null });
      }),
    );
  };
  return (
    <button
      type="button"
      class="button"
      title={dictionary.answerHint}
      data-testid="answer-again"
      onClick={serve}
    >
      {dictionary.answer}
    </button>
  );
}
