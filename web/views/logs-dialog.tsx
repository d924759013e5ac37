/** Takes log files dropped anywhere on the page, and lists what was read of each. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { words } from "../i18n/words.ts";
import { formatNumber } from "../model/format.ts";
import { loadLogFiles, logFiles, logsShown, sending, skipped } from "../state/logs.ts";
import { language } from "../state/preferences.ts";
import { takeFiles } from "../state/taking-in.ts";
import { Icon } from "./icons.tsx";
import { DialogHead, Modal } from "./modal.tsx";

const hasFiles = (event: DragEvent): boolean =>
  event.dataTransfer?.types.includes("Files") === true;

/** Covers the page while files are dragged over it. */
export function LogsDrop(): JSX.Element | null {
  const isOver = useSignal(false);
  useEffect(() => listen(isOver), [isOver]);
  if (!isOver.value) return null;
  return (
    <div class="drop-here" data-testid="drop-here">
      <p>
        <Icon name="upload" /> {words.value.logs.dropHere}
      </p>
    </div>
  );
}

function listen(isOver: { value: boolean }): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const over = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    isOver.value = true;
  };
  addEventListener("dragenter", over, { signal });
  addEventListener("dragover", over, { signal });
  addEventListener(
    "dragleave",
    (event) => {
      if (event.relatedTarget === null) isOver.value = false;
    },
    { signal },
  );
  addEventListener(
    "drop",
    (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      isOver.value = false;
      takeFiles([...(event.dataTransfer?.files ?? [])]);
    },
    { signal },
  );
  return () => stop.abort();
}

export function LogsDialog(): JSX.Element | null {
  const { logs } = words.value;
  const isShown = logsShown.value;
  useEffect(() => {
    if (isShown) void loadLogFiles();
  }, [isShown]);
  if (!isShown) return null;
  const close = (): void => {
    logsShown.value = false;
  };
  return (
    <Modal label={logs.title} onClose={close} wide>
      <DialogHead title={logs.title} onClose={close} />
      <p class="hint">{logs.hint}</p>
      <PickFiles />
      {sending.value.map((name, index) => (
        <p key={`${index} ${name}`} role="status">
          <Icon name="hourglass" /> {logs.reading(name)}
        </p>
      ))}
      {skipped.value.map(({ file, why }) => (
        <p key={file} class="bad" role="alert">
          <Icon name="alert" /> {file}: {why}
        </p>
      ))}
      <FilesTable />
    </Modal>
  );
}

function PickFiles(): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  return (
    <p class="buttons">
      <button type="button" class="button" onClick={() => input.current?.click()}>
        <Icon name="upload" />
        {words.value.logs.pick}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="pick-logs"
        onChange={(event) => {
          takeFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </p>
  );
}

function FilesTable(): JSX.Element | null {
  const { logs } = words.value;
  const loaded = logFiles.value;
  if (loaded.kind === "failed") return <p class="hint">{loaded.failure.message}</p>;
  if (loaded.kind === "loading") return null;
  if (loaded.value.length === 0) return <p class="hint">{logs.none}</p>;
  const count = (value: number): string => formatNumber(value, language.value);
  return (
    <table class="table" data-testid="log-files">
      <thead>
        <tr>
          <th scope="col">{logs.file}</th>
          <th scope="col">{logs.kind}</th>
          <th scope="col" class="right">
            {logs.lineCount}
          </th>
          <th scope="col" class="right">
            {logs.facts}
          </th>
          <th scope="col" class="right">
            {logs.unknown}
          </th>
          <th scope="col">{logs.clock}</th>
        </tr>
      </thead>
      <tbody>
        {loaded.value.map((file) => (
          <tr key={file.file}>
            <td class="mono">{file.file}</td>
            <td>{file.source === null ? logs.unknownKind : logs.source[file.source]}</td>
            <td class="right">{count(file.lines)}</td>
            <td class="right">{count(file.facts)}</td>
            <td class="right">{count(file.unknown)}</td>
            <td>
              {file.alignments.some(({ offsetMs }) => offsetMs !== null)
                ? logs.placed
                : logs.notPlaced}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
