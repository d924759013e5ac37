/** The picture of an agent's lane around an incident: bars are requests, hatched stretches are pauses, flags are evidence. */
import type { LaneMark } from "../../domain/timeline.ts";
import { html, type Markup } from "./markup.ts";
import type { Incident } from "./report.ts";
import { clock } from "./text.ts";
import { filled, type ReportWords } from "./words.ts";

const width = 1040;
const left = 190;
const rowHeight = 30;
const top = 46;
const beforeMs = 120_000;
const afterMs = 60_000;
/** Pauses shorter than that are how clients are. */
const pauseMs = 1000;

export interface Span {
  readonly from: number;
  readonly to: number;
}

interface Row {
  readonly name: string;
  readonly marks: readonly LaneMark[];
}

/** From two minutes before the trigger to a minute after the last that is known. */
export function spanOf({ finding, marks }: Incident): Span {
  const at = Date.parse(finding.at);
  const last = Math.min(Date.parse(finding.revisedAt), at + 5 * afterMs);
  const first = Math.min(...marks.map((mark) => mark.at));
  return { from: Math.max(at - beforeMs, Math.min(first, at - 5000)), to: last + afterMs };
}

/** null when nothing of the lane is kept. */
export function laneSvg(incident: Incident, words: ReportWords): Markup | null {
  const span = spanOf(incident);
  const marks = incident.marks.filter(
    (mark) => mark.at <= span.to && (mark.end ?? span.to) >= span.from,
  );
  if (marks.length === 0) return null;
  const rows = rowsOf(marks, words);
  const height = top + rows.length * rowHeight + 28;
  const x = (at: number): number => {
    const inside = Math.min(span.to, Math.max(span.from, at));
    const part = (inside - span.from) / (span.to - span.from);
    return Math.round((left + part * (width - left - 10)) * 10) / 10;
  };
  const caption = filled(words.laneOf, {
    agent: incident.finding.agent ?? incident.finding.agents[0] ?? "–",
    from: clock(new Date(span.from).toISOString()),
    to: clock(new Date(span.to).toISOString()),
  });
  return html`<figure><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${caption}" xmlns="http://www.w3.org/2000/svg">
<title>${caption}</title>
${axis(span, x, height)}
${rows.map((row, index) => drawRow(row, top + index * rowHeight, x, { span, words }))}
${trigger(incident, x, height)}
${flags(incident, rows, x)}
</svg><figcaption>${caption}</figcaption></figure>`;
}

function rowsOf(marks: readonly LaneMark[], words: ReportWords): Row[] {
  const rows = new Map<string, LaneMark[]>();
  for (const mark of marks) {
    const name = `${mark.host.split(".", 1)[0]}:${mark.port} ${words.lane[mark.role]}`;
    rows.set(name, [...(rows.get(name) ?? []), mark]);
  }
  return [...rows]
    .map(([name, mine]) => ({ name, marks: mine.toSorted((a, b) => a.at - b.at) }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

function axis(span: Span, x: (at: number) => number, height: number): Markup {
  const step = stepOf(span.to - span.from);
  const ticks: number[] = [];
  for (let at = Math.ceil(span.from / step) * step; at <= span.to; at += step) ticks.push(at);
  return html`${ticks.map(
    (at) =>
      html`<line class="grid" x1="${x(at)}" x2="${x(at)}" y1="${top - 8}" y2="${height - 22}"/><text class="tick" x="${x(at)}" y="${height - 8}" text-anchor="middle">${clock(new Date(at).toISOString()).slice(0, 8)}</text>`,
  )}`;
}

const stepOf = (length: number): number =>
  [10_000, 15_000, 30_000, 60_000, 120_000].find((step) => length / step <= 9) ?? 300_000;

interface Drawing {
  readonly span: Span;
  readonly words: ReportWords;
}

function drawRow(
  { name, marks }: Row,
  y: number,
  x: (at: number) => number,
  { span, words }: Drawing,
): Markup {
  const isPoll = marks[0]?.role === "poll";
  return html`<text class="row" x="4" y="${y + 15}">${name}</text><line class="base" x1="${left}" x2="${width - 10}" y1="${y + 11}" y2="${y + 11}"/>
${isPoll ? pauses(marks, y, x, { span, words }) : ""}
${marks.map((mark) => bar(mark, y, x, span))}
`;
}

function bar(mark: LaneMark, y: number, x: (at: number) => number, span: Span): Markup {
  const from = x(mark.at);
  const length = Math.max(2.5, x(mark.end ?? span.to) - from);
  const kind = mark.faults.length > 0 ? "fault" : barKind(mark);
  const shade = mark.state === "responded" && mark.notes.includes("empty") ? " idle" : "";
  return html`<rect class="${kind}${shade}" x="${from}" y="${y + 3}" width="${Math.round(length * 10) / 10}" height="16" rx="2"><title>#${mark.number} ${mark.event ?? ""} ${mark.status ?? mark.state}</title></rect>`;
}

function barKind({ state, status, notes }: LaneMark): string {
  if (state === "pending") return "pending";
  if (state === "failed" || (status ?? 0) >= 400) return "bad";
  return notes.includes("terminate") || notes.includes("stream-error") ? "bad" : "good";
}

/** Stretches in which no poll was open. */
function pauses(
  marks: readonly LaneMark[],
  y: number,
  x: (at: number) => number,
  { span, words }: Drawing,
): Markup {
  const found: Span[] = [];
  let until = marks[0]?.end ?? span.to;
  for (const mark of marks.slice(1)) {
    if (mark.at - until >= pauseMs) found.push({ from: until, to: mark.at });
    until = Math.max(until, mark.end ?? span.to);
  }
  if (span.to - until >= pauseMs) found.push({ from: until, to: span.to });
  return html`${found.map(({ from, to }) => {
    const length = Math.round((x(to) - x(from)) * 10) / 10;
    const label = `${words.gap} ${((to - from) / 1000).toFixed(1)} s`;
    const text =
      length > 90
        ? html`<text class="pause-text" x="${x(from) + length / 2}" y="${y + 15}" text-anchor="middle">${label}</text>`
        : "";
    return html`<rect class="pause" x="${x(from)}" y="${y + 3}" width="${length}" height="16"><title>${label}</title></rect>${text}`;
  })}`;
}

function trigger({ finding }: Incident, x: (at: number) => number, height: number): Markup {
  const at = x(Date.parse(finding.at));
  return html`<line class="trigger" x1="${at}" x2="${at}" y1="${top - 14}" y2="${height - 22}"/><text class="trigger-text" x="${at}" y="${top - 30}" text-anchor="middle">${finding.cause}</text>`;
}

/** The evidence's numbers over their bars, in the order of the table; those too close to the one before are left out. */
function flags(
  { finding, exchanges }: Incident,
  rows: readonly Row[],
  x: (at: number) => number,
): Markup {
  const shown = new Set(rows.flatMap(({ marks }) => marks.map(({ number }) => number)));
  const flagged = finding.details
    .flatMap(({ exchange }, index) => {
      const found = exchanges.find(({ id }) => id === exchange);
      return found === undefined || !shown.has(found.number)
        ? []
        : [{ label: index + 1, at: x(Date.parse(found.at)) }];
    })
    .toSorted((a, b) => a.at - b.at);
  let last = Number.NEGATIVE_INFINITY;
  return html`${flagged.map(({ label, at }) => {
    if (at - last < 15) return "";
    last = at;
    return html`<circle class="flag" cx="${at}" cy="${top - 16}" r="7"/><text class="flag-text" x="${at}" y="${top - 12.5}" text-anchor="middle">${label}</text>`;
  })}`;
}
