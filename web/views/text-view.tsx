/** Long text as one text node, the first part at once and the rest when asked for. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { formatBytes } from "../model/format.ts";
import { language } from "../state/preferences.ts";

const atOnce = 128 * 1024;

export function TextView({ text }: { readonly text: string }): JSX.Element {
  const whole = useSignal(text.length <= atOnce);
  return (
    <>
      <pre class="code">{whole.value ? text : text.slice(0, atOnce)}</pre>
      {whole.value ? null : (
        <button
          type="button"
          class="button"
          onClick={() => {
            whole.value = true;
          }}
        >
          {words.value.body.showAll(formatBytes(text.length, language.value))}
        </button>
      )}
    </>
  );
}
