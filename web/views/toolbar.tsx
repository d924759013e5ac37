/** The bar over the list: capture and its name, recording, new, clear; filter; search; follow. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../i18n/words.ts";
import { clearList, renameCapture, startCapture, toggleRecording } from "../state/commands.ts";
import { openExport } from "../state/exporting.ts";
import { composing } from "../state/faults.ts";
import { following } from "../state/list-view.ts";
import { status } from "../state/live.ts";
import { importShown } from "../state/taking-in.ts";
import { IconButton } from "./button.tsx";
import { FilterBox } from "./filter-box.tsx";
import { SearchBox } from "./search-box.tsx";

export function Toolbar(): JSX.Element {
  const { capture, list } = words.value;
  const recording = status.value?.recording !== false;
  return (
    <div class="toolbar" role="toolbar">
      <button
        type="button"
        class={recording ? "record on" : "record off"}
        aria-pressed={recording}
        data-testid="record"
        title={`${recording ? capture.pause : capture.resume} (P). ${capture.pauseHint}`}
        onClick={toggleRecording}
      >
        <span class="lamp" aria-hidden="true" />
        {recording ? capture.recording : capture.paused}
      </button>
      <CaptureName />
      <IconButton icon="trash" label={capture.clear} test="clear" onClick={clearList} />
      <IconButton
        icon="upload"
        label={words.value.taking.open}
        test="import"
        onClick={() => {
          importShown.value = true;
        }}
      />
      <IconButton
        icon="send"
        label={words.value.faults.compose.open}
        hint={words.value.faults.compose.openHint}
        test="compose"
        onClick={() => {
          composing.value = true;
        }}
      />
      <IconButton
        icon="download"
        label={words.value.exporting.open}
        test="export"
        onClick={openExport}
      />
      <span class="divider" />
      <FilterBox />
      <SearchBox />
      <IconButton
        icon="tail"
        wordy
        label={list.follow}
        hint={list.followHint}
        test="follow"
        pressed={following.value}
        onClick={() => {
          following.value = !following.peek();
        }}
      />
    </div>
  );
}

type Editing = "rename" | "new" | null;

function CaptureName(): JSX.Element {
  const editing = useSignal<Editing>(null);
  const { capture } = words.value;
  const name = status.value?.captureName ?? "";
  if (editing.value !== null) {
    const starting = editing.value === "new";
    return (
      <NameField
        initial={starting ? "" : name}
        label={starting ? `${capture.fresh}: ${capture.name}` : capture.name}
        onDone={(text) => {
          editing.value = null;
          if (text === null) return;
          if (starting) startCapture(text);
          else if (text !== name) renameCapture(text);
        }}
      />
    );
  }
  return (
    <>
      <button
        type="button"
        class="capture-name"
        title={capture.rename}
        data-testid="capture-name"
        onClick={() => {
          editing.value = "rename";
        }}
      >
        {name === "" ? capture.unnamed : name}
      </button>
      <IconButton
        icon="plus"
        label={capture.fresh}
        test="new-capture"
        onClick={() => {
          editing.value = "new";
        }}
      />
    </>
  );
}

function NameField(props: {
  readonly initial: string;
  readonly label: string;
  readonly onDone: (text: string | null) => void;
}): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  return (
    <form
      class="name-field"
      onSubmit={(event) => {
        event.preventDefault();
        props.onDone(input.current?.value.trim() ?? null);
      }}
    >
      <input
        ref={input}
        type="text"
        aria-label={props.label}
        placeholder={props.label}
        defaultValue={props.initial}
        onKeyDown={(event) => {
          if (event.key === "Escape") props.onDone(null);
        }}
        onBlur={() => props.onDone(null)}
      />
    </form>
  );
}
