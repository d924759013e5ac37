/** Refuse CONNECT: as a firewall does, with a reset (reject) or with silence (drop). Nothing is dialled. */
import type { ActionDefinition } from "./action-definition.ts";

export const refuseConnect: ActionDefinition<"refuse-connect"> = {
  read: (fields) => ({
    kind: "refuse-connect",
    how: fields.choice("how", ["reset", "silence"]),
  }),
  leg: () => "request",
  place: "connect",
  needs: () => "nothing",
  step: ({ how }) => ({ kind: "refuse-connect", how }),
};
