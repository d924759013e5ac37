/** Alter: headers, text and elements change on the way. `changeMessage` has the effect on bytes. */
import { type ActionDefinition, legs } from "./action-definition.ts";

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const elementPath = /^[\w.-]+(?:\/[\w.-]+)*$/;
const maxText = 100_000;

export const alter: ActionDefinition<"alter"> = {
  read: (fields) => {
    const action = {
      kind: "alter",
      leg: fields.choice("leg", legs),
      setHeaders: fields.has("setHeaders") ? fields.pairs("setHeaders") : [],
      removeHeaders: fields.has("removeHeaders") ? fields.texts("removeHeaders") : [],
      replace: fields.has("replace")
        ? fields.list("replace", (item) => {
            const text = item.text("text", { max: maxText });
            const by = item.text("by", { min: 0, max: maxText });
            item.end();
            return { text, by };
          })
        : [],
      setPaths: fields.has("setPaths")
        ? fields.list("setPaths", (item) => {
            const path = item.text("path");
            if (path !== "" && !elementPath.test(path))
              item.refuse(
                "path",
                path,
                "names of elements with / between, such as Update/data/user/state",
              );
            const text = item.text("text", { min: 0, max: maxText });
            item.end();
            return { path, text };
          })
        : [],
    } as const;
    const { setHeaders, removeHeaders, replace, setPaths } = action;
    for (const name of [...setHeaders.map(([one]) => one), ...removeHeaders])
      if (!token.test(name)) fields.refuse("setHeaders", name, "the name of a header");
    for (const [, value] of setHeaders)
      if (/[\r\n]/.test(value)) fields.refuse("setHeaders", value, "a value in one line");
    if (setHeaders.length + removeHeaders.length + replace.length + setPaths.length === 0)
      fields.problem("", "changes nothing: give setHeaders, removeHeaders, replace or setPaths");
    return action;
  },
  leg: ({ leg }) => leg,
  place: "message",
  needs: ({ replace, setPaths }) => (replace.length + setPaths.length > 0 ? "whole" : "head"),
  step: ({ setHeaders, removeHeaders, replace, setPaths }) => ({
    kind: "change",
    change: { kind: "alter", setHeaders, removeHeaders, replace, setPaths },
  }),
};
