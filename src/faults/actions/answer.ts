/** Answer: in place of the server. What each template looks like on the wire is told in ../answers. */
import { answerFor, readsAsFrame } from "../answers/answer-for.ts";
import { readTemplate } from "../answers/read-template.ts";
import type { ActionDefinition } from "./action-definition.ts";

export const answer: ActionDefinition<"answer"> = {
  read: (fields) => ({ kind: "answer", template: readTemplate(fields.object("template")) }),
  leg: () => "request",
  place: "message",
  needs: () => "head",
  step: ({ template }, { subject, recorded }) => {
    if (subject.framed && !readsAsFrame(template)) return null;
    const bytes = answerFor(template, subject, recorded);
    return bytes === null ? null : { kind: "answer", bytes };
  },
};
