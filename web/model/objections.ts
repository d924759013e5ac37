/** Takes the server's refusal of a rule apart, so that each objection can stand beside the field it is about. */

export interface Objection {
  /** `match.port`, `actions.0.ms`; "" = of the whole. */
  readonly path: string;
  readonly text: string;
}

const opening = /^Not accepted in the \w+: /;
const objection = /^([A-Za-z][\w]*(?:\.[\w]+)*): (.+)$/s;

/** In the server's order; a message of another shape is one objection to the whole. */
export function objectionsOf(message: string): readonly Objection[] {
  if (!opening.test(message)) return [{ path: "", text: message }];
  return message
    .replace(opening, "")
    .replace(/\.$/, "")
    .split("; ")
    .map((part) => {
      const [, path = "", text = part] = objection.exec(part) ?? [];
      return { path, text };
    });
}

/** Those about a field or something inside it. */
export const about = (all: readonly Objection[], path: string): string =>
  all
    .filter((one) => one.path === path || one.path.startsWith(`${path}.`))
    .map(({ text }) => text)
    .join("; ");
