/** Routes about what was observed beside the traffic: this PC's vitals, probes, and logs that somebody loaded. */
import { fail } from "../base/errors.ts";
import { loadLogsQuery, logsQuery, probesQuery, vitalsQuery } from "./input.ts";
import type { VitalsList } from "./messages.ts";
import { type Answer, json, jsonOf, jsonText, type Route, route } from "./route.ts";
import type { ServerOptions } from "./server-options.ts";

type Needs = Pick<ServerOptions, "reader" | "receiveLog">;

const invalid = jsonOf("Error", "The request is not accepted.");
const manyFiles = 20_000;

export function observationRoutes({ reader, receiveLog }: Needs): readonly Route[] {
  return [
    route("get", "/api/vitals", {
      summary: "How this PC was, second by second: event loop, clocks, CPU, memory, browser.",
      query: vitalsQuery,
      answers: { 200: jsonOf("VitalsList", "Samples, by time."), 400: invalid },
      answer: async ({ query: { from, to, limit } }) => {
        const page = await reader.vitals({ ...between(from, to), limit });
        return json(page satisfies VitalsList);
      },
    }),
    route("get", "/api/probes", {
      summary: "What active probes found, by time.",
      query: probesQuery,
      answers: { 200: jsonOf("ProbeList", "One page."), 400: invalid },
      answer: async ({ query: { from, to, limit, after } }) => {
        const kind = "probe" as const;
        const page = await reader.observations({ kind, ...between(from, to), limit, after });
        return paged("probes", page);
      },
    }),
    route("get", "/api/logs", {
      summary: "Lines of loaded logs, by time; those whose time is not known come last.",
      query: logsQuery,
      answers: { 200: jsonOf("LogList", "One page."), 400: invalid },
      answer: async ({ query: { from, to, limit, after, agent } }) => {
        const of = agent === undefined ? {} : { agent };
        const kind = "log" as const;
        const page = await reader.observations({ kind, ...between(from, to), ...of, limit, after });
        return paged("facts", page);
      },
    }),
    route("get", "/api/log-files", {
      summary: "Logs that were loaded: what was read of each, and how its clock was found.",
      answers: { 200: jsonOf("LogFileList", "The files.") },
      answer: async () => {
        const page = await reader.observations({ kind: "log-file", limit: manyFiles });
        return jsonText(`{"files":${page.rows}}`);
      },
    }),
    route("post", "/api/logs", {
      summary: "Loads a log, or an archive of logs: the body is the file as it is.",
      query: loadLogsQuery,
      answers: { 200: jsonOf("LogsLoaded", "What was read."), 400: invalid },
      answer: async ({ query: { name } }, request) => {
        // A form of another site can't send this type without asking first.
        if (request.is("application/octet-stream") === false)
          throw fail("request-invalid", {
            problem: "The body must be the file (Content-Type: application/octet-stream).",
          });
        return json(await receiveLog(name, request));
      },
    }),
  ];
}

const between = (from: number | undefined, to: number | undefined) => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

const paged = (
  name: string,
  page: { readonly rows: string; readonly next: number; readonly more: boolean },
): Answer => jsonText(`{"${name}":${page.rows},"next":${page.next},"more":${page.more}}`);
