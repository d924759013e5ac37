/** The frames of a WebSocket, a page at a time, and the one picked in full. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { WebSocketFrame } from "../../src/domain/exchange.ts";
import { words } from "../i18n/words.ts";
import { formatNumber, formatTime } from "../model/format.ts";
import { bytesOfHex } from "../model/hex.ts";
import { type Loaded, loadFrames } from "../state/detail.ts";
import { language } from "../state/preferences.ts";
import type { TabProps } from "./inspector.tsx";
import { HexView, Pager } from "./tab-hex.tsx";
import { TextView } from "./text-view.tsx";
import { XmlView } from "./xml-view.tsx";

const perPage = 200;

export function FramesTab({ shown }: TabProps): JSX.Element {
  const { frames: dictionary } = words.value;
  const pages = Math.max(1, Math.ceil(shown.framesTotal / perPage));
  const page = useSignal(pages - 1);
  const picked = useSignal<number | null>(null);
  const loaded = useSignal<Loaded<readonly WebSocketFrame[]>>({ kind: "loading" });
  useEffect(() => {
    let current = true;
    void loadFrames(shown.id, page.value * perPage, perPage).then((result) => {
      if (current) loaded.value = result;
    });
    return () => {
      current = false;
    };
  }, [shown.id, shown.framesTotal, page.value, loaded]);

  const now = loaded.value;
  if (now.kind === "failed") return <p class="hint">{now.failure.message}</p>;
  if (now.kind === "loading") return <p class="hint">{words.value.inspector.loading}</p>;
  if (now.value.length === 0) return <p class="hint">{dictionary.none}</p>;
  const frame = now.value.find((one) => one.index === picked.value);
  return (
    <>
      {pages > 1 ? (
        <Pager
          page={page.value}
          pages={pages}
          onPage={(next) => {
            page.value = next;
          }}
        />
      ) : null}
      <FrameTable
        frames={now.value}
        picked={picked.value}
        onPick={(index) => {
          picked.value = index;
        }}
      />
      {frame === undefined ? null : <FrameView key={frame.index} frame={frame} />}
    </>
  );
}

function FrameTable(props: {
  readonly frames: readonly WebSocketFrame[];
  readonly picked: number | null;
  readonly onPick: (index: number) => void;
}): JSX.Element {
  const { frames: dictionary } = words.value;
  return (
    <table class="table frames">
      <thead>
        <tr>
          <th scope="col" class="right">
            #
          </th>
          <th scope="col">{dictionary.time}</th>
          <th scope="col">{dictionary.direction}</th>
          <th scope="col">{dictionary.kind}</th>
          <th scope="col" class="right">
            {dictionary.length}
          </th>
          <th scope="col">{dictionary.content}</th>
        </tr>
      </thead>
      <tbody>
        {props.frames.map((frame) => (
          <tr
            key={frame.index}
            class={`from-${frame.from}`}
            aria-selected={frame.index === props.picked}
            onClick={() => props.onPick(frame.index)}
          >
            <td class="right faint">{frame.index}</td>
            <td>{formatTime(frame.at)}</td>
            <td>
              <span aria-hidden="true">{frame.from === "client" ? "↑ " : "↓ "}</span>
              {dictionary[frame.from]}
            </td>
            <td>
              {dictionary.opcodes[frame.opcode] ?? `${dictionary.reserved} ${frame.opcode}`}
              {frame.final ? "" : ` (${dictionary.continued})`}
            </td>
            <td class="right">{formatNumber(frame.length, language.value)}</td>
            <td class="content">
              <button type="button" class="plain" onClick={() => props.onPick(frame.index)}>
                {frame.text ?? frame.hex ?? ""}
              </button>
              {frame.cut ? <span class="faint"> ({dictionary.cut})</span> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FrameView({ frame }: { readonly frame: WebSocketFrame }): JSX.Element {
  const { frames: dictionary } = words.value;
  const isXml = frame.text?.trimStart().startsWith("<") ?? false;
  return (
    <section class="section" data-testid="frame">
      <h3>
        {frame.index} {frame.from === "client" ? dictionary.fromClient : dictionary.fromServer}
      </h3>
      {frame.text === null ? (
        <HexView bytes={bytesOfHex(frame.hex ?? "")} />
      ) : isXml ? (
        <XmlView text={frame.text} />
      ) : (
        <TextView text={frame.text} />
      )}
    </section>
  );
}
