/** Routes that lay two exchanges, or two captures, side by side. */
import type { ComparisonDesk } from "../domain/comparison.ts";
import type { Recorder } from "../domain/recording.ts";
import { compareCapturesQuery, compareExchangesQuery } from "./input.ts";
import { json, jsonOf, type Route, route } from "./route.ts";

interface Needs {
  readonly compare: ComparisonDesk;
  readonly recorder: Pick<Recorder, "status">;
}

const invalid = jsonOf("Error", "The request is not accepted.");

export function compareRoutes({ compare, recorder }: Needs): readonly Route[] {
  return [
    route("get", "/api/compare/exchanges", {
      summary:
        "Two exchanges, of any captures: facts, timing, headers, and where their XML differs.",
      query: compareExchangesQuery,
      answers: {
        200: jsonOf("ExchangeComparison", "Pairs of values; null = that side has none."),
        400: invalid,
        404: jsonOf("Error", "There is no such exchange."),
      },
      answer: async ({ query }) => json(await compare.exchanges(query.left, query.right)),
    }),
    route("get", "/api/compare/captures", {
      summary:
        "Two captures, or parts of them: cadence, latency, rid continuity in figures, headers and XML of one exchange of each kind.",
      query: compareCapturesQuery,
      answers: {
        200: jsonOf("CaptureComparison", "The figures, and which side stands out for the worse."),
        400: invalid,
        404: jsonOf("Error", "There is no such capture."),
      },
      answer: async ({ query }) => {
        const { left, right, leftQ, rightQ } = query;
        const current = recorder.status().captureId;
        return json(
          await compare.captures(
            { capture: left ?? current, query: leftQ },
            { capture: right ?? current, query: rightQ },
          ),
        );
      },
    }),
  ];
}
