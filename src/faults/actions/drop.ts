/** Drop: the message never arrives, and the connection ends the way that is asked for. */
import { type ActionDefinition, endings, legs } from "./action-definition.ts";

export const drop: ActionDefinition<"drop"> = {
  read: (fields) => ({
    kind: "drop",
    leg: fields.choice("leg", legs),
    how: fields.choice("how", endings),
  }),
  leg: ({ leg }) => leg,
  place: "message",
  needs: () => "nothing",
  step: ({ how }) => ({ kind: "drop", how }),
};
