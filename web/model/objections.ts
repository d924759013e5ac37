/** Takes the server's refusal of a rule apart, so that each objection can stand beside the field it is about. */

export interface Objection {
  /** `match.port`, `actions.0.ms`; "" = of the whole. */
  readonly path: string;
  readonly text: string;
}

const opening = /^Not accepted in the \w+: /;
const roots = "id|name|match|actions|times|expiresAfterMs|alsoWaiting";
/** `match.port: expected number`, `actions[0].ms is "soon": it must be …`. */
const objection = new RegExp(`^((?:${roots})(?:\\.\\w+|\\[\\d+\\])*)(?:: | )(.+)$`, "s");

/** In the server's order; what names no field is an objection to the whole. */
export function objectionsOf(message: string): readonly Objection[] {
  return message
    .replace(opening, "")
    .replace(/\.$/, "")
    .split("; ")
    .map((part) => {
      const [, place = "", text = part] = objection.exec(part) ?? [];
      return { path: place.replaceAll(/\[(\d+)\]/g, ".$1"), text };
    });
}

/** Those about a field or something inside it. */
export const about = (all: readonly Objection[], path: string): string =>
  all
    .filter((one) => one.path === path || one.path.startsWith(`${path}.`))
    .map(({ text }) => text)
    .join("; ");
