/** All connections of the capture, newest first, with the one picked in full beside them. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ConnectionRecord } from "../../src/domain/connection.ts";
import { words } from "../i18n/words.ts";
import { formatClock, formatNumber, formatTime } from "../model/format.ts";
import { serverNow } from "../state/clock.ts";
import { connections, connectionsFailure, refreshConnections } from "../state/connections.ts";
import { pickedConnection } from "../state/navigation.ts";
import { language } from "../state/preferences.ts";
import { ConnectionFacts } from "./connection-facts.tsx";
import { Icon } from "./icons.tsx";
import { TlsFacts } from "./tls-facts.tsx";

const refreshMs = 2000;
/** A table of plain rows stays quick up to about so many; older ones are found by filtering the list. */
const rowsAtOnce = 1000;

export function ConnectionsScreen(): JSX.Element {
  const onlyErrors = useSignal(false);
  const { connection } = words.value;
  useEffect(() => {
    void refreshConnections();
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void refreshConnections();
    }, refreshMs);
    return () => clearInterval(timer);
  }, []);

  const shown = connections.value
    .filter((record) => !onlyErrors.value || record.errors.length > 0 || record.failure !== null)
    .slice(0, rowsAtOnce);
  const picked = connections.value.find((record) => record.id === pickedConnection.value);
  const failure = connectionsFailure.value;
  return (
    <div class="connections">
      <div class="toolbar" role="toolbar">
        <label class="check">
          <input
            type="checkbox"
            checked={onlyErrors.value}
            onChange={(event) => {
              onlyErrors.value = event.currentTarget.checked;
            }}
          />
          {connection.onlyErrors}
        </label>
      </div>
      <div class="panes beside">
        <div class="scroll">
          {failure === null ? null : <p class="hint">{failure.message}</p>}
          {shown.length === 0 ? (
            <p class="empty">{connection.none}</p>
          ) : (
            <ConnectionTable records={shown} />
          )}
        </div>
        {picked === undefined ? null : (
          <aside class="scroll side">
            <ConnectionFacts record={picked} />
            <TlsFacts record={picked} />
          </aside>
        )}
      </div>
    </div>
  );
}

function ConnectionTable(props: { readonly records: readonly ConnectionRecord[] }): JSX.Element {
  const { connection } = words.value;
  return (
    <table class="table connection-table" data-testid="connections">
      <thead>
        <tr>
          <th scope="col" class="right">
            {connection.id}
          </th>
          <th scope="col">{connection.opened}</th>
          <th scope="col">{connection.mode}</th>
          <th scope="col">{connection.target}</th>
          <th scope="col">{connection.client}</th>
          <th scope="col" class="right">
            {connection.exchanges}
          </th>
          <th scope="col" class="right">
            {connection.duration}
          </th>
          <th scope="col">{connection.state}</th>
          <th scope="col">{connection.errors}</th>
        </tr>
      </thead>
      <tbody>
        {props.records.map((record) => (
          <ConnectionRow key={record.id} record={record} />
        ))}
      </tbody>
    </table>
  );
}

function ConnectionRow({ record }: { readonly record: ConnectionRecord }): JSX.Element {
  const { connection, wire } = words.value;
  const tongue = language.value;
  const { errors, failure } = record;
  const end = record.endedAt === null ? serverNow() : Date.parse(record.endedAt);
  const last = errors.at(-1);
  return (
    <tr
      class={errors.length > 0 || failure !== null ? "with-error" : undefined}
      aria-selected={pickedConnection.value === record.id}
      onClick={() => {
        pickedConnection.value = record.id;
      }}
    >
      <td class="right">
        <button
          type="button"
          class="plain"
          onClick={() => {
            pickedConnection.value = record.id;
          }}
        >
          {formatNumber(record.id, tongue)}
        </button>
      </td>
      <td>{formatTime(record.at)}</td>
      <td>{wire.mode[record.mode]}</td>
      <td class="mono">{record.host === null ? "–" : `${record.host}:${record.port ?? "?"}`}</td>
      <td class="mono">{record.client.process ?? record.client.address}</td>
      <td class="right">{formatNumber(record.exchanges, tongue)}</td>
      <td class="right">{formatClock(Math.max(0, end - Date.parse(record.at)), tongue)}</td>
      <td>{endText(record)}</td>
      <td class="content">
        {last === undefined && failure === null ? null : <Icon name="alert" />}
        {last === undefined
          ? failure === null
            ? ""
            : wire.shortCause[failure.cause]
          : wire.connectionError[last.name]}
        {errors.length > 1 ? <span class="faint"> +{errors.length - 1}</span> : null}
      </td>
    </tr>
  );

  function endText(ended: ConnectionRecord): string {
    if (ended.endedAt === null) return connection.stillOpen;
    if (ended.firstToEnd === null) return "–";
    const close = ended.firstToEnd === "client" ? ended.clientClose : ended.serverClose;
    const who = wire.closeBy.peer[ended.firstToEnd];
    return close === null ? who : `${who}: ${wire.closeHow[close.how]}`;
  }
}
