/** Writes a fault rule: when, then, and when it disarms itself. The server's objections stand beside their fields. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { FaultRuleInput } from "../../src/server/messages.ts";
import { ApiFailure } from "../feed/api.ts";
import { words } from "../i18n/words.ts";
import { about, type Objection, objectionsOf } from "../model/objections.ts";
import { newAction, numberOf } from "../model/rule-fields.ts";
import { saveRule } from "../state/faults.ts";
import { attempt } from "../state/toast.ts";
import { FormField } from "./form-field.tsx";
import { DialogHead, Modal } from "./modal.tsx";
import { RuleActions } from "./rule-actions.tsx";
import { RuleMatch } from "./rule-match.tsx";

export const newRule: FaultRuleInput = {
  name: "",
  match: { kind: "poll" },
  actions: [newAction.drop],
  times: 1,
  expiresAfterMs: null,
  alsoWaiting: false,
};

interface Props {
  readonly initial: FaultRuleInput;
  readonly onClose: () => void;
}

export function RuleEditor({ initial, onClose }: Props): JSX.Element {
  const draft = useSignal(initial);
  const objections = useSignal<readonly Objection[]>([]);
  const { editor } = words.value.faults;
  const title = initial.id === undefined ? editor.newTitle : editor.editTitle;
  const change = (part: Partial<FaultRuleInput>): void => {
    draft.value = { ...draft.peek(), ...part };
  };
  const save = (arm: boolean): void => {
    const rule = draft.peek();
    const name = rule.name.trim() === "" ? defaultName(rule) : rule.name.trim();
    attempt(
      saveRule({ ...rule, name, ...(arm ? { arm } : {}) }).then(onClose, (thrown: unknown) => {
        if (!(thrown instanceof ApiFailure)) throw thrown;
        objections.value = objectionsOf(`${thrown.message} ${thrown.remedy}`.trim());
      }),
    );
  };
  return (
    <Modal label={title} onClose={onClose} wide>
      <DialogHead title={title} onClose={onClose} />
      <form
        class="rule-form"
        onSubmit={(event) => {
          event.preventDefault();
          save(false);
        }}
      >
        <Objections all={objections.value} />
        <Limits draft={draft.value} objections={objections.value} onChange={change} />
        <RuleMatch
          match={draft.value.match}
          objections={objections.value}
          onChange={(match) => change({ match })}
        />
        <RuleActions
          actions={draft.value.actions}
          objections={objections.value}
          onChange={(actions) => change({ actions })}
        />
        <div class="dialog-buttons">
          <button type="submit" class="button" data-testid="save-rule">
            {editor.save}
          </button>
          <button
            type="button"
            class="button primary"
            data-testid="save-and-arm"
            onClick={() => save(true)}
          >
            {editor.saveAndArm}
          </button>
        </div>
      </form>
    </Modal>
  );
}

const defaultName = ({ actions, match }: FaultRuleInput): string =>
  `${actions[0]?.kind ?? ""} ${match.kind ?? ""}`.trim();

/** All of them, for whoever reads by ear or finds no field for one. */
function Objections({ all }: { readonly all: readonly Objection[] }): JSX.Element | null {
  if (all.length === 0) return null;
  return (
    <div class="objections" role="alert" data-testid="objections">
      <strong>{words.value.faults.editor.objections}</strong>
      <ul class="sentences">
        {all.map(({ path, text }) => (
          <li key={`${path} ${text}`}>
            {path === "" ? "" : <code>{path}</code>} {text}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Limits(props: {
  readonly draft: FaultRuleInput;
  readonly objections: readonly Objection[];
  readonly onChange: (part: Partial<FaultRuleInput>) => void;
}): JSX.Element {
  const { draft, objections, onChange } = props;
  const { editor } = words.value.faults;
  const orNull = (text: string): number | null => (text.trim() === "" ? null : numberOf(text));
  return (
    <fieldset class="form-grid">
      <FormField
        label={editor.name}
        text={draft.name}
        objection={about(objections, "name")}
        onText={(name) => onChange({ name })}
      />
      <FormField
        label={editor.times}
        text={String(draft.times ?? "")}
        hint={editor.never}
        numeric
        objection={about(objections, "times")}
        onText={(text) => onChange({ times: orNull(text) })}
      />
      <FormField
        label={editor.expires}
        text={draft.expiresAfterMs === null ? "" : String(draft.expiresAfterMs / 1000)}
        hint={editor.never}
        numeric
        objection={about(objections, "expiresAfterMs")}
        onText={(text) => {
          const seconds = orNull(text);
          onChange({ expiresAfterMs: seconds === null ? null : Math.round(seconds * 1000) });
        }}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={draft.alsoWaiting}
          onChange={(event) => onChange({ alsoWaiting: event.currentTarget.checked })}
        />
        {editor.alsoWaiting}
      </label>
    </fieldset>
  );
}
