/** The XMPP screen: whose session, its stanzas, and for one's own a command line. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { XmppSessionInfo } from "../../src/domain/xmpp-console.ts";
import { words } from "../i18n/words.ts";
import { attempt } from "../state/toast.ts";
import { agents, look, refresh, type Source, sessions, signOut, source } from "../state/xmpp.ts";
import { IconButton } from "./button.tsx";
import { XmppConsole } from "./xmpp-console.tsx";
import { XmppSignIn } from "./xmpp-sign-in.tsx";
import { XmppStanzas } from "./xmpp-stanzas.tsx";

const refreshMs = 1000;

export function XmppScreen(): JSX.Element {
  useEffect(() => {
    let isBusy = false;
    const read = (): void => {
      if (isBusy || document.visibilityState !== "visible") return;
      isBusy = true;
      attempt(refresh().finally(() => (isBusy = false)));
    };
    read();
    const timer = setInterval(read, refreshMs);
    return () => clearInterval(timer);
  }, []);
  const from = source.value;
  const session =
    from.kind === "session" ? sessions.value.find(({ id }) => id === from.id) : undefined;
  return (
    <div class="xmpp" data-testid="xmpp">
      <div class="toolbar" role="toolbar">
        <SourceChoice />
        {session === undefined ? null : <SessionFacts session={session} />}
        {from.kind === "agent" ? <span class="faint">{words.value.xmpp.agentHint}</span> : null}
      </div>
      {from.kind === "sign-in" ? (
        <XmppSignIn />
      ) : (
        <div class="panes beside">
          <XmppStanzas />
          {session === undefined ? null : <XmppConsole session={session} />}
        </div>
      )}
    </div>
  );
}

const valueOf = (from: Source): string =>
  from.kind === "sign-in" ? "" : from.kind === "session" ? `s ${from.id}` : `a ${from.agent}`;

function sourceOf(value: string): Source {
  const name = value.slice(2);
  if (value.startsWith("s ")) return { kind: "session", id: name };
  return value === "" ? { kind: "sign-in" } : { kind: "agent", agent: name };
}

function SourceChoice(): JSX.Element {
  const { xmpp } = words.value;
  return (
    <label class="target">
      {xmpp.source}
      <select
        value={valueOf(source.value)}
        data-testid="xmpp-source"
        onChange={(event) => {
          look(sourceOf(event.currentTarget.value));
          attempt(refresh());
        }}
      >
        <option value="">{xmpp.newSession}</option>
        {sessions.value.length === 0 ? null : (
          <optgroup label={xmpp.ownSessions}>
            {sessions.value.map(({ id, jid, transport }) => (
              <option key={id} value={`s ${id}`}>
                {jid} ({transport})
              </option>
            ))}
          </optgroup>
        )}
        <optgroup label={xmpp.agentSessions}>
          {agents.value.length === 0 ? <option disabled>{xmpp.noAgents}</option> : null}
          {agents.value.map((agent) => (
            <option key={agent} value={`a ${agent}`}>
              {agent}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  );
}

function SessionFacts({ session }: { readonly session: XmppSessionInfo }): JSX.Element {
  const { xmpp } = words.value;
  const { id, host, port, secure, certificate, state, ending } = session;
  return (
    <>
      <span class={secure ? "faint" : "bad"}>
        {host}:{port}, {secure ? xmpp.secure : xmpp.insecure}
        {certificate === null ? "" : `, ${xmpp.pin[certificate.pin]}`}
      </span>
      {state === "ended" ? (
        <span class="bad" role="alert">
          {xmpp.ended(ending ?? xmpp.endedByUs)}
        </span>
      ) : null}
      <span class="spacer" />
      <IconButton
        icon="close"
        wordy
        label={xmpp.signOut}
        test="xmpp-sign-out"
        onClick={() => attempt(signOut(id))}
      />
    </>
  );
}
