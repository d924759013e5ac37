/** How to trust the root certificate on each system and how to remove it, and how Boshscope was started. */
import type { JSX } from "preact";
import type { PageConfig } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { CopyButton } from "./button.tsx";
import { Section } from "./facts.tsx";

export function TrustGuide(): JSX.Element {
  const { setup } = words.value;
  return (
    <Section title={setup.howTitle}>
      <div class="trust-guide">
        {setup.how.map(([where, trust, remove, byHand]) => (
          <div key={where} class="card">
            <h4>{where}</h4>
            {trust === "" ? null : <Command name={setup.trust} text={trust} />}
            {remove === "" ? null : <Command name={setup.remove} text={remove} />}
            <p>{byHand}</p>
          </div>
        ))}
      </div>
    </Section>
  );
}

function Command(props: { readonly name: string; readonly text: string }): JSX.Element {
  return (
    <div class="command">
      <span>{props.name}</span>
      <code>{props.text}</code>
      <CopyButton text={props.text} />
    </div>
  );
}

export function SettingsTable({ config }: { readonly config: PageConfig }): JSX.Element {
  const { setup } = words.value;
  return (
    <Section title={setup.settings}>
      <table class="table settings">
        <thead>
          <tr>
            <th scope="col">{setup.setting}</th>
            <th scope="col">{setup.value}</th>
            <th scope="col">{setup.origin}</th>
          </tr>
        </thead>
        <tbody>
          {config.options.map((option) => (
            <tr key={option.name}>
              <th scope="row" class="mono">
                {option.name}
              </th>
              <td class="mono">{option.value}</td>
              <td>{option.origin}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
