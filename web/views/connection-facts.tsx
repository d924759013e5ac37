/** A connection in full: who ended it first and how, what a proxy changed on it, and every error. */
import type { JSX } from "preact";
import type { ConnectionRecord, LegClose } from "../../src/domain/connection.ts";
import { words } from "../i18n/words.ts";
import { formatBytes, formatDate, formatNumber, formatSpan, formatTime } from "../model/format.ts";
import { alertName } from "../model/tls-alerts.ts";
import { applyFilter } from "../state/live.ts";
import { screen } from "../state/navigation.ts";
import { language } from "../state/preferences.ts";
import { Fact, Facts, Section } from "./facts.tsx";

interface RecordProps {
  readonly record: ConnectionRecord;
}

export function ConnectionFacts({ record }: RecordProps): JSX.Element {
  const { connection, wire } = words.value;
  return (
    <>
      <Section title={connection.title(formatNumber(record.id, language.value))}>
        <EndFacts record={record} />
        <MainFacts record={record} />
        <button
          type="button"
          class="button small"
          onClick={() => {
            screen.value = "live";
            applyFilter(`conn:${record.id}`);
          }}
        >
          {connection.showExchanges}
        </button>
      </Section>
      <Section title={connection.interference}>
        {record.interference.length === 0 ? (
          <p class="hint">{connection.interferenceNone}</p>
        ) : (
          <ul class="notes">
            {record.interference.map((change) => (
              <li key={change}>{wire.interference[change]}</li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={connection.errors}>
        <Errors record={record} />
      </Section>
    </>
  );
}

function EndFacts({ record }: RecordProps): JSX.Element {
  const { connection } = words.value;
  const first =
    record.firstToEnd === "client"
      ? connection.firstClient
      : record.firstToEnd === "server"
        ? connection.firstServer
        : connection.unknown;
  return (
    <Facts>
      <Fact name={connection.firstToEnd}>
        {record.endedAt === null ? connection.stillOpen : <strong>{first}</strong>}
      </Fact>
      <Fact name={connection.clientClose}>{closeText(record.clientClose, "client")}</Fact>
      <Fact name={connection.serverClose}>{closeText(record.serverClose, "server")}</Fact>
    </Facts>
  );
}

/** `14:03:22.117 reset (RST), by the server: ECONNRESET`. */
function closeText(close: LegClose | null, side: "client" | "server"): string | null {
  if (close === null) return null;
  const { wire } = words.value;
  const by = close.by === "peer" ? wire.closeBy.peer[side] : wire.closeBy.boshscope;
  const alert = close.alert === null ? "" : ` ${alertName(close.alert)}`;
  const detail = close.detail === "" ? "" : ` (${close.detail})`;
  return `${formatTime(close.at)} ${wire.closeHow[close.how]}${alert}: ${by}${detail}`;
}

function MainFacts({ record }: RecordProps): JSX.Element {
  const { connection, wire } = words.value;
  const tongue = language.value;
  const span = (ms: number | null): string => (ms === null ? "–" : formatSpan(ms, tongue));
  const { client, server, timing, bytes } = record;
  return (
    <Facts>
      <Fact name={connection.opened}>{formatDate(record.at)}</Fact>
      <Fact name={connection.ended}>
        {record.endedAt === null ? null : formatDate(record.endedAt)}
      </Fact>
      <Fact name={connection.mode}>{`${wire.mode[record.mode]}: ${record.reason}`}</Fact>
      <Fact name={connection.target} mono>
        {record.host === null ? null : `${record.host}:${record.port ?? "?"}`}
      </Fact>
      <Fact name={connection.client} mono>
        {`${client.address}:${client.port}${client.process === null ? "" : ` ${client.process}`}${
          client.pid === null ? "" : ` (${client.pid})`
        }`}
      </Fact>
      <Fact name={connection.server} mono>
        {server === null ? null : `${server.address}:${server.port}`}
      </Fact>
      <Fact name={connection.timing}>
        {timing.serverConnected === null
          ? null
          : connection.timingText(
              span(timing.serverConnected),
              span(timing.serverTls),
              span(timing.clientTls),
            )}
      </Fact>
      <Fact name={connection.bytes}>
        {connection.bytesText(
          formatBytes(bytes.toServer, tongue),
          formatBytes(bytes.toClient, tongue),
        )}
      </Fact>
      <Fact name={connection.exchanges}>{formatNumber(record.exchanges, tongue)}</Fact>
    </Facts>
  );
}

function Errors({ record }: RecordProps): JSX.Element {
  const { connection, wire } = words.value;
  if (record.errors.length === 0) return <p class="hint">{connection.errorsNone}</p>;
  return (
    <ul class="notes bad-notes">
      {record.errors.map((error) => (
        <li key={`${error.at} ${error.name}`}>
          <span class="faint">{formatTime(error.at)}</span> {wire.connectionError[error.name]}
          {error.alert === null ? "" : `: ${alertName(error.alert)}`}
          {error.detail === "" ? null : <code> {error.detail}</code>}
        </li>
      ))}
    </ul>
  );
}
