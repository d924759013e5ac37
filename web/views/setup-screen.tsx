/** Three steps to the first decrypted poll, each ticked by what the proxy has really seen. */
import type { ComponentChildren, JSX } from "preact";
import type { EndpointTrust, SetupState } from "../../src/domain/recording.ts";
import type { PageConfig } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { formatTime } from "../model/format.ts";
import { alertMeaning, alertName } from "../model/tls-alerts.ts";
import { config } from "../state/config.ts";
import { status } from "../state/live.ts";
import { CopyButton } from "./button.tsx";
import { Icon } from "./icons.tsx";
import { SettingsTable, TrustGuide } from "./setup-guide.tsx";

type StepState = "done" | "waiting" | "problem";

const nothingSeen: SetupState = { proxySeen: null, endpoints: [], httpBindSeen: null };

export function SetupScreen(): JSX.Element {
  const { setup } = words.value;
  const seen = status.value?.setup ?? nothingSeen;
  const known = config.value.kind === "ready" ? config.value.value : null;
  return (
    <div class="setup scroll" data-testid="setup">
      <h1>{setup.title}</h1>
      <ol class="steps">
        <Step number={1} title={setup.proxyTitle} state={tickOf(seen.proxySeen)}>
          <ProxyStep seen={seen.proxySeen} config={known} />
        </Step>
        <Step number={2} title={setup.trustTitle} state={trustState(seen.endpoints)}>
          <TrustStep endpoints={seen.endpoints} config={known} />
        </Step>
        <Step number={3} title={setup.bindTitle} state={tickOf(seen.httpBindSeen)}>
          <p>
            {seen.httpBindSeen === null
              ? setup.bindWaiting
              : setup.bindSeen(formatTime(seen.httpBindSeen).slice(0, 8))}
          </p>
          <p class="faint">{setup.bindWebsocket}</p>
        </Step>
      </ol>
      <TrustGuide />
      {known === null ? null : <SettingsTable config={known} />}
    </div>
  );
}

const tickOf = (seen: string | null): StepState => (seen === null ? "waiting" : "done");

function trustState(endpoints: readonly EndpointTrust[]): StepState {
  if (endpoints.some((endpoint) => endpoint.state === "rejected")) return "problem";
  return endpoints.some((endpoint) => endpoint.state === "trusted") ? "done" : "waiting";
}

function Step(props: {
  readonly number: number;
  readonly title: string;
  readonly state: StepState;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { setup } = words.value;
  const icons = { done: "check", waiting: "hourglass", problem: "alert" } as const;
  return (
    <li class={`step ${props.state}`} data-testid={`step-${props.number}`} data-state={props.state}>
      <h2>
        <span class="step-tick">
          <Icon name={icons[props.state]} />
        </span>
        {props.number}. {props.title}
        <span class="step-state" aria-live="polite">
          {setup[props.state]}
        </span>
      </h2>
      <div class="step-body">{props.children}</div>
    </li>
  );
}

function ProxyStep(props: {
  readonly seen: string | null;
  readonly config: PageConfig | null;
}): JSX.Element {
  const { setup } = words.value;
  const { proxy } = props.config ?? {};
  const pac = new URL("proxy.pac", document.baseURI);
  pac.hash = "";
  pac.search = "";
  return (
    <>
      <p>
        {props.seen === null
          ? setup.proxyWaiting
          : setup.proxySeen(formatTime(props.seen).slice(0, 8))}
      </p>
      {proxy === undefined ? null : (
        <Address name={setup.proxyAddress} text={`${proxy.host}:${proxy.port}`} />
      )}
      <Address name={setup.pacAddress} text={pac.href} hint={setup.pacHint} />
      <dl class="guide">
        {setup.proxyHow.map(([where, how]) => (
          <div key={where}>
            <dt>{where}</dt>
            <dd>{how}</dd>
          </div>
        ))}
      </dl>
      <p class="faint">{setup.loopback}</p>
    </>
  );
}

function Address(props: {
  readonly name: string;
  readonly text: string;
  readonly hint?: string;
}): JSX.Element {
  return (
    <p class="address">
      <span class="address-name">{props.name}</span>
      <code>{props.text}</code>
      <CopyButton text={props.text} />
      {props.hint === undefined ? null : <span class="faint">{props.hint}</span>}
    </p>
  );
}

function TrustStep(props: {
  readonly endpoints: readonly EndpointTrust[];
  readonly config: PageConfig | null;
}): JSX.Element {
  const { setup } = words.value;
  return (
    <>
      <p>{setup.trustText}</p>
      <p class="downloads">
        <a class="button primary" href="boshscope-ca.cer" download="boshscope-ca.cer">
          <Icon name="download" /> {setup.downloadCer}
        </a>
        <a class="button" href="boshscope-ca.pem" download="boshscope-ca.pem">
          <Icon name="download" /> {setup.downloadPem}
        </a>
      </p>
      {props.config === null ? null : (
        <Address name={setup.fingerprint} text={props.config.caFingerprint256} />
      )}
      {props.endpoints.length === 0 ? (
        <p>{setup.trustWaiting}</p>
      ) : (
        <ul class="endpoints">
          {props.endpoints.map((endpoint) => (
            <Endpoint key={`${endpoint.host}:${endpoint.port}`} endpoint={endpoint} />
          ))}
        </ul>
      )}
    </>
  );
}

const endpointIcons = {
  trusted: "check",
  rejected: "alert",
  seen: "hourglass",
  tunnel: "lock",
} as const;

function Endpoint({ endpoint }: { readonly endpoint: EndpointTrust }): JSX.Element {
  const { setup } = words.value;
  const { host, port, state } = endpoint;
  return (
    <li class={`endpoint ${state}`} data-testid={`endpoint-${host}:${port}`} data-state={state}>
      <Icon name={endpointIcons[state]} />
      <div>
        <code>
          {host}:{port}
        </code>{" "}
        <strong>{setup.states[state]}</strong>{" "}
        <span class="faint">{formatTime(endpoint.at).slice(0, 8)}</span>
        {state === "rejected" ? <Rejection alert={endpoint.alert} /> : null}
        {state === "tunnel" ? <p>{setup.tunnelText}</p> : null}
      </div>
    </li>
  );
}

/** The alert's number, what it means, and what to do. */
function Rejection({ alert }: { readonly alert: number | null }): JSX.Element {
  const { setup } = words.value;
  const meaning = alert === null ? "untrusted" : alertMeaning(alert);
  return (
    <p>
      {alert === null ? setup.rejectedSilent : setup.rejectedText(alertName(alert))}{" "}
      {setup.rejectedMeaning[meaning]} {setup.rejectedRemedy[meaning]}
    </p>
  );
}
