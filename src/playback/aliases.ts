/**
 * Who a client is in the recording. Somebody else may sign in than was recorded, and a redacted export names nobody: then the client plays
 * the part of a recorded agent, under the client's own name.
 */
export interface Alias {
  readonly client: string;
  readonly recorded: string;
}

export class Aliases {
  readonly #recorded: readonly string[];
  readonly #known = new Map<string, Alias>();

  /** `recorded`: agents with sessions, in the order of these. */
  constructor(recorded: readonly string[]) {
    this.#recorded = [...new Set(recorded)];
  }

  /** null = by their own name. `part`: the agent whose part it is, where that is settled. */
  of(user: string | null, part: string | null = null): Alias | null {
    if (user === null || this.#recorded.includes(user)) return null;
    const known = this.#known.get(user);
    if (known !== undefined) return known;
    const taken = new Set([...this.#known.values()].map(({ recorded }) => recorded));
    const free = this.#recorded.find((agent) => !taken.has(agent));
    const recorded = part ?? free ?? this.#recorded[0];
    if (recorded === undefined) return null;
    const alias = { client: user, recorded };
    this.#known.set(user, alias);
    return alias;
  }
}

export const inRecordedWords = (text: string, alias: Alias | null): string =>
  alias === null ? text : withWord(text, alias.client, alias.recorded);

export const inClientsWords = (text: string, alias: Alias | null): string =>
  alias === null ? text : withWord(text, alias.recorded, alias.client);

/** As a whole word: `agent~1` is not in `agent~12`, nor `1001` in `10015`; it is in `agent~1__agent~1@fin1`. */
export function withWord(text: string, from: string, to: string): string {
  if (!text.includes(from)) return text;
  const literal = from.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  return text.replaceAll(new RegExp(`(?<![A-Za-z0-9~])${literal}(?![A-Za-z0-9~])`, "g"), () => to);
}
