/** The two small dialogs: a row's comment, and the list of keys. Native dialogs keep the focus inside. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { words } from "../i18n/words.ts";
import { commenting, setComment } from "../state/commands.ts";
import { rows } from "../state/live.ts";
import { DialogHead, Modal } from "./modal.tsx";

export const keysShown = signal(false);

export function CommentDialog(): JSX.Element | null {
  const id = commenting.value;
  const input = useRef<HTMLInputElement>(null);
  if (id === null) return null;
  const { list } = words.value;
  const close = (): void => {
    commenting.value = null;
  };
  return (
    <Modal label={list.commentPrompt} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setComment(id, input.current?.value ?? "");
          close();
        }}
      >
        <label>
          {list.commentPrompt}
          <input
            ref={input}
            type="text"
            data-testid="comment-input"
            defaultValue={rows.get(id)?.comment ?? ""}
          />
        </label>
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={close}>
            {list.cancel}
          </button>
          <button type="submit" class="button primary">
            {list.save}
          </button>
        </div>
      </form>
    </Modal>
  );
}

export function KeysDialog(): JSX.Element | null {
  if (!keysShown.value) return null;
  const { app, keys } = words.value;
  const close = (): void => {
    keysShown.value = false;
  };
  return (
    <Modal label={app.shortcuts} onClose={close}>
      <DialogHead title={app.shortcuts} onClose={close} />
      <dl class="keys">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
