/** One log for all: lines on stderr, text for people, JSON for machines. Never bodies, never headers, never secrets. */

export type Level = "debug" | "info" | "warn" | "error";
export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  readonly debug: (event: string, fields?: Fields) => void;
  readonly info: (event: string, fields?: Fields) => void;
  readonly warn: (event: string, fields?: Fields) => void;
  readonly error: (event: string, fields?: Fields) => void;
  /** The same log with fields on every line. */
  readonly child: (fields: Fields) => Log;
}

const order: Record<Level, number> = { debug: 10, info: 20, warn: 30, error: 40 };

export interface LogOptions {
  readonly level: Level;
  readonly format: "text" | "json";
  readonly write?: (line: string) => void;
  readonly wall?: () => number;
}

export function createLog(options: LogOptions, bound: Fields = {}): Log {
  const write = options.write ?? ((line: string) => process.stderr.write(line));
  const wall = options.wall ?? Date.now;
  const put =
    (level: Level) =>
    (event: string, fields: Fields = {}) => {
      if (order[level] < order[options.level]) return;
      const all = { ...bound, ...fields };
      const at = new Date(wall()).toISOString();
      write(
        options.format === "json"
          ? `${JSON.stringify({ at, level, event, ...all })}\n`
          : `${at.slice(11, 23)} ${level.padEnd(5)} ${event}${asText(all)}\n`,
      );
    };
  return {
    debug: put("debug"),
    info: put("info"),
    warn: put("warn"),
    error: put("error"),
    child: (fields) => createLog(options, { ...bound, ...fields }),
  };
}

function asText(fields: Fields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${typeof value === "string" ? JSON.stringify(value) : value}`)
    .join("");
}

/** Runs a promise nobody waits for; its failure is logged under `label`, never lost. */
export function background(promise: Promise<unknown>, label: string, log: Log): void {
  promise.catch((thrown: unknown) => {
    log.error("background.failed", {
      label,
      why: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
    });
  });
}

export const silentLog: Log = createLog({ level: "error", format: "text", write: () => undefined });
