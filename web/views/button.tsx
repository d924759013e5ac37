/** Buttons of the page: an icon alone always carries its word as label and title. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { attempt } from "../state/toast.ts";
import { Icon, type IconName } from "./icons.tsx";

interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly test?: string;
  /** Shows the label beside the icon too. */
  readonly wordy?: boolean;
  readonly tone?: string;
  readonly hint?: string;
}

export function IconButton(props: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class={`icon-button ${props.wordy ? "wordy" : ""} ${props.tone ?? ""}`}
      title={props.hint ?? props.label}
      aria-label={props.label}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      data-testid={props.test}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
      {props.wordy ? <span>{props.label}</span> : null}
    </button>
  );
}

/** Copies a text and says so for a moment. */
export function CopyButton({ text }: { readonly text: string }): JSX.Element {
  const copied = useSignal(false);
  const { app } = words.value;
  return (
    <IconButton
      icon={copied.value ? "check" : "copy"}
      label={copied.value ? app.copied : app.copy}
      onClick={() =>
        attempt(
          navigator.clipboard.writeText(text).then(() => {
            copied.value = true;
            setTimeout(() => {
              copied.value = false;
            }, 1500);
          }),
        )
      }
    />
  );
}

/** The same with words; the text is made when asked for. */
export function CopyTextButton(props: {
  readonly label: string;
  readonly text: () => string;
  readonly test?: string;
}): JSX.Element {
  const copied = useSignal(false);
  return (
    <button
      type="button"
      class="button"
      data-testid={props.test}
      onClick={() =>
        attempt(
          navigator.clipboard.writeText(props.text()).then(() => {
            copied.value = true;
            setTimeout(() => {
              copied.value = false;
            }, 1500);
          }),
        )
      }
    >
      <Icon name={copied.value ? "check" : "copy"} />
      {copied.value ? words.value.app.copied : props.label}
    </button>
  );
}
