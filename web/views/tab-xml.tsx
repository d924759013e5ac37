/** Bodies as XML trees; a broken one shows where, what could be read, and the text as it is. */
import type { JSX } from "preact";
import { decodeBody } from "../model/body-text.ts";
import { BodySection } from "./body-section.tsx";
import type { TabProps } from "./inspector.tsx";
import { XmlView } from "./xml-view.tsx";

export function XmlTab({ shown }: TabProps): JSX.Element {
  return (
    <>
      {(["request", "response"] as const).map((side) => (
        <BodySection
          key={side}
          shown={shown}
          side={side}
          view={(bytes, body) => <XmlView text={decodeBody(bytes, body.contentType)} />}
        />
      ))}
    </>
  );
}
