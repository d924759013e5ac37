/** Cut: the first bytes arrive, then the connection ends. */
import { type ActionDefinition, endings, legs } from "./action-definition.ts";

export const cut: ActionDefinition<"cut"> = {
  read: (fields) => ({
    kind: "cut",
    leg: fields.choice("leg", legs),
    afterBytes: fields.number("afterBytes", { min: 0, max: 1_000_000_000, unit: "bytes" }),
    how: fields.choice("how", endings),
  }),
  leg: ({ leg }) => leg,
  place: "message",
  needs: () => "nothing",
  step: ({ afterBytes, how }) => ({ kind: "cut", afterBytes, how }),
};
