/** Takes in captures of other tools, and says what was found in them. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { words } from "../i18n/words.ts";
import { formatNumber } from "../model/format.ts";
import { language } from "../state/preferences.ts";
import {
  failures,
  importing,
  importShown,
  type TakenIn,
  takeFiles,
  takenIn,
} from "../state/taking-in.ts";
import { Icon } from "./icons.tsx";
import { DialogHead, Modal } from "./modal.tsx";

export function ImportDialog(): JSX.Element | null {
  if (!importShown.value) return null;
  const { taking } = words.value;
  const close = (): void => {
    importShown.value = false;
  };
  return (
    <Modal label={taking.title} onClose={close} wide>
      <DialogHead title={taking.title} onClose={close} />
      <ImportPart />
    </Modal>
  );
}

function ImportPart(): JSX.Element {
  const { taking } = words.value;
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <p class="hint">{taking.hint}</p>
      <p class="hint">{taking.keysHint}</p>
      <p class="buttons">
        <button type="button" class="button" onClick={() => input.current?.click()}>
          <Icon name="upload" />
          {taking.pick}
        </button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          data-testid="pick-captures"
          onChange={(event) => {
            takeFiles([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
      </p>
      {importing.value.map((name, index) => (
        <p key={`${index} ${name}`} role="status">
          <Icon name="hourglass" /> {taking.reading(name)}
        </p>
      ))}
      {failures.value.map(({ name, message, remedy }) => (
        <p key={name} class="bad" role="alert">
          <Icon name="alert" /> {message} {remedy}
        </p>
      ))}
      {takenIn.value.map((taken) => (
        <Taken key={taken.answer.captureId} {...taken} />
      ))}
    </>
  );
}

function Taken({ answer, titles }: TakenIn): JSX.Element {
  const { taking } = words.value;
  const count = (value: number): string => formatNumber(value, language.value);
  const { packets } = answer;
  return (
    <div role="status" data-testid="taken-in">
      <p>
        <Icon name="check" /> {taking.taken(answer.name, count(answer.exchanges))}
        {answer.isCut ? ` ${taking.isCut}` : ""}
        {packets === null || packets.sealed + packets.http2 === 0
          ? ""
          : ` ${taking.sealed(count(packets.sealed + packets.http2))}`}
      </p>
      {titles.length === 0 ? (
        <p class="hint">{taking.nothingFound}</p>
      ) : (
        <ul>
          {titles.map((title, index) => (
            <li key={`${index} ${title}`}>{title}</li>
          ))}
        </ul>
      )}
      <p class="hint">
        <code>boshscope report --capture {answer.captureId}</code>
      </p>
    </div>
  );
}
