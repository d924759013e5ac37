/** Copies the shown request as a command for another tool. */
import type { JSX } from "preact";
import type { ExchangeDetail } from "../../src/domain/exchange.ts";
import { apiPath, getBytes } from "../feed/api.ts";
import { words } from "../i18n/words.ts";
import { attempt, showToast } from "../state/toast.ts";

type Form = keyof typeof words.value.copying.forms;

export function CopyMenu({ shown }: { readonly shown: ExchangeDetail }): JSX.Element {
  const { copying } = words.value;
  return (
    <select
      class="copy-menu"
      aria-label={copying.label}
      data-testid="copy-as"
      value=""
      onChange={(event) => {
        const form = event.currentTarget.value as Form;
        event.currentTarget.value = "";
        attempt(copy(shown.id, form));
      }}
    >
      <option value="" disabled>
        {copying.label}
      </option>
      {Object.entries(copying.forms).map(([form, word]) => (
        <option key={form} value={form}>
          {word}
        </option>
      ))}
    </select>
  );
}

async function copy(id: string, form: Form): Promise<void> {
  const path = apiPath(`exchanges/${id}/copy`, { as: form }).replace(/^api\//, "");
  const text = new TextDecoder().decode(await getBytes(path));
  await navigator.clipboard.writeText(text);
  const { copying } = words.value;
  const said = copying.copied(copying.forms[form]);
  showToast({ text: said, remedy: "", action: null, tone: "plain" }, 2000);
}
