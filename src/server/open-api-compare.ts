/** The shapes of comparisons, as JSON Schema. */
import type {
  CaptureComparison,
  ComparedCapture,
  ExchangeComparison,
  Figure,
  KindComparison,
  Pair,
} from "../domain/comparison.ts";
import {
  every,
  flag,
  integer,
  list,
  numberOrNull,
  oneOf,
  orNull,
  text,
  textOrNull,
  timeOrNull,
} from "./json-schema.ts";

const pairs = list(every<Pair>({ name: text, left: textOrNull, right: textOrNull }));
const side = every<ComparedCapture>({
  capture: text,
  name: text,
  query: text,
  exchanges: integer,
  isCut: flag,
  from: timeOrNull,
  to: timeOrNull,
});

export const compareSchemas = {
  ExchangeComparison: every<ExchangeComparison>({
    left: text,
    right: text,
    facts: pairs,
    timing: pairs,
    requestHeaders: pairs,
    responseHeaders: pairs,
    requestXml: pairs,
    responseXml: pairs,
  }),
  CaptureComparison: every<CaptureComparison>({
    left: side,
    right: side,
    figures: list(
      every<Figure>({
        name: text,
        left: numberOrNull,
        right: numberOrNull,
        sick: orNull(oneOf("left", "right")),
      }),
    ),
    outcomes: list(
      every<CaptureComparison["outcomes"][number]>({
        name: text,
        left: integer,
        right: integer,
      }),
    ),
    kinds: list(
      every<KindComparison>({
        kind: oneOf("session-creation", "poll", "systeminfo", "rest"),
        left: text,
        right: text,
        requestHeaders: pairs,
        responseHeaders: pairs,
        responseXml: pairs,
      }),
    ),
  }),
} as const;
