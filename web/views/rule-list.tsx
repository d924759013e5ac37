/** Fault rules as sentences, each with its switch and what it has done so far. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { FaultRuleInput, FaultRuleView } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { exportText, ruleOf } from "../model/fault-rule-text.ts";
import { formatNumber } from "../model/format.ts";
import { openExchange } from "../state/evidence.ts";
import { deleteRule, duplicateRule, faults, importRules, setArmed } from "../state/faults.ts";
import { language } from "../state/preferences.ts";
import { attempt } from "../state/toast.ts";
import { IconButton } from "./button.tsx";
import { Icon } from "./icons.tsx";
import { newRule, RuleEditor } from "./rule-editor.tsx";
import { TimeUntil } from "./running-clock.tsx";
import { saveFile } from "./save-file.ts";

export function RuleList(): JSX.Element {
  const { faults: dictionary } = words.value;
  const { rules } = faults.value;
  const editing = useSignal<FaultRuleInput | null>(null);
  const edit = (rule: FaultRuleInput | null): void => {
    editing.value = rule;
  };
  return (
    <section class="panel" aria-label={dictionary.rules}>
      <div class="panel-head">
        <h2>{dictionary.rules}</h2>
        <span class="spacer" />
        <button
          type="button"
          class="button small"
          data-testid="new-rule"
          onClick={() => edit(newRule)}
        >
          <Icon name="plus" />
          {dictionary.newRule}
        </button>
        <ImportButton />
        <button
          type="button"
          class="button small"
          disabled={rules.length === 0}
          data-testid="export-rules"
          onClick={() => saveFile("boshscope-fault-rules.json", exportText(rules))}
        >
          <Icon name="download" />
          {dictionary.export}
        </button>
      </div>
      {rules.length === 0 ? <p class="hint">{dictionary.noRules}</p> : null}
      <ul class="rules">
        {rules.map((rule) => (
          <RuleItem key={rule.id} rule={rule} onEdit={() => edit(ruleOf(rule))} />
        ))}
      </ul>
      {editing.value === null ? null : (
        <RuleEditor initial={editing.value} onClose={() => edit(null)} />
      )}
    </section>
  );
}

function ImportButton(): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const { faults: dictionary } = words.value;
  return (
    <>
      <button type="button" class="button small" onClick={() => input.current?.click()}>
        <Icon name="upload" />
        {dictionary.import}
      </button>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        hidden
        data-testid="import-rules"
        onChange={(event) => {
          const element = event.currentTarget;
          const file = element.files?.[0];
          if (file !== undefined) attempt(file.text().then(importRules));
          // The same file can be picked again.
          element.value = "";
        }}
      />
    </>
  );
}

interface ItemProps {
  readonly rule: FaultRuleView;
  readonly onEdit: () => void;
}

function RuleItem({ rule, onEdit }: ItemProps): JSX.Element {
  const { faults: dictionary } = words.value;
  const { armed, lastExchange, expiresAt, scenario } = rule;
  return (
    <li class={armed ? "rule armed" : "rule"} data-testid={`rule-${rule.id}`}>
      <button
        type="button"
        class="switch"
        role="switch"
        aria-checked={armed}
        aria-label={dictionary.armRule(rule.sentence)}
        title={armed ? dictionary.disarm : dictionary.arm}
        data-testid={`arm-${rule.id}`}
        onClick={() => setArmed(rule, !armed)}
      />
      <div class="rule-text">
        <p>
          {armed ? <span class="chip armed">{dictionary.armed}</span> : null} {rule.sentence}
        </p>
        <p class="faint rule-facts">
          <span>{rule.name}</span>
          {scenario === null ? null : <span>{dictionary.ofScenario(scenario)}</span>}
          <span>{dictionary.hits(formatNumber(rule.hits, language.value))}</span>
          {lastExchange === null ? null : (
            <span>
              {dictionary.last}{" "}
              <button type="button" class="link" onClick={() => openExchange(lastExchange)}>
                #{lastExchange.slice(lastExchange.lastIndexOf("-") + 1)}
              </button>
            </span>
          )}
          {armed && expiresAt !== null ? (
            <span>
              <TimeUntil at={expiresAt} say={dictionary.expires} />
            </span>
          ) : null}
        </p>
      </div>
      <IconButton icon="pencil" label={dictionary.edit} test={`edit-${rule.id}`} onClick={onEdit} />
      <IconButton icon="copy" label={dictionary.duplicate} onClick={() => duplicateRule(rule)} />
      <IconButton
        icon="trash"
        label={dictionary.delete}
        test={`delete-${rule.id}`}
        onClick={() => deleteRule(rule)}
      />
    </li>
  );
}
