/** The pieces that requests are checked against; each carries the words that /openapi.json says about it. */
import { z } from "zod";
import { copyForms } from "../interchange/copy-as/copy-as.ts";

/** Rows that one GET gives at most, and unless asked otherwise. */
const maxRows = 5000;
const defaultRows = 500;

/** A whole number as it stands in a URL. */
export const wholeNumber = z
  .string()
  .regex(/^\d{1,16}$/, "must be a whole number")
  .transform(Number)
  .refine(Number.isSafeInteger, "is too large");

/** Cuts nothing: a limit over the bound is refused, so that nobody takes a part for the whole. */
const limit = wholeNumber
  .refine((value) => value >= 1 && value <= maxRows, `must be 1 to ${maxRows}`)
  .default(defaultRows)
  .meta({ type: "integer", minimum: 1, maximum: maxRows })
  .describe(`At most so many; ${defaultRows} when left out.`);

const seq = wholeNumber.meta({ type: "integer", minimum: 0 });
const filter = z
  .string()
  .max(2000)
  .describe("Filter, for example: host:fin1 is:pending hold>30s. Left out = all.");
const exchangeId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,100}$/, "must be an exchange's id")
  .describe("The id of an exchange.");

export const exchangeParams = z.strictObject({ id: exchangeId });
export const connectionParams = z.strictObject({
  id: wholeNumber.meta({ type: "integer", minimum: 0 }).describe("The number of a connection."),
});

export const exchangesQuery = z
  .strictObject({
    since: seq.optional().describe("Rows whose seq is above it, by seq. Default 0."),
    before: seq.optional().describe("Rows whose number is below it, newest first."),
    limit,
    q: filter.default(""),
    capture: z.string().min(1).max(100).optional().describe("An earlier capture's id."),
  })
  .refine((query) => query.since === undefined || query.before === undefined, {
    message: "since and before exclude each other",
  });

/** A page of marks is read at once to draw hours of lanes. */
const maxMarks = 20_000;
export const lanesQuery = z.strictObject({
  before: seq.optional().describe("Marks of exchanges whose number is below it."),
  limit: wholeNumber
    .refine((value) => value >= 1 && value <= maxMarks, `must be 1 to ${maxMarks}`)
    .default(maxMarks / 4)
    .meta({ type: "integer", minimum: 1, maximum: maxMarks })
    .describe(`At most so many; ${maxMarks / 4} when left out.`),
  agent: z.string().min(1).max(200).optional().describe("Of this agent alone."),
});

export const bodyQuery = z.strictObject({
  inline: z
    .literal("text")
    .optional()
    .describe('"text": shown as plain text instead of downloaded.'),
});

export const framesQuery = z.strictObject({
  from: wholeNumber
    .default(0)
    .meta({ type: "integer", minimum: 0 })
    .describe("Index of the first frame."),
  limit,
});

export const connectionsQuery = z.strictObject({
  since: wholeNumber
    .optional()
    .meta({ type: "integer", minimum: 0 })
    .describe("Connections whose seq is above it."),
  limit,
});

export const deleteQuery = z.strictObject({
  ids: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(exchangeId).min(1).max(maxRows))
    .optional()
    .meta({ type: "string" })
    .describe("Ids, separated by commas. Left out = all exchanges of the capture."),
});

export const patchBody = z
  .strictObject({
    comment: z.string().max(4000).nullable().optional().describe("null removes it."),
    mark: z
      .enum(["red", "blue", "gold", "green", "purple"])
      .nullable()
      .optional()
      .describe("null removes it."),
  })
  .refine((patch) => patch.comment !== undefined || patch.mark !== undefined, {
    message: "comment or mark is needed",
  });

const captureName = z.string().trim().min(1).max(200);
export const captureBody = z
  .strictObject({
    action: z.enum(["pause", "resume", "new", "rename"]),
    name: captureName.optional().describe('Needed for "rename".'),
  })
  .refine((body) => body.action !== "rename" || body.name !== undefined, {
    message: "rename needs a name",
  })
  .refine((body) => body.name === undefined || body.action === "new" || body.action === "rename", {
    message: "only new and rename take a name",
  });

const language = z.enum(["en", "es"]).describe("Language of the sentences.");
export const languageQuery = z.strictObject({ lang: language.default("en") });
export const findingsQuery = z.strictObject({
  lang: language.default("en"),
  capture: z.string().min(1).max(100).optional().describe("An earlier capture's id."),
});
export const findingParams = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,100}$/, "must be a finding's id")
    .describe("The id of a finding."),
});

export const reportQuery = z.strictObject({
  lang: language.default("en"),
  q: filter.default(""),
  finding: findingParams.shape.id.optional(),
});

