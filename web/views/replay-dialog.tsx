/** Sends a recorded request again, as it was or edited, once or several times. Says why the server refuses, and how to do it all the same. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ApiFailure } from "../feed/api.ts";
import { words } from "../i18n/words.ts";
import { type Loaded, load } from "../state/detail.ts";
import { openExchange } from "../state/evidence.ts";
import { replay, replaying } from "../state/faults.ts";
import { inputOf, type Recorded, recordedOf } from "../state/recorded.ts";
import { attempt, hideToast, showToast } from "../state/toast.ts";
import { FormField } from "./form-field.tsx";
import { DialogHead, Modal } from "./modal.tsx";

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
  const sendIt = (force: boolean): void => {
    const input = inputOf(recorded, edited.peek(), force);
    attempt(
      replay(input).then(
        ({ exchanges }) => said(exchanges),
        (thrown: unknown) => {
          if (!(thrown instanceof ApiFailure)) throw thrown;
          refusal.value = thrown;
        },
      ),
    );
  };
  return (
    <form
      class="rule-form"
      onSubmit={(event) => {
        event.preventDefault();
        sendIt(false);
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
      <Refusal failure={refusal.value} onForce={() => sendIt(true)} />
      <div class="dialog-buttons">
        <button type="submit" class="button primary" data-testid="send-replay">
          {dictionary.send}
        </button>
      </div>
    </form>
  );
}

function Refusal(props: {
  readonly failure: ApiFailure | null;
  readonly onForce: () => void;
}): JSX.Element | null {
  const { failure } = props;
  const dictionary = words.value.faults.replay;
  if (failure === null) return null;
  return (
    <div class="objections" role="alert" data-testid="replay-refused">
      <strong>{failure.message}</strong>
      <p>{failure.remedy}</p>
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
  );
}

function said(exchanges: readonly string[]): void {
  const { faults, findings } = words.peek();
  const [first] = exchanges;
  close();
  showToast({
    text: faults.replay.sent(exchanges.length),
    remedy: "",
    tone: "plain",
    action:
      first === undefined
        ? null
        : {
            label: findings.show,
            run: () => {
              hideToast();
              openExchange(first);
            },
          },
  });
}
