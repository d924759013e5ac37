/** The shapes of exports and imports as JSON Schema. */
import {
  every,
  fields,
  flag,
  integer,
  type JsonSchema,
  oneOf,
  text,
  textOrNull,
} from "./json-schema.ts";
import type { ExportReport, ImportAnswer } from "./messages.ts";

const count = {
  type: "object",
  required: ["distinct", "replaced"],
  properties: { distinct: integer, replaced: integer },
};

export const transferSchemas = {
  ExportReport: every<ExportReport>({
    exchanges: integer,
    replaced: { type: "object", additionalProperties: count },
    secrets: oneOf("at-capture", "at-export", "kept"),
    secretMarkers: count,
    droppedBodies: integer,
    freeTexts: integer,
    hostsKept: integer,
    addressesKept: integer,
  }),
  ImportAnswer: every<ImportAnswer>({
    captureId: text,
    name: text,
    format: text,
    maker: text,
    isCut: flag,
    exchanges: integer,
    pending: integer,
    failed: integer,
    sessions: integer,
    agents: integer,
    findings: integer,
    packets: {
      ...fields({ http: integer, plain: integer, sealed: integer, http2: integer, twins: integer }),
      type: ["object", "null"],
    },
    from: textOrNull,
    to: textOrNull,
  }),
} satisfies Record<string, JsonSchema>;
