/** Numbers and times as people read them, in the page's language. */

export type Language = "en" | "es";

const tags: Record<Language, string> = { en: "en-US", es: "es-ES" };
const formats = new Map<string, Intl.NumberFormat>();

/** `fixed` digits after the separator, digits grouped in thousands also below 10,000 (Spanish would not). */
export function formatNumber(value: number, language: Language, fixed = 0): string {
  const key = `${language}${fixed}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(tags[language], {
      minimumFractionDigits: fixed,
      maximumFractionDigits: fixed,
      useGrouping: "always",
    });
    formats.set(key, format);
  }
  return format.format(value);
}

/** `812 B`, `1.5 KiB`, `3.2 MiB`. */
export function formatBytes(bytes: number, language: Language): string {
  if (bytes < 1024) return `${formatNumber(bytes, language)} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${formatNumber(value, language, value < 10 ? 1 : 0)} ${units[unit] ?? ""}`;
}

/** A measured span: `0.4 ms`, `14 ms`, `30.01 s`, `4 min 02 s`. */
export function formatSpan(ms: number, language: Language): string {
  const size = Math.abs(ms);
  if (size < 10) return `${formatNumber(ms, language, 1)} ms`;
  if (size < 1000) return `${formatNumber(ms, language)} ms`;
  if (size < 60_000) return `${formatNumber(ms / 1000, language, 2)} s`;
  return formatMinutes(ms);
}

/** A running clock: one decimal, so that it does not flicker: `12.3 s`, `4 min 02 s`. */
export function formatClock(ms: number, language: Language): string {
  if (ms < 60_000) return `${formatNumber(Math.floor(ms / 100) / 10, language, 1)} s`;
  return formatMinutes(ms);
}

function formatMinutes(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const sign = ms < 0 ? "-" : "";
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  if (hours === 0) return `${sign}${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${sign}${hours} h ${two(Math.floor(seconds / 60) % 60)} min`;
}

/** Wall time of this machine with ms: `14:03:22.117`; "" when it is no date. */
export function formatTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const two = (value: number): string => String(value).padStart(2, "0");
  const ms = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

/** Date and wall time of this machine: `2026-11-22 14:03:22.117`. */
export function formatDate(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${formatTime(iso)}`;
}
