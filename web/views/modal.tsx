/** A native dialog, so that the focus stays inside and Escape closes it. */
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../i18n/words.ts";
import { IconButton } from "./button.tsx";

export function Modal(props: {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly wide?: boolean;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Closing gives the focus back to where it was; taking an open dialog away would lose it.
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={props.wide ? "dialog wide" : "dialog"}
      aria-label={props.label}
      onClose={props.onClose}
    >
      {props.children}
    </dialog>
  );
}

export function DialogHead(props: {
  readonly title: string;
  readonly onClose: () => void;
}): JSX.Element {
  return (
    <div class="popover-head">
      <h2>{props.title}</h2>
      <IconButton icon="close" label={words.value.app.close} onClick={props.onClose} />
    </div>
  );
}
