/** The report as Markdown, for a case's text field. Captured text can become neither markup nor a link in it. */
import { toCollect } from "./collect.ts";
import { interferences, notable, probeRow, vitalRow } from "./environment-html.ts";
import type { Part } from "./markup.ts";
import type { Incident, ReportInput } from "./report.ts";
import { beginningOf, clock, instant, outcomeText, requestLine, seconds } from "./text.ts";
import { filled, type ReportWords, wordsOf } from "./words.ts";

/** Backslashes before all that means something in Markdown; control characters and line ends become spaces. */
export const plain = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .replaceAll(/[\\`*_{}[\]()#+!|~]/g, "\\$&")
    // Entities, as not every renderer heeds a backslash before these.
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    // A bare address would become a link.
    .replaceAll("://", ":\\//");

/** As code: what is typed must not be changed by a backslash. */
const code = (text: string): string => `\`${text.replaceAll("`", "'")}\``;

export function reportMarkdown(input: ReportInput): string {
  const words = wordsOf(input.language);
  const { incidents, environment, query } = input;
  const made = filled(words.made, { version: environment.version, at: instant(input.madeAt) });
  const causes = incidents.map(({ finding }) => finding.cause);
  return [
    `# ${words.title}`,
    `${made} UTC. ${words.capture}: ${plain(environment.captureName)} (${plain(environment.captureId)}).`,
    ...(query === "" ? [] : [plain(filled(words.filter, { query }))]),
    `## ${words.verdicts}`,
    ...(incidents.length === 0
      ? [words.none]
      : incidents.flatMap((one) => incidentLines(one, words))),
    ...environmentLines(input, words),
    `## ${words.redacted}`,
    bullets(words.redaction),
    ...(environment.keepsSecrets ? [`**${words.secretsKept}**`] : []),
    `## ${words.collect}`,
    words.collectIntro,
    toCollect(causes, input.language)
      .map(({ what, command }) => `- ${what}${command === null ? "" : `: ${code(command)}`}`)
      .join("\n"),
  ]
    .join("\n\n")
    .concat("\n");
}

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join("\n");

const section = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`**${heading}**`, bullets(lines.map(plain))];

function incidentLines({ finding, exchanges }: Incident, words: ReportWords): string[] {
  const { severity, cause, side, confidence, agents, host, port, sid, at } = finding;
  const facts = [
    `${words.when}: ${instant(at)} UTC`,
    ...(agents.length === 0 ? [] : [`${words.agents}: ${agents.join(", ")}`]),
    ...(host === null ? [] : [`${words.server}: ${host}${port === null ? "" : `:${port}`}`]),
    ...(sid === null ? [] : [`${words.session}: ${beginningOf(sid)}`]),
  ];
  const rows = finding.details.map(({ exchange, role, what }, index) => {
    const found = exchanges.find(({ id }) => id === exchange);
    const name = `${index + 1}. ${exchange}`;
    if (found === undefined) return ["", name, words.role[role], words.gone, "", "", "", what];
    return [
      instant(found.at),
      name,
      words.role[role],
      requestLine(found),
      outcomeText(found.outcome, words),
      seconds(found.holdMs),
      seconds(found.thinkGapMs),
      what,
    ];
  });
  return [
    `### ${plain(finding.title)}`,
    `${words.severity[severity] ?? severity} · ${cause} · ${words.side[side] ?? side} · ${filled(words.confidence, { percent: Math.round(confidence * 100) })}`,
    plain(finding.explanation),
    ...(finding.open ? [words.open] : []),
    bullets(facts.map(plain)),
    ...section(words.reasons, finding.reasons),
    ...section(words.before, finding.before),
    ...section(
      words.consequences,
      finding.consequences.map(
        ({ at: when, what, certainty }) => `${clock(when)} ${what} (${words.certainty[certainty]})`,
      ),
    ),
    `**${words.evidence}**`,
    table(words.columns, rows),
    ...section(words.advice, finding.advice),
    ...section(words.settle, finding.wouldSettle),
  ];
}

function environmentLines({ environment, incidents }: ReportInput, words: ReportWords): string[] {
  const { connections } = environment;
  const vitals = notable(incidents.flatMap((incident) => incident.vitals));
  const probes = incidents.flatMap((incident) => incident.probes);
  const certificates = connections.map(({ host, port, server, serverTls, certificate }) => [
    `${host}:${port}`,
    server === null ? "–" : `${server.address}:${server.port}`,
    serverTls?.version ?? "–",
    certificate?.subject ?? "–",
    certificate?.fingerprint256 ?? "–",
  ]);
  const [name = "", address = "", tls = "", , certificate = "", hash = ""] = words.endpoints;
  return [
    `## ${words.environment}`,
    bullets(
      [
        `Boshscope ${environment.version}`,
        `${words.platform}: ${environment.platform}`,
        `${words.certificatePolicy}: ${environment.serverCerts}`,
        `${words.authority}: ${environment.caFingerprint256}`,
        `${words.notKept}: ${environment.notKept ?? "–"}`,
      ].map(plain),
    ),
    ...(certificates.length === 0
      ? []
      : [table([name, address, tls, certificate, hash], certificates)]),
    ...section(words.interference, [...interferences(connections, words), ...words.always]),
    ...(vitals.length === 0
      ? []
      : [
          `**${words.vitals}**`,
          table(
            words.vitalColumns,
            vitals.map((one) => cells(vitalRow(one))),
          ),
        ]),
    ...(probes.length === 0
      ? []
      : [
          `**${words.probes}**`,
          table(
            words.probeColumns,
            probes.map((one) => cells(probeRow(one))),
          ),
        ]),
  ];
}

const cells = (row: { readonly cells: readonly Part[] }): string[] => row.cells.map(String);

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (parts: readonly string[]): string => `| ${parts.map(plain).join(" | ")} |`;
  return [line(columns), `|${columns.map(() => " --- |").join("")}`, ...rows.map(line)].join("\n");
}
