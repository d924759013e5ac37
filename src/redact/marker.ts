/**
 * How a replaced secret looks: `‹secret 1a2b3c4d›`, eight hex digits of its keyed hash. In URLs and forms the blank is a `+`, which
 * decodes to the same. Neither bracket is a latin1 character, so in a head, which is latin1 on the wire, they can only come from us.
 */

const marker = "‹secret[ +](?:[0-9a-f]{8}|many)›";
const shownUser = "[\\w.@\\\\+-]{1,64}";

/** Finds every marker; use with `replace`, `search` and `split` only, as it keeps no position. */
export const markers = new RegExp(marker, "g");

const marked = new RegExp(`^(?:(?:${shownUser}|\\*):)?${marker}$`);
const userPattern = new RegExp(`^${shownUser}$`);

/** True when the whole value is a marker already, alone or after a user name. */
export function isMarked(value: string): boolean {
  return value.length <= 90 && value.endsWith("›") && marked.test(value);
}

/** The marker for those digits ("many" when a message had too many secrets to hash each). */
export function markerOf(digits: string): string {
  return `‹secret ${digits}›`;
}

/** Markers as they are written where a blank would end the value. */
export function withoutBlanks(text: string): string {
  return text.replace(markers, (found) => found.replace(" ", "+"));
}

/** A user's name with the password's marker. Names that are odd, or that give the password away, are left out. */
export function userWithMarker(user: string, password: string, passwordMarker: string): string {
  const shown = userPattern.test(user) && !user.includes(password);
  return shown ? `${user}:${passwordMarker}` : passwordMarker;
}
