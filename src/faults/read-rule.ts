/** Reads a rule of unknown JSON, as a person or a script wrote it: every field checked, every problem told at once. */
import type { FaultAction, FaultMatch, FaultRule, FaultSubjectKind } from "../domain/fault-rule.ts";
import type { ActionDefinition } from "./actions/action-definition.ts";
import { actionKinds, actions, legOf, placeOf } from "./actions/actions.ts";
import { Fields, milliseconds } from "./fields.ts";
import { pointOf } from "./rule-point.ts";

export type ReadRule =
  | { readonly kind: "rule"; readonly rule: FaultRule }
  /** One sentence each: where, what it is, what it must be. */
  | { readonly kind: "refused"; readonly problems: readonly string[] };

const subjectKinds = [
  "connect",
  "tls",
  "session-create",
  "poll",
  "http-bind",
  "notification",
  "systeminfo",
  "state-change",
  "rest",
  "websocket",
  "frame",
  "ping",
  "any",
] as const satisfies readonly FaultSubjectKind[];

/** `id`: for rules that bring none. */
export function readRule(value: unknown, id: string): ReadRule {
  const problems: string[] = [];
  const fields = new Fields(value, "", problems);
  const rule: FaultRule = {
    id: fields.has("id") ? readId(fields) : id,
    name: fields.has("name") ? fields.text("name", { min: 0, max: 200 }) : "",
    match: fields.has("match") ? readMatch(fields.object("match")) : {},
    actions: fields.list("actions", readAction, { min: 1, max: 20 }),
    times: fields.has("times") ? fields.numberOrNull("times", { min: 1, max: 1_000_000 }) : null,
    expiresAfterMs: fields.has("expiresAfterMs")
      ? fields.numberOrNull("expiresAfterMs", { ...milliseconds, min: 1 })
      : null,
    alsoWaiting: fields.has("alsoWaiting") ? fields.flag("alsoWaiting") : false,
  };
  fields.end();
  if (problems.length === 0) problems.push(...contradictionsIn(rule));
  return problems.length === 0 ? { kind: "rule", rule } : { kind: "refused", problems };
}

function readId(fields: Fields): string {
  const id = fields.text("id", { max: 40 });
  if (!/^[\w.-]*$/.test(id)) fields.refuse("id", id, "letters, digits, dots and dashes");
  return id;
}

function readMatch(fields: Fields): FaultMatch {
  const match: { -readonly [K in keyof FaultMatch]: FaultMatch[K] } = {};
  for (const name of ["host", "method", "path", "agent", "sid", "event", "state"] as const)
    if (fields.has(name)) match[name] = fields.text(name);
  if (fields.has("port")) match.port = fields.number("port", { min: 1, max: 65_535 });
  if (fields.has("kind")) match.kind = fields.choice("kind", subjectKinds);
  const largestRid = Number.MAX_SAFE_INTEGER;
  if (fields.has("afterRid"))
    match.afterRid = fields.number("afterRid", { min: 0, max: largestRid });
  for (const name of ["nth", "everyNth"] as const)
    if (fields.has(name)) match[name] = fields.number(name, { min: 1, max: 1_000_000 });
  if (fields.has("probability"))
    match.probability = fields.number("probability", { min: 0, max: 1, whole: false });
  if (fields.has("window")) match.window = readWindow(fields.object("window"));
  fields.end();
  return match;
}

function readWindow(fields: Fields): { fromMs: number; untilMs: number | null } {
  const fromMs = fields.has("fromMs") ? fields.number("fromMs", milliseconds) : 0;
  const untilMs = fields.has("untilMs") ? fields.numberOrNull("untilMs", milliseconds) : null;
  if (untilMs !== null && untilMs <= fromMs)
    fields.refuse("untilMs", untilMs, `later than fromMs, which is ${fromMs}`);
  fields.end();
  return { fromMs, untilMs };
}

function readAction(fields: Fields): FaultAction {
  const kind = fields.choice("kind", actionKinds);
  const definition = actions[kind] as unknown as ActionDefinition<FaultAction["kind"]>;
  const action = definition.read(fields);
  fields.end();
  return action;
}

/** What can be read, but would never do anything. */
function contradictionsIn(rule: FaultRule): string[] {
  const { match } = rule;
  const point = pointOf(rule);
  const problems = rule.actions.flatMap((action, index) => {
    const why = misplaced(action, rule);
    return why === null ? [] : [`actions.${index}: ${action.kind} ${why}`];
  });
  if (match.nth !== undefined && match.everyNth !== undefined)
    problems.push("match.everyNth: excludes match.nth, give one of them");
  if (point === "connect" || point === "tls") problems.push(...earlyProblems(match, point));
  return problems;
}

/** What a connection does not say yet. */
const laterFields = ["method", "path", "agent", "sid", "event", "state", "afterRid"] as const;

function earlyProblems(match: FaultMatch, point: string): string[] {
  const names = laterFields.filter((name) => match[name] !== undefined);
  return names.map(
    (name) =>
      `match.${name}: is not known yet when a connection begins (kind "${point}"), match by host and port`,
  );
}

function misplaced(action: FaultAction, rule: FaultRule): string | null {
  const { kind } = rule.match;
  const place = placeOf(action);
  const point = pointOf(rule);
  if (place === "age")
    return point === place ? null : "is about a connection that is there already";
  if (place === "connect" || place === "tls") {
    if (kind === place || kind === undefined) return null;
    return `acts before any request, so match.kind must be "${place}" or be left out`;
  }
  if (point === "age") return "has no message to act on beside forget: give it a rule of its own";
  if (point !== "connect" && point !== "tls") return lateProblem(action, rule);
  return earlyProblem(action, point);
}

function earlyProblem(action: FaultAction, point: "connect" | "tls"): string | null {
  const mayWait = placeOf(action) === "connect-or-message" && legOf(action) === "request";
  if (mayWait && point === "connect") return null;
  return `needs a request, an answer or a frame, and can't stand in a rule for kind "${point}"`;
}

function lateProblem(action: FaultAction, rule: FaultRule): string | null {
  if (pointOf(rule) !== "answer" || action.kind === "answer" || legOf(action) === "response")
    return null;
  return 'is about the request, which has gone on when its answer is known, so give it leg "response"';
}