export const feedQuery = z.strictObject({
  since: seq.optional().describe("Resume after this seq. Left out = from now on."),
  q: filter.default(""),
  lanes: z.literal("1").optional().describe("1: also sessions, agents and lane marks."),
  epoch: z.string().max(200).optional().describe("The epoch of the last hello or resync."),
  lang: z
    .enum(["en", "es"])
    .optional()
    .describe("Also findings and fault rules, in this language."),
});

/** What the page may send on the feed. */
export const feedRequest = z.strictObject({
  kind: z.literal("filter"),
  q: z.string().max(2000),
  since: z.int().min(0),
});

/** `token` is what the printed address carries. */
export const pageQuery = z.object({ token: z.string().optional() });

const wallMs = wholeNumber.meta({ type: "integer", minimum: 0 });
const span = {
  from: wallMs.optional().describe("Milliseconds since 1970; left out = from the start."),
  to: wallMs.optional().describe("Milliseconds since 1970; left out = to the end."),
  limit,
};
const after = wholeNumber
  .default(0)
  .meta({ type: "integer", minimum: 0 })
  .describe("What the page before told as next.");

export const vitalsQuery = z.strictObject(span);
export const probesQuery = z.strictObject({ ...span, after });
export const logsQuery = z.strictObject({
  ...span,
  after,
  agent: z.string().min(1).max(200).optional().describe("Of this agent, and of none."),
});
export const loadLogsQuery = z.strictObject({
  name: z.string().min(1).max(300).describe("The file's name, as evidence will call it."),
});

/** A message as a person edits it. */
const edit = {
  head: z
    .string()
    .max(200_000)
    .optional()
    .describe("Start line and fields; left out = as they came. The length is put right."),
  body: z.string().max(900_000).optional().describe("Left out = as it came."),
};

export const breakpointParams = z.strictObject({
  id: z.string().regex(/^h\d{1,12}$/, "must be a held message's id"),
});
export const breakpointBody = z.strictObject({ action: z.enum(["release", "drop"]), ...edit });

const maxRepeats = 100;
export const replayBody = z.strictObject({
  exchange: exchangeId,
  times: z.number().int().min(1).max(maxRepeats).default(1).describe("One after the other."),
  force: z.boolean().default(false).describe("Needed for http-bind, as it can end a session."),
  ownSession: z
    .boolean()
    .default(false)
    .describe(
      "An http-bind request: in a session of its own, signed in as recorded, ended afterwards.",
    ),
  ...edit,
});

export const composeBody = z.strictObject({
  method: z
    .string()
    .regex(/^[A-Z]{1,20}$/, "must be a method in capitals")
    .default("GET"),
  url: z.string().min(1).max(8000).describe("Absolute, http or https."),
  headers: z
    .string()
    .max(100_000)
    .default("")
    .describe(
      "Lines Name: value. Host and length are added; markers of secrets go on as the secrets.",
    ),
  body: z.string().max(900_000).default(""),
  times: z.number().int().min(1).max(maxRepeats).default(1).describe("One after the other."),
  force: z.boolean().default(false).describe("Needed for http-bind, as it can end a session."),
  credentialsOf: exchangeId
    .nullable()
    .default(null)
    .describe("An exchange whose Authorization and Cookie it takes."),
});

export const compareExchangesQuery = z.strictObject({ left: exchangeId, right: exchangeId });

const comparedCapture = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe("A capture's id; left out = the running one.");
export const compareCapturesQuery = z.strictObject({
  left: comparedCapture,
  right: comparedCapture,
  leftQ: filter.default(""),
  rightQ: filter.default(""),
});

export const exportQuery = z.strictObject({
  q: filter.default(""),
  capture: z.string().min(1).max(100).optional().describe("A capture's id; left out = this one."),
  redact: z
    .enum(["yes", "hosts", "no"])
    .default("yes")
    .describe("yes: people, numbers, values, sids; hosts: host names too; no: nothing."),
});

const maxKeyBytes = 64 * 1024 * 1024;
export const importQuery = z.strictObject({
  name: z.string().trim().min(1).max(200).default("Imported").describe("The capture's name."),
  keys: wholeNumber
    .refine((value) => value <= maxKeyBytes, "is more than a key log has")
    .default(0)
    .meta({ type: "integer", minimum: 0, maximum: maxKeyBytes })
    .describe(
      "So many bytes at the beginning of the body are a TLS key log; the packet capture follows. Left out = the log of --keylog, or keys in the capture.",
    ),
});

export const copyQuery = z.strictObject({
  as: z.enum(copyForms).describe("A command for bash, cmd or PowerShell, a fetch call, raw HTTP."),
});
