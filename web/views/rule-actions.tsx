/** The "then" of a rule's form: its actions in order. */
import type { JSX } from "preact";
import type { AnswerTemplate, FaultAction } from "../../src/domain/fault-rule.ts";
import { words } from "../i18n/words.ts";
import { about, type Objection } from "../model/objections.ts";
import {
  actionFields,
  type Field,
  type FieldForm,
  fieldText,
  newAction,
  newTemplate,
  templateFields,
  withField,
} from "../model/rule-fields.ts";
import { IconButton } from "./button.tsx";
import { ChoiceField, FormField } from "./form-field.tsx";

const kinds = Object.keys(newAction) as FaultAction["kind"][];
const templates = Object.keys(newTemplate) as AnswerTemplate["kind"][];

interface Props {
  readonly actions: readonly FaultAction[];
  readonly objections: readonly Objection[];
  readonly onChange: (actions: readonly FaultAction[]) => void;
}

export function RuleActions({ actions, objections, onChange }: Props): JSX.Element {
  const { editor, action: names } = words.value.faults;
  const replace = (index: number, by: readonly FaultAction[]): void =>
    onChange([...actions.slice(0, index), ...by, ...actions.slice(index + 1)]);
  return (
    <fieldset class="form-part">
      <legend>{editor.actions}</legend>
      {actions.map((action, index) => (
        // Actions have no name of their own; their place and kind is what a person sees.
        <div key={`${index} ${action.kind}`} class="action-form">
          <div class="form-grid">
            <ChoiceField
              label={`${index + 1}.`}
              names={names}
              choices={kinds}
              chosen={action.kind}
              objection={about(objections, `actions.${index}.kind`)}
              test={`action-${index}`}
              onChoose={(kind) => replace(index, [newAction[kind ?? action.kind]])}
            />
            {actionFields[action.kind].map((field) => (
              <PartField
                key={field.name}
                field={field}
                part={action}
                path={`actions.${index}`}
                objections={objections}
                onChange={(part) => replace(index, [part])}
              />
            ))}
          </div>
          {actions.length === 1 ? null : (
            <IconButton
              icon="close"
              label={editor.removeAction}
              onClick={() => replace(index, [])}
            />
          )}
        </div>
      ))}
      <span class="field-note">{about(objections, "actions").slice(0, 200)}</span>
      <button
        type="button"
        class="button small"
        data-testid="add-action"
        onClick={() => onChange([...actions, newAction.delay])}
      >
        {editor.addAction}
      </button>
    </fieldset>
  );
}

interface PartProps<Part> {
  readonly field: Field;
  readonly part: Part;
  readonly path: string;
  readonly objections: readonly Objection[];
  readonly onChange: (part: Part) => void;
}

const longForms: ReadonlySet<string> = new Set([
  "headers",
  "names",
  "replacements",
  "paths",
  "long-text",
]);

interface Offered {
  readonly choices: readonly string[];
  readonly names: Readonly<Record<string, string>>;
}

/** Of a field whose value is one of a few words; null = of any other. */
function choicesOf(form: FieldForm): Offered | null {
  const { leg, ending, bodyForm, counting } = words.value.faults;
  const offered: Partial<Record<FieldForm, Offered>> = {
    leg: { choices: ["request", "response"], names: leg },
    ending: { choices: ["fin", "reset", "silence"], names: ending },
    refusal: { choices: ["reset", "silence"], names: ending },
    "body-form": { choices: ["finesse", "openfire"], names: bodyForm },
    counting: { choices: ["idle", "open"], names: counting },
  };
  return offered[form] ?? null;
}

function PartField<Part extends FaultAction | AnswerTemplate>(
  props: PartProps<Part>,
): JSX.Element | null {
  const { field, part, path, objections, onChange } = props;
  const { faults } = words.value;
  if (field.form === "template") {
    if (part.kind !== "answer") return null;
    const change = (template: AnswerTemplate): void => onChange({ ...part, template });
    return <TemplateFields {...props} part={part.template} onChange={change} />;
  }
  const label = faults.field[field.name];
  const objection = about(objections, `${path}.${field.name}`);
  const text = fieldText(part, field);
  const choose = (value: string | null): void => onChange(withField(part, field, value ?? text));
  const shared = { label, objection, test: `field-${field.name}` };
  const offered = choicesOf(field.form);
  if (offered !== null) {
    const { choices, names } = offered;
    const chosen = choices.find((one) => one === text) ?? null;
    return <ChoiceField {...shared} {...{ names, choices, chosen }} onChoose={choose} />;
  }
  return (
    <FormField
      {...shared}
      text={text}
      numeric={field.form === "number" || field.form === "optional-number"}
      long={longForms.has(field.form)}
      onText={(typed) => onChange(withField(part, field, typed))}
    />
  );
}

function TemplateFields(props: PartProps<AnswerTemplate>): JSX.Element {
  const { part, path, objections, onChange } = props;
  const { faults } = words.value;
  return (
    <>
      <ChoiceField
        label={faults.field.template}
        names={faults.template}
        choices={templates}
        chosen={part.kind}
        objection={about(objections, `${path}.template.kind`)}
        test="template"
        onChoose={(kind) => onChange(newTemplate[kind ?? part.kind])}
      />
      {templateFields[part.kind].map((field) => (
        <PartField
          key={`${part.kind} ${field.name}`}
          {...props}
          field={field}
          path={`${path}.template`}
        />
      ))}
    </>
  );
}
