/** A labelled field of a form with what is wrong with it beside. What is typed stays as typed: the text is read, never written back. */
import type { JSX } from "preact";

interface FieldProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** "" = none. */
  readonly objection: string;
  readonly hint?: string;
  readonly numeric?: boolean;
  readonly long?: boolean;
  readonly test?: string;
}

export function FormField(props: FieldProps): JSX.Element {
  const { label, text, objection, onText } = props;
  const shared = {
    defaultValue: text,
    "aria-invalid": objection !== "",
    "data-testid": props.test,
    ...(props.hint === undefined ? {} : { placeholder: props.hint }),
  };
  return (
    <label class={props.long ? "form-field long" : "form-field"}>
      <span>{label}</span>
      {props.long ? (
        <textarea
          rows={3}
          spellcheck={false}
          {...shared}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      ) : (
        <input
          type="text"
          inputMode={props.numeric ? "decimal" : "text"}
          {...shared}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
      <Objection text={objection} />
    </label>
  );
}

export function ChoiceField<Name extends string>(props: {
  readonly label: string;
  readonly names: Readonly<Record<Name, string>>;
  readonly choices: readonly Name[];
  readonly chosen: Name | null;
  /** What choosing nothing is called; left out = something must be chosen. */
  readonly none?: string;
  readonly objection: string;
  readonly onChoose: (name: Name | null) => void;
  readonly test?: string;
}): JSX.Element {
  const { choices, names, none } = props;
  return (
    <label class="form-field">
      <span>{props.label}</span>
      <select
        value={props.chosen ?? ""}
        data-testid={props.test}
        onChange={(event) => {
          const { value } = event.currentTarget;
          props.onChoose(choices.find((name) => name === value) ?? null);
        }}
      >
        {none === undefined ? null : <option value="">{none}</option>}
        {choices.map((name) => (
          <option key={name} value={name}>
            {names[name]}
          </option>
        ))}
      </select>
      <Objection text={props.objection} />
    </label>
  );
}

const Objection = ({ text }: { readonly text: string }): JSX.Element | null =>
  text === "" ? null : <span class="field-note">{text}</span>;
