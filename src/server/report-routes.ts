/** Routes of the report for a case: what was found, with the evidence, as one file. */
import { renderFinding } from "../diagnose/words/render.ts";
import { gatherReport } from "../interchange/report/gather.ts";
import type { ReportInput } from "../interchange/report/report.ts";
import { reportHtml, reportPolicy } from "../interchange/report/report-html.ts";
import { reportMarkdown } from "../interchange/report/report-markdown.ts";
import { reportQuery } from "./input.ts";
import { content, jsonOf, type Route, route } from "./route.ts";
import type { ServerOptions } from "./server-options.ts";

interface Wish {
  readonly lang: "en" | "es";
  readonly q: string;
  readonly finding?: string | undefined;
}

/** The page's own policy would refuse the report's style sheet, which is inside it. */
const policy = `sandbox allow-downloads; ${reportPolicy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export function reportRoutes(options: ServerOptions): readonly Route[] {
  const invalid = jsonOf("Error", "The request is not accepted.");
  return [
    route("get", "/api/report.html", {
      summary: "The report for a case, in English or Spanish: one HTML file without scripts.",
      query: reportQuery,
      answers: { 200: { description: "The report.", type: "text/html" }, 400: invalid },
      answer: async ({ query }) =>
        content(reportHtml(await inputOf(options, query)), {
          "Content-Type": "text/html; charset=utf-8",
          "Content-Security-Policy": policy,
          "Content-Disposition": `inline; filename="${fileName(options)}.html"`,
        }),
    }),
    route("get", "/api/report.md", {
      summary: "The same as Markdown.",
      query: reportQuery,
      answers: { 200: { description: "The report.", type: "text/markdown" }, 400: invalid },
      answer: async ({ query }) =>
        content(reportMarkdown(await inputOf(options, query)), {
          "Content-Type": "text/markdown; charset=utf-8",
          "Content-Disposition": `attachment; filename="${fileName(options)}.md"`,
        }),
    }),
  ];
}

const fileName = ({ recorder }: ServerOptions): string =>
  `boshscope-report-${recorder.status().captureId}`;

function inputOf(options: ServerOptions, { lang, q, finding }: Wish): Promise<ReportInput> {
  const { recorder, reader, clock, ca, version } = options;
  const { captureId, captureName, notKept, alerts } = recorder.status();
  const { platform, serverCerts } = options.config();
  const views = recorder.findings().map((one) => renderFinding(one, lang));
  return gatherReport(reader, views, {
    language: lang,
    madeAt: new Date(clock.wall()).toISOString(),
    query: q,
    finding: finding ?? null,
    environment: {
      version,
      platform,
      captureId,
      captureName,
      serverCerts,
      caFingerprint256: ca.fingerprint256,
      keepsSecrets: alerts.some(({ code }) => code === "secrets-kept"),
      notKept,
    },
  });
}
