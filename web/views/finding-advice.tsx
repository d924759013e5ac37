/** An advice: its commands stand out and can be copied. */
import type { JSX } from "preact";
import { adviceParts } from "../model/advice-parts.ts";
import { CopyButton } from "./button.tsx";

export function AdviceText({ text }: { readonly text: string }): JSX.Element {
  return (
    <>
      {adviceParts(text).map((part, index) =>
        part.kind === "text" ? (
          part.text
        ) : (
          <span key={`${index} ${part.text}`} class="advice-command">
            <code>{part.text}</code>
            <CopyButton text={part.text} />
          </span>
        ),
      )}
    </>
  );
}
