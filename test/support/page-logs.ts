/** Loaded logs in memory, for looking at the page: every line that names an agent is a line of the log. */
import type { LogFact } from "../../src/domain/log-fact.ts";
import type { LogsLoaded } from "../../src/domain/log-report.ts";
import type { LogFileList, LogList } from "../../src/server/messages.ts";

export class PageLogs {
  readonly #files: LogFileList["files"][number][] = [];
  readonly #facts: LogFact[] = [];

  load(name: string, text: string): LogsLoaded {
    if (!name.endsWith(".log")) {
      return {
        files: [],
        skipped: [{ file: name, why: "not a log" }],
        leftOut: 0,
        alignments: [],
        facts: 0,
      };
    }
    const lines = text.split("\n").filter((line) => line !== "");
    const facts = lines.map(
      (line, index): LogFact => ({
        source: "openfire",
        file: name,
        line: index + 1,
        at: Date.now(),
        local: Date.now(),
        kind: "session-idle-close",
        sid: null,
        jid: null,
        agent: /\d{7,}/.exec(line)?.[0] ?? null,
        requestId: null,
        values: {},
        text: line,
      }),
    );
    const alignment = {
      file: name,
      source: "openfire",
      offsetMs: 0,
      how: "own-zone",
      uncertaintyMs: 1000,
      matches: 0,
    } as const;
    const report = {
      file: name,
      source: "openfire",
      lines: lines.length,
      facts: facts.length,
      other: 0,
      continued: 0,
      unknown: 0,
      unknownKept: [],
      cutLines: 0,
    } as const;
    this.#facts.push(...facts);
    this.#files.push({ ...report, alignments: [alignment] });
    return {
      files: [report],
      skipped: [],
      leftOut: 0,
      alignments: [alignment],
      facts: facts.length,
    };
  }

  files(): LogFileList {
    return { files: this.#files };
  }

  lines(agent: string | null): LogList {
    const facts = this.#facts.filter((fact) => agent === null || fact.agent === agent);
    return { facts, next: 0, more: false };
  }
}
