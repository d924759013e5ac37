/** Both messages as text, head and body, as they were kept. */
import type { JSX } from "preact";
import { decodeBody } from "../model/body-text.ts";
import type { BodySide } from "../state/detail.ts";
import { BodySection } from "./body-section.tsx";
import type { TabProps } from "./inspector.tsx";
import { TextView } from "./text-view.tsx";

const sides: readonly BodySide[] = ["request", "response"];

export function RawTab({ shown }: TabProps): JSX.Element {
  return (
    <>
      {sides.map((side) => {
        const head = shown[side]?.rawHead;
        return (
          <BodySection
            key={side}
            shown={shown}
            side={side}
            before={head === undefined ? null : <pre class="code head">{head}</pre>}
            view={(bytes, body) => <TextView text={decodeBody(bytes, body.contentType)} />}
          />
        );
      })}
    </>
  );
}
