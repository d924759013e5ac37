/** Routes about faults made on purpose: rules, scenarios, and the end of them all. */
import type { FaultDesk } from "../domain/fault-desk.ts";
import type { FaultRule } from "../domain/fault-rule.ts";
import {
  readFaultRule,
  readFaultRules,
  ruleBody,
  ruleParams,
  rulesBody,
  runBody,
  scenarioParams,
  sentencesQuery,
} from "./fault-input.ts";
import { faultsState, ruleView, runView, scenarioCards } from "./faults-view.ts";
import { content, json, jsonOf, noContent, type Route, route } from "./route.ts";

interface Needs {
  readonly faults: FaultDesk;
}

const invalid = jsonOf("Error", "The request is not accepted.");
const missing = jsonOf("Error", "There is no such rule.");
const done = { description: "Done." };
const oneRule = jsonOf("FaultRule", "The rule as it stands.");

export const faultRoutes = ({ faults }: Needs): readonly Route[] => [
  ...listRoutes(faults),
  ...ruleRoutes(faults),
  ...armRoutes(faults),
  ...scenarioRoutes(faults),
];

function listRoutes(faults: FaultDesk): readonly Route[] {
  return [
    route("get", "/api/faults", {
      summary: "Fault rules as they stand, messages held at breakpoints, scenario runs.",
      query: sentencesQuery,
      answers: { 200: jsonOf("Faults", "The state of faults.") },
      answer: ({ query }) => json(faultsState(faults, query.lang)),
    }),
    route("get", "/api/faults/export", {
      summary: "All fault rules but those of scenarios, as a file to import elsewhere.",
      answers: { 200: jsonOf("FaultRuleFile", "The rules.") },
      answer: () =>
        content(`${JSON.stringify(exported(faults), null, 2)}\n`, {
          "Content-Type": "application/json; charset=utf-8",
          "Content-Disposition": 'attachment; filename="boshscope-faults.json"',
        }),
    }),
    route("post", "/api/faults/import", {
      summary: "Adds exported rules, disarmed. A rule that is there already stays.",
      body: rulesBody,
      answers: { 200: jsonOf("Imported", "How many were added."), 400: invalid },
      answer: ({ body }) => json({ added: faults.importRules(readFaultRules(body)) }),
    }),
  ];
}

const exported = (faults: FaultDesk): readonly FaultRule[] =>
  faults
    .rules()
    .filter(({ scenario }) => scenario === null)
    .map(({ id, name, match, actions, times, expiresAfterMs, alsoWaiting }) => ({
      id,
      name,
      match,
      actions,
      times,
      expiresAfterMs,
      alsoWaiting,
    }));

function ruleRoutes(faults: FaultDesk): readonly Route[] {
  return [
    route("post", "/api/faults", {
      summary: "A new fault rule, armed at once if asked.",
      query: sentencesQuery,
      body: ruleBody,
      answers: { 200: oneRule, 400: invalid },
      answer: async ({ body, query }) => {
        const { rule, arm = false } = readFaultRule(body);
        return json(ruleView(await faults.add(rule, arm), query.lang));
      },
    }),
    route("put", "/api/faults/:id", {
      summary: "Another rule in place of this one; armed or not as asked, else as before.",
      params: ruleParams,
      query: sentencesQuery,
      body: ruleBody,
      answers: { 200: oneRule, 400: invalid, 404: missing },
      answer: async ({ params, body, query }) => {
        const { rule, arm } = readFaultRule(body);
        return json(ruleView(await faults.replace(params.id, rule, arm), query.lang));
      },
    }),
    route("delete", "/api/faults/:id", {
      summary: "Disarms a rule and forgets it.",
      params: ruleParams,
      answers: { 204: done, 404: missing },
      answer: ({ params }) => {
        faults.remove(params.id);
        return noContent;
      },
    }),
  ];
}

function armRoutes(faults: FaultDesk): readonly Route[] {
  return [
    route("post", "/api/faults/:id/arm", {
      summary: "From now on the rule acts; its counts begin anew.",
      params: ruleParams,
      query: sentencesQuery,
      answers: { 200: oneRule, 404: missing },
      answer: async ({ params, query }) => json(ruleView(await faults.arm(params.id), query.lang)),
    }),
    route("post", "/api/faults/:id/disarm", {
      summary: "The rule acts no more; what it holds goes on.",
      params: ruleParams,
      query: sentencesQuery,
      answers: { 200: oneRule, 404: missing },
      answer: ({ params, query }) => json(ruleView(faults.disarm(params.id), query.lang)),
    }),
    route("post", "/api/panic", {
      summary: "Disarms every rule and lets go all that is held.",
      answers: { 204: done },
      answer: () => {
        faults.panic();
        return noContent;
      },
    }),
  ];
}

function scenarioRoutes(faults: FaultDesk): readonly Route[] {
  return [
    route("get", "/api/scenarios", {
      summary:
        "Scenarios: known causes of disconnects, each with what the agent will see and when.",
      query: sentencesQuery,
      answers: { 200: jsonOf("ScenarioList", "The scenarios.") },
      answer: ({ query }) => json({ scenarios: scenarioCards(query.lang) }),
    }),
    route("post", "/api/scenarios/:name/run", {
      summary: "Arms a scenario's rules for an agent or a host; they disarm themselves.",
      params: scenarioParams,
      query: sentencesQuery,
      body: runBody,
      answers: { 200: jsonOf("ScenarioRun", "The run."), 400: invalid, 404: missing },
      answer: async ({ params, body, query }) => {
        const { agent, host } = body;
        const target = {
          ...(agent === undefined ? {} : { agent }),
          ...(host === undefined ? {} : { host }),
        };
        return json(runView(await faults.run(params.name, target), query.lang));
      },
    }),
  ];
}
