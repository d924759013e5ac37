/** Stanzas as rows, in time order; the one that is open shows its XML, as text nodes only. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ShownStanza } from "../../src/domain/xmpp-console.ts";
import { words } from "../i18n/words.ts";
import { formatTime } from "../model/format.ts";
import { openExchange } from "../state/evidence.ts";
import { focusTargets } from "../state/list-view.ts";
import { dropped, filterStanzas, objection, stanzaFilter, stanzas } from "../state/xmpp.ts";
import { Icon } from "./icons.tsx";
import { XmlView } from "./xml-view.tsx";

/** Rows in the document: beyond it a table grows slow, and the filter is the better way. */
const rowsAtOnce = 300;

export function XmppStanzas(): JSX.Element {
  const { xmpp } = words.value;
  const opened = useSignal<string | null>(null);
  const pane = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const shown = stanzas.value.slice(-rowsAtOnce);
  const last = shown.at(-1)?.key;
  useEffect(() => {
    const element = pane.current;
    if (element !== null && follows.current) element.scrollTop = element.scrollHeight;
  }, [last]);
  const hidden = dropped.value + stanzas.value.length - shown.length;
  return (
    <div class="xmpp-stanzas">
      <FilterField />
      <div
        class="scroll"
        ref={pane}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          follows.current = scrollHeight - scrollTop - clientHeight < 30;
        }}
      >
        {shown.length === 0 ? (
          <p class="empty">{stanzaFilter.value === "" ? xmpp.none : xmpp.noneMatch}</p>
        ) : (
          <table class="table" data-testid="xmpp-stanzas">
            <Head />
            <tbody>
              {shown.map((stanza) => (
                <Row
                  key={stanza.key}
                  stanza={stanza}
                  isOpen={opened.value === stanza.key}
                  onToggle={() => {
                    opened.value = opened.peek() === stanza.key ? null : stanza.key;
                  }}
                />
              ))}
            </tbody>
          </table>
        )}
        {hidden > 0 ? <p class="hint">{xmpp.dropped(hidden)}</p> : null}
      </div>
    </div>
  );
}

function FilterField(): JSX.Element {
  const { xmpp } = words.value;
  const typing = useRef<ReturnType<typeof setTimeout> | null>(null);
  return (
    <label class={objection.value === "" ? "field" : "field invalid"}>
      <Icon name="filter" />
      <input
        ref={(element) => {
          focusTargets.stanzaFilter = element;
        }}
        type="text"
        spellcheck={false}
        autocomplete="off"
        aria-label={xmpp.filter}
        placeholder={xmpp.filterHint}
        defaultValue={stanzaFilter.value}
        data-testid="xmpp-filter"
        onInput={(event) => {
          const { value } = event.currentTarget;
          if (typing.current !== null) clearTimeout(typing.current);
          typing.current = setTimeout(() => filterStanzas(value.trim()), 250);
        }}
      />
      {objection.value === "" ? null : (
        <span class="field-note" role="alert">
          {objection.value}
        </span>
      )}
    </label>
  );
}

function Head(): JSX.Element {
  const { xmpp } = words.value;
  return (
    <thead>
      <tr>
        <th scope="col">{xmpp.time}</th>
        <th scope="col">{xmpp.direction}</th>
        <th scope="col">{xmpp.kind}</th>
        <th scope="col">{xmpp.node}</th>
        <th scope="col">{xmpp.about}</th>
        <th scope="col">{xmpp.exchange}</th>
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly stanza: ShownStanza;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Row({ stanza, isOpen, onToggle }: RowProps): JSX.Element {
  const { xmpp } = words.value;
  const { at, direction, kind, type, node, about, exchange, text, cut } = stanza;
  return (
    <>
      <tr class={isOpen ? "selected" : ""} onClick={onToggle}>
        <td class="mono">
          <button
            type="button"
            class="plain"
            aria-expanded={isOpen}
            onClick={(event) => {
              event.stopPropagation();
              onToggle();
            }}
          >
            {formatTime(at)}
          </button>
        </td>
        <td title={xmpp[direction]} aria-label={xmpp[direction]}>
          {direction === "in" ? "←" : "→"}
        </td>
        <td>
          {kind}
          {type === null ? "" : ` ${type}`}
        </td>
        <td class="mono">{node ?? ""}</td>
        <td>{about}</td>
        <td>
          {exchange === null ? null : (
            <a
              href="#live"
              title={xmpp.openExchange}
              onClick={(event) => {
                event.preventDefault();
                event.stopPropagation();
                openExchange(exchange, { at: Date.parse(at) });
              }}
            >
              {exchange.slice(exchange.lastIndexOf("-") + 1)}
            </a>
          )}
        </td>
      </tr>
      {isOpen ? (
        <tr class="xmpp-open">
          <td colSpan={6}>
            <XmlView text={text} />
            {cut ? <p class="hint">{xmpp.cut}</p> : null}
          </td>
        </tr>
      ) : null}
    </>
  );
}
