/** Throttle: the bytes come slowly. A demo in a hurry gets them as much faster. */
import { type ActionDefinition, legs } from "./action-definition.ts";

export const throttle: ActionDefinition<"throttle"> = {
  read: (fields) => ({
    kind: "throttle",
    leg: fields.choice("leg", legs),
    bytesPerSecond: fields.number("bytesPerSecond", {
      min: 1,
      max: 1_000_000_000,
      unit: "bytes/s",
    }),
  }),
  leg: ({ leg }) => leg,
  place: "message",
  needs: () => "nothing",
  step: ({ bytesPerSecond }, { real }) => ({
    kind: "throttle",
    bytesPerSecond: Math.max(1, Math.round((bytesPerSecond * 1000) / real(1000))),
  }),
};
