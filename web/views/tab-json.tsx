/** Bodies as indented JSON; what is none is shown as it is, with the engine's reason. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { decodeBody } from "../model/body-text.ts";
import { indentJson } from "../model/json-indent.ts";
import { BodySection } from "./body-section.tsx";
import type { TabProps } from "./inspector.tsx";
import { TextView } from "./text-view.tsx";

export function JsonTab({ shown }: TabProps): JSX.Element {
  return (
    <>
      {(["request", "response"] as const).map((side) => (
        <BodySection
          key={side}
          shown={shown}
          side={side}
          view={(bytes, body) => <JsonView text={decodeBody(bytes, body.contentType)} />}
        />
      ))}
    </>
  );
}

function JsonView({ text }: { readonly text: string }): JSX.Element {
  const read = indentJson(text);
  if (read.kind === "indented") return <TextView text={read.text} />;
  return (
    <>
      <p class="problem">
        {words.value.body.notJson} <code>{read.reason}</code>
      </p>
      <TextView text={text} />
    </>
  );
}
