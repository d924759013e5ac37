/** The two small dialogs: a row's comment, and the list of keys. Native dialogs keep the focus inside. */
import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../i18n/words.ts";
import { commenting, setComment } from "../state/commands.ts";
import { rows } from "../state/live.ts";
import { IconButton } from "./button.tsx";

export const keysShown = signal(false);

function Modal(props: {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Closing gives the focus back to where it was; taking an open dialog away would lose it.
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-label={props.label} onClose={props.onClose}>
      {props.children}
    </dialog>
  );
}

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
      <div class="popover-head">
        <h2>{app.shortcuts}</h2>
        <IconButton icon="close" label={app.close} onClick={close} />
      </div>
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
