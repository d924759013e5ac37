/** What the readers of this folder need from the redactor that calls them. */

export interface Scrub {
  /** The marker of a secret found in a known place; long enough ones are from then on found everywhere. */
  readonly secret: (value: string) => string;
  /** The same, but remembered only when it is as long and odd as a token: cookies hold many harmless words. */
  readonly cookie: (value: string) => string;
  /** The same, never remembered. */
  readonly forget: (value: string) => string;
  /** The text with all secrets replaced that are looked for everywhere: for text that is decoded only to look into it. */
  readonly known: (text: string) => string;
  /** A text of unknown kind inside another: its own kind is guessed. Gives the same text when nothing is in it. */
  readonly nested: (text: string) => string;
}

/** What a reader made of a body, or null when it is not of that kind. */
export type Redacted = string | null;

/** Put in place of the rest of a body that ended in the middle of a token. */
export const unreadableRest = "‹unreadable›";

/** The text without that mark, so that reading a redacted body again finds the same. */
export function beforeRest(text: string): string {
  return text.endsWith(unreadableRest) ? text.slice(0, -unreadableRest.length) : text;
}
