/** Signing in to XMPP as an agent. The password stays in its field until it is sent, and is gone from it then. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { ApiFailure } from "../feed/api.ts";
import { words } from "../i18n/words.ts";
import { hasPath, type SignInForm, transports, withTransport } from "../model/sign-in-form.ts";
import { attempt } from "../state/toast.ts";
import { form, signIn } from "../state/xmpp.ts";
import { ChoiceField, FormField } from "./form-field.tsx";
import { Icon } from "./icons.tsx";

export function XmppSignIn(): JSX.Element {
  const { xmpp } = words.value;
  const password = useRef<HTMLInputElement>(null);
  const isBusy = useSignal(false);
  const refusal = useSignal<ApiFailure | null>(null);
  const submit = (): void => {
    const field = password.current;
    const typed = field?.value ?? "";
    if (field !== null) field.value = "";
    isBusy.value = true;
    refusal.value = null;
    const signed = signIn(typed).catch((thrown: unknown) => {
      if (!(thrown instanceof ApiFailure)) throw thrown;
      refusal.value = thrown;
    });
    attempt(signed.finally(() => (isBusy.value = false)));
  };
  const failure = refusal.value;
  return (
    <form
      class="xmpp-sign-in scroll"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h2>{xmpp.signIn}</h2>
      <p class="hint">{xmpp.signInHint}</p>
      <Fields />
      <label class="form-field">
        <span>{xmpp.password}</span>
        <input
          ref={password}
          type="password"
          required
          autocomplete="off"
          placeholder={xmpp.passwordHint}
          data-testid="xmpp-password"
        />
      </label>
      <div class="form-end">
        <button type="submit" class="button primary" disabled={isBusy.value} data-testid="xmpp-go">
          <Icon name="plug" /> {isBusy.value ? xmpp.signingIn : xmpp.signIn}
        </button>
      </div>
      {failure === null ? null : (
        <p class="bad" role="alert" data-testid="xmpp-refusal">
          {failure.message} {failure.remedy}
        </p>
      )}
    </form>
  );
}

function Fields(): JSX.Element {
  const { xmpp } = words.value;
  const change = (part: Partial<SignInForm>): void => {
    form.value = { ...form.peek(), ...part };
  };
  const { transport, agent, server, domain, port, path, resource } = form.value;
  const field = (name: keyof SignInForm, label: string, text: string, hint?: string) => (
    <FormField
      label={label}
      text={text}
      objection=""
      numeric={name === "port"}
      test={`xmpp-${name}`}
      onText={(typed) => change({ [name]: typed })}
      {...(hint === undefined ? {} : { hint })}
    />
  );
  return (
    <>
      {field("agent", xmpp.agent, agent)}
      {field("server", xmpp.server, server, "fin1.ucce.local")}
      {field("domain", xmpp.domain, domain, xmpp.domainHint)}
      <ChoiceField
        label={xmpp.transport}
        names={xmpp.transports}
        choices={transports}
        chosen={transport}
        objection=""
        test="xmpp-transport"
        onChoose={(name) => {
          if (name !== null) form.value = withTransport(form.peek(), name);
        }}
      />
      <div class="form-row" key={transport}>
        {field("port", xmpp.port, port)}
        {hasPath(form.value) ? field("path", xmpp.path, path) : null}
      </div>
      {field("resource", xmpp.resource, resource)}
      <p class="hint">{xmpp.resourceHint}</p>
    </>
  );
}
