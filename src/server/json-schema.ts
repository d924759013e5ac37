/** The pieces that the descriptions in /openapi.json are made of. */

export type JsonSchema = Readonly<Record<string, unknown>>;

export const text = { type: "string" };
export const flag = { type: "boolean" };
export const number = { type: "number" };
export const integer = { type: "integer" };
export const textOrNull = { type: ["string", "null"] };
export const numberOrNull = { type: ["number", "null"] };
export const integerOrNull = { type: ["integer", "null"] };
export const time = { type: "string", format: "date-time" };
export const timeOrNull = { anyOf: [time, { type: "null" }] };
export const texts = { type: "array", items: text };
export const oneOf = (...words: readonly string[]): JsonSchema => ({ type: "string", enum: words });
export const list = (items: JsonSchema): JsonSchema => ({ type: "array", items });
export const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: "null" }] });
export const counts = { type: "object", additionalProperties: integer };
export const fields = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
});
/** All fields of the type, each one required. */
export const every = <Type>(
  properties: Readonly<Record<keyof Type & string, JsonSchema>>,
): JsonSchema => fields(properties);
export const named = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
