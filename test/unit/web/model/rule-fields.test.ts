import { expect, test } from "vitest";
import type { AnswerTemplate, FaultAction } from "../../../../src/domain/fault-rule.ts";
import {
  actionFields,
  fieldText,
  newAction,
  newTemplate,
  templateFields,
  withField,
} from "../../../../web/model/rule-fields.ts";

const altered: FaultAction = {
  kind: "alter",
  leg: "response",
  setHeaders: [["X-Test", "a: b"]],
  removeHeaders: ["Via", "Age"],
  replace: [{ text: "READY", by: "" }],
  setPaths: [{ path: "Update/data/user/state", text: "NOT_READY" }],
};

test("what a form shows of an action becomes the same action again", () => {
  for (const action of [...Object.values(newAction), altered]) {
    let again: FaultAction = action;
    for (const field of actionFields[action.kind]) {
      if (field.form !== "template") again = withField(again, field, fieldText(action, field));
    }
    expect(again).toEqual(action);
  }
  for (const template of Object.values(newTemplate)) {
    let again: AnswerTemplate = template;
    for (const field of templateFields[template.kind])
      again = withField(again, field, fieldText(template, field));
    expect(again).toEqual(template);
  }
});

test("every part of an action but its kind has a field", () => {
  for (const action of [...Object.values(newAction), altered]) {
    const names = actionFields[action.kind].map(({ name }) => name as string).sort();
    expect(names).toEqual(
      Object.keys(action)
        .filter((name) => name !== "kind")
        .sort(),
    );
  }
});

test("an empty number is none, an empty optional one is null, and nonsense is left to the server", () => {
  const pause = newAction["pause-polls"];
  const [ms] = actionFields["pause-polls"];
  const [, delayMs] = actionFields.delay;
  if (ms === undefined || delayMs === undefined) throw new Error();
  expect(withField(pause, ms, " ")).toEqual({ kind: "pause-polls", ms: null });
  expect(JSON.stringify(withField(newAction.delay, delayMs, "soon"))).toContain('"ms":null');
});
