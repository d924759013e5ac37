/** Writes a request from nothing and sends it, with the credentials of a recorded one if asked. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { ComposeInput } from "../../src/server/messages.ts";
import type { ApiFailure } from "../feed/api.ts";
import { words } from "../i18n/words.ts";
import { compose, composing } from "../state/faults.ts";
import { selection } from "../state/selected.ts";
import { FormField } from "./form-field.tsx";
import { DialogHead, Modal } from "./modal.tsx";
import { Refusal, sendByHand } from "./sent-by-hand.tsx";

export function ComposeDialog(): JSX.Element | null {
  if (!composing.value) return null;
  const { title } = words.value.faults.compose;
  return (
    <Modal label={title} onClose={close} wide>
      <DialogHead title={title} onClose={close} />
      <ComposeForm />
    </Modal>
  );
}

const close = (): void => {
  composing.value = false;
};

interface Written {
  readonly method: string;
  readonly url: string;
  readonly headers: string;
  readonly body: string;
  readonly times: string;
  readonly credentialsOf: string;
}

function inputOf({ times, credentialsOf, method, ...rest }: Written, force: boolean): ComposeInput {
  const credentials = credentialsOf.trim();
  return {
    ...rest,
    method: method.trim().toUpperCase(),
    times: Number(times),
    force,
    ...(credentials === "" ? {} : { credentialsOf: credentials }),
  };
}

function ComposeForm(): JSX.Element {
  const { compose: dictionary, replay } = words.value.faults;
  const [selected = ""] = selection.peek().ids;
  const written = useSignal<Written>({
    method: "GET",
    url: "",
    headers: "Accept: application/xml",
    body: "",
    times: "1",
    credentialsOf: selected,
  });
  const refusal = useSignal<ApiFailure | null>(null);
  const field = (name: keyof Written, more: Partial<FieldOptions> = {}) => (
    <FormField
      label={more.label ?? ""}
      text={written.peek()[name]}
      objection=""
      test={`compose-${name}`}
      {...more}
      onText={(text) => {
        written.value = { ...written.peek(), [name]: text };
      }}
    />
  );
  const sendIt = (force: boolean): void =>
    sendByHand(compose(inputOf(written.peek(), force)), dictionary.sent, close, (failure) => {
      refusal.value = failure;
    });
  return (
    <form
      class="rule-form"
      onSubmit={(event) => {
        event.preventDefault();
        sendIt(false);
      }}
    >
      {field("method", { label: dictionary.method })}
      {field("url", { label: dictionary.url, hint: "https://fin1:8445/finesse/api/SystemInfo" })}
      {field("headers", { label: dictionary.headers, long: true })}
      {field("body", { label: replay.body, long: true })}
      {field("credentialsOf", {
        label: dictionary.credentialsOf,
        hint: dictionary.credentialsHint,
      })}
      <p class="hint">{dictionary.fromSelected}</p>
      {field("times", { label: replay.times, numeric: true })}
      <Refusal failure={refusal.value} onForce={() => sendIt(true)} />
      <div class="dialog-buttons">
        <button type="submit" class="button primary" data-testid="send-composed">
          {replay.send}
        </button>
      </div>
    </form>
  );
}

interface FieldOptions {
  readonly label: string;
  readonly hint: string;
  readonly long: boolean;
  readonly numeric: boolean;
}
