/** Makes the XML that Finesse folds into its messages readable as text, once. */

const references: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

/** Bodies longer than this are looked through as they are. */
const maxLength = 262_144;

/** `&lt;state&gt;READY` → `<state>READY`; text without such references comes back as it is. */
export function unfolded(text: string): string {
  if (text.length > maxLength || !text.includes("&lt;")) return text;
  return text.replaceAll(/&(?:lt|gt|quot|apos|amp);/g, (reference) => references[reference] ?? "");
}
