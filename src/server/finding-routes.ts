/** Routes under /api/findings: what was concluded, in sentences. */
import { fail } from "../base/errors.ts";
import { renderFinding } from "../diagnose/words/render.ts";
import type { CaptureReader, Recorder } from "../domain/recording.ts";
import { findingParams, findingsQuery, languageQuery } from "./input.ts";
import type { FindingList, FindingView } from "./messages.ts";
import { json, jsonOf, type Route, route } from "./route.ts";

interface Needs {
  readonly reader: CaptureReader;
  readonly recorder: Recorder;
}

export function findingRoutes({ reader, recorder }: Needs): readonly Route[] {
  return [
    route("get", "/api/findings", {
      summary: "Findings, latest first: who broke a connection, with the evidence.",
      query: findingsQuery,
      answers: {
        200: jsonOf("FindingList", "The findings."),
        404: jsonOf("Error", "There is no such capture."),
      },
      answer: async ({ query }) => {
        const { capture, lang } = query;
        const isOther = capture !== undefined && capture !== recorder.status().captureId;
        const findings = isOther ? await reader.storedFindings(capture) : recorder.findings();
        const latestFirst = findings.toSorted((a, b) => (a.at < b.at ? 1 : -1));
        const list: FindingList = { findings: latestFirst.map((one) => renderFinding(one, lang)) };
        return json(list);
      },
    }),
    route("get", "/api/findings/:id", {
      summary: "One finding.",
      params: findingParams,
      query: languageQuery,
      answers: {
        200: jsonOf("Finding", "The finding."),
        404: jsonOf("Error", "There is no such finding."),
      },
      answer: async ({ params, query }) => {
        const running = recorder.findings().find(({ id }) => id === params.id);
        const finding = running ?? (await stored(reader, params.id));
        if (finding === undefined)
          throw fail("not-found", {
            what: `finding ${params.id}`,
            remedy: "GET /api/findings lists all.",
          });
        const view: FindingView = renderFinding(finding, query.lang);
        return json(view);
      },
    }),
  ];
}

/** Of an earlier capture, or one that is no longer held in memory. */
async function stored(reader: CaptureReader, id: string) {
  const captures = await reader.captures();
  const capture = captures.find((one) => id.startsWith(`${one.id}-f`));
  if (capture === undefined) return undefined;
  return (await reader.storedFindings(capture.id)).find((finding) => finding.id === id);
}
