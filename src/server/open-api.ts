/** Writes /openapi.json (OpenAPI 3.1) from the routes as they are registered. */
import { z } from "zod";
import type { JsonSchema } from "./json-schema.ts";
import { refTo, schemas } from "./open-api-schemas.ts";
import type { DescribedAnswer, Route } from "./route.ts";

const security = [{ bearer: [] }, { cookie: [] }];

/** The whole document. */
export function openApi(routes: readonly Route[], version: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const path = templateOf(route.path);
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Boshscope",
      version,
      description:
        "Everything under /api needs the token printed at start (or the cookie the page got by it). " +
        "Failures are JSON with a code, what happened, and what to do.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        cookie: {
          type: "apiKey",
          in: "cookie",
          name: "boshscope-PORT",
          description: "Set by opening the address printed at start.",
        },
      },
    },
  };
}

/** express's `:id` and `*file` as OpenAPI writes them. */
export const templateOf = (path: string): string => path.replaceAll(/[:*](\w+)/g, "{$1}");

function operationOf(route: Route): JsonSchema {
  return {
    summary: route.summary,
    operationId: `${route.method} ${templateOf(route.path)}`,
    ...(route.open === true ? { security: [] } : { security }),
    parameters: [...parametersOf("path", route.params), ...parametersOf("query", route.query)],
    ...(route.body === null
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: inputSchema(route.body) } },
          },
        }),
    responses: responsesOf(route.answers, route.open === true),
  };
}

function responsesOf(answers: Route["answers"], open: boolean): JsonSchema {
  const described = Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)]);
  const refusal = (description: string) =>
    responseOf({ description, type: "application/json", schema: refTo("Error") });
  return {
    ...Object.fromEntries(described),
    ...(open ? {} : { 401: refusal("The token is missing or wrong.") }),
    403: refusal("The Host or Origin is not this server's."),
    default: refusal("Any other failure."),
  };
}

function responseOf(answer: DescribedAnswer): JsonSchema {
  if (answer.type === undefined) return { description: answer.description };
  const media = answer.schema === undefined ? {} : { schema: answer.schema };
  return { description: answer.description, content: { [answer.type]: media } };
}

function parametersOf(place: "path" | "query", schema: z.ZodObject | null): readonly JsonSchema[] {
  if (schema === null) return [];
  const { properties, required } = inputSchema(schema);
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries(properties as Record<string, Record<string, unknown>>).map(
    ([name, { description, ...rest }]) => ({
      name,
      in: place,
      required: place === "path" || needed.has(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    }),
  );
}

/** The schema that the server checks with, as JSON Schema; patterns of numbers in URLs are an affair of the URL. */
function inputSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...made } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => {
      if (jsonSchema.type === "integer") delete jsonSchema.pattern;
    },
  });
  return made;
}
