/** Forget: the connection ends at an age, or after so long without a byte, as in a firewall that drops what it no longer knows. */
import { milliseconds } from "../fields.ts";
import type { ActionDefinition } from "./action-definition.ts";

export const forget: ActionDefinition<"forget"> = {
  read: (fields) => ({
    kind: "forget",
    ms: fields.number("ms", { ...milliseconds, min: 1 }),
    counts: fields.choice("counts", ["idle", "open"]),
    how: fields.choice("how", ["reset", "silence"]),
  }),
  leg: () => "request",
  place: "age",
  needs: () => "nothing",
  step: ({ how }) => ({ kind: "forget", how }),
};
