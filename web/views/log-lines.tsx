/** Lines of loaded logs about an agent or a span of time. Shows nothing while there are none. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { LogFact } from "../../src/domain/log-fact.ts";
import { words } from "../i18n/words.ts";
import { formatTime } from "../model/format.ts";
import { type LogSpan, linesOf, logsVersion } from "../state/logs.ts";

export function LogLines({ agent, from, to }: LogSpan): JSX.Element | null {
  const lines = useSignal<readonly LogFact[]>([]);
  const version = logsVersion.value;
  useEffect(() => {
    void linesOf({ agent, from, to }).then((loaded) => {
      // Without a reader of logs, or without any log, there is nothing to say here.
      lines.value = loaded.kind === "ready" ? loaded.value : [];
    });
  }, [agent, from, to, version, lines]);
  if (lines.value.length === 0) return null;
  const { logs } = words.value;
  return (
    <ul class="log-lines" aria-label={logs.lines} data-testid="log-lines">
      {lines.value.map(({ file, line, at, source, text }) => (
        <li key={`${file} ${line}`}>
          <span class="faint" title={`${file}:${line}`}>
            {at === null ? logs.noTime : formatTime(new Date(at).toISOString())}{" "}
            {logs.source[source]}
          </span>{" "}
          <code>{text}</code>
        </li>
      ))}
    </ul>
  );
}
