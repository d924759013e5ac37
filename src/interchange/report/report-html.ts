/** The report as one HTML file: no script, nothing loaded, everything captured escaped. */
import { createHash } from "node:crypto";
import { toCollect } from "./collect.ts";
import { environmentHtml } from "./environment-html.ts";
import { laneSvg } from "./lane-svg.ts";
import { html, type Markup, type Part } from "./markup.ts";
import type { Incident, ReportFinding, ReportInput } from "./report.ts";
import { style } from "./style.ts";
import { tableHtml } from "./table-html.ts";
import { beginningOf, clock, instant, outcomeText, requestLine, seconds } from "./text.ts";
import { filled, type ReportWords, wordsOf } from "./words.ts";

/** Only the style sheet that is in it may apply. */
export const reportPolicy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`;

export function reportHtml(input: ReportInput): string {
  const words = wordsOf(input.language);
  const { incidents, environment, query } = input;
  const made = filled(words.made, { version: environment.version, at: instant(input.madeAt) });
  const causes = incidents.map(({ finding }) => finding.cause);
  const page = html`<!doctype html>
<html lang="${input.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${reportPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${words.title}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
<h1>${words.title}</h1>
<p class="meta">${made} UTC. ${words.capture}: ${environment.captureName} (${environment.captureId}).</p>
${query === "" ? "" : html`<p class="meta">${filled(words.filter, { query })}</p>`}
<h2>${words.verdicts}</h2>
${incidents.length === 0 ? html`<p>${words.none}</p>` : incidents.map((one) => incidentHtml(one, words))}
${environmentHtml(input, words)}
<h2>${words.redacted}</h2>
${list(words.redaction)}
${environment.keepsSecrets ? html`<p><strong>${words.secretsKept}</strong></p>` : ""}
<h2>${words.collect}</h2>
<p class="note">${words.collectIntro}</p>
<ul>
${toCollect(causes, input.language).map(
  ({ what, command }) =>
    html`<li>${what}${command === null ? "" : html`<br><code>${command}</code>`}</li>\n`,
)}</ul>
</main>
</body>
</html>
`;
  return page.text;
}

/** Our own style sheet; the policy names its hash. */
const raw = (text: string): Markup => html(Object.assign([text], { raw: [text] }));

const list = (lines: readonly Part[]): Part =>
  lines.length === 0 ? "" : html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;

const section = (heading: string, lines: readonly Part[]): Part =>
  lines.length === 0 ? "" : html`<h4>${heading}</h4>${list(lines)}`;

function incidentHtml(incident: Incident, words: ReportWords): Markup {
  const { finding } = incident;
  return html`<article class="${finding.severity}">
<p class="chips"><span class="chip ${finding.severity}">${words.severity[finding.severity] ?? finding.severity}</span><span class="chip">${finding.cause}</span><span class="chip">${words.side[finding.side] ?? finding.side}</span><span class="chip">${filled(words.confidence, { percent: Math.round(finding.confidence * 100) })}</span></p>
<h3>${finding.title}</h3>
<p>${finding.explanation}</p>
${finding.open ? html`<p class="note">${words.open}</p>` : ""}
${factsHtml(finding, words)}
${section(words.reasons, finding.reasons)}
${section(words.before, finding.before)}
${section(
  words.consequences,
  finding.consequences.map(
    ({ at, what, certainty }) =>
      html`${clock(at)} ${what} <span class="note">(${words.certainty[certainty]})</span>`,
  ),
)}
<h4>${words.timeline}</h4>
${laneSvg(incident, words) ?? html`<p class="note">${words.noMarks}</p>`}
<h4>${words.evidence}</h4>
${evidenceHtml(incident, words)}
${section(words.advice, finding.advice)}
${section(words.settle, finding.wouldSettle)}
</article>
`;
}

function factsHtml({ agents, host, port, sid, at }: ReportFinding, words: ReportWords): Markup {
  return html`<dl>
<dt>${words.when}</dt><dd>${instant(at)} UTC</dd>
${agents.length === 0 ? "" : html`<dt>${words.agents}</dt><dd>${agents.join(", ")}</dd>`}
${host === null ? "" : html`<dt>${words.server}</dt><dd>${host}${port === null ? "" : `:${port}`}</dd>`}
${sid === null ? "" : html`<dt>${words.session}</dt><dd>${beginningOf(sid)}</dd>`}
</dl>`;
}

function evidenceHtml({ finding, exchanges }: Incident, words: ReportWords): Markup {
  const rows = finding.details.map(({ exchange, role, what }, index) => {
    const found = exchanges.find(({ id }) => id === exchange);
    const name = html`${index + 1}. ${exchange}`;
    const cells: readonly Part[] =
      found === undefined
        ? ["", name, words.role[role], words.gone, "", "", "", what]
        : [
            instant(found.at),
            name,
            words.role[role],
            requestLine(found),
            outcomeText(found.outcome, words),
            seconds(found.holdMs),
            seconds(found.thinkGapMs),
            what,
          ];
    return { cells, className: role };
  });
  return tableHtml(words.columns, rows);
}
