/** Routes that give captures to other tools and take theirs: exports, redacted unless asked not to, and imports. */
import type { Request } from "express";
import { fail } from "../base/errors.ts";
import { exportQuery, importQuery } from "./input.ts";
import type { ExportReport, ImportAnswer } from "./messages.ts";
import { type Answer, json, jsonOf, type Route, route } from "./route.ts";
import type { ServerOptions } from "./server-options.ts";

type Needs = Pick<ServerOptions, "exportFile" | "importFile">;
type Format = "har" | "saz" | "boshscope" | "pcapng";

const types: Readonly<Record<Format, string>> = {
  har: "application/json",
  saz: "application/x-fiddler-session-archive",
  boshscope: "application/vnd.sqlite3",
  pcapng: "application/vnd.tcpdump.pcap",
};
const invalid = jsonOf("Error", "The request is not accepted.");
/** Not in the address: addresses end up in histories and logs. */
const passwordHeader = "x-file-password";

export function transferRoutes(needs: Needs): readonly Route[] {
  return [
    ...(["har", "saz", "boshscope", "pcapng"] as const).map((format) => exportRoute(needs, format)),
    route("get", "/api/export-report", {
      summary: "What an export would replace and what it would leave, before anything is shared.",
      query: exportQuery,
      answers: { 200: jsonOf("ExportReport", "The report."), 400: invalid },
      answer: async ({ query }) => {
        const { report } = await needs.exportFile({
          ...orderOf(query),
          format: null,
          password: null,
        });
        return json(report satisfies ExportReport);
      },
    }),
    importRoute(needs),
  ];
}

function exportRoute({ exportFile }: Needs, format: Format): Route {
  return route("get", `/api/export.${format}`, {
    summary:
      `The exchanges that match, as a ${format.toUpperCase()} file; personal data replaced unless redact=no. ${format === "saz" ? "X-File-Password encrypts it (AES-256)." : ""}`.trim(),
    query: exportQuery,
    answers: { 200: { description: "The file.", type: types[format] }, 400: invalid },
    answer: async ({ query }, request): Promise<Answer> => {
      const password = request.get(passwordHeader) ?? null;
      const { bytes } = await exportFile({ ...orderOf(query), format, password });
      return {
        status: 200,
        headers: {
          "Content-Type": types[format],
          "Content-Disposition": `attachment; filename="boshscope.${format}"`,
        },
        body: bytes,
      };
    },
  });
}

interface Query {
  readonly q: string;
  readonly capture?: string | undefined;
  readonly redact: "yes" | "hosts" | "no";
}

const orderOf = ({ q, capture, redact }: Query) => ({
  query: q,
  captureId: capture ?? null,
  redact: redact === "no" ? null : { hosts: redact === "hosts" },
});

function importRoute({ importFile }: Needs): Route {
  return route("post", "/api/import", {
    summary:
      "Takes in a HAR, SAZ or .boshscope file, or a packet capture, as a capture of its own: the body is the file.",
    query: importQuery,
    answers: {
      200: jsonOf("ImportAnswer", "What was taken in."),
      400: invalid,
      422: jsonOf("Error", "The file can't be read, or needs a password or keys."),
    },
    answer: async ({ query }, request: Request) => {
      // A form of another site can't send this type without asking first.
      if (request.is("application/octet-stream") === false)
        throw fail("request-invalid", {
          problem: "The body must be the file (Content-Type: application/octet-stream).",
        });
      const password = request.get(passwordHeader) ?? null;
      const given = { password, keyBytes: query.keys };
      const answer: ImportAnswer = await importFile(query.name, request, given);
      return json(answer);
    },
  });
}
