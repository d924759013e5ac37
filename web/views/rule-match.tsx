/** The "when" of a rule's form. */
import type { JSX } from "preact";
import type { FaultMatch, FaultSubjectKind } from "../../src/domain/fault-rule.ts";
import { words } from "../i18n/words.ts";
import { type MatchField, matchFields, matchText, withMatch } from "../model/match-fields.ts";
import { about, type Objection } from "../model/objections.ts";
import { ChoiceField, FormField } from "./form-field.tsx";

const kinds: readonly FaultSubjectKind[] = [
  "poll",
  "notification",
  "http-bind",
  "session-create",
  "systeminfo",
  "state-change",
  "rest",
  "websocket",
  "frame",
  "ping",
  "connect",
  "tls",
  "any",
];

interface Props {
  readonly match: FaultMatch;
  readonly objections: readonly Objection[];
  readonly onChange: (match: FaultMatch) => void;
}

export function RuleMatch(props: Props): JSX.Element {
  const { editor } = words.value.faults;
  return (
    <fieldset class="form-part">
      <legend>
        {editor.match} <span class="faint">{editor.matchHint}</span>
      </legend>
      <div class="form-grid">
        {matchFields.map((field) => (
          <MatchInput key={field.name} field={field} {...props} />
        ))}
      </div>
    </fieldset>
  );
}

function MatchInput({
  field,
  match,
  objections,
  onChange,
}: Props & { readonly field: MatchField }): JSX.Element {
  const { faults } = words.value;
  const isWindow = field.name === "fromMs" || field.name === "untilMs";
  const objection = about(
    objections,
    isWindow ? `match.window.${field.name}` : `match.${field.name}`,
  );
  const label = faults.match[field.name];
  if (field.form === "kind") {
    return (
      <ChoiceField
        label={label}
        names={faults.kind}
        choices={kinds}
        chosen={match.kind ?? null}
        none={faults.editor.any}
        objection={objection}
        test="match-kind"
        onChoose={(kind) => onChange(withMatch(match, field, kind ?? ""))}
      />
    );
  }
  return (
    <FormField
      label={label}
      text={matchText(match, field)}
      numeric={field.form === "number"}
      objection={objection}
      test={`match-${field.name}`}
      onText={(text) => onChange(withMatch(match, field, text))}
    />
  );
}
