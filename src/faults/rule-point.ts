/** When a rule is decided: at a connection, when that has come to an age, at the request, or only at the answer, which alone says what the rule looks for. */
import type { FaultRule } from "../domain/fault-rule.ts";
import { legOf, placeOf } from "./actions/actions.ts";

export type RulePoint = "connect" | "tls" | "age" | "request" | "answer";

export function pointOf({ match, actions }: Pick<FaultRule, "match" | "actions">): RulePoint {
  const places = new Set(actions.map(placeOf));
  if (match.kind === "connect" || places.has("connect")) return "connect";
  if (match.kind === "tls" || places.has("tls")) return "tls";
  if (places.has("age")) return "age";
  if (match.kind === "notification" || actions.some(({ kind }) => kind === "reorder"))
    return "answer";
  const answersOnly = actions.every((action) => legOf(action) === "response");
  return match.event !== undefined && answersOnly ? "answer" : "request";
}
