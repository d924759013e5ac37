/**
 * Which agent an exchange belongs to when it does not say: by the connection it came on, or by a cookie it carries. Both are learnt from
 * exchanges that do say. Bounded; what was learnt first is forgotten first.
 */

export type JoinedBy = "jid" | "rest" | "sid" | "cookie" | "connection";

const capacity = 20_000;
/** Rows of one connection that may be named after the fact. */
const maxUnnamed = 200;

export class AgentJoin {
  /** null: two agents were seen on it, so it tells nothing. */
  readonly #byConnection = new Map<number, string | null>();
  readonly #byCookie = new Map<string, string | null>();
  readonly #unnamed = new Map<number, number[]>();

  find(connection: number, cookies: readonly string[]): { agent: string; by: JoinedBy } | null {
    for (const cookie of cookies) {
      const agent = this.#byCookie.get(cookie);
      if (agent !== undefined && agent !== null) return { agent, by: "cookie" };
    }
    const agent = this.#byConnection.get(connection);
    return agent === undefined || agent === null ? null : { agent, by: "connection" };
  }

  /** Rows of that connection that can be named now. */
  learn(agent: string, connection: number, cookies: readonly string[]): readonly number[] {
    for (const cookie of cookies) learnOne(this.#byCookie, cookie, agent);
    learnOne(this.#byConnection, connection, agent);
    const unnamed = this.#unnamed.get(connection);
    if (unnamed === undefined || this.#byConnection.get(connection) === null) return [];
    this.#unnamed.delete(connection);
    return unnamed;
  }

  /** A row nobody can name yet. */
  leave(connection: number, exchange: number): void {
    const rows = this.#unnamed.get(connection) ?? [];
    if (rows.length < maxUnnamed) rows.push(exchange);
    this.#unnamed.set(connection, rows);
    bound(this.#unnamed);
  }

  ended(connection: number): void {
    this.#byConnection.delete(connection);
    this.#unnamed.delete(connection);
  }
}

function learnOne<Key>(map: Map<Key, string | null>, key: Key, agent: string): void {
  const known = map.get(key);
  if (known === agent) return;
  map.set(key, known === undefined ? agent : null);
  bound(map);
}

function bound<Key, Value>(map: Map<Key, Value>): void {
  const oldest = map.keys().next();
  if (map.size > capacity && !oldest.done) map.delete(oldest.value);
}
