/** Exports the capture or a part of it, and says before that what is replaced in the file and what is not. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ExportReport } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { formatNumber } from "../model/format.ts";
import {
  type ExportChoice,
  exporting,
  exportReport,
  loadReport,
  queryOf,
  saveExport,
} from "../state/exporting.ts";
import { filter } from "../state/live.ts";
import { language } from "../state/preferences.ts";
import { selection } from "../state/selected.ts";
import { attempt } from "../state/toast.ts";
import { ChoiceField, FormField } from "./form-field.tsx";
import { Icon } from "./icons.tsx";
import { DialogHead, Modal } from "./modal.tsx";

export function ExportDialog(): JSX.Element | null {
  const choice = exporting.value;
  const wanted = choice === null ? null : `${queryOf(choice.range)} ${choice.redact}`;
  useEffect(() => {
    const now = exporting.peek();
    if (now !== null) void loadReport(now);
  }, [wanted]);
  if (choice === null) return null;
  const { exporting: text } = words.value;
  const close = (): void => {
    exporting.value = null;
  };
  return (
    <Modal label={text.title} onClose={close}>
      <DialogHead title={text.title} onClose={close} />
      <Choices choice={choice} />
      {choice.redact === "no" ? (
        <p class="bad" role="alert">
          <Icon name="alert" /> {text.warning}
        </p>
      ) : null}
      <Report choice={choice} />
    </Modal>
  );
}

function Choices({ choice }: { readonly choice: ExportChoice }): JSX.Element {
  const { exporting: text } = words.value;
  const selected = selection.value.ids.size;
  const change = (part: Partial<ExportChoice>): void => {
    exporting.value = { ...choice, ...part };
  };
  const ranges = (["all", "filter", "selection"] as const).filter(
    (range) => range === "all" || (range === "filter" ? filter.value !== "" : selected > 0),
  );
  return (
    <div class="form-fields">
      <ChoiceField
        label={text.range}
        names={text.ranges(selected)}
        choices={ranges}
        chosen={choice.range}
        objection=""
        onChoose={(range) => change({ range: range ?? "all" })}
        test="export-range"
      />
      <ChoiceField
        label={text.format}
        names={text.formats}
        choices={["saz", "har", "pcapng", "boshscope"]}
        chosen={choice.format}
        objection=""
        onChoose={(format) => change({ format: format ?? "saz" })}
        test="export-format"
      />
      <ChoiceField
        label={text.redact}
        names={text.redactions}
        choices={["yes", "hosts", "no"]}
        chosen={choice.redact}
        objection=""
        onChoose={(redact) => change({ redact: redact ?? "yes" })}
        test="export-redact"
      />
      {choice.format === "saz" ? (
        <FormField
          label={text.password}
          text={choice.password}
          hint={text.passwordHint}
          objection=""
          onText={(password) => change({ password })}
          test="export-password"
        />
      ) : null}
    </div>
  );
}

function Report({ choice }: { readonly choice: ExportChoice }): JSX.Element {
  const { exporting: text } = words.value;
  const loaded = exportReport.value;
  if (loaded.kind === "loading")
    return (
      <p role="status">
        <Icon name="hourglass" /> {text.reading}
      </p>
    );
  if (loaded.kind === "failed") return <p class="bad">{loaded.failure.message}</p>;
  const report = loaded.value;
  return (
    <>
      {choice.redact === "no" ? null : <Lines report={report} />}
      <p class="buttons">
        <button
          type="button"
          class="button primary"
          data-testid="export-save"
          onClick={() => attempt(saveExport(choice))}
        >
          <Icon name="download" />
          {text.save(formatNumber(report.exchanges, language.value))}
        </button>
      </p>
    </>
  );
}

function Lines({ report }: { readonly report: ExportReport }): JSX.Element {
  const { exporting: text } = words.value;
  const number = (value: number): string => formatNumber(value, language.value);
  const { secretMarkers, replaced, droppedBodies, hostsKept, addressesKept, freeTexts } = report;
  const counted = (name: string, count: { distinct: number; replaced: number }): JSX.Element => (
    <li key={name}>
      {name}: {text.places(number(count.distinct), number(count.replaced))}
    </li>
  );
  return (
    <div data-testid="export-report">
      <h3>{text.replaced}</h3>
      <ul>
        {counted(text.secrets, secretMarkers)}
        {Object.entries(replaced)
          .filter(([, count]) => count.replaced > 0)
          .map(([kind, count]) => counted(text.kinds[kind] ?? kind, count))}
        {droppedBodies > 0 ? <li>{text.dropped(number(droppedBodies))}</li> : null}
      </ul>
      <h3>{text.kept}</h3>
      <ul>
        {hostsKept + addressesKept > 0 ? (
          <li>{text.hosts(number(hostsKept), number(addressesKept))}</li>
        ) : null}
        {freeTexts > 0 ? <li>{text.free(number(freeTexts))}</li> : null}
        <li>{text.always}</li>
      </ul>
    </div>
  );
}
