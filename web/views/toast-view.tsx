/** Shows the one message of the moment, with its way back. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { hideToast, toast } from "../state/toast.ts";
import { IconButton } from "./button.tsx";

export function ToastView(): JSX.Element {
  const shown = toast.value;
  return (
    <div class="toast-place" aria-live="polite" role="status">
      {shown === null ? null : (
        <div class={shown.tone === "error" ? "toast error" : "toast"} data-testid="toast">
          <span>{shown.text}</span>
          {shown.remedy === "" ? null : <span class="faint">{shown.remedy}</span>}
          {shown.action === null ? null : (
            <button
              type="button"
              class="button small"
              data-testid="toast-action"
              onClick={shown.action.run}
            >
              {shown.action.label}
            </button>
          )}
          <IconButton icon="close" label={words.value.app.close} onClick={hideToast} />
        </div>
      )}
    </div>
  );
}
